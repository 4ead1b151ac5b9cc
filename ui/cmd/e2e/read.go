package main

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// readCode reads the six big digits off a window, as the person before it would:
// it finds the box they stand in by its colour and compares each shape with the
// ten digits of the same font.
func readCode(img *image.RGBA, p theme.Palette) (string, error) {
	box, err := codeBox(img, p.List)
	if err != nil {
		return "", err
	}
	glyphs := split(darkness(img, box, p.List, p.Ink))
	if len(glyphs) != 6 {
		return "", fmt.Errorf("there are %d shapes in the box, not 6", len(glyphs))
	}
	var code strings.Builder
	for _, g := range glyphs {
		code.WriteByte(nearest(g))
	}
	return code.String(), nil
}

// Bounds of the box on the window: it is the only run of its colour this wide in a card.
const (
	boxLeast = 300
	boxMost  = 420
	boxTall  = 60
)

// codeBox finds the box by a column of runs of its colour.
func codeBox(img *image.RGBA, fill color.NRGBA) (image.Rectangle, error) {
	b := img.Bounds()
	is := func(x, y int) bool {
		c := img.RGBAAt(x, y)
		return c.R == fill.R && c.G == fill.G && c.B == fill.B
	}
	for y := range b.Dy() - boxTall {
		for x := 0; x < b.Dx(); x++ {
			if !is(x, y) {
				continue
			}
			end := x
			for end < b.Dx() && is(end, y) {
				end++
			}
			if n := end - x; n >= boxLeast && n <= boxMost && is((x+end)/2, y+boxTall) && is(x+4, y+boxTall/2) {
				return image.Rect(x, y, end, y+boxTall), nil
			}
			x = end
		}
	}
	return image.Rectangle{}, fmt.Errorf("no code box on the window")
}

// shape is a picture of ink, 0 to 1 a pixel.
type shape struct {
	w, h int
	ink  []float64
}

func (s shape) at(x, y int) float64 { return s.ink[y*s.w+x] }

func darkness(img *image.RGBA, area image.Rectangle, paper, ink color.NRGBA) shape {
	s := shape{area.Dx(), area.Dy(), make([]float64, area.Dx()*area.Dy())}
	span := float64(ink.G) - float64(paper.G)
	for y := range s.h {
		for x := range s.w {
			c := img.RGBAAt(area.Min.X+x, area.Min.Y+y)
			s.ink[y*s.w+x] = min(max((float64(c.G)-float64(paper.G))/span, 0), 1)
		}
	}
	return s
}

// faint is the ink below which a pixel counts as paper.
const faint = 0.25

// split cuts a line of shapes apart at empty columns, and each to its own bounds.
func split(s shape) []shape {
	var out []shape
	start := -1
	for x := 0; x <= s.w; x++ {
		used := false
		for y := 0; x < s.w && y < s.h; y++ {
			used = used || s.at(x, y) > faint
		}
		switch {
		case used && start < 0:
			start = x
		case !used && start >= 0:
			out = append(out, crop(s, start, x))
			start = -1
		}
	}
	return out
}

func crop(s shape, x0, x1 int) shape {
	y0, y1 := s.h, 0
	for y := range s.h {
		for x := x0; x < x1; x++ {
			if s.at(x, y) > faint {
				y0, y1 = min(y0, y), max(y1, y+1)
			}
		}
	}
	out := shape{x1 - x0, y1 - y0, make([]float64, (x1-x0)*(y1-y0))}
	for y := range out.h {
		for x := range out.w {
			out.ink[y*out.w+x] = s.at(x0+x, y0+y)
		}
	}
	return out
}

// nearest returns the digit whose shape differs least.
func nearest(g shape) byte {
	best, least := byte('?'), math.Inf(1)
	for d := byte('0'); d <= '9'; d++ {
		if diff := distance(g, digit(d)); diff < least {
			best, least = d, diff
		}
	}
	return best
}

// distance compares two shapes at the size of the first; shapes of different
// proportions are far apart.
func distance(a, b shape) float64 {
	sum := 0.0
	for y := range a.h {
		for x := range a.w {
			d := a.at(x, y) - b.at(x*b.w/a.w, y*b.h/a.h)
			sum += d * d
		}
	}
	ratio := math.Log(float64(a.w) / float64(a.h) * float64(b.h) / float64(b.w))
	return sum/float64(a.w*a.h) + ratio*ratio
}

func digit(d byte) shape {
	const margin = 8
	block := text.Layout(string(d), theme.Code, text.Options{})
	img := image.NewRGBA(image.Rect(0, 0, int(block.Width)+2*margin, int(block.Height)+2*margin))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	block.Draw(img, margin, margin, 1, color.NRGBA{A: 255})
	return split(darkness(img, img.Bounds(), color.NRGBA{R: 255, G: 255, B: 255, A: 255}, color.NRGBA{A: 255}))[0]
}
