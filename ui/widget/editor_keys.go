package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/widget/text"
)

// FocusGained implements fyne.Focusable.
func (e *editable) FocusGained() { e.setFocus(true) }

// FocusLost implements fyne.Focusable.
func (e *editable) FocusLost() { e.setFocus(false) }

func (e *editable) setFocus(on bool) {
	e.focused, e.shift = on, false
	e.blink.restart(on)
	e.Refresh()
	if e.OnFocus != nil {
		e.OnFocus(on)
	}
}

// KeyDown and KeyUp follow the Shift key, which Fyne's key events do not carry.
func (e *editable) KeyDown(k *fyne.KeyEvent) { e.holdShift(k, true) }

// KeyUp is described at KeyDown.
func (e *editable) KeyUp(k *fyne.KeyEvent) { e.holdShift(k, false) }

func (e *editable) holdShift(k *fyne.KeyEvent, down bool) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		e.shift = down
	}
}

// TypedRune writes a character.
func (e *editable) TypedRune(c rune) { e.write(string(c)) }

// write puts s in the place of the selection.
func (e *editable) write(s string) {
	if e.disabled {
		return
	}
	whole := e.insert(s)
	e.side = text.SideBefore
	e.changed(true)
	if !whole && e.OnTooLong != nil {
		e.OnTooLong()
	}
}

// TypedKey implements fyne.Focusable.
func (e *editable) TypedKey(k *fyne.KeyEvent) {
	if e.OnKey != nil && e.OnKey(k) {
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		e.enter()
	case fyne.KeyBackspace:
		e.erase(e.prev)
	case fyne.KeyDelete:
		e.erase(e.next)
	case fyne.KeyLeft:
		e.step(false)
	case fyne.KeyRight:
		e.step(true)
	case fyne.KeyUp:
		e.vertical(-1)
	case fyne.KeyDown:
		e.vertical(1)
	case fyne.KeyPageUp:
		e.vertical(-e.rowsShown())
	case fyne.KeyPageDown:
		e.vertical(e.rowsShown())
	case fyne.KeyHome:
		b := e.shown()
		e.goTo(b.Lines[e.lineOfCaret()].Start, text.SideNone)
	case fyne.KeyEnd:
		e.goTo(e.shown().LineEnd(e.lineOfCaret()))
	default:
		PassKey(e.self, k)
	}
}

func (e *editable) enter() {
	switch {
	case e.OnSubmit != nil && (!e.shift || e.oneLine):
		e.OnSubmit(e.Text())
	case !e.oneLine:
		e.write("\n")
	}
}

// shown returns the block of the text itself, never of the placeholder.
func (e *editable) shown() *text.Block {
	if len(e.runes) == 0 {
		return text.Layout("", *e.style, text.Options{})
	}
	return e.layout()
}

func (e *editable) prev(i int) int     { return e.shown().Prev(i) }
func (e *editable) next(i int) int     { return e.shown().Next(i) }
func (e *editable) prevWord(i int) int { return text.PrevWord(e.runes, i) }
func (e *editable) nextWord(i int) int { return text.NextWord(e.runes, i) }

// goTo moves the caret, with the selection if Shift is held.
func (e *editable) goTo(i int, keep text.Side) {
	e.move(i, e.shift)
	e.side, e.going = keep, false
	e.moved()
}

// erase deletes the selection, or what lies between the caret and where to
// leads.
func (e *editable) erase(to func(int) int) {
	if e.disabled {
		return
	}
	a, b := e.selection()
	if a == b {
		i := to(e.caret)
		a, b = min(i, e.caret), max(i, e.caret)
	}
	if a == b {
		return
	}
	e.remove(a, b)
	e.side = text.SideBefore
	e.changed(true)
}

// step goes over the letter that is seen to the right or left of the caret. Without
// Shift a selection is left at the end one goes to.
func (e *editable) step(right bool) {
	if a, b := e.selection(); a < b && !e.shift {
		if right != e.paragraphRTL() {
			a = b
		}
		e.goTo(a, text.SideNone)
		return
	}
	e.goTo(e.shown().Step(e.caret, e.side, right))
}

// wordStep goes to the next word or the one before, as the paragraph reads.
func (e *editable) wordStep(right bool) {
	to := e.prevWord
	if right != e.paragraphRTL() {
		to = e.nextWord
	}
	e.goTo(to(e.caret), text.SideNone)
}

func (e *editable) paragraphRTL() bool {
	b := e.shown()
	return b.Lines[b.Line(e.caret)].ReadsRTL()
}

// lineOfCaret is the line that the caret is seen on, which at a break within a
// word may be the one before the line of its rune.
func (e *editable) lineOfCaret() int {
	if len(e.runes) == 0 {
		return 0
	}
	_, y := e.caretPlace()
	b := e.shown()
	return max(0, min(len(b.Lines)-1, int(y/e.style.LineHeight+0.5)))
}

// vertical goes up or down by lines and keeps to the x it began at.
func (e *editable) vertical(by int) {
	b := e.shown()
	if !e.going {
		e.goal, _ = e.caretPlace()
	}
	goal, n := e.goal, e.lineOfCaret()+by
	switch {
	case n < 0:
		e.goTo(0, text.SideNone)
	case n >= len(b.Lines):
		e.goTo(len(e.runes), text.SideNone)
	default:
		e.goTo(b.HitLine(goal, n))
	}
	e.goal, e.going = goal, true
}
