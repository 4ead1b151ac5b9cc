package widget

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// resting is a part of the thread that has a word for whoever rests the pointer on it.
type resting struct {
	id   int64
	part string // "state", "timer", "name", a part of a voice note or one of the buttons
	word string
	of   fyne.CanvasObject
}

// MouseIn implements desktop.Hoverable.
func (t *Thread) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (t *Thread) MouseMoved(e *desktop.MouseEvent) {
	t.mouse.at = e.Position
	hover, hot := t.mouse.hover, t.tools.hot
	t.hover()
	if t.mouse.hover != hover || t.tools.hot != hot {
		t.show()
	}
	over := t.restAt(e.Position)
	if over.id == t.mouse.over.id && over.part == t.mouse.over.part {
		return
	}
	t.leaveGlyph()
	if over.id != 0 {
		t.mouse.over = over
		t.mouse.rest.start(theme.HintDelay, func() { showHint(over.of, over.word) })
	}
}

// MouseOut implements desktop.Hoverable.
func (t *Thread) MouseOut() {
	t.mouse.at = fyne.NewPos(-1, -1)
	t.leaveGlyph()
	t.hover()
	t.show()
}

// hover finds the message under the pointer, and the button beside it, and draws anew
// what changes with them. The pointer may leave the message for its buttons.
func (t *Thread) hover() {
	defer t.relight(t.mouse.hover)
	p := t.mouse.at
	t.tools.hot = noTool
	if p.X < 0 || p.Y < 0 || p.X >= t.size.Width || p.Y >= t.size.Height {
		t.mouse.hover = 0
		return
	}
	if k := t.tools.find(p); k != noTool && t.rows[t.mouse.hover] == t.tools.row {
		t.tools.hot = k
		return
	}
	t.mouse.hover = 0
	for _, r := range t.order {
		if p.Y >= r.y && p.Y < r.y+r.b.height+gapGroup {
			t.mouse.hover = r.b.item.ID
		}
	}
}

// relight draws anew what of a row changes when the pointer comes and goes.
func (t *Thread) relight(before int64) {
	for _, id := range []int64{before, t.mouse.hover} {
		if r := t.rows[id]; r != nil {
			lit := r.ring || id == t.mouse.hover
			if r.b.chips != nil && lit != r.lit {
				r.lit = lit
				r.placeChips(t)
			}
		}
	}
}

// restAt returns what has a word at a point.
func (t *Thread) restAt(p fyne.Position) resting {
	if k := t.tools.find(p); k != noTool {
		return resting{t.mouse.hover, k.word(), k.word(), t.tools.icons[k]}
	}
	row, _ := t.at(p)
	switch {
	case row == nil:
	case row.onGlyph(p):
		return resting{row.b.item.ID, "state", stateWord(row.b.item.State), row.glyph}
	case row.onTimer(p):
		t.mark(row, text.Rect{X: row.b.timerX, Y: row.b.timeY, W: timerSize, H: theme.Caption.LineHeight})
		return resting{row.b.item.ID, "timer", row.b.item.Timer.word(time.Now()), t.spot}
	case row.onVoice(row.target(p)):
		hit := &row.b.targets[row.target(p)]
		t.mark(row, hit.rects[0])
		return resting{row.b.item.ID, fmt.Sprint("voice", hit.kind), voiceWord(hit.kind, row.b.file.of.Voice), t.spot}
	case row.onCutName(p):
		t.mark(row, row.b.file.rect())
		return resting{row.b.item.ID, "name", fitName(row.b.item.File.Name, theme.Caption, t.size.Width-2*theme.Space32), t.spot}
	}
	return resting{}
}

// mark puts what a word is shown beside over a part of a row.
func (t *Thread) mark(row *threadRow, r text.Rect) {
	t.spot.Move(fyne.NewPos(row.x+r.X, row.y+r.Y))
	t.spot.Resize(fyne.NewSize(r.W, r.H))
}

// onCutName reports whether a point of the thread lies on a file whose name had no room.
func (r *threadRow) onCutName(p fyne.Position) bool {
	if r.b.file == nil || !r.b.file.cut {
		return false
	}
	q := r.b.file.rect()
	x, y := p.X-r.x-q.X, p.Y-r.y-q.Y
	return x >= 0 && y >= 0 && x < q.W && y < q.H
}

// leaveGlyph takes away the word for what the pointer rested on.
func (t *Thread) leaveGlyph() {
	t.mouse.rest.stop()
	if t.mouse.over.of != nil {
		hideHint(t.mouse.over.of)
		t.mouse.over = resting{}
	}
}

// newSpot returns something that can be pointed at and not be seen.
func newSpot() *canvas.Rectangle { return canvas.NewRectangle(transparent) }

// onGlyph reports whether a point of the thread lies on the state glyph.
func (r *threadRow) onGlyph(p fyne.Position) bool {
	if !r.b.stated() {
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
	case ThreadRead:
		return lang.T("state.read")
	case ThreadHeld:
		return lang.T("state.held")
	}
	return lang.T("state.queued")
}

// Cursor implements desktop.Cursorable.
func (t *Thread) Cursor() desktop.Cursor {
	if t.tools.find(t.mouse.at) != noTool {
		return desktop.PointerCursor
	}
	row, _ := t.at(t.mouse.at)
	switch {
	case row == nil:
	case row.target(t.mouse.at) >= 0:
		return desktop.PointerCursor
	case row.inBubble(t.mouse.at):
		return desktop.TextCursor
	}
	return desktop.DefaultCursor
}
