package widget

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"tacit/ui/widget/text"
)

// blend lays a colour over a pixel, covered by a share of it.
func blend(dst *image.RGBA, x, y int, c color.NRGBA, share float64) {
	a := share * float64(c.A) / 255
	if a <= 0 || !image.Pt(x, y).In(dst.Rect) {
		return
	}
	d := dst.Pix[dst.PixOffset(x, y):][:4:4]
	for i, v := range [4]uint8{c.R, c.G, c.B, 255} {
		d[i] = uint8(float64(v)*a + float64(d[i])*(1-a) + 0.5)
	}
}

// pixels is where a rectangle of dp lies in a picture.
func pixels(r text.Rect, scale float32) image.Rectangle {
	return image.Rect(round(r.X*scale), round(r.Y*scale), round((r.X+r.W)*scale), round((r.Y+r.H)*scale))
}

// roundBox fills a rectangle with round corners and draws an edge along its inside. All
// lengths are pixels; an edge of no width is left out.
func roundBox(dst *image.RGBA, area image.Rectangle, radius float32, fill, edge color.NRGBA, width float32) {
	w, h := float64(area.Dx()), float64(area.Dy())
	r := min(float64(radius), w/2, h/2)
	line := float64(width)
	if edge.A == 0 {
		line = 0
	}
	band := int(math.Ceil(max(r, line))) + 1
	inner := area.Inset(band)
	if !inner.Empty() {
		draw.Draw(dst, inner.Intersect(dst.Rect), image.NewUniform(fill), image.Point{}, draw.Over)
	}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if y >= inner.Min.Y && y < inner.Max.Y && x == inner.Min.X && !inner.Empty() {
				x = inner.Max.X - 1
				continue
			}
			d := outside(float64(x-area.Min.X)+0.5, float64(y-area.Min.Y)+0.5, w, h, r)
			blend(dst, x, y, fill, covered(d+line))
			if line > 0 {
				blend(dst, x, y, edge, covered(d)-covered(d+line))
			}
		}
	}
}

// outside is how far a point is outside a rounded rectangle; less than 0 is inside.
func outside(x, y, w, h, r float64) float64 {
	qx := math.Abs(x-w/2) - (w/2 - r)
	qy := math.Abs(y-h/2) - (h/2 - r)
	return math.Hypot(max(qx, 0), max(qy, 0)) + min(max(qx, qy), 0) - r
}

// covered is the share of a pixel that lies inside a shape whose edge is d away.
func covered(d float64) float64 { return max(0, min(1, 0.5-d)) }

// arc draws a part of a ring or disc from the top on: the way of a clock, or against it
// where mirrored. Lengths are pixels; a width of the radius makes a disc.
func arc(dst *image.RGBA, cx, cy, radius, width float32, share float32, mirrored bool, c color.NRGBA) {
	outer, inner := float64(radius), float64(radius-width)
	for y := int(cy - radius - 1); y <= int(cy+radius+1); y++ {
		for x := int(cx - radius - 1); x <= int(cx+radius+1); x++ {
			dx, dy := float64(x)+0.5-float64(cx), float64(y)+0.5-float64(cy)
			if mirrored {
				dx = -dx
			}
			d := math.Hypot(dx, dy)
			a := covered(d - outer)
			if inner > 0 {
				a -= covered(d - inner)
			}
			if a > 0 && share < 1 {
				a *= within(dx, dy, float64(share), d)
			}
			blend(dst, x, y, c, a)
		}
	}
}

// within is how much of a pixel lies in the first part of a turn, with soft ends.
func within(dx, dy, share, d float64) float64 {
	turn := math.Atan2(dx, -dy) / (2 * math.Pi)
	if turn < 0 {
		turn++
	}
	length := 2 * math.Pi * max(d, 1) // of the turn here, in pixels
	end := covered((turn - share) * length)
	if turn > (1+share)/2 { // nearer to the beginning
		end = covered((1 - turn) * length)
	}
	return end
}

// roundCorners makes the corners of a picture transparent outside a radius in pixels.
func roundCorners(img *image.RGBA, radius float32) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	band := int(math.Ceil(float64(radius))) + 1
	for y := range h {
		for x := 0; x < w; x++ {
			if y >= band && y < h-band || x >= band && x < w-band {
				x = max(x, w-band-1)
				if y >= band && y < h-band {
					break
				}
				continue
			}
			a := covered(outside(float64(x)+0.5, float64(y)+0.5, float64(w), float64(h), float64(radius)))
			if a < 1 {
				p := img.Pix[img.PixOffset(x, y):][:4:4]
				for i := range p {
					p[i] = uint8(float64(p[i])*a + 0.5)
				}
			}
		}
	}
}
