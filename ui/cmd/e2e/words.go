package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// mask is how a text looks in one style: points that are ink, and points close to them
// that are not.
type mask struct {
	w, h        int
	inked, bare []image.Point
}

// Points of a mask that are compared. Few are enough to refuse a place at once, and all
// of them make it improbable that another text passes.
const (
	maskInked = 160
	maskBare  = 120
	fullInk   = 190 // of 255: the point is inside a stroke, whatever lies under it
)

// masks draws a text in every style, each at the places within a pixel that a centred
// text may have.
func masks(words string) []mask {
	var out []mask
	styles := []theme.TextStyle{
		theme.Body, theme.UI, theme.UIBold, theme.Small, theme.SmallBold, theme.Caption,
		theme.Title, theme.Heading, theme.Display, theme.Safety,
	}
	for _, style := range styles {
		block := text.Layout(words, style, text.Options{})
		for _, shift := range []float32{0, 0.25, 0.5, 0.75} {
			if m := drawMask(block, shift); len(m.inked) > 0 {
				out = append(out, m)
			}
		}
	}
	return out
}

func drawMask(block *text.Block, shift float32) mask {
	// Glyphs stand on quarters of a pixel, each rounded by itself: a point counts only
	// where it is the same a little to either side.
	const little = 0.125
	less, more := inkOf(block, shift-little), inkOf(block, shift+little)
	m := mask{w: less.Rect.Dx(), h: less.Rect.Dy()}
	full := func(x, y int) bool { return min(less.AlphaAt(x, y).A, more.AlphaAt(x, y).A) >= fullInk }
	for y := range m.h {
		for x := range m.w {
			switch none := less.AlphaAt(x, y).A == 0 && more.AlphaAt(x, y).A == 0; {
			case full(x, y):
				m.inked = append(m.inked, image.Pt(x, y))
			case none && (full(x-2, y) || full(x+2, y) || full(x, y-2) || full(x, y+2)):
				m.bare = append(m.bare, image.Pt(x, y))
			}
		}
	}
	m.inked, m.bare = spread(m.inked, maskInked), spread(m.bare, maskBare)
	return m
}

func inkOf(block *text.Block, x float32) *image.Alpha {
	img := image.NewRGBA(image.Rect(0, 0, int(block.Width)+2, int(block.Height)))
	block.Draw(img, x, 0, 1, color.NRGBA{A: 255})
	out := image.NewAlpha(img.Rect)
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	return out
}

// spread keeps n of the points, far from one another first, so that a wrong place is
// refused by the first few.
func spread(points []image.Point, n int) []image.Point {
	slices.SortStableFunc(points, func(a, b image.Point) int {
		return cmp.Compare((a.X*7919+a.Y*104729)%9973, (b.X*7919+b.Y*104729)%9973)
	})
	return points[:min(n, len(points))]
}

// inks tells for each point of a picture which inks of the palette it is near, and which
// it is clearly not, a bit each.
type inks struct {
	w, h      int
	near, far []uint16
}

// nearInk is how far an inked point may be from the ink, and a bare one must be: a third
// of the contrast.
const nearInk = 90

func inksOf(img *image.RGBA, p theme.Palette) inks {
	all := []color.NRGBA{p.Ink, p.Ink2, p.Ink3, p.Link, p.OnAccent, p.Danger, p.Warning, p.Success, p.Accent}
	in := inks{w: img.Rect.Dx(), h: img.Rect.Dy()}
	in.near, in.far = make([]uint16, in.w*in.h), make([]uint16, in.w*in.h)
	for at := range in.near {
		i := at/in.w*img.Stride + at%in.w*4
		for bit, ink := range all {
			if apart(img.Pix[i:i+3], ink) <= nearInk {
				in.near[at] |= 1 << bit
			} else {
				in.far[at] |= 1 << bit
			}
		}
	}
	return in
}

// apart is the largest difference in one channel.
func apart(pixel []uint8, c color.NRGBA) int {
	d := func(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
	return max(d(pixel[0], c.R), d(pixel[1], c.G), d(pixel[2], c.B))
}

// places returns where a picture shows the words, in whatever style and ink.
func places(img *image.RGBA, p theme.Palette, words string) []image.Rectangle {
	var out []image.Rectangle
	in := inksOf(img, p)
	for _, m := range masks(words) {
		for _, at := range m.match(in) {
			found := image.Rect(at.X, at.Y, at.X+m.w, at.Y+m.h)
			if !slices.ContainsFunc(out, found.Overlaps) {
				out = append(out, found)
			}
		}
	}
	return out
}

// match returns the places at which the mask fits in one ink.
func (m mask) match(in inks) []image.Point {
	var out []image.Point
	for y := range in.h - m.h {
		for x := range in.w - m.w {
			if in.fit(m, y*in.w+x) {
				out = append(out, image.Pt(x, y))
			}
		}
	}
	return out
}

// fit compares inked and bare points in turn: plain paper is near a white ink, and is
// refused by the first bare point.
func (in inks) fit(m mask, at int) bool {
	one := ^uint16(0)
	for i := range max(len(m.inked), len(m.bare)) {
		if i < len(m.inked) {
			one &= in.near[at+m.inked[i].Y*in.w+m.inked[i].X]
		}
		if i < len(m.bare) {
			one &= in.far[at+m.bare[i].Y*in.w+m.bare[i].X]
		}
		if one == 0 {
			return false
		}
	}
	return true
}

// see waits until the window shows the words and returns where.
func (w *window) see(words string) (image.Rectangle, error) {
	var found []image.Rectangle
	var last []byte
	err := await(patience, fmt.Sprintf("%q on %s", words, w.title), func() bool {
		img, err := w.picture()
		if err != nil || bytes.Equal(img.Pix, last) {
			return false
		}
		last, found = img.Pix, places(img, w.palette, words)
		return len(found) > 0
	})
	if err != nil {
		return image.Rectangle{}, err
	}
	return found[0], nil
}

// sees waits for each of several words.
func (w *window) sees(all ...string) error {
	for _, words := range all {
		if _, err := w.see(words); err != nil {
			return err
		}
	}
	return nil
}

// lacks fails if the window shows the words.
func (w *window) lacks(words string) error {
	n, err := w.count(words)
	if err == nil && n > 0 {
		err = fmt.Errorf("%s shows %q", w.title, words)
	}
	return err
}

// count is how often the window shows the words.
func (w *window) count(words string) (int, error) {
	img, err := w.picture()
	if err != nil {
		return 0, err
	}
	return len(places(img, w.palette, words)), nil
}

// press clicks on words: a button, a tab, a row.
func (w *window) press(words string) error {
	at, err := w.see(words)
	if err != nil {
		return err
	}
	return w.changes("press "+words, func() error {
		return w.click((at.Min.X+at.Max.X)/2, (at.Min.Y+at.Max.Y)/2)
	})
}
