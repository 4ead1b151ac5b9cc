package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// placeMarks lays rectangles under the selected text.
func (r *threadRow) placeMarks(t *Thread) {
	r.marks = r.marks[:0]
	if r.from >= r.to {
		return
	}
	for _, q := range r.b.text.Select(r.from, r.to) {
		m := canvas.NewRectangle(r.palette.Selection)
		m.Move(fyne.NewPos(t.snap(r.x+r.b.textX+q.X), t.snap(r.sep.height+r.b.textY+q.Y)))
		m.Resize(fyne.NewSize(t.snapUp(q.W), q.H))
		r.marks = append(r.marks, m)
	}
}

// placeFocus draws the ring around the message that the keyboard stands on.
func (r *threadRow) placeFocus() {
	const out = theme.FocusInset + theme.FocusEdge
	paint(r.focus, transparent, r.palette.Accent, theme.FocusEdge)
	pos, size := r.back.Position(), r.back.Size()
	r.focus.CornerRadius = theme.RadiusBubble + out
	if r.part >= 0 {
		a := text.Rect{}
		for _, q := range r.b.targets[r.part].rects {
			a = union(q, a)
		}
		pos, size = fyne.NewPos(r.x+a.X, r.sep.height+a.Y), fyne.NewSize(a.W, a.H)
		r.focus.CornerRadius = min(theme.RadiusField, a.H/2) + out
	}
	r.focus.Move(pos.SubtractXY(out, out))
	r.focus.Resize(size.AddWidthHeight(2*out, 2*out))
	r.focus.Refresh()
}
