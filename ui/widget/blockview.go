package widget

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/widget/text"
)

// A blockView shows a text block, and what of it is selected, in a picture made
// for the device's own pixels. Only a change of what is shown makes a new one;
// moving it does not.
type blockView struct {
	*canvas.Raster
	block    *text.Block
	ink      color.NRGBA
	selected []text.Rect
	wash     color.NRGBA   // over what is selected
	scroll   fyne.Position // of the view in the block
}

func newBlockView() *blockView {
	v := &blockView{}
	v.Raster = canvas.NewRaster(v.draw)
	return v
}

// show changes block and ink.
func (v *blockView) show(b *text.Block, ink color.NRGBA) {
	if v.block == b && v.ink == ink {
		return
	}
	v.block, v.ink = b, ink
	v.Raster.Refresh()
}

// place puts the upper left corner of the block, or of what the view shows of
// it, at x, y on whole device pixels, with a view w by h and a margin for ink
// that stands out.
func (v *blockView) place(x, y, w, h float32) {
	s := deviceScale(v.Raster)
	margin := v.margin(s)
	v.Raster.Move(fyne.NewPos(snap(x, s)-margin, snap(y, s)-margin))
	v.Raster.Resize(fyne.NewSize(snapUp(w, s)+2*margin, snapUp(h, s)+2*margin))
	placed(v.Raster, v.block)
}

// margin is the room for overhanging ink, a whole number of pixels.
func (v *blockView) margin(scale float32) float32 {
	if v.block == nil {
		return snapUp(text.Overhang, scale)
	}
	return snapUp(v.block.Overhang(), scale)
}

// window is the part of a picture in which ink may be. On a side where the block goes on
// beyond the view, it ends a hair outside of it: what is scrolled away stays away.
func (v *blockView) window(img *image.RGBA, margin, s float32) *image.RGBA {
	near, far := round((margin-text.Overhang)*s), img.Rect
	if near <= 0 || v.block == nil {
		return img
	}
	w, h := float32(far.Dx())/s-2*margin, float32(far.Dy())/s-2*margin
	if v.scroll.X > 0 {
		far.Min.X += near
	}
	if v.scroll.Y > 0 {
		far.Min.Y += near
	}
	if v.block.Width-v.scroll.X > w+1 {
		far.Max.X -= near
	}
	if v.block.Height-v.scroll.Y > h+1 {
		far.Max.Y -= near
	}
	return img.SubImage(far).(*image.RGBA)
}

func snapUp(v, scale float32) float32 {
	const nearly = 1.0 / 64
	return float32(math.Ceil(float64(v*scale-nearly))) / scale
}

// pixels is how many pixels of a picture w wide go to a dp. It is the canvas's
// scale, or a multiple of that where the screen's own points are denser.
func (v *blockView) pixels(w int) float32 {
	s := deviceScale(v.Raster)
	times := math.Round(float64(w) / float64(v.Raster.Size().Width*s))
	return s * float32(max(1, times))
}

func (v *blockView) draw(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	if v.block == nil {
		return img
	}
	s := v.pixels(w)
	margin := v.margin(deviceScale(v.Raster))
	left, top := (margin-v.scroll.X)*s, (margin-v.scroll.Y)*s
	for _, r := range v.selected {
		area := image.Rect(round(left+r.X*s), round(top+r.Y*s), round(left+(r.X+r.W)*s), round(top+(r.Y+r.H)*s))
		draw.Draw(img, area, image.NewUniform(v.wash), image.Point{}, draw.Over)
	}
	v.block.Draw(v.window(img, margin, s), left, top, s, v.ink)
	return img
}

func round(v float32) int { return int(math.Floor(float64(v) + 0.5)) }
