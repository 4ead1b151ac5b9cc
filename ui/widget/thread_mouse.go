package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// edgeScroll is how far one move of a drag beyond an edge scrolls.
const edgeScroll float32 = 24

// threadMouse is what the pointer does.
type threadMouse struct {
	at        fyne.Position // where it was seen last
	selecting bool
	retry     int64      // the failed message whose button was pressed
	over      *threadRow // the row whose state glyph it rests on
	rest      delay      // until the word for the glyph shows
}

// MouseDown implements desktop.Mouseable.
func (t *Thread) MouseDown(e *desktop.MouseEvent) {
	t.TakeFocus()
	t.leaveGlyph()
	t.pointed = 0
	// The right button comes here too; it must not end the selection it is to copy.
	if e.Button != desktop.MouseButtonPrimary || t.bar.press(e.Position) {
		return
	}
	row, pos := t.at(e.Position)
	if row == nil {
		return
	}
	t.current = pos.id
	if row.retry(e.Position) {
		t.mouse.retry = pos.id
		return
	}
	t.mouse.selecting = true
	t.sel.to = pos
	if e.Modifier&fyne.KeyModifierShift == 0 {
		t.sel.from = pos
	}
	t.place()
}

// MouseUp implements desktop.Mouseable.
func (t *Thread) MouseUp(e *desktop.MouseEvent) {
	t.bar.release()
	t.mouse.selecting = false
	id := t.mouse.retry
	t.mouse.retry = 0
	if row, pos := t.at(e.Position); id != 0 && pos.id == id && row.retry(e.Position) {
		t.OnRetry(id)
	}
}

// Dragged implements fyne.Draggable.
func (t *Thread) Dragged(e *fyne.DragEvent) {
	switch {
	case t.bar.dragged:
		t.bar.drag(e.Position)
	case t.mouse.selecting:
		if e.Position.Y < 0 {
			t.scroll(edgeScroll)
		} else if e.Position.Y > t.size.Height {
			t.scroll(-edgeScroll)
		}
		_, t.sel.to = t.at(e.Position)
		t.place()
	}
}

// DragEnd implements fyne.Draggable.
func (t *Thread) DragEnd() {
	t.bar.release()
	t.mouse.selecting = false
}

// DoubleTapped selects the word under the pointer.
func (t *Thread) DoubleTapped(e *fyne.PointEvent) {
	row, pos := t.at(e.Position)
	if row == nil || !row.inBubble(e.Position) {
		return
	}
	from, to := text.WordAt(row.b.text.Runes(), pos.rune)
	t.sel = threadSelection{threadPos{pos.id, from}, threadPos{pos.id, to}}
	t.place()
}

// TappedSecondary asks for the menu of the bubble under the pointer.
func (t *Thread) TappedSecondary(e *fyne.PointEvent) {
	row, pos := t.at(e.Position)
	if row == nil || !row.inBubble(e.Position) {
		return
	}
	t.current = pos.id
	t.place()
	t.OnMenu(pos.id, e.AbsolutePosition)
}

// MouseIn implements desktop.Hoverable.
func (t *Thread) MouseIn(e *desktop.MouseEvent) { t.mouse.at = e.Position }

// MouseMoved implements desktop.Hoverable.
func (t *Thread) MouseMoved(e *desktop.MouseEvent) {
	t.mouse.at = e.Position
	row, _ := t.at(e.Position)
	if row != nil && !row.onGlyph(e.Position) {
		row = nil
	}
	if row == t.mouse.over {
		return
	}
	t.leaveGlyph()
	if row != nil {
		t.mouse.over = row
		t.mouse.rest.start(theme.HintDelay, func() { showHint(row.glyph, stateWord(row.b.item.State)) })
	}
}

// MouseOut implements desktop.Hoverable.
func (t *Thread) MouseOut() {
	t.mouse.at = fyne.NewPos(-1, -1)
	t.leaveGlyph()
}

// leaveGlyph takes away the word for a state.
func (t *Thread) leaveGlyph() {
	t.mouse.rest.stop()
	if t.mouse.over != nil {
		hideHint(t.mouse.over.glyph)
		t.mouse.over = nil
	}
}

// onGlyph reports whether a point of the thread lies on the state glyph.
func (r *threadRow) onGlyph(p fyne.Position) bool {
	if !r.b.item.Own {
		return false
	}
	q := p.Subtract(r.box.Position()).Subtract(r.glyph.Position())
	return q.X >= 0 && q.Y >= 0 && q.X < theme.IconState && q.Y < theme.IconState
}

func stateWord(s ThreadState) string {
	switch s {
	case ThreadDelivered:
		return lang.T("state.delivered")
	case ThreadFailed:
		return lang.T("state.failed")
	}
	return lang.T("state.queued")
}

// Cursor implements desktop.Cursorable.
func (t *Thread) Cursor() desktop.Cursor {
	row, _ := t.at(t.mouse.at)
	switch {
	case row == nil:
	case row.retry(t.mouse.at):
		return desktop.PointerCursor
	case row.inBubble(t.mouse.at):
		return desktop.TextCursor
	}
	return desktop.DefaultCursor
}
