package widget

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// rowLook is everything that a row is drawn from; where it is the same, so is the row.
type rowLook struct {
	b       *bubble
	sep     separation
	tail    bool // last of a group
	day     string
	palette *theme.Palette
	rtl     bool
	width   float32
	column  float32
	scale   float32
}

// threadRow is what a message in sight is drawn with. Its parts lie in one container,
// which is all that moves when the thread is scrolled.
type threadRow struct {
	rowLook
	from, to int // selected runes
	ring     bool

	box      *fyne.Container
	y        float32 // top of the bubble in the thread
	x        float32 // left edge of the bubble
	footX    float32
	dayBlock *text.Block
	dayText  *inkRaster
	lines    [2]*canvas.Rectangle // beside the name of a day
	back     *canvas.Rectangle
	marks    []*canvas.Rectangle // under selected text
	ink      *inkRaster          // text and time
	glyph    *canvas.Image
	foot     *inkRaster
	focus    *canvas.Rectangle
}

func newThreadRow() *threadRow {
	r := &threadRow{
		box:   &fyne.Container{},
		back:  box(theme.RadiusBubble),
		glyph: picture(),
		focus: box(theme.RadiusBubble + theme.FocusInset + theme.FocusEdge),
		lines: [2]*canvas.Rectangle{box(0), box(0)},
	}
	r.ink = newInkRaster(r.paint)
	r.foot = newInkRaster(r.paintFoot)
	r.dayText = newInkRaster(func(dst *image.RGBA, scale float32) {
		r.dayBlock.Draw(dst, text.Overhang*scale, 0, scale, r.palette.Ink3)
	})
	r.glyph.Resize(fyne.NewSquareSize(theme.IconState))
	return r
}

// update makes the row show b with what is above it; tail says that the next message
// belongs to another group.
func (r *threadRow) update(t *Thread, b *bubble, sep separation, joinedNext bool) {
	x, w := t.column()
	look := rowLook{
		b: b, sep: sep, tail: !joinedNext, palette: theme.Current(), rtl: theme.RTL(),
		width: t.size.Width, column: w, scale: deviceScale(t),
	}
	if sep.day {
		look.day = lang.Day(b.item.At, time.Now())
	}
	from, to := t.sel.within(b)
	id := b.item.ID
	ring := t.ring && t.current == id || t.pointed == id
	if look == r.rowLook && from == r.from && to == r.to && ring == r.ring {
		return
	}
	redraw := look != r.rowLook
	r.rowLook, r.from, r.to, r.ring = look, from, to, ring
	if redraw {
		r.placeDay(t, x)
		r.placeBubble(t, x)
		r.placeFoot(t)
	}
	r.placeMarks(t)
	r.placeFocus()
	r.collect()
}

// end reports whether the bubble stands at the right edge: own ones at the end side.
func (r *threadRow) right() bool { return r.b.item.Own != r.rtl }

func (r *threadRow) placeDay(t *Thread, x float32) {
	if !r.sep.day {
		return
	}
	r.dayBlock = text.Layout(r.day, theme.Caption, text.Options{MaxLines: 1, RTL: r.rtl})
	w := t.snapUp(r.dayBlock.Width)
	y := t.snap((r.sep.height - r.dayBlock.Height) / 2)
	r.dayText.Move(fyne.NewPos(t.snap(x+(r.column-w)/2)-text.Overhang, y))
	r.dayText.Resize(fyne.NewSize(w+2*text.Overhang, r.dayBlock.Height))
	r.dayText.Refresh()
	line := fyne.NewSize(t.snap((r.column-w)/2-theme.Space12), theme.Hair)
	middle := t.snap(r.sep.height / 2)
	for i, l := range r.lines {
		l.FillColor = r.palette.Hairline
		l.Resize(line)
		l.Move(fyne.NewPos(t.snap(x)+float32(i)*(r.column-line.Width), middle))
		l.Refresh()
	}
}

func (r *threadRow) placeBubble(t *Thread, x float32) {
	w := t.snapUp(r.b.width)
	r.x = t.snap(x)
	switch {
	case r.b.item.Notice:
		r.x = t.snap(x + (r.column-w)/2)
	case r.right():
		r.x = t.snap(x + r.column - w)
	}
	r.colourBubble()
	back := r.back
	back.TopLeftCornerRadius, back.TopRightCornerRadius = theme.RadiusBubble, theme.RadiusBubble
	back.BottomLeftCornerRadius, back.BottomRightCornerRadius = theme.RadiusBubble, theme.RadiusBubble
	if r.tail && !r.b.item.Unknown { // dashes go around four equal corners
		if r.right() {
			back.BottomRightCornerRadius = theme.RadiusTail
		} else {
			back.BottomLeftCornerRadius = theme.RadiusTail
		}
	}
	size, pos := fyne.NewSize(w, r.b.box), fyne.NewPos(r.x, r.sep.height)
	back.Move(pos)
	back.Resize(size)
	back.Refresh()
	r.ink.Move(pos)
	r.ink.Resize(size)
	r.ink.Refresh()
	if r.b.item.Own {
		r.placeGlyph(t, pos)
	}
}

