package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/widget/text"
)

// edgeScroll is how far one move of a drag beyond an edge scrolls.
const edgeScroll float32 = 24

// threadMouse is what the pointer does.
type threadMouse struct {
	at        fyne.Position // where it was seen last
	selecting bool
	hover     int64   // the message that it is over, or 0
	pressed   int64   // the message of which a target was pressed
	target    int     // which one
	over      resting // what it rests on
	rest      delay   // until the word for that shows
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
	if k := t.tools.find(e.Position); k != noTool {
		t.tools.pressed = k
		return
	}
	row, pos := t.at(e.Position)
	if row == nil {
		return
	}
	t.current, t.part = pos.id, -1
	if i := row.target(e.Position); i >= 0 {
		t.mouse.pressed, t.mouse.target = pos.id, i
		if row.b.targets[i].kind != onLink {
			return
		}
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
	k := t.tools.pressed
	t.tools.pressed = noTool
	if k != noTool && k == t.tools.find(e.Position) {
		t.tools.act(k)
		return
	}
	id := t.mouse.pressed
	t.mouse.pressed = 0
	row, pos := t.at(e.Position)
	if id == 0 || pos.id != id || row.target(e.Position) != t.mouse.target {
		return
	}
	if row.b.targets[t.mouse.target].kind == onSeek {
		t.OnSeek(id, row.b.file.share(e.Position.X-row.x))
		return
	}
	if row.b.targets[t.mouse.target].kind != onLink || t.sel.empty() {
		t.act(row, t.mouse.target)
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
	at := pos.rune
	if _, keep := row.hit(e.Position); keep == text.SideBefore {
		at-- // the far half of a word's last letter is still that word
	}
	from, to := text.WordAt(row.b.text.Runes(), at)
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
