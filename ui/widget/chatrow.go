package widget

import (
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// ChatItem is what a row of the chat list shows. The words are the caller's.
type ChatItem struct {
	ID     int64
	Name   string
	Icon   theme.IconName // in place of the monogram, of a row that is no chat; else ""
	Trust  int            // dots; NoTrust for none
	Time   string         // of the last activity
	Glyph  theme.IconName // state of the last message if it is an own one, else ""
	Prefix string         // semibold before the last line: "Draft:"
	Last   string         // last line
	Marks  []ThreadRange  // what of it is highlighted
	Unread int
	Dot    bool // a pill without a number: marked as unread by hand
	Muted  bool // nothing is announced: a glyph, and a pill that is quiet
	Pinned bool
	Failed bool // the whole last line in danger
}

// NoTrust is the trust of a row that stands for nobody.
const NoTrust = -1

func (i ChatItem) same(o ChatItem) bool {
	marks, others := i.Marks, o.Marks
	i.Marks, o.Marks = nil, nil
	return slices.Equal(marks, others) && reflect.DeepEqual(i, o)
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
	if r.item.same(item) && r.selected == selected && r.focused == focused {
		return
	}
	r.item, r.selected, r.focused = item, selected, focused
	r.Refresh()
}

// Label returns the name on the row.
func (r *ChatRow) Label() string { return r.item.Name }

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
	icon, glyph, pin, muted  *canvas.Image
	marks                    [maxRowMarks]*canvas.Rectangle
	pill                     *pillParts
}

// maxRowMarks is how many hits of a search a line highlights; it has room for no more.
const maxRowMarks = 4

// CreateRenderer implements fyne.Widget.
func (r *ChatRow) CreateRenderer() fyne.WidgetRenderer {
	d := &chatRowParts{
		row:   r,
		plate: box(theme.RadiusRow), wash: box(theme.RadiusRow), ring: box(theme.RadiusRow),
		monogram: newMonogramParts(),
		name:     newWords(), time: newWords(), prefix: newWords(), last: newWords(),
		dots: NewDots(0, theme.DotRow),
		icon: picture(), glyph: picture(), pin: picture(), muted: picture(),
		pill: newPillParts(),
	}
	objects := []fyne.CanvasObject{d.plate, d.wash, d.ring, d.monogram.disc, d.monogram.letter.raster, d.icon}
	for i := range d.marks {
		d.marks[i] = box(theme.Space2)
		objects = append(objects, d.marks[i])
	}
	objects = append(objects, d.name.raster, d.dots, d.time.raster, d.pin, d.muted, d.glyph,
		d.prefix.raster, d.last.raster, d.pill.plate, d.pill.number.raster)
	minSize := func() fyne.Size { return fyne.NewSize(200, theme.RowHeight()) }
	return newParts(r, d.update, minSize, d.place, objects...)
}

func (d *chatRowParts) update() {
	p, item := theme.Current(), d.row.item
	paint(d.plate, p.Selected, transparent, 0)
	paint(d.wash, p.Hover, transparent, 0)
	show(d.plate, d.row.selected)
	show(d.wash, d.row.hovered && !d.row.selected)
	showRing(d.ring, d.row.focused)

	letter := item.Name
	if item.Icon != "" {
		letter = ""
		setIcon(d.icon, theme.Icon(item.Icon, p.Ink2))
	}
	show(d.icon, item.Icon != "")
	d.monogram.set(letter, theme.MonogramSize)
	d.name.set(item.Name, theme.UIBold, p.Ink)
	d.dots.SetLevel(max(0, item.Trust))
	show(d.dots, item.Trust != NoTrust)
	d.dots.Refresh()
	mark(d.pin, item.Pinned, theme.IconPin)
	mark(d.muted, item.Muted && item.Icon == "", theme.IconMuted)
	d.time.set(item.Time, theme.Caption, p.Ink3)

	ink := p.Ink2
	switch {
	case item.Failed:
		ink = p.Danger
	case (item.Unread > 0 || item.Dot) && !item.Muted:
		ink = p.Ink
	}
	d.prefix.set(item.Prefix, theme.SmallBold, ink)
	d.last.set(item.Last, theme.Small, ink)
	d.pill.show(item.Unread, item.Dot, item.Muted)
	glyph := item.Glyph
	if item.Failed {
		glyph = theme.IconFailed
	}
	setGlyph(d.glyph, glyph)
}

// mark shows a small glyph beside the time.
func mark(i *canvas.Image, on bool, name theme.IconName) {
	show(i, on)
	if on {
		setIcon(i, theme.SmallIcon(name, theme.Current().Ink3))
	}
}

func (d *chatRowParts) place(s fyne.Size) {
	for _, r := range []*canvas.Rectangle{d.plate, d.wash, d.ring} {
		put(r, rowInset, rowGap, s.Width-2*rowInset, s.Height-2*rowGap, s.Width)
	}
	x := rowInset + rowPadding
	d.monogram.put(x, (s.Height-theme.MonogramSize)/2, s.Width)
	const inset = (theme.MonogramSize - theme.IconAction) / 2
	put(d.icon, x+inset, (s.Height-theme.IconAction)/2, theme.IconAction, theme.IconAction, s.Width)
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
	end -= when
	for _, i := range []*canvas.Image{d.muted, d.pin} {
		if i.Visible() {
			end -= theme.IconState + theme.Space4
			put(i, end, y+(line-theme.IconState)/2, theme.IconState, theme.IconState, width)
		}
	}
	dots := d.dots.MinSize()
	room := end - theme.Space8 - x - dots.Width - theme.Space8
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
	if d.row.item.Unread > 0 || d.row.item.Dot {
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
	d.placeMarks(x, y, end-x, width)
}

// placeMarks highlights the hits of a search in the last line.
func (d *chatRowParts) placeMarks(x, y, room, width float32) {
	var rects []text.Rect
	block := d.last.shown
	if block != nil && room > 0 {
		for _, m := range d.row.item.Marks {
			rects = append(rects, block.Select(m.From, m.To)...)
		}
	}
	for i, r := range d.marks {
		show(r, i < len(rects))
		if i >= len(rects) {
			continue
		}
		paint(r, theme.Current().Selection, transparent, 0)
		left := theme.Start(x, min(block.Width, room), width) + rects[i].X
		scale := deviceScale(r)
		r.Move(fyne.NewPos(snap(left, scale), snap(y+rects[i].Y, scale)))
		r.Resize(fyne.NewSize(rects[i].W, rects[i].H))
	}
}