func (r *threadRow) colourBubble() {
	p := r.palette
	fill, edge := p.Theirs, p.TheirsEdge
	if r.b.item.Own {
		fill, edge = p.Own, transparent
	}
	switch {
	case r.b.item.Notice:
		fill, edge = transparent, transparent
	case r.b.item.Unknown:
		edge = transparent // the ink has dashes
	case r.b.item.State == ThreadFailed:
		edge = p.Danger
	}
	width := theme.Hair
	if edge == transparent {
		width = 0
	}
	paint(r.back, fill, edge, width)
}

func (r *threadRow) placeGlyph(t *Thread, pos fyne.Position) {
	setGlyph(r.glyph, stateIcon(r.b.item.State))
	down := (theme.Caption.LineHeight-theme.IconState)/2 + 1
	r.glyph.Move(fyne.NewPos(t.snap(pos.X+r.b.glyphX), t.snap(pos.Y+r.b.timeY+down)))
}

func stateIcon(s ThreadState) theme.IconName {
	switch s {
	case ThreadDelivered:
		return theme.IconDelivered
	case ThreadFailed:
		return theme.IconFailed
	}
	return theme.IconQueued
}

// placeFoot puts what stands below a failed bubble at its side of the column.
func (r *threadRow) placeFoot(t *Thread) {
	if r.b.failed == nil {
		return
	}
	w := t.snapUp(r.b.footWidth)
	r.footX = r.x
	if r.right() {
		r.footX += r.back.Size().Width - w
	}
	r.foot.Move(fyne.NewPos(r.footX-text.Overhang, r.sep.height+r.b.box+footGap))
	r.foot.Resize(fyne.NewSize(w+2*text.Overhang, r.b.height-r.b.box-footGap))
	r.foot.Refresh()
}

// placeMarks lays rectangles under the selected text.
func (r *threadRow) placeMarks(t *Thread) {
	r.marks = r.marks[:0]
	if r.from >= r.to {
		return
	}
	for _, q := range r.b.text.Select(r.from, r.to) {
		m := canvas.NewRectangle(r.palette.Selection)
		m.Move(fyne.NewPos(t.snap(r.x+r.b.textX+q.X), t.snap(r.sep.height+textY+q.Y)))
		m.Resize(fyne.NewSize(t.snapUp(q.W), q.H))
		r.marks = append(r.marks, m)
	}
}

// placeFocus draws the ring around the message that the keyboard stands on.
func (r *threadRow) placeFocus() {
	const out = theme.FocusInset + theme.FocusEdge
	paint(r.focus, transparent, r.palette.Accent, theme.FocusEdge)
	r.focus.Move(r.back.Position().SubtractXY(out, out))
	r.focus.Resize(r.back.Size().AddWidthHeight(2*out, 2*out))
	r.focus.Refresh()
}

// collect puts the parts that are in use into the box, from the back to the front.
func (r *threadRow) collect() {
	o := r.box.Objects[:0]
	if r.sep.day {
		o = append(o, r.lines[0], r.lines[1], r.dayText.Raster)
	}
	o = append(o, r.back)
	for _, m := range r.marks {
		o = append(o, m)
	}
	o = append(o, r.ink.Raster)
	if r.b.item.Own {
		o = append(o, r.glyph)
	}
	if r.b.failed != nil {
		o = append(o, r.foot.Raster)
	}
	if r.ring {
		o = append(o, r.focus)
	}
	r.box.Objects = o
	r.box.Resize(fyne.NewSize(r.width, r.sep.height+r.b.height))
}

// move puts the top of the bubble at y.
func (r *threadRow) move(y float32) {
	r.y = y
	r.box.Move(fyne.NewPos(0, y-r.sep.height))
}

// retry reports whether a point of the thread lies on "Try again", in a target that is
// at least 36 high.
func (r *threadRow) retry(p fyne.Position) bool {
	if r.b.failed == nil {
		return false
	}
	top := r.y + r.b.box + footGap - theme.Space8
	height := theme.Small.LineHeight + 2*theme.Space8
	return p.Y >= top && p.Y < top+height && p.X >= r.footX && p.X < r.footX+r.foot.Size().Width
}
