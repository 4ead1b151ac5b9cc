package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// ChatList is a list of chat rows of any length: only the rows in view exist. It is one
// stop of the Tab key; the arrow keys move within it and Enter opens.
type ChatList struct {
	fynewidget.BaseWidget
	OnOpen func(id int64)
	OnMenu func(id int64, at fyne.Position) // at is in the window

	items    []ChatItem
	selected int64 // ID of the open chat, 0 for none
	cursor   int   // row that the keyboard is on
	focused  bool

	offset float32
	rows   []*ChatRow // the pool; the first ones are in view
	holder *fyne.Container
	clip   *container.Clip
	bar    *scrollBar
}

// NewChatList returns an empty list.
func NewChatList() *ChatList {
	l := &ChatList{holder: container.NewWithoutLayout()}
	l.clip = container.NewClip(l.holder)
	l.bar = newScrollBar(func(offset float32) { l.scroll(offset, true) })
	l.ExtendBaseWidget(l)
	return l
}

// SetItems shows other items. The cursor stays on the chat that it was on.
func (l *ChatList) SetItems(items []ChatItem) {
	var on int64
	if l.cursor < len(l.items) {
		on = l.items[l.cursor].ID
	}
	l.items, l.cursor = items, min(l.cursor, max(0, len(items)-1))
	for i, item := range items {
		if item.ID == on {
			l.cursor = i
		}
	}
	l.Refresh()
}

// Select marks the open chat; 0 marks none.
func (l *ChatList) Select(id int64) {
	l.selected = id
	for i, item := range l.items {
		if item.ID == id && !l.focused {
			l.cursor = i
		}
	}
	l.Refresh()
}

// Reveal scrolls a chat into view.
func (l *ChatList) Reveal(id int64) {
	for i, item := range l.items {
		if item.ID == id {
			l.revealRow(i)
		}
	}
}

func (l *ChatList) Scrolled(e *fyne.ScrollEvent) { l.scroll(l.offset-e.Scrolled.DY, true) }

func (l *ChatList) FocusGained() {
	l.focused = true
	l.revealRow(l.cursor)
	l.Refresh()
}

func (l *ChatList) FocusLost() {
	l.focused = false
	l.Refresh()
}

func (l *ChatList) TypedRune(rune) {}

func (l *ChatList) TypedKey(e *fyne.KeyEvent) {
	page := max(1, int(l.Size().Height/theme.RowHeight())-1)
	switch e.Name {
	case fyne.KeyUp:
		l.move(l.cursor - 1)
	case fyne.KeyDown:
		l.move(l.cursor + 1)
	case fyne.KeyPageUp:
		l.move(l.cursor - page)
	case fyne.KeyPageDown:
		l.move(l.cursor + page)
	case fyne.KeyHome:
		l.move(0)
	case fyne.KeyEnd:
		l.move(len(l.items) - 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if l.cursor < len(l.items) {
			l.open(l.items[l.cursor].ID)
		}
	default:
		PassKey(l, e)
	}
}

func (l *ChatList) move(to int) {
	l.cursor = max(0, min(to, len(l.items)-1))
	l.revealRow(l.cursor)
	l.Refresh()
}

func (l *ChatList) open(id int64) {
	if l.OnOpen != nil {
		l.OnOpen(id)
	}
}

func (l *ChatList) revealRow(i int) {
	h, page := theme.RowHeight(), l.Size().Height
	switch y := float32(i) * h; {
	case y < l.offset:
		l.scroll(y, true)
	case y+h > l.offset+page:
		l.scroll(y+h-page, true)
	}
}

func (l *ChatList) scroll(offset float32, moved bool) {
	before := l.offset
	l.offset = offset
	l.arrange()
	l.bar.set(l.offset, float32(len(l.items))*theme.RowHeight(), l.Size().Height, moved && l.offset != before)
}

// arrange gives the rows in view their items and places.
func (l *ChatList) arrange() {
	s, h := l.Size(), theme.RowHeight()
	l.offset = max(0, min(l.offset, float32(len(l.items))*h-s.Height))
	first := int(l.offset / h)
	last := min(len(l.items), int((l.offset+s.Height)/h)+1)
	scale := deviceScale(l)
	for i := first; i < last; i++ {
		r, item := l.row(i-first), l.items[i]
		r.OnTapped = func() {
			l.cursor = i
			l.open(item.ID)
		}
		r.OnMenu = func(at fyne.Position) {
			if l.OnMenu != nil {
				l.OnMenu(item.ID, at)
			}
		}
		r.Set(item, item.ID == l.selected, l.focused && i == l.cursor)
		r.Resize(fyne.NewSize(s.Width, h))
		r.Move(fyne.NewPos(0, snap(float32(i)*h-l.offset, scale)))
		r.Show()
	}
	for _, r := range l.rows[min(len(l.rows), max(0, last-first)):] {
		r.Hide()
	}
}

func (l *ChatList) row(n int) *ChatRow {
	for n >= len(l.rows) {
		r := NewChatRow(ChatItem{})
		l.rows = append(l.rows, r)
		l.holder.Add(r)
	}
	return l.rows[n]
}

// CreateRenderer implements fyne.Widget.
func (l *ChatList) CreateRenderer() fyne.WidgetRenderer {
	update := func() {
		for _, r := range l.rows {
			r.Refresh()
		}
	}
	minSize := func() fyne.Size { return fyne.NewSize(200, theme.RowHeight()) }
	place := func(s fyne.Size) {
		l.clip.Resize(s)
		l.holder.Resize(s)
		put(l.bar, s.Width-theme.ScrollBarHit, 0, theme.ScrollBarHit, s.Height, s.Width)
		l.scroll(l.offset, false)
	}
	return newParts(l, update, minSize, place, l.clip, l.bar)
}
