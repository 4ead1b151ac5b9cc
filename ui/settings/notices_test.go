package settings

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2/test"

	"tacit/app"
)

func TestNotices(t *testing.T) {
	f := &fake{t: t}
	n := NewNotices(f, f.run)
	first := n.Chosen()
	if !first.On || first.Show != NoticeNothing || first.Quiet || first.Keep {
		t.Errorf("at first %+v", first)
	}
	n.Change(func(c *Noticing) { c.Show, c.Keep, c.Quiet = NoticeText, true, true })
	n.MoveQuiet(func(c *Noticing) *int { return &c.From }, -1)
	n.MoveQuiet(func(c *Noticing) *int { return &c.To }, 1)
	again := NewNotices(f, f.run)
	again.Load()
	want := Noticing{On: true, Show: NoticeText, Quiet: true, From: 21*60 + 30, To: 7*60 + 30, Keep: true}
	if again.Chosen() != want {
		t.Errorf("the next start finds %+v", again.Chosen())
	}
	f.err = app.ErrDiskFull
	n.Change(func(c *Noticing) { c.On = false })
	if n.Chosen() != want || !errors.Is(n.Err, app.ErrDiskFull) {
		t.Errorf("not kept: %+v, %v", n.Chosen(), n.Err)
	}
}

// TestHoursGoRoundMidnight: neither end leaves the day, and they never meet.
func TestHoursGoRoundMidnight(t *testing.T) {
	f := &fake{t: t}
	n := NewNotices(f, f.run)
	seen := map[int]bool{}
	for range 2 * day / QuietStep {
		n.MoveQuiet(func(c *Noticing) *int { return &c.From }, 1)
		c := n.Chosen()
		if c.From < 0 || c.From >= day || c.From == c.To {
			t.Fatalf("%+v", c)
		}
		seen[c.From] = true
	}
	if len(seen) != day/QuietStep-1 {
		t.Errorf("%d of the hours can be chosen", len(seen))
	}
	n.Change(func(c *Noticing) { c.From, c.To = 0, day-QuietStep })
	n.MoveQuiet(func(c *Noticing) *int { return &c.From }, -1)
	if got := n.Chosen().From; got != day-2*QuietStep {
		t.Errorf("before midnight and past the other end: %d", got)
	}
}

// TestNoticesThatDoNotParse: what is stored and not understood changes nothing.
func TestNoticesThatDoNotParse(t *testing.T) {
	for _, value := range []string{
		``, `[]`, `{"on":true}`, `{"on":true,"show":"all"}`, `{"on":true,"show":"text","from":-1}`, `{"on":true,"show":"text","to":1440}`,
	} {
		f := &fake{t: t, value: []byte(value)}
		n := NewNotices(f, f.run)
		first := n.Chosen()
		n.Load()
		if n.Chosen() != first {
			t.Errorf("%s: %+v", value, n.Chosen())
		}
	}
}

// login starts programs, or cannot.
type login struct {
	on  bool
	err error
}

func (s *login) On() bool { return s.on }

func (s *login) Set(on bool) error {
	if s.err == nil {
		s.on = on
	}
	return s.err
}

func TestStartup(t *testing.T) {
	system := &login{on: true}
	s := NewStartup(system, (&fake{t: t}).run)
	s.Load()
	if !s.On || !s.Offered() {
		t.Error("it is on already, and not shown so")
	}
	s.Set(false)
	if s.On || system.on {
		t.Error("it stays on")
	}
	system.err = app.ErrDiskReadOnly
	s.Set(true)
	if s.On || !errors.Is(s.Err, app.ErrDiskReadOnly) {
		t.Errorf("on %t, %v", s.On, s.Err)
	}
	none := NewStartup(nil, (&fake{t: t}).run)
	none.Load()
	none.Set(true)
	if none.Offered() || none.On {
		t.Error("a system that has none")
	}
}

func TestNoticesView(t *testing.T) {
	test.NewTempApp(t)
	f := &fake{t: t}
	n := NewNotices(f, f.run)
	s := NewStartup(&login{}, f.run)
	v := NewNoticesView(n, s, func(err error) string { return app.Code(err) })
	n.OnChange, s.OnChange = v.Update, v.Update
	if !v.none.Visible() || !v.keep.Disabled() || v.from.Visible() {
		t.Error("on a desktop that offers nothing")
	}
	v.Offer(true, true)
	if v.none.Visible() || v.keep.Disabled() {
		t.Error("on one that offers all")
	}
	v.quiet.OnChanged(true)
	if !v.from.Visible() || v.from.time.Text() != "22:00" {
		t.Errorf("quiet from %s", v.from.time.Text())
	}
	v.show.OnChosen(2)
	v.keep.OnChanged(true)
	v.start.OnChanged(true)
	if c := n.Chosen(); c.Show != NoticeText || !c.Keep || !v.start.On() {
		t.Errorf("chosen %+v", c)
	}
	v.on.OnChanged(false)
	if v.from.Visible() || !v.quiet.Disabled() {
		t.Error("hours without notes where there are none at all")
	}
}
