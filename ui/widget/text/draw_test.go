package text

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"tacit/ui/theme"
)

var update = flag.Bool("update", false, "rewrite the golden images")

// picture draws a block on paper.
func picture(b *Block, scale float32, paper, ink color.NRGBA) *image.RGBA {
	w, h := round((b.Width+2*Overhang)*scale), round((b.Height+2*Overhang)*scale)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	b.Draw(img, Overhang*scale, Overhang*scale, scale, ink)
	return img
}

// drawn is the picture of a block in black, as bytes.
func drawn(b *Block, scale float32) string {
	return string(picture(b, scale, color.NRGBA{}, color.NRGBA{A: 255}).Pix)
}

// golden compares a picture with one kept, to the last bit.
func golden(t *testing.T, name string, got *image.RGBA) {
	t.Helper()
	path := "testdata/" + name + ".png"
	if *update {
		var buf bytes.Buffer
		if err := png.Encode(&buf, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("%s: %v, want %v", name, got.Bounds(), want.Bounds())
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if r, g, b, a := want.At(x, y).RGBA(); got.RGBAAt(x, y) != (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}) {
				t.Fatalf("%s differs at %d, %d", name, x, y)
			}
		}
	}
}

func TestGolden(t *testing.T) {
	light, dark := &theme.Light, &theme.Dark
	for _, c := range []struct {
		name  string
		text  string
		style Style
		o     Options
	}{
		{"arabic", hard[10], theme.Body, Options{Width: 300, Fill: true}},
		{"emoji", hard[4] + "\n1️⃣ © 🏴󠁧󠁢󠁥󠁮󠁧󠁿", theme.Body, Options{}},
		{"hebrew", hard[5], theme.UIBold, Options{Width: 200}},
		{"french", hard[6], theme.Title, Options{Width: 300, MaxLines: 1}},
		{"marks", "مُحَمَّدٌ e\u0301\u0323 ğ Ελλάδα\tЁж", theme.Body, Options{}},
	} {
		b := Layout(c.text, c.style, c.o)
		for _, scale := range []float32{1, 1.5, 2} {
			golden(t, fmt.Sprintf("%s-%v", c.name, scale), picture(b, scale, light.Paper, light.Ink))
		}
		golden(t, c.name+"-dark", picture(b, 1, dark.Paper, dark.Ink))
	}
}

// TestDrawClipped: drawing into a part of the picture, and far outside of it,
// touches nothing else.
func TestDrawClipped(t *testing.T) {
	b := Layout(hard[4], theme.Body, Options{})
	whole := picture(b, 1, theme.Light.Paper, theme.Light.Ink)
	part := image.NewRGBA(image.Rect(20, 5, 60, 15))
	draw.Draw(part, part.Rect, image.NewUniform(theme.Light.Paper), image.Point{}, draw.Src)
	b.Draw(part, Overhang, Overhang, 1, theme.Light.Ink)
	for y := 5; y < 15; y++ {
		for x := 20; x < 60; x++ {
			if part.RGBAAt(x, y) != whole.RGBAAt(x, y) {
				t.Fatalf("differs at %d, %d", x, y)
			}
		}
	}
	empty := image.NewRGBA(image.Rect(0, 0, 10, 10))
	for _, at := range []float32{-5000, 5000} {
		b.Draw(empty, at, at, 1, theme.Light.Ink)
	}
	if !bytes.Equal(empty.Pix, make([]byte, len(empty.Pix))) {
		t.Error("ink from outside")
	}
}

// TestInkStays: no ink of any hard string leaves the margin that Overhang asks for.
func TestInkStays(t *testing.T) {
	for _, s := range hard {
		b := Layout(s, theme.Body, Options{Width: 230})
		const far = 40
		img := image.NewRGBA(image.Rect(0, 0, round(b.Width)+2*far, round(b.Height)+2*far))
		b.Draw(img, far, far, 1, color.NRGBA{A: 255})
		inside := image.Rect(far-Overhang, far-Overhang, far+round(b.Width+0.5)+Overhang, far+round(b.Height)+Overhang)
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if !image.Pt(x, y).In(inside) && img.RGBAAt(x, y).A != 0 {
					t.Fatalf("%q: ink at %d, %d of %v", s, x-far, y-far, inside.Sub(image.Pt(far, far)))
				}
			}
		}
	}
}

func TestOpacity(t *testing.T) {
	b := Layout("■ 😀", theme.Body, Options{})
	full := picture(b, 1, color.NRGBA{}, color.NRGBA{R: 255, A: 255})
	half := picture(b, 1, color.NRGBA{}, color.NRGBA{R: 255, A: 128})
	for i := 3; i < len(full.Pix); i += 4 {
		if want := float64(full.Pix[i]) * 128 / 255; float64(half.Pix[i]) < want-1 || float64(half.Pix[i]) > want+1 {
			t.Fatalf("opacity %d of %d", half.Pix[i], full.Pix[i])
		}
	}
}

// TestCacheBounded draws more glyphs than the cache holds.
func TestCacheBounded(t *testing.T) {
	c := maskCache{young: map[maskKey]*mask{}}
	sizes := 0
	for size := float32(60); size < 160; size++ {
		for glyph := uint32(20); glyph < 80; glyph++ {
			m := c.get(maskKey{face: plex, glyph: glyph, size: size})
			sizes += m.bytes()
			if again := c.get(maskKey{face: plex, glyph: glyph, size: size}); again != m {
				t.Fatal("drawn twice at once")
			}
		}
	}
	held := 0
	for _, generation := range []map[maskKey]*mask{c.young, c.old} {
		for _, m := range generation {
			held += m.bytes()
		}
	}
	if held > 2*cacheBytes || sizes < 3*cacheBytes {
		t.Errorf("%d bytes held of %d drawn", held, sizes)
	}
}
