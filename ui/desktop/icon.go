package desktop

import (
	"image"
	"image/color"
	"math"
)

// Colours of the mark, those of the icon in the menu of programs: a plate that is seen on
// a light panel and strokes that are seen on a dark one.
var (
	plate  = color.NRGBA{0x1D, 0x54, 0x70, 0xFF}
	stroke = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
	signal = color.NRGBA{0xE5, 0xBC, 0x72, 0xFF}
)

// Icon draws the mark of the app on its plate, as large as the picture. With something
// unread there is a disc in the upper corner, with a gap around it, so that it is seen by
// its shape.
func Icon(size int, unread bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	unit := 24 / float64(size) // the grid has 24, like all icons
	const (
		fine  = 4 // places that a pixel is looked at in each direction
		disc  = 6.0
		gap   = 1.75
		cx    = 24 - disc
		cy    = disc
		width = 1.9 / 2
	)
	for y := range size {
		for x := range size {
			var plates, strokes, discs float64
			for i := range fine * fine {
				px := (float64(x) + (float64(i%fine)+0.5)/fine) * unit
				py := (float64(y) + (float64(i/fine)+0.5)/fine) * unit
				away := math.Hypot(px-cx, py-cy)
				switch {
				case unread && away <= disc:
					discs++
				case unread && away <= disc+gap:
				case !inPlate(px, py):
				case onMark(px, py, width):
					strokes++
				default:
					plates++
				}
			}
			img.SetNRGBA(x, y, blend(plates, strokes, discs, fine*fine))
		}
	}
	return img
}

// inPlate reports whether a place is on the square with round corners.
func inPlate(x, y float64) bool {
	const radius = 5.5
	dx, dy := math.Max(0, math.Abs(x-12)-(12-radius)), math.Max(0, math.Abs(y-12)-(12-radius))
	return math.Hypot(dx, dy) <= radius
}

// onMark reports whether a place is on a stroke of the mark: a ring, and a T in it.
func onMark(x, y, width float64) bool {
	ring := math.Abs(math.Hypot(x-12, y-12) - 7.2)
	bar := math.Hypot(x-math.Min(math.Max(x, 8.8), 15.2), y-10)
	stem := math.Hypot(x-12, y-math.Min(math.Max(y, 10), 15.6))
	return min(ring, bar, stem) <= width
}

func blend(plates, strokes, discs, all float64) color.NRGBA {
	sum := plates + strokes + discs
	if sum == 0 {
		return color.NRGBA{}
	}
	mix := func(p, s, d uint8) uint8 {
		return uint8(math.Round((plates*float64(p) + strokes*float64(s) + discs*float64(d)) / sum))
	}
	return color.NRGBA{
		mix(plate.R, stroke.R, signal.R), mix(plate.G, stroke.G, signal.G), mix(plate.B, stroke.B, signal.B),
		uint8(math.Round(255 * sum / all)),
	}
}
