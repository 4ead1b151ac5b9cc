package chat

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/text"
)

// bar is a strip over the composer: what it is for, or a file that goes with the message.
// Its cross takes it away.
type bar struct {
	fynewidget.BaseWidget
	icon    *widget.Emblem
	picture *canvas.Image // in place of the icon, or nil
	title   *widget.Label
	line    *widget.Label
	cross   *widget.IconButton
	share   float32 // of what is under way; below 0 for nothing
}

func newBar(icon theme.IconName, crossWord string, onCross func()) *bar {
	b := &bar{
		icon:  widget.NewEmblem(icon, theme.IconAction, widget.InkSecond),
		title: widget.NewLabel("", &theme.SmallBold, widget.InkMain),
		line:  widget.NewLabel("", &theme.Caption, widget.InkSecond),
		cross: widget.NewIconButton(theme.IconClose, crossWord, onCross),
		share: -1,
	}
	b.title.SetMaxLines(1)
	b.title.SetAlign(text.AlignStart)
	b.line.SetMaxLines(1)
	b.line.SetAlign(text.AlignStart)
	b.ExtendBaseWidget(b)
	return b
}

// set shows two lines.
func (b *bar) set(title, line string) {
	b.title.SetText(title)
	b.line.SetText(line)
}

// setPicture shows a picture in place of the icon.
func (b *bar) setPicture(img image.Image) {
	b.picture = canvas.NewImageFromImage(img)
	b.picture.FillMode = canvas.ImageFillContain
	b.icon.Hide()
	b.Refresh()
}

// setShare shows how far something is, from 0 to 1.
func (b *bar) setShare(share float32) {
	if b.share != share {
		b.share = share
		b.Refresh()
	}
}

const (
	barPad   = theme.Space8
	barThumb = theme.IconButtonSize // side of a picture
	barTrack = theme.Space2         // height of the line that shows progress
)

func (b *bar) height() float32 {
	return theme.Small.LineHeight + theme.Caption.LineHeight + 2*barPad
}

// HeightFor implements layout.Tall.
func (b *bar) HeightFor(float32) float32 { return b.height() }

// CreateRenderer implements fyne.Widget.
func (b *bar) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{b: b, pane: b.pane()} }

// barRenderer adds the picture, which comes later than the bar.
type barRenderer struct {
	*pane
	b *bar
}

func (r *barRenderer) Objects() []fyne.CanvasObject {
	if r.b.picture == nil {
		return r.pane.Objects()
	}
	return append(r.pane.Objects()[:len(r.pane.objects):len(r.pane.objects)], r.b.picture)
}

func (b *bar) pane() *pane {
	plate, track, done := canvas.NewRectangle(nil), canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	plate.CornerRadius = theme.RadiusRow
	update := func() {
		p := theme.Current()
		plate.FillColor, track.FillColor, done.FillColor = p.List, p.Hairline, p.Accent
		show(track, b.share >= 0)
		show(done, b.share > 0)
	}
	place := func(s fyne.Size) {
		put(plate, 0, 0, s.Width, s.Height, s.Width)
		const button = theme.IconButtonSize
		put(b.icon, barPad+(button-theme.IconAction)/2, (s.Height-theme.IconAction)/2, theme.IconAction, theme.IconAction, s.Width)
		if b.picture != nil {
			put(b.picture, barPad, (s.Height-barThumb)/2, barThumb, barThumb, s.Width)
		}
		x := barPad + button + barPad
		room := s.Width - x - button - barPad
		put(b.title, x, barPad, room, theme.Small.LineHeight, s.Width)
		put(b.line, x, barPad+theme.Small.LineHeight, room, theme.Caption.LineHeight, s.Width)
		put(b.cross, s.Width-button-theme.Space4, (s.Height-button)/2, button, button, s.Width)
		put(track, x, s.Height-barTrack-theme.Space4, room, barTrack, s.Width)
		put(done, x, s.Height-barTrack-theme.Space4, room*max(0, min(1, b.share)), barTrack, s.Width)
	}
	return newPane(b, update, place, plate, b.icon, b.title, b.line, track, done, b.cross)
}
