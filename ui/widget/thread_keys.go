package widget

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/theme"
)

// lineStep is what is kept of the old page when paging.
const lineStep float32 = 40

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

// TypedShortcut implements fyne.Shortcutable. Letters alone go to the composer, so what
// is done to a message takes Ctrl as well.
func (t *Thread) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		t.Copy()
		return
	}
	custom, ok := s.(*desktop.CustomShortcut)
	row := t.rows[t.current]
	plain := ok && custom.Modifier == fyne.KeyModifierShortcutDefault
	switch {
	case plain && row != nil && custom.KeyName == fyne.KeyR && slices.Contains(toolsFor(row), toolReply):
		t.OnReply(t.current)
	case plain && row != nil && custom.KeyName == fyne.KeyE && slices.Contains(toolsFor(row), toolReact):
		t.OnReact(t.current, t.besideCurrent(row))
	case plain && t.voiceOf(row) != nil && custom.KeyName == fyne.KeyLeft:
		t.OnSkip(t.current, -1) // media run from left to right in every language
	case plain && t.voiceOf(row) != nil && custom.KeyName == fyne.KeyRight:
		t.OnSkip(t.current, 1)
	default:
		passShortcut(t, s)
	}
}

// TypedKey implements fyne.Focusable: the arrows go from message to message, the rest
// is as in any page.
func (t *Thread) TypedKey(e *fyne.KeyEvent) {
	t.ring, t.pointed = true, 0
	if e.Name != fyne.KeyLeft && e.Name != fyne.KeyRight && e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter && e.Name != fyne.KeySpace {
		t.part = -1
	}
	switch e.Name {
	case fyne.KeyUp:
		t.step(-1)
	case fyne.KeyDown:
		t.step(1)
	case fyne.KeyPageUp:
		t.Page(-1)
		t.current = t.firstWhole()
		t.place()
	case fyne.KeyPageDown:
		t.Page(1)
		t.current = t.Newest()
		t.place()
	case fyne.KeyHome:
		t.home()
	case fyne.KeyEnd:
		t.JumpToEnd()
		t.current = t.Newest()
		t.place()
	case fyne.KeyLeft:
		t.stepPart(-1)
	case fyne.KeyRight:
		t.stepPart(1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if row := t.rows[t.current]; row != nil && t.part >= 0 {
			t.act(row, t.part)
			return
		}
		t.menuAtCurrent()
	case desktop.KeyMenu:
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

// stepPart moves the keyboard among what can be pressed in a message, in the direction
// of the interface; before the first is the message itself.
func (t *Thread) stepPart(by int) {
	row := t.rows[t.current]
	if row == nil {
		return
	}
	if theme.RTL() {
		by = -by
	}
	t.part = max(-1, min(t.part+by, len(row.b.targets)-1))
	t.place()
}

// Page scrolls by pages; negative ones lead to older messages.
func (t *Thread) Page(by int) {
	t.stopJump()
	t.scroll(-float32(by) * (t.size.Height - lineStep))
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
		if r.y >= theme.Space8 {
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
	t.OnMenu(t.current, t.besideCurrent(row))
}

// besideCurrent is the place on the canvas below a row where menus of it open.
func (t *Thread) besideCurrent(row *threadRow) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
	return at.AddXY(row.x+theme.BubblePadX, min(row.y+row.b.box, t.size.Height))
}
