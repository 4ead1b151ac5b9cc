package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// desk is the main screen: list, thread and details beside one another or one at a time.
type desk struct {
	fynewidget.BaseWidget
	onArrange func(arrangement) // the panes stand differently

	panes   panes
	list    fyne.CanvasObject
	thread  fyne.CanvasObject
	details fyne.CanvasObject // nil while closed

	notice   *layout.Row       // what concerns the whole program, over all panes
	over     *widget.ScrollBox // the notice, which large text makes high
	sentence *widget.Note

	last    arrangement
	slide   float32 // how far details are still away, in dp
	sliding *fyne.Animation
}

// noticeShare is how much of the height a notice takes at most; the rest of it is scrolled
// to.
const noticeShare = 0.3

func newDesk(list, thread fyne.CanvasObject) *desk {
	d := &desk{onArrange: func(arrangement) {}, list: list, thread: thread, sentence: widget.NewWarning("")}
	closer := widget.NewIconButton(theme.IconClose, lang.T("word.close"), func() { d.say("") })
	d.notice = layout.NewRow().AddGrow(0, d.sentence).Add(theme.Space8, closer)
	d.over = widget.NewScrollBox(d.notice)
	d.notice.Hide()
	d.over.Hide()
	d.ExtendBaseWidget(d)
	return d
}

// say shows a notice over all panes; "" puts it away.
func (d *desk) say(sentence string) {
	d.sentence.SetText(sentence)
	if sentence == "" {
		d.notice.Hide()
		d.over.Hide()
	} else {
		d.notice.Show()
		d.over.Show()
		d.over.ScrollTo(0)
	}
	d.Refresh()
}

// showThread replaces what stands in the place of the thread.
func (d *desk) showThread(o fyne.CanvasObject, open bool) {
	d.thread, d.panes.chat = o, open
	if !open {
		d.panes.details, d.details = false, nil
	}
	d.Refresh()
}

// showDetails opens the details pane, or closes it with nil.
func (d *desk) showDetails(o fyne.CanvasObject) {
	was := d.details != nil
	d.details, d.panes.details = o, o != nil
	if o != nil && !was && d.panes.arrange(d.Size().Width).over {
		d.slideIn()
	}
	d.Refresh()
}

// slideIn moves the details from the end edge over the thread.
func (d *desk) slideIn() {
	if d.sliding != nil {
		d.sliding.Stop()
		d.sliding, d.slide = nil, 0
	}
	length := theme.Motion(theme.PaneTime)
	if length == 0 {
		return
	}
	d.slide = theme.DetailsWidth
	d.sliding = fyne.NewAnimation(length, func(done float32) {
		d.slide = theme.DetailsWidth * (1 - done)
		d.Refresh()
	})
	d.sliding.Curve = fyne.AnimationEaseOut
	d.sliding.Start()
}

// CreateRenderer implements fyne.Widget.
func (d *desk) CreateRenderer() fyne.WidgetRenderer {
	r := &deskRenderer{d: d}
	for _, box := range []**canvas.Rectangle{&r.listGround, &r.detailsGround, &r.listRule, &r.detailsRule} {
		*box = canvas.NewRectangle(nil)
	}
	r.colour()
	return r
}

type deskRenderer struct {
	d                         *desk
	listGround, detailsGround *canvas.Rectangle
	listRule, detailsRule     *canvas.Rectangle
}

func (r *deskRenderer) Destroy()           {}
func (r *deskRenderer) MinSize() fyne.Size { return fyne.NewSize(1, 1) }

func (r *deskRenderer) Objects() []fyne.CanvasObject {
	d := r.d
	all := []fyne.CanvasObject{d.over, r.listGround, d.list, r.listRule, d.thread}
	if d.details != nil {
		all = append(all, r.detailsGround, r.detailsRule, d.details)
	}
	return all
}

func (r *deskRenderer) colour() {
	p := theme.Current()
	r.listGround.FillColor = p.List
	r.detailsGround.FillColor = p.Paper
	r.listRule.FillColor, r.detailsRule.FillColor = p.Hairline, p.Hairline
}

func (r *deskRenderer) Refresh() {
	r.colour()
	r.Layout(r.d.Size())
	canvas.Refresh(r.d)
}

func (r *deskRenderer) Layout(s fyne.Size) {
	if s.Width <= 0 {
		return
	}
	d := r.d
	top := r.placeNotice(s)
	a := d.panes.arrange(s.Width)
	put := func(o fyne.CanvasObject, p span) {
		if p.shown != o.Visible() {
			if p.shown {
				o.Show()
			} else {
				o.Hide()
			}
		}
		if p.shown {
			o.Move(fyne.NewPos(theme.Start(p.x, p.width, s.Width), top))
			o.Resize(fyne.NewSize(p.width, s.Height-top))
		}
	}
	edge := func(x float32, shown bool) span { return span{x, theme.Hair, shown} }
	list, listEdge := a.list, edge(a.list.width-theme.Hair, a.list.shown && !a.one)
	put(r.listGround, list)
	if listEdge.shown {
		list.width -= theme.Hair
	}
	put(d.list, list)
	put(r.listRule, listEdge)
	put(d.thread, a.thread)
	if d.details != nil {
		details := a.details
		if a.over {
			details.x += d.slide
		}
		put(r.detailsGround, details)
		put(r.detailsRule, edge(details.x, details.shown && !a.one))
		if details.shown && !a.one {
			details.x, details.width = details.x+theme.Hair, details.width-theme.Hair
		}
		put(d.details, details)
	}
	if a != d.last {
		d.last = a
		d.onArrange(a)
	}
}

func (r *deskRenderer) placeNotice(s fyne.Size) (below float32) {
	n := r.d.notice
	if !n.Visible() {
		return 0
	}
	const margin = theme.Space8
	h := min(n.HeightFor(s.Width-2*margin), float32(int(s.Height*noticeShare)))
	r.d.over.Move(fyne.NewPos(margin, margin))
	r.d.over.Resize(fyne.NewSize(s.Width-2*margin, h))
	return h + 2*margin
}
