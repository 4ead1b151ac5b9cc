package main

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// sheet is paper with words on it.
func sheet(t *testing.T, words string, style theme.TextStyle, at image.Point, shift float32) *image.RGBA {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 120))
	draw.Draw(img, img.Rect, image.NewUniform(theme.Light.Paper), image.Point{}, draw.Src)
	text.Layout(words, style, text.Options{}).Draw(img, float32(at.X)+shift, float32(at.Y), 1, theme.Light.Ink2)
	return img
}

func TestPlacesOfWords(t *testing.T) {
	at := image.Pt(37, 41)
	for _, words := range []string{"Add a contact", "Confirm", "نلتقي الساعة 10:30 عند المدخل."} {
		for _, shift := range []float32{0, 0.1, 0.37, 0.5} {
			img := sheet(t, words, theme.UIBold, at, shift)
			found := places(img, theme.Light, words)
			if len(found) != 1 || found[0].Min.Sub(at).X > 1 || found[0].Min.Y != at.Y {
				t.Errorf("%q, moved by %v, was found at %v", words, shift, found)
			}
		}
	}
}

func TestPlacesOfOtherWords(t *testing.T) {
	for shown, asked := range map[string]string{
		"Add a contact": "Add a contract",
		"Confirm":       "Conform",
		"Verified":      "Not verified",
		"12:31":         "12:37",
		"المدخل":        "المخرج",
	} {
		img := sheet(t, shown, theme.UI, image.Pt(20, 20), 0)
		if found := places(img, theme.Light, asked); len(found) > 0 {
			t.Errorf("%q was found in %q", asked, shown)
		}
	}
}

func TestReadCode(t *testing.T) {
	for _, code := range []string{"012345", "678901", "111111", "808088", "699669"} {
		img := image.NewRGBA(image.Rect(0, 0, 480, 140))
		draw.Draw(img, img.Rect, image.NewUniform(theme.Light.Surface), image.Point{}, draw.Src)
		draw.Draw(img, image.Rect(60, 30, 412, 106), image.NewUniform(theme.Light.List), image.Point{}, draw.Src)
		for i, digit := range code {
			text.Layout(string(digit), theme.Code, text.Options{}).Draw(img, float32(100+46*i), 40, 1, theme.Light.Ink)
		}
		if got, err := readCode(img, theme.Light); err != nil || got != code {
			t.Errorf("%s was read as %q, %v", code, got, err)
		}
	}
}

func TestGlyphs(t *testing.T) {
	p := theme.Light
	for name, drawn := range map[string]glyph{"tick": tick, "clock": clock} {
		img := image.NewRGBA(image.Rect(0, 0, 40, 30))
		draw.Draw(img, img.Rect, image.NewUniform(p.Own), image.Point{}, draw.Src)
		for _, q := range drawn.along() {
			x, y := 11+int(q.x*glyphSide/glyphGrid), 7+int(q.y*glyphSide/glyphGrid)
			img.Set(x, y, color.NRGBA(p.Ink3))
		}
		if got := tick.shownIn(img, img.Rect, p.Own, p.Ink3); got != (name == "tick") {
			t.Errorf("%s: a tick is seen: %t", name, got)
		}
		if got := clock.shownIn(img, img.Rect, p.Own, p.Ink3); got != (name == "clock") {
			t.Errorf("%s: a clock is seen: %t", name, got)
		}
	}
}
