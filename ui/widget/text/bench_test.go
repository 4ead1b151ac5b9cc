package text

import (
	"image"
	"image/color"
	"testing"

	"tacit/ui/theme"
)

// bubble is a message of 92 runes, the mean of a conversation in three
// languages.
const bubble = "مرحباً أحمد، أرسلت لك report-v2.pdf (النسخة الأخيرة) الساعة 10:30. Tell me when you have it!!"

func BenchmarkLayout(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Layout(bubble, theme.Body, Options{Width: 440})
	}
}

func benchmarkDraw(b *testing.B, scale float32) {
	block := Layout(bubble, theme.Body, Options{Width: 440})
	img := image.NewRGBA(image.Rect(0, 0, round(440*scale), round(block.Height*scale)))
	b.ReportAllocs()
	for b.Loop() {
		block.Draw(img, 0, 0, scale, color.NRGBA{A: 255})
	}
}

func BenchmarkDraw1x(b *testing.B) { benchmarkDraw(b, 1) }
func BenchmarkDraw2x(b *testing.B) { benchmarkDraw(b, 2) }

func BenchmarkHit(b *testing.B) {
	block := Layout(bubble, theme.Body, Options{Width: 440})
	for b.Loop() {
		block.Hit(200, 30)
	}
}
