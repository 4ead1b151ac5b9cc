package settings

import (
	"slices"
	"time"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// NoticesView is the section about notes, the tray, and the start with the session.
type NoticesView struct {
	Content *layout.Column

	notices  *Notices
	startup  *Startup
	sentence func(error) string

	none     *widget.Note // no program shows notes
	on       *widget.Switch
	show     *widget.Tabs
	quiet    *widget.Switch
	from, to *hour
	failed   *widget.Label

	keep   *widget.Switch
	tray   bool
	start  *widget.Switch
	unkept *widget.Label // why the start was not kept
}

// hour is an end of the hours without notes, and the buttons that move it.
type hour struct {
	*layout.Row
	time *widget.Label
}

// NewNoticesView returns the section; call Update when a model changed, and Offer when it
// is known what the desktop offers.
func NewNoticesView(n *Notices, s *Startup, sentence func(error) string) *NoticesView {
	v := &NoticesView{notices: n, startup: s, sentence: sentence}
	change := func(of func(*Noticing) *bool) func(bool) {
		return func(on bool) { n.Change(func(c *Noticing) { *of(c) = on }) }
	}
	v.none = widget.NewWarning(lang.T("notices.none"))
	v.on = widget.NewSwitch(lang.T("notices.on"), lang.T("notices.on_why"), change(func(c *Noticing) *bool { return &c.On }))
	words := make([]string, len(NoticeShows))
	for i, s := range NoticeShows {
		words[i] = lang.T("notices.show_" + string(s))
	}
	v.show = widget.NewTabs(func(i int) { n.Change(func(c *Noticing) { c.Show = NoticeShows[i] }) }, words...)
	v.quiet = widget.NewSwitch(lang.T("notices.quiet"), lang.T("notices.quiet_why"), change(func(c *Noticing) *bool { return &c.Quiet }))
	v.from = v.newHour(lang.T("notices.from"), func(c *Noticing) *int { return &c.From })
	v.to = v.newHour(lang.T("notices.to"), func(c *Noticing) *int { return &c.To })
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.keep = widget.NewSwitch(lang.T("notices.keep"), "", change(func(c *Noticing) *bool { return &c.Keep }))
	v.Content = column().
		Add(0, v.none).
		Add(theme.Space16, v.on).
		Add(theme.Space24, heading(lang.T("notices.show"))).
		Add(theme.Space8, v.show).
		Add(theme.Space4, why(lang.T("notices.show_why"))).
		Add(theme.Space24, v.quiet).
		Add(theme.Space8, v.from).
		Add(theme.Space4, v.to).
		Add(theme.Space8, v.failed).
		Add(theme.Space24, v.keep)
	v.offerStart()
	v.Offer(false, false)
	return v
}

func (v *NoticesView) newHour(word string, end func(*Noticing) *int) *hour {
	h := &hour{time: line("", &theme.UI, widget.InkMain)}
	earlier := widget.NewIconButton(theme.IconBack, lang.T("notices.earlier"), func() { v.notices.MoveQuiet(end, -1) })
	later := widget.NewIconButton(theme.IconNext, lang.T("notices.later"), func() { v.notices.MoveQuiet(end, 1) })
	h.Row = layout.NewRow().AddGrow(0, heading(word)).Add(theme.Space8, earlier).Add(theme.Space8, h.time).Add(theme.Space8, later).Outset(theme.Space8)
	return h
}

// offerStart adds the start with the session where the system has one.
func (v *NoticesView) offerStart() {
	if !v.startup.Offered() {
		return
	}
	v.start = widget.NewSwitch(lang.T("notices.start"), lang.T("notices.start_why"), v.startup.Set)
	v.unkept = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.Content.Add(theme.Space20, v.start).Add(theme.Space8, v.unkept)
}

// Offer says whether a program shows notes, and whether there is a tray.
func (v *NoticesView) Offer(notes, tray bool) {
	visible(v.none, !notes)
	v.tray = tray
	v.Update()
}

// Shown is for the page that comes: others may have changed the start meanwhile.
func (v *NoticesView) Shown(on bool) {
	if on {
		v.startup.Load()
	}
}

// Update brings what is seen in line with the models.
func (v *NoticesView) Update() {
	c := v.notices.Chosen()
	v.on.Set(c.On)
	v.show.Choose(slices.Index(NoticeShows, c.Show))
	v.quiet.Set(c.Quiet)
	usable(v.quiet, c.On)
	v.from.set(c.From, c.On && c.Quiet)
	v.to.set(c.To, c.On && c.Quiet)
	v.failed.SetText(v.sentence(v.notices.Err))
	visible(v.failed, v.notices.Err != nil)
	why := "notices.keep_why"
	if !v.tray {
		why = "notices.keep_none"
	}
	v.keep.SetText(lang.T(why))
	v.keep.Set(c.Keep)
	usable(v.keep, v.tray)
	if v.start != nil {
		v.start.Set(v.startup.On)
		v.unkept.SetText(v.sentence(v.startup.Err))
		visible(v.unkept, v.startup.Err != nil)
	}
	v.Content.Refresh()
}

// set shows a minute of the day, while it counts.
func (h *hour) set(minute int, counts bool) {
	h.time.SetText(lang.Clock(time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC)))
	visible(h, counts)
}
