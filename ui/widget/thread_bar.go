package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// threadBar is the scroll bar. Where it stands is an estimate from indices: nobody
// knows how high what was never laid out is.
//
// Owner of every field: Fyne's thread.
type threadBar struct {
	t      *Thread
	thumb  *canvas.Rectangle
	shown  bool
	leaves delay
	fade   *fyne.Animation

	dragged bool
	grab    float32 // where on the thumb it was taken
}

func (b *threadBar) init(t *Thread) {
	b.t = t
	b.thumb = box(theme.ScrollBarWidth / 2)
	b.thumb.Hidden = true
	b.recolour()
}

func (b *threadBar) recolour() {
	b.thumb.FillColor = theme.Alpha(theme.Current().Ink3, 0.5)
	b.thumb.Refresh()
}

// window returns the share of the whole list that lies above what is in sight, of what
// can lie above it, and the share that is in sight.
func (b *threadBar) window() (position, part float32) {
	t := b.t
	before, after := t.src.Outside()
	total := float32(before + t.src.Len() + after)
	if len(t.order) == 0 || total == 0 {
		return 0, 1
	}
	first := t.order[0]
	hidden := min(1, max(0, -first.y/first.b.height))
	part = min(1, float32(len(t.order))/total)
	top := float32(before+t.index(first.b.item.ID)) + hidden
	if t.AtEnd() {
		return 1, part
	}
	return min(1, top/max(1, total-float32(len(t.order)))), part
}

// place puts the thumb where the thread is.
func (b *threadBar) place() {
	position, part := b.window()
	height := b.t.size.Height
	length := max(theme.ScrollBarMin, height*part)
	b.thumb.Resize(fyne.NewSize(theme.ScrollBarWidth, length))
	x := theme.Start(b.t.size.Width-theme.ScrollBarWidth-theme.Space4, theme.ScrollBarWidth, b.t.size.Width)
	b.thumb.Move(fyne.NewPos(x, position*(height-length)))
	if part >= 1 {
		b.shown, b.thumb.Hidden = false, true
	}
}

// show makes the thumb visible for a while.
func (b *threadBar) show() {
	if _, part := b.window(); part >= 1 {
		return
	}
	if b.fade != nil {
		b.fade.Stop()
		b.fade = nil
	}
	if !b.shown {
		b.shown, b.thumb.Hidden = true, false
	}
	b.recolour()
	b.leaves.start(theme.ScrollBarStay, b.leave)
}

// leave fades the thumb out, unless it is held.
func (b *threadBar) leave() {
	if b.dragged || !b.shown {
		return
	}
	b.shown = false
	gone := func() { b.thumb.Hidden = true; b.thumb.Refresh() }
	d := theme.Motion(theme.HoverTime)
	if d == 0 {
		gone()
		return
	}
	b.fade = fyne.NewAnimation(d, func(share float32) {
		b.thumb.FillColor = theme.Alpha(theme.Current().Ink3, 0.5*(1-share))
		b.thumb.Refresh()
		if share == 1 {
			gone()
		}
	})
	b.fade.Start()
}

// press takes the thumb if a point lies on it or beside it in the bar, and reports
// whether it did.
func (b *threadBar) press(p fyne.Position) bool {
	if !b.shown {
		return false
	}
	x := theme.Start(b.t.size.Width-theme.ScrollBarHit, theme.ScrollBarHit, b.t.size.Width)
	if p.X < x || p.X >= x+theme.ScrollBarHit {
		return false
	}
	b.dragged = true
	top, length := b.thumb.Position().Y, b.thumb.Size().Height
	b.grab = p.Y - top
	if b.grab < 0 || b.grab > length {
		b.grab = length / 2
		b.drag(p)
	}
	return true
}

// drag moves the thread to where the thumb is held.
func (b *threadBar) drag(p fyne.Position) {
	t := b.t
	share := (p.Y - b.grab) / max(1, t.size.Height-b.thumb.Size().Height)
	share = min(1, max(0, share))
	before, after := t.src.Outside()
	n := t.src.Len()
	if share == 1 && after == 0 {
		t.ShowEnd()
		return
	}
	top := share * float32(before+n+after-len(t.order))
	i := int(top) - before
	if i < 0 || i >= n {
		t.src.Seek(float64(share))
		return
	}
	t.end = false
	t.anchor = t.src.Item(i).ID
	t.off = -(top - float32(int(top))) * t.bubble(i).height
	t.place()
}

// release lets go of the thumb.
func (b *threadBar) release() {
	if b.dragged {
		b.dragged = false
		b.show()
	}
}
