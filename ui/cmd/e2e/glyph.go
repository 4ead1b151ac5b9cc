package main

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// glyph is the shape of a message's state: lines on a grid of 24, shown 14 wide.
type glyph [][]point

type point struct{ x, y float64 }

const (
	glyphGrid = 24.0
	glyphSide = 14.0
)

var (
	tick  = glyph{{{5, 12.5}, {10, 17.5}, {19.5, 7}}}
	clock = glyph{circle(12, 12, 8.5), {{12, 7.5}, {12, 12}, {15, 14}}}
)

func circle(x, y, r float64) []point {
	var out []point
	for a := 0.0; a <= 2*math.Pi+0.1; a += math.Pi / 12 {
		out = append(out, point{x + r*math.Cos(a), y + r*math.Sin(a)})
	}
	return out
}

// along walks the lines of the glyph in steps of about a unit.
func (g glyph) along() []point {
	var out []point
	for _, line := range g {
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			n := math.Ceil(math.Hypot(b.x-a.x, b.y-a.y))
			for t := 0.0; t <= n; t++ {
				out = append(out, point{a.x + (b.x-a.x)*t/n, a.y + (b.y-a.y)*t/n})
			}
		}
	}
	return out
}

// beside are the points of the grid that no line comes near.
func (g glyph) beside() []point {
	const clear = 4 // stroke and smoothing reach some 2
	var out []point
	on := g.along()
	for y := 1.0; y < glyphGrid; y += 2 {
		for x := 1.0; x < glyphGrid; x += 2 {
			near := false
			for _, p := range on {
				near = near || math.Hypot(p.x-x, p.y-y) < clear
			}
			if !near {
				out = append(out, point{x, y})
			}
		}
	}
	return out
}

// Ink of a glyph that is there: a stroke is little wider than a pixel, so few pixels are
// wholly ink, and beside it there is none.
const (
	strokeInk = 0.4
	besideInk = 0.06
)

// shownIn reports whether the glyph stands somewhere in an area.
func (g glyph) shownIn(img *image.RGBA, area image.Rectangle, paper, ink color.NRGBA) bool {
	on, off := g.along(), g.beside()
	for y := area.Min.Y; y+int(glyphSide) <= area.Max.Y; y++ {
		for x := area.Min.X; x+int(glyphSide) <= area.Max.X; x++ {
			if mean(img, x, y, on, paper, ink) >= strokeInk && mean(img, x, y, off, paper, ink) <= besideInk {
				return true
			}
		}
	}
	return false
}

// mean is the ink at points of a glyph whose corner is at x, y.
func mean(img *image.RGBA, x, y int, at []point, paper, ink color.NRGBA) float64 {
	sum := 0.0
	span := float64(ink.G) - float64(paper.G)
	for _, p := range at {
		px, py := x+int(p.x*glyphSide/glyphGrid), y+int(p.y*glyphSide/glyphGrid)
		sum += min(math.Abs(float64(img.RGBAAt(px, py).G)-float64(paper.G))/math.Abs(span), 1)
	}
	return sum / float64(len(at))
}

// shows waits until the window's own message with these words has a state.
func (w *window) shows(words string, state glyph) error {
	return await(patience, fmt.Sprintf("the state of %q on %s", words, w.title), func() bool {
		img, err := w.picture()
		if err != nil {
			return false
		}
		for _, at := range places(img, w.palette, words) {
			// Beside the end of the last line, or on the line below it.
			near := image.Rect(at.Min.X-80, at.Min.Y-4, w.area.Dx(), at.Max.Y+20).Intersect(img.Rect)
			if state.shownIn(img, near, w.palette.Own, w.palette.Ink3) {
				return true
			}
		}
		return false
	})
}
