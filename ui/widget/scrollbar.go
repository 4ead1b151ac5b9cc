package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// scrollBar is the thin bar at the end edge of something that scrolls. It appears when
// that moves, or the pointer comes near, and leaves a while later.
type scrollBar struct {
	fynewidget.BaseWidget
	onDrag func(offset float32)

	offset, whole, page float32 // all in dp: what is above, the content, the window on it
	shown, held, near   bool
	leave               delay
}

func newScrollBar(onDrag func(float32)) *scrollBar {
	b := &scrollBar{onDrag: onDrag}
	b.ExtendBaseWidget(b)
	return b
}

// set tells the bar where the content stands; moved shows it for a while.
func (b *scrollBar) set(offset, whole, page float32, moved bool) {
	if b.offset == offset && b.whole == whole && b.page == page && !moved {
		return
	}
	b.offset, b.whole, b.page = offset, whole, page
	if moved {
		b.appear()
		return
	}
	b.Refresh()
}

func (b *scrollBar) needed() bool { return b.whole > b.page+0.5 }

func (b *scrollBar) appear() {
	b.shown = b.needed()
	b.leave.start(theme.ScrollBarStay, func() {
		if !b.held && !b.near {
			b.shown = false
			b.Refresh()
		}
	})
	b.Refresh()
}

// thumb returns where the thumb stands and how long it is.
func (b *scrollBar) thumb() (y, length float32) {
	if !b.needed() {
		return 0, b.page
	}
	length = max(theme.ScrollBarMin, b.page*b.page/b.whole)
	return (b.page - length) * b.offset / (b.whole - b.page), length
}

func (b *scrollBar) MouseIn(*desktop.MouseEvent) {
	b.near = true
	b.appear()
}

func (b *scrollBar) MouseMoved(*desktop.MouseEvent) {}

func (b *scrollBar) MouseOut() {
	b.near = false
	b.appear()
}

func (b *scrollBar) Dragged(e *fyne.DragEvent) {
	_, length := b.thumb()
	if room := b.page - length; room > 0 {
		b.held = true
		b.onDrag(b.offset + e.Dragged.DY*(b.whole-b.page)/room)
	}
}

func (b *scrollBar) DragEnd() {
	b.held = false
	b.appear()
}

// CreateRenderer implements fyne.Widget.
func (b *scrollBar) CreateRenderer() fyne.WidgetRenderer {
	thumb := box(theme.ScrollBarWidth / 2)
	update := func() {
		paint(thumb, theme.Alpha(theme.Current().Ink3, 0.5), transparent, 0)
		show(thumb, b.shown && b.needed())
	}
	minSize := func() fyne.Size { return fyne.NewSize(theme.ScrollBarHit, 1) }
	place := func(s fyne.Size) {
		y, length := b.thumb()
		const inset = theme.Space2
		put(thumb, s.Width-theme.ScrollBarWidth-inset, y+inset, theme.ScrollBarWidth, max(1, length-2*inset), s.Width)
	}
	return newParts(b, update, minSize, place, thumb)
}
