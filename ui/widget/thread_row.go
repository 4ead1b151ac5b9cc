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
	step    int  // of the timer
	lit     bool // the pointer or the keyboard is on it: it can be reacted to
}

// threadRow is what a message in sight is drawn with. Its parts lie in one container,
// which is all that moves when the thread is scrolled.
type threadRow struct {
	rowLook
	from, to int // selected runes
	ring     bool
	part     int // the target that the ring is around, or -1
	pic      rowPicture

	box        *fyne.Container
	y          float32 // top of the bubble in the thread
	x          float32 // left edge of the bubble
	footX      float32
	dayBlock   *text.Block
	freshBlock *text.Block
	dayText    *inkRaster
	lines      [2]*canvas.Rectangle // beside the name of a day
	back       *canvas.Rectangle
	marks      []*canvas.Rectangle // under selected text
	ink        *inkRaster          // text and time
	glyph      *canvas.Image
	fresh      *inkRaster // "New messages"
	rule       [2]*canvas.Rectangle
	photo      *inkRaster
	icon       *canvas.Image // of a file
	chips      *inkRaster
	plus       *canvas.Image // in the button that adds a reaction
	foot       *inkRaster
	focus      *canvas.Rectangle
}

func newThreadRow() *threadRow {
	r := &threadRow{
		box:   &fyne.Container{},
		back:  box(theme.RadiusBubble),
		glyph: picture(),
		focus: box(theme.RadiusBubble + theme.FocusInset + theme.FocusEdge),
		lines: [2]*canvas.Rectangle{box(0), box(0)},
		rule:  [2]*canvas.Rectangle{box(0), box(0)},
		icon:  picture(),
		plus:  picture(),
		part:  -1,
	}
	r.photo = newInkRaster(r.paintPicture)
	r.chips = newInkRaster(r.paintChips)
	r.fresh = newInkRaster(func(dst *image.RGBA, scale float32) {
		r.freshBlock.Draw(dst, text.Overhang*scale, 0, scale, r.palette.Accent)
	})
	r.icon.Resize(fyne.NewSquareSize(discIcon))
	r.plus.Resize(fyne.NewSquareSize(theme.IconState))
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
func (r *threadRow) update(t *Thread, b *bubble, sep separation, joinedNext bool, now time.Time) {
	x, w := t.column()
	look := rowLook{
		b: b, sep: sep, tail: !joinedNext, palette: theme.Current(), rtl: theme.RTL(),
		width: t.size.Width, column: w, scale: deviceScale(t),
	}
	if sep.day {
		look.day = lang.Day(b.item.At, now)
	}
	if b.timed() {
		look.step = b.item.Timer.left(now)
	}
	from, to := t.sel.within(b)
	id := b.item.ID
	ring, part := t.ring && t.current == id || t.pointed == id, -1
	if t.ring && t.current == id {
		part = min(t.part, len(b.targets)-1)
	}
	look.lit = ring || t.mouse.hover == id
	redraw := look != r.rowLook
	same := from == r.from && to == r.to && ring == r.ring && part == r.part
	r.rowLook, r.from, r.to, r.ring, r.part = look, from, to, ring, part
	if came := r.load(t); !redraw && same && !came {
		return
	} else if redraw || came {
		r.placeDay(t, x)
		r.placeFresh(t, x)
		r.placeBubble(t, x)
		r.placeChips(t)
		r.placeFoot(t)
	}
	r.placeMarks(t)
	r.placeFocus()
	r.collect()
}

func (r *threadRow) right() bool { return r.b.right() }

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
	if r.b.stated() {
		r.placeGlyph(t, pos)
	}
	r.placePicture(t, pos)
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
	case r.b.item.Deleted:
		fill, edge = transparent, p.Hairline
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
	case ThreadRead:
		return theme.IconRead
	case ThreadHeld:
		return theme.IconHeld
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
	r.foot.Move(fyne.NewPos(r.footX-text.Overhang, r.sep.height+r.b.footY))
	r.foot.Resize(fyne.NewSize(w+2*text.Overhang, r.b.height-r.b.footY))
	r.foot.Refresh()
}

// placeChips puts the reactions below the bubble.
func (r *threadRow) placeChips(t *Thread) {
	if r.b.chips == nil {
		return
	}
	a, m := r.b.chips.area, r.b.chips.more
	r.chips.Move(fyne.NewPos(t.snap(r.x+a.X), r.sep.height+a.Y))
	r.chips.Resize(fyne.NewSize(t.snapUp(a.W), a.H))
	r.chips.Refresh()
	show(r.plus, r.lit && m.W > 0)
	setIcon(r.plus, theme.SmallIcon(theme.IconAdd, r.palette.Ink2))
	r.plus.Move(fyne.NewPos(t.snap(r.x+m.X+(m.W-theme.IconState)/2), t.snap(r.sep.height+m.Y+(m.H-theme.IconState)/2)))
}

func (r *threadRow) paintChips(dst *image.RGBA, scale float32) {
	if c := r.b.chips; c != nil {
		c.paint(dst, c.area.X, c.area.Y, scale, r.palette, r.lit)
	}
}

// collect puts the parts that are in use into the box, from the back to the front.
func (r *threadRow) collect() {
	o := r.box.Objects[:0]
	if r.sep.day {
		o = append(o, r.lines[0], r.lines[1], r.dayText.Raster)
	}
	if r.sep.fresh {
		o = append(o, r.rule[0], r.rule[1], r.fresh.Raster)
	}
	o = append(o, r.back)
	for _, m := range r.marks {
		o = append(o, m)
	}
	o = append(o, r.ink.Raster)
	if r.b.stated() {
		o = append(o, r.glyph)
	}
	if f := r.b.file; f != nil {
		if f.picture {
			o = append(o, r.photo.Raster)
		}
		o = append(o, r.icon)
	}
	if r.b.chips != nil {
		o = append(o, r.chips.Raster, r.plus)
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
