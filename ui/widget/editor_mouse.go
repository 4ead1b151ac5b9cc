package widget

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/widget/text"
)

const (
	// manyClicks is the longest time between the clicks of a double click.
	manyClicks = 400 * time.Millisecond
	// sameSpot is how far apart they may be, in dp.
	sameSpot = 4
)

// A clickCounter counts clicks on one spot: one, two, three, and one again.
type clickCounter struct {
	now   func() time.Time
	last  time.Time
	at    fyne.Position
	count int
	span  [2]int // what the first of the clicks selected, for dragging on
}

func (c *clickCounter) click(at fyne.Position) int {
	now, d := c.now(), at.Subtract(c.at)
	near := d.X*d.X+d.Y*d.Y <= sameSpot*sameSpot
	if !near || now.Sub(c.last) > manyClicks || c.count == 3 {
		c.count = 0
	}
	c.count++
	c.last, c.at = now, at
	return c.count
}

// MouseDown puts the caret, or selects the word at the second and the line at
// the third click.
func (e *editable) MouseDown(ev *desktop.MouseEvent) {
	if c := canvasOf(e.self); c != nil && !e.focused {
		c.Focus(e.self.(fyne.Focusable))
	}
	if ev.Button != desktop.MouseButtonPrimary {
		return
	}
	i, keep := e.hit(ev.Position)
	n := e.clicks.click(ev.Position)
	if ev.Modifier&fyne.KeyModifierShift != 0 {
		e.clicks.count = 1
		e.clicks.span = [2]int{e.anchor, e.anchor}
		e.move(i, true)
	} else {
		a, b := e.unit(i, keep, n)
		e.clicks.span = [2]int{a, b}
		e.selectSpan(a, b)
	}
	e.side, e.going = keep, false
	e.moved()
}

// MouseUp implements desktop.Mouseable.
func (e *editable) MouseUp(*desktop.MouseEvent) {}

// Dragged extends the selection, by words or lines if it began so.
func (e *editable) Dragged(ev *fyne.DragEvent) {
	i, keep := e.hit(ev.Position)
	a, b := e.unit(i, keep, e.clicks.count)
	from, to := e.clicks.span[0], e.clicks.span[1]
	if a < from {
		e.selectSpan(to, a)
	} else {
		e.selectSpan(from, max(b, to))
	}
	e.side, e.going = keep, false
	e.moved()
}

// DragEnd implements fyne.Draggable.
func (e *editable) DragEnd() {}

// hit returns the caret nearest to a place in the editor.
func (e *editable) hit(p fyne.Position) (i int, keep text.Side) {
	if len(e.runes) == 0 {
		return 0, text.SideNone
	}
	return e.layout().HitBeside(p.X+e.scrollX-e.offset(), p.Y+e.scrollY)
}

// unit returns what so many clicks at rune i select: nothing, a word, a
// paragraph.
func (e *editable) unit(i int, keep text.Side, clicks int) (a, b int) {
	switch clicks {
	case 2:
		if keep == text.SideBefore && i > 0 {
			i--
		}
		return text.WordAt(e.runes, i)
	case 3:
		for a = i; a > 0 && e.runes[a-1] != '\n'; a-- {
		}
		for b = i; b < len(e.runes) && e.runes[b] != '\n'; b++ {
		}
		return a, b
	}
	return i, i
}
