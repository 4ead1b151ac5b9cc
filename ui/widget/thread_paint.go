package widget

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// inkRaster is a picture that is drawn for exactly the pixels it covers.
type inkRaster struct{ *canvas.Raster }

func newInkRaster(paint func(dst *image.RGBA, scale float32)) *inkRaster {
	r := &inkRaster{}
	r.Raster = canvas.NewRaster(func(w, h int) image.Image {
		img := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
		if size := r.Size(); size.Width > 0 {
			paint(img, float32(w)/size.Width)
		}
		return img
	})
	return r
}

// paint draws the text and the time.
func (r *threadRow) paint(dst *image.RGBA, scale float32) {
	if r.b.item.Notice {
		r.b.text.Draw(dst, r.b.textX*scale, r.b.textY*scale, scale, r.palette.Ink3)
		return
	}
	c := r.palette.Ink
	if r.b.item.Unknown {
		c = r.palette.Ink2
		dashedOutline(dst, theme.RadiusBubble*scale, scale, r.palette.Hairline)
	}
	if b := r.b; b.item.Deleted {
		c = r.palette.Ink3
	}
	r.paintHead(dst, scale)
	x, y := r.b.textX, r.b.textY
	for _, w := range r.washes() {
		w.rect.X, w.rect.Y = w.rect.X+x, w.rect.Y+y
		roundBox(dst, pixels(w.rect, scale), w.radius*scale, w.colour, transparent, 0)
	}
	if !r.b.bare {
		r.b.text.DrawLinks(dst, x*scale, y*scale, scale, c, r.palette.Link)
	}
	r.b.time.Draw(dst, r.b.timeX*scale, r.b.timeY*scale, scale, r.palette.Ink3)
	if r.b.timed() {
		r.paintTimer(dst, scale)
	}
}

// paintHead draws what stands above the text.
func (r *threadRow) paintHead(dst *image.RGBA, scale float32) {
	if f := r.b.forwarded; f != nil {
		x := theme.BubblePadX
		if r.rtl {
			x = r.b.width - theme.BubblePadX - f.Width
		}
		f.Draw(dst, x*scale, theme.BubblePadY*scale, scale, r.palette.Ink3)
	}
	if r.b.quote != nil {
		r.b.quote.paint(dst, scale, r.palette)
	}
	if r.b.file != nil {
		r.b.file.paint(dst, scale, r.palette)
	}
}

// paintFoot draws the words below a failed bubble.
func (r *threadRow) paintFoot(dst *image.RGBA, scale float32) {
	w := r.foot.Size().Width - 2*text.Overhang
	at := func(x float32, b *text.Block) float32 { // x counts from the start of the words
		if r.rtl {
			x = w - x - b.Width
		}
		return (x + text.Overhang) * scale
	}
	x := float32(0)
	if r.right() != r.rtl {
		x = w - r.b.failed.Width - theme.Space4 - r.b.again.Width
	}
	r.b.failed.Draw(dst, at(x, r.b.failed), 0, scale, r.palette.Danger)
	r.b.again.Draw(dst, at(x+r.b.failed.Width+theme.Space4, r.b.again), 0, scale, r.palette.Link)
	if r.b.note != nil {
		r.b.note.Draw(dst, at(w-r.b.note.Width, r.b.note), theme.Small.LineHeight*scale, scale, r.palette.Ink2)
	}
}

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
	d := outside(x, y, w, h, r)
	return math.Max(0, math.Min(1, line/2+0.5-math.Abs(d+line/2)))
}
