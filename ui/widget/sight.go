package widget

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Sight shows what a camera sees, on a dark ground of 4 to 3, with a line around what was
// found in it. It is not mirrored with the interface: it is a mirror already.
//
// Owner of every field: Fyne's thread.
type Sight struct {
	fynewidget.BaseWidget
	picture image.Image
	marked  bool
	corners [4]image.Point
	view    *canvas.Image
	lines   [8]*canvas.Line // round what was found: four broad ones, and four over them
	ground  *canvas.Rectangle
	waiting *canvas.Image
}

// NewSight returns an empty ground with the sign of a camera.
func NewSight() *Sight {
	s := &Sight{ground: box(theme.RadiusBox), waiting: picture()}
	s.view = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth, CornerRadius: theme.RadiusBox}
	for i := range s.lines {
		s.lines[i] = canvas.NewLine(sightRim)
		s.lines[i].StrokeWidth = 3 * sightStroke
		if i >= 4 {
			s.lines[i].StrokeColor, s.lines[i].StrokeWidth = sightMark, sightStroke
		}
	}
	s.ExtendBaseWidget(s)
	return s
}

// The mark is light with a dark rim, the accents of both themes, and so is seen on
// whatever is in the picture.
var (
	sightMark = color.NRGBA{R: 0x8F, G: 0xC3, B: 0xDE, A: 0xFF}
	sightRim  = color.NRGBA{R: 0x1D, G: 0x54, B: 0x70, A: 0xFF}
)

const (
	sightStroke float32 = 2
	sightSpread float32 = 1.1 // the mark lies this much outside of what it marks
)

// Set shows a picture, nil for none yet, and marks the corners of what was found in it,
// in its pixels.
func (s *Sight) Set(picture image.Image, marked bool, corners [4]image.Point) {
	s.picture, s.marked, s.corners = picture, marked && picture != nil, corners
	if picture != nil {
		s.view.Image = picture
	}
	s.Refresh()
	if picture != nil {
		s.view.Refresh()
	}
}

// HeightFor returns the height at a width.
func (s *Sight) HeightFor(width float32) float32 { return width * 3 / 4 }

// CreateRenderer implements fyne.Widget.
func (s *Sight) CreateRenderer() fyne.WidgetRenderer {
	update := func() {
		paint(s.ground, viewerGround, transparent, 0)
		setIcon(s.waiting, theme.Icon(theme.IconCamera, viewerInk))
		show(s.waiting, s.picture == nil)
		show(s.view, s.picture != nil)
		for _, l := range s.lines {
			show(l, s.marked)
		}
	}
	minSize := func() fyne.Size { return fyne.NewSize(1, s.HeightFor(widthOf(s))) }
	place := func(size fyne.Size) {
		fill(s.ground, size, 0)
		fill(s.view, size, 0)
		put(s.waiting, (size.Width-theme.IconEmpty)/2, (size.Height-theme.IconEmpty)/2, theme.IconEmpty, theme.IconEmpty, size.Width)
		s.placeMark(size)
	}
	objects := []fyne.CanvasObject{s.ground, s.waiting, s.view}
	for _, l := range s.lines {
		objects = append(objects, l)
	}
	return newParts(s, update, minSize, place, objects...)
}

// placeMark draws the line around the corners, where the picture lies in the box.
func (s *Sight) placeMark(size fyne.Size) {
	if !s.marked {
		return
	}
	b := s.picture.Bounds()
	w, h := float32(b.Dx()), float32(b.Dy())
	if w < 1 || h < 1 {
		return
	}
	scale := min(size.Width/w, size.Height/h)
	x0, y0 := (size.Width-w*scale)/2, (size.Height-h*scale)/2
	var cx, cy float32
	for _, p := range s.corners {
		cx, cy = cx+float32(p.X)/4, cy+float32(p.Y)/4
	}
	at := func(p image.Point) fyne.Position {
		x, y := cx+(float32(p.X)-cx)*sightSpread, cy+(float32(p.Y)-cy)*sightSpread
		return fyne.NewPos(x0+min(max(x, 0), w)*scale, y0+min(max(y, 0), h)*scale)
	}
	for i, l := range s.lines {
		l.Position1, l.Position2 = at(s.corners[i%4]), at(s.corners[(i+1)%4])
		l.Refresh()
	}
}
