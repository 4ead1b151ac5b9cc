package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

const (
	lineStep   float32 = 40 // what is kept of the old page when paging
	edgeScroll float32 = 24 // how far one move of a drag beyond an edge scrolls
)

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

// TakeFocus takes the keyboard without showing a ring before a key is pressed.
func (t *Thread) TakeFocus() {
	t.ring = false
	c := canvasOf(t)
	if c == nil || c.Focused() == fyne.Focusable(t) {
		return
	}
	t.quiet = true
	c.Focus(t)
	t.quiet = false
}

// FocusGained implements fyne.Focusable.
func (t *Thread) FocusGained() {
	t.ring = !t.quiet
	if t.rows[t.current] == nil {
		t.current = t.Newest()
	}
	t.place()
}

// FocusLost implements fyne.Focusable.
func (t *Thread) FocusLost() {
	t.ring = false
	t.stopJump()
	t.place()
}

// TypedRune implements fyne.Focusable.
func (t *Thread) TypedRune(r rune) { t.OnTyped(r) }

// TypedShortcut implements fyne.Shortcutable.
func (t *Thread) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		t.Copy()
	}
}

// TypedKey implements fyne.Focusable: the arrows go from message to message, the rest
// is as in any page.
func (t *Thread) TypedKey(e *fyne.KeyEvent) {
	t.ring, t.pointed = true, 0
	page := t.size.Height - lineStep
	switch e.Name {
	case fyne.KeyUp:
		t.step(-1)
	case fyne.KeyDown:
		t.step(1)
	case fyne.KeyPageUp:
		t.stopJump()
		t.scroll(page)
		t.current = t.firstWhole()
		t.place()
	case fyne.KeyPageDown:
		t.stopJump()
		t.scroll(-page)
		t.current = t.Newest()
		t.place()
	case fyne.KeyHome:
		t.home()
	case fyne.KeyEnd:
		t.JumpToEnd()
		t.current = t.Newest()
		t.place()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, desktop.KeyMenu:
		t.menuAtCurrent()
	case fyne.KeyEscape:
		if t.sel.empty() {
			PassKey(t, e)
			return
		}
		t.sel = threadSelection{}
		t.place()
	default:
		PassKey(t, e)
	}
}

func (t *Thread) home() {
	if before, _ := t.src.Outside(); before > 0 {
		t.src.Seek(0)
		return
	}
	if t.src.Len() > 0 {
		t.ShowItem(t.src.Item(0).ID)
		t.bar.show()
	}
}

// firstWhole returns the first message whose bubble is in sight from its top.
func (t *Thread) firstWhole() int64 {
	for _, r := range t.order {
		if r.y >= 0 {
			return r.b.item.ID
		}
	}
	return t.anchor
}

// step moves the keyboard to a neighbouring message and brings it into sight.
func (t *Thread) step(by int) {
	i := t.index(t.current) + by
	if i < 0 || i >= t.src.Len() {
		t.scroll(-lineStep * float32(by))
		return
	}
	t.stopJump()
	t.current = t.src.Item(i).ID
	row := t.rows[t.current]
	b := t.bubble(i)
	switch {
	case row == nil && by < 0 || row != nil && row.y < theme.Space12 && by < 0:
		t.anchor, t.off, t.end = t.current, theme.Space12, false
		t.bar.show()
	case row == nil || row.y+b.height > t.size.Height-threadEdge:
		t.anchor, t.off, t.end = t.current, t.size.Height-threadEdge-b.height, false
		t.bar.show()
	}
	t.place()
}

// menuAtCurrent asks for the menu of the message that the keyboard stands on.
func (t *Thread) menuAtCurrent() {
	row := t.rows[t.current]
	if row == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
	t.OnMenu(t.current, at.AddXY(row.x+theme.BubblePadX, min(row.y+row.b.box, t.size.Height)))
}
