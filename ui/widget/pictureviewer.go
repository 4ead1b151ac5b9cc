package widget

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// viewerGround is what a picture stands on in both themes, so that nothing beside it
// changes how its colours look.
var viewerGround = color.NRGBA{R: 0x12, G: 0x15, B: 0x18, A: 0xF5}

// viewerInk is for what stands on that ground.
var viewerInk = color.NRGBA{R: 0xE8, G: 0xEB, B: 0xED, A: 0xFF}

// PictureViewer shows one picture as large as the window lets it, never larger than it
// is. Escape closes, the arrows go to the pictures before and after.
//
// Owner of every field: Fyne's thread.
type PictureViewer struct {
	fynewidget.BaseWidget

	OnClose func()
	OnStep  func(by int) // -1: the picture before; nil: there is only one
	OnSave  func()       // nil: it cannot be saved

	name  string
	image image.Image
	view  *canvas.Image
	close *IconButton
	save  *IconButton
	back  *IconButton
	next  *IconButton
}

// NewPictureViewer returns a viewer that shows nothing yet. It fills what it is put over.
func NewPictureViewer() *PictureViewer {
	v := &PictureViewer{OnClose: func() {}}
	v.view = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth}
	v.close = newViewerButton(theme.IconClose, lang.T("thread.picture_close"), func() { v.OnClose() })
	v.save = newViewerButton(theme.IconExport, lang.T("thread.picture_save"), func() { v.OnSave() })
	v.back = newViewerButton(theme.IconBack, lang.T("thread.picture_before"), func() { v.step(-1) })
	v.next = newViewerButton(theme.IconNext, lang.T("thread.picture_next"), func() { v.step(1) })
	v.ExtendBaseWidget(v)
	return v
}

// newViewerButton returns a button for a dark ground in both themes.
func newViewerButton(icon theme.IconName, word string, act func()) *IconButton {
	b := NewIconButton(icon, word, act)
	b.ink = viewerInk
	return b
}

// SetPicture shows a picture; nil says that it is being loaded.
func (v *PictureViewer) SetPicture(name string, img image.Image) {
	v.name, v.image = name, img
	v.view.Image = img
	v.view.Refresh()
	v.Refresh()
}

func (v *PictureViewer) step(by int) {
	if v.OnStep != nil {
		v.OnStep(by)
	}
}

// Tapped beside the picture closes the viewer.
func (v *PictureViewer) Tapped(e *fyne.PointEvent) {
	at, size := v.view.Position(), v.view.Size()
	p := e.Position.Subtract(at)
	if v.image == nil || p.X < 0 || p.Y < 0 || p.X > size.Width || p.Y > size.Height {
		v.OnClose()
	}
}

// FocusGained implements fyne.Focusable.
func (v *PictureViewer) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (v *PictureViewer) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (v *PictureViewer) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (v *PictureViewer) TypedKey(e *fyne.KeyEvent) {
	by := 1
	if theme.RTL() {
		by = -1
	}
	switch e.Name {
	case fyne.KeyEscape:
		v.OnClose()
	case fyne.KeyLeft:
		v.step(-by)
	case fyne.KeyRight:
		v.step(by)
	}
}

// CreateRenderer implements fyne.Widget.
func (v *PictureViewer) CreateRenderer() fyne.WidgetRenderer {
	ground, name, waiting := box(0), newWords(), picture()
	update := func() {
		paint(ground, viewerGround, transparent, 0)
		name.set(v.name, theme.UIBold, viewerInk)
		setIcon(waiting, theme.Icon(theme.IconImage, color.NRGBA{R: 0x9D, G: 0xA8, B: 0xAF, A: 0xFF}))
		show(waiting, v.image == nil)
		show(v.view, v.image != nil)
		show(v.save, v.OnSave != nil && v.image != nil)
		show(v.back, v.OnStep != nil)
		show(v.next, v.OnStep != nil)
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	const side, pad = theme.IconButtonSize, theme.Space12
	place := func(s fyne.Size) {
		fill(ground, s, 0)
		top := side + 2*pad
		put(v.close, s.Width-pad-side, pad, side, side, s.Width)
		put(v.save, s.Width-pad-2*side-theme.Space4, pad, side, side, s.Width)
		name.put(pad+theme.Space8, pad+(side-theme.UIBold.LineHeight)/2, s.Width-2*pad-2*side-theme.Space24, s.Width, alignStart)
		put(v.back, pad, (s.Height-side)/2, side, side, s.Width)
		put(v.next, s.Width-pad-side, (s.Height-side)/2, side, side, s.Width)
		put(waiting, (s.Width-theme.IconEmpty)/2, (s.Height-theme.IconEmpty)/2, theme.IconEmpty, theme.IconEmpty, s.Width)
		gutter := pad
		if v.OnStep != nil {
			gutter += side + pad
		}
		size := v.fit(fyne.NewSize(s.Width-2*gutter, s.Height-top-theme.Space24))
		put(v.view, (s.Width-size.Width)/2, top+(s.Height-top-theme.Space24-size.Height)/2, size.Width, size.Height, s.Width)
	}
	return newParts(v, update, minSize, place, ground, waiting, v.view, name.raster, v.back, v.next, v.save, v.close)
}

// fit returns the size of the picture in room: its own at most, in pixels of the device.
func (v *PictureViewer) fit(room fyne.Size) fyne.Size {
	if v.image == nil || room.Width < 1 || room.Height < 1 {
		return fyne.NewSquareSize(1)
	}
	scale := deviceScale(v)
	w, h := float32(v.image.Bounds().Dx())/scale, float32(v.image.Bounds().Dy())/scale
	if w < 1 || h < 1 {
		return fyne.NewSquareSize(1)
	}
	shrink := min(1, room.Width/w, room.Height/h)
	return fyne.NewSize(w*shrink, h*shrink)
}
