package widget

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"tacit/ui/widget/markup"
	"tacit/ui/widget/text"
)

// threadPos is a place between two runes of a message.
type threadPos struct {
	id   int64
	rune int
}

func (p threadPos) before(q threadPos) bool {
	return p.id < q.id || p.id == q.id && p.rune < q.rune
}

// threadSelection is the text between two places, in one message or across several.
type threadSelection struct {
	from, to threadPos // where it was begun, and where the pointer is
}

// span returns the two ends in order.
func (s threadSelection) span() (a, b threadPos) {
	if s.to.before(s.from) {
		return s.to, s.from
	}
	return s.from, s.to
}

func (s threadSelection) empty() bool { return s.from == s.to }

// within returns the runes of a bubble that are selected.
func (s threadSelection) within(b *bubble) (from, to int) {
	lo, hi := s.span()
	id := b.item.ID
	if s.empty() || id < lo.id || id > hi.id {
		return 0, 0
	}
	to = len(b.text.Runes())
	if id == lo.id {
		from = min(lo.rune, to)
	}
	if id == hi.id {
		to = min(hi.rune, to)
	}
	return from, to
}

// SelectedText returns the selected text; messages are parted by line breaks. What is
// no longer loaded is left out.
func (t *Thread) SelectedText() string {
	lo, hi := t.sel.span()
	if t.sel.empty() {
		return ""
	}
	var parts []string
	for i := t.index(lo.id); i < t.src.Len(); i++ {
		item := t.src.Item(i)
		if item.ID > hi.id {
			break
		}
		if part := selected(item, lo, hi); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n")
}

// selected returns what was typed of an item for what is selected between two places.
func selected(item ThreadItem, lo, hi threadPos) string {
	if item.ID != lo.id && item.ID != hi.id {
		return item.Text
	}
	doc := markup.Parse(item.Text)
	if item.Unknown || item.Notice || item.Deleted {
		doc = markup.Text{Shown: item.Text}
	}
	from, to := 0, utf8.RuneCountInString(doc.Shown)
	if item.ID == lo.id {
		from = lo.rune
	}
	if item.ID == hi.id {
		to = hi.rune
	}
	return doc.Raw(from, to)
}

// Copy puts the selected text on the clipboard, or the whole message that the keyboard
// stands on where nothing is selected.
func (t *Thread) Copy() {
	s := t.SelectedText()
	if s == "" && t.current != 0 {
		if i := t.index(t.current); i < t.src.Len() && t.src.Item(i).ID == t.current {
			s = t.src.Item(i).Text
		}
	}
	if s != "" {
		fyne.CurrentApp().Clipboard().SetContent(s)
	}
}

// at returns the row and the place in its text that are nearest to a point.
func (t *Thread) at(p fyne.Position) (*threadRow, threadPos) {
	if len(t.order) == 0 {
		return nil, threadPos{}
	}
	row := t.order[0]
	for _, r := range t.order {
		if r.y-r.sep.height > p.Y {
			break
		}
		row = r
	}
	i, _ := row.hit(p)
	return row, threadPos{row.b.item.ID, i}
}

// hit returns the place in the text nearest to a point, and on which side of it that is.
func (r *threadRow) hit(p fyne.Position) (int, text.Side) {
	return r.b.text.HitBeside(p.X-r.x-r.b.textX, p.Y-r.y-r.b.textY)
}

// inBubble reports whether a point lies in the bubble of a row.
func (r *threadRow) inBubble(p fyne.Position) bool {
	return p.X >= r.x && p.X < r.x+r.back.Size().Width && p.Y >= r.y && p.Y < r.y+r.b.box
}
