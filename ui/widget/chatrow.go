package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// ChatItem is what a row of the chat list shows. The words are the caller's.
type ChatItem struct {
	ID     int64
	Name   string
	Trust  int            // dots
	Time   string         // of the last activity
	Glyph  theme.IconName // state of the last message if it is an own one, else ""
	Prefix string         // semibold before the last line: "Draft:"
	Last   string         // last line
	Unread int
	Failed bool // the whole last line in danger
}

// ChatRow is one row of the chat list.
type ChatRow struct {
	fynewidget.BaseWidget
	OnTapped func()
	OnMenu   func(at fyne.Position) // secondary button, in the window

	item                       ChatItem
	selected, hovered, focused bool
}

// NewChatRow returns the row of item.
func NewChatRow(item ChatItem) *ChatRow {
	r := &ChatRow{item: item}
	r.ExtendBaseWidget(r)
	return r
}

// Set shows another item, or the same in another state.
func (r *ChatRow) Set(item ChatItem, selected, focused bool) {
	if r.item == item && r.selected == selected && r.focused == focused {
		return
	}
	r.item, r.selected, r.focused = item, selected, focused
	r.Refresh()
}

func (r *ChatRow) Tapped(*fyne.PointEvent) {
	if r.OnTapped != nil {
		r.OnTapped()
	}
}

func (r *ChatRow) TappedSecondary(e *fyne.PointEvent) {
	if r.OnMenu != nil {
		r.OnMenu(e.AbsolutePosition)
	}
}

func (r *ChatRow) MouseIn(*desktop.MouseEvent) {
	r.hovered = true
	r.Refresh()
}

func (r *ChatRow) MouseMoved(*desktop.MouseEvent) {}

func (r *ChatRow) MouseOut() {
	r.hovered = false
	r.Refresh()
}

func (r *ChatRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

const (
	rowInset   = theme.Space8  // from the list's edge to the row's plate
	rowPadding = theme.Space12 // inside the plate
	rowLineGap = 3             // between the two lines
	rowGap     = theme.Space2  // half of what separates two plates
)

// chatRowParts are the objects of a row.
type chatRowParts struct {
	row                      *ChatRow
	plate, wash, ring        *canvas.Rectangle
	monogram                 *monogramParts
	name, time, prefix, last *words
	dots                     *Dots
	glyph                    *canvas.Image
	pill                     *pillParts
}

// CreateRenderer implements fyne.Widget.
func (r *ChatRow) CreateRenderer() fyne.WidgetRenderer {
	d := &chatRowParts{
		row:   r,
		plate: box(theme.RadiusRow), wash: box(theme.RadiusRow), ring: box(theme.RadiusRow),
		monogram: newMonogramParts(),
		name:     newWords(), time: newWords(), prefix: newWords(), last: newWords(),
		dots:  NewDots(0, theme.DotRow),
		glyph: picture(),
		pill:  newPillParts(),
	}
	minSize := func() fyne.Size { return fyne.NewSize(200, theme.RowHeight()) }
	return newParts(r, d.update, minSize, d.place,
		d.plate, d.wash, d.ring, d.monogram.disc, d.monogram.letter.raster,
		d.name.raster, d.dots, d.time.raster, d.glyph, d.prefix.raster, d.last.raster,
		d.pill.plate, d.pill.number.raster)
}

func (d *chatRowParts) update() {
	p, item := theme.Current(), d.row.item
	paint(d.plate, p.Selected, transparent, 0)
	paint(d.wash, p.Hover, transparent, 0)
	show(d.plate, d.row.selected)
	show(d.wash, d.row.hovered && !d.row.selected)
	showRing(d.ring, d.row.focused)

	d.monogram.set(item.Name, theme.MonogramSize)
	d.name.set(item.Name, theme.UIBold, p.Ink)
	d.dots.SetLevel(item.Trust)
	d.dots.Refresh()
	d.time.set(item.Time, theme.Caption, p.Ink3)

	ink := p.Ink2
	switch {
	case item.Failed:
		ink = p.Danger
	case item.Unread > 0:
		ink = p.Ink
	}
	d.prefix.set(item.Prefix, theme.SmallBold, ink)
	d.last.set(item.Last, theme.Small, ink)
	d.pill.set(item.Unread)
	glyph := item.Glyph
	if item.Failed {
		glyph = theme.IconFailed
	}
	setGlyph(d.glyph, glyph)
}

func (d *chatRowParts) place(s fyne.Size) {
	for _, r := range []*canvas.Rectangle{d.plate, d.wash, d.ring} {
		put(r, rowInset, rowGap, s.Width-2*rowInset, s.Height-2*rowGap, s.Width)
	}
	x := rowInset + rowPadding
	d.monogram.put(x, (s.Height-theme.MonogramSize)/2, s.Width)
	x += theme.MonogramSize + rowPadding
	end := s.Width - rowInset - rowPadding
	top := (s.Height - theme.UIBold.LineHeight - rowLineGap - theme.Small.LineHeight) / 2
	d.placeFirst(x, end, top, s.Width)
	d.placeSecond(x, end, top+theme.UIBold.LineHeight+rowLineGap, s.Width)
}

// placeFirst lays out name, dots and time between x and end.
func (d *chatRowParts) placeFirst(x, end, y, width float32) {
	line := theme.UIBold.LineHeight
	when := d.time.natural()
	d.time.put(end-when, y+(line-theme.Caption.LineHeight)/2, when, width, alignEnd)
	dots := d.dots.MinSize()
	room := end - when - theme.Space8 - x - dots.Width - theme.Space8
	d.name.put(x, y, room, width, alignStart)
	n := d.name.widthIn(room)
	put(d.dots, x+n+theme.Space8, y+(line-dots.Height)/2, dots.Width, dots.Height, width)
}

// placeSecond lays out glyph, prefix, last line and pill between x and end.
func (d *chatRowParts) placeSecond(x, end, y, width float32) {
	line := theme.Small.LineHeight
	if d.glyph.Visible() {
		put(d.glyph, x, y+(line-theme.IconState)/2, theme.IconState, theme.IconState, width)
		x += theme.IconState + theme.Space4
	}
	if d.row.item.Unread > 0 {
		pill := d.pill.size()
		end -= pill.Width
		d.pill.put(end, y+(line-pill.Height)/2, width)
		end -= theme.Space8
	}
	if n := d.prefix.natural(); n > 0 {
		n = min(n, end-x)
		d.prefix.put(x, y, n, width, alignStart)
		x += n + theme.Space4
	} else {
		d.prefix.put(x, y, 0, width, alignStart)
	}
	d.last.put(x, y, end-x, width, alignStart)
}
