package widget

import (
	"image"
	"image/color"
	"math"
)

const (
	dashOn  = 5.0 // dp
	dashOff = 3.0
)

// dashedOutline draws a dashed line of one dp along the inside of a rounded rectangle
// that fills dst; Fyne draws solid edges only. radius is in device pixels. Corners stay
// solid, so that the shape reads.
func dashedOutline(dst *image.RGBA, radius, scale float32, c color.NRGBA) {
	w, h := float64(dst.Rect.Dx()), float64(dst.Rect.Dy())
	line := math.Max(1, float64(scale))
	r := math.Min(float64(radius), math.Min(w, h)/2)
	band := int(math.Ceil(line)) + 1
	paint := func(x, y int) {
		px, py := float64(x)+0.5, float64(y)+0.5
		if gapAt(px, w, r, scale) && (py < r || py > h-r) || gapAt(py, h, r, scale) && (px < r || px > w-r) {
			return
		}
		if a := coverage(px, py, w, h, r, line); a > 0 {
			a *= float64(c.A) / 255
			i := dst.PixOffset(x, y)
			dst.Pix[i] = uint8(float64(c.R)*a + 0.5)
			dst.Pix[i+1] = uint8(float64(c.G)*a + 0.5)
			dst.Pix[i+2] = uint8(float64(c.B)*a + 0.5)
			dst.Pix[i+3] = uint8(255*a + 0.5)
		}
	}
	corner := int(math.Ceil(r))
	for y := range dst.Rect.Dy() {
		edge := y < corner || y >= dst.Rect.Dy()-corner
		for x := 0; x < dst.Rect.Dx(); x++ {
			if !edge && x == band {
				x = max(x, dst.Rect.Dx()-band)
			}
			paint(x, y)
		}
	}
}

// gapAt reports whether a place along a straight edge of the given length falls between
// two dashes.
func gapAt(p, length, r float64, scale float32) bool {
	if p < r || p > length-r {
		return false
	}
	on, off := dashOn*float64(scale), dashOff*float64(scale)
	return math.Mod(p-r, on+off) >= on
}

// coverage is how much of a pixel the outline covers, 0 to 1, by its distance from the
// edge of the rounded rectangle.
func coverage(x, y, w, h, r, line float64) float64 {
	qx := math.Abs(x-w/2) - (w/2 - r)
	qy := math.Abs(y-h/2) - (h/2 - r)
	d := math.Hypot(math.Max(qx, 0), math.Max(qy, 0)) + math.Min(math.Max(qx, qy), 0) - r
	return math.Max(0, math.Min(1, line/2+0.5-math.Abs(d+line/2)))
}
