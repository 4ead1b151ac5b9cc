package widget

import (
	"image"
	"image/draw"

	"fyne.io/fyne/v2"
	xdraw "golang.org/x/image/draw"

	"tacit/ui/theme"
)

// rowPicture is the picture of a row, in the pixels of the device.
type rowPicture struct {
	of    int64 // the message that it belongs to, or 0
	size  image.Point
	image image.Image // nil while it is not here
}

// load asks for the picture of the row, where it has one that is not here.
func (r *threadRow) load(t *Thread) (changed bool) {
	f := r.b.file
	if f == nil || !f.picture {
		r.unload(t)
		return false
	}
	rect := f.rect()
	want := image.Pt(round(rect.W*r.scale), round(rect.H*r.scale))
	id := r.b.item.ID
	if r.pic.of == id && r.pic.size == want && r.pic.image != nil {
		return false
	}
	if r.pic.of != id {
		r.unload(t)
	}
	had := r.pic.image
	r.pic = rowPicture{of: id, size: want, image: t.src.Picture(id, want.X, want.Y)}
	return r.pic.image != had
}

// unload tells the source that the row's picture is of no use any more.
func (r *threadRow) unload(t *Thread) {
	if r.pic.of != 0 {
		t.src.Unload(r.pic.of)
		r.pic = rowPicture{}
	}
}

// placePicture puts the picture, and the icon of the file, where they belong.
func (r *threadRow) placePicture(t *Thread, pos fyne.Position) {
	f := r.b.file
	if f == nil {
		return
	}
	icon := f.icon(r.pic.image != nil)
	show(r.icon, icon != "")
	if icon != "" {
		ink := r.palette.Accent
		if f.picture && icon == theme.IconImage {
			ink = r.palette.Ink3
		}
		setIcon(r.icon, theme.Icon(icon, ink))
	}
	d := f.disc()
	inset := (d.W - discIcon) / 2
	r.icon.Move(fyne.NewPos(t.snap(pos.X+d.X+inset), t.snap(pos.Y+d.Y+inset)))
	if f.picture {
		rect := f.rect()
		r.photo.Move(fyne.NewPos(pos.X+rect.X, pos.Y+rect.Y))
		r.photo.Resize(fyne.NewSize(rect.W, rect.H))
		r.photo.Refresh()
	}
}

// paintPicture draws the picture, or its ground until it is here, and the button over it.
func (r *threadRow) paintPicture(dst *image.RGBA, scale float32) {
	f := r.b.file
	if img := r.pic.image; img != nil {
		drawCovering(dst, img)
	} else {
		draw.Draw(dst, dst.Rect, image.NewUniform(r.palette.Inset()), image.Point{}, draw.Src)
	}
	if icon := f.icon(r.pic.image != nil); icon != "" && icon != theme.IconImage {
		rect, d := f.rect(), f.disc()
		d.X, d.Y = d.X-rect.X, d.Y-rect.Y
		f.paintDisc(dst, d, scale, r.palette, r.palette.Surface)
	}
	roundCorners(dst, radiusInset*scale)
}

// drawCovering fills dst with the middle of a picture, scaled so that nothing is left
// uncovered. One that has the size already is only copied.
func drawCovering(dst *image.RGBA, src image.Image) {
	have, want := src.Bounds(), dst.Rect
	if have.Empty() {
		return
	}
	if have.Size() == want.Size() {
		draw.Draw(dst, want, src, have.Min, draw.Src)
		return
	}
	cut := have
	if w := have.Dy() * want.Dx() / want.Dy(); w < have.Dx() {
		cut.Min.X += (have.Dx() - w) / 2
		cut.Max.X = cut.Min.X + max(1, w)
	} else if h := have.Dx() * want.Dy() / want.Dx(); h < have.Dy() {
		cut.Min.Y += (have.Dy() - h) / 2
		cut.Max.Y = cut.Min.Y + max(1, h)
	}
	xdraw.ApproxBiLinear.Scale(dst, want, src, cut, draw.Src, nil)
}
