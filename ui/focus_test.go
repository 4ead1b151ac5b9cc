package ui

import (
	"bytes"
	"fmt"
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/profiles"
	"tacit/ui/theme"
)

// controls are all that could have the keyboard under o, as the toolkit finds them.
func controls(o fyne.CanvasObject) []fyne.Focusable {
	if o == nil || !o.Visible() {
		return nil
	}
	var all []fyne.Focusable
	if f, ok := o.(fyne.Focusable); ok {
		if d, ok := o.(fyne.Disableable); !ok || !d.Disabled() {
			all = append(all, f)
		}
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			all = append(all, controls(child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			all = append(all, controls(child)...)
		}
	}
	return all
}

// walk presses Tab until the keyboard comes back to where it was first.
func walk(c fyne.Canvas) []fyne.Focusable {
	c.Unfocus()
	var chain []fyne.Focusable
	for range 500 {
		c.FocusNext()
		f := c.Focused()
		if f == nil || len(chain) > 0 && f == chain[0] {
			return chain
		}
		chain = append(chain, f)
	}
	return chain
}

// checkChain walks the screen by Tab: every control is reached once, each shows that it
// has the keyboard, and within a pane the order is that of reading.
// Of controls of one kind with the same words on several screens, one is looked at.
func checkChain(t *testing.T, s *session, root fyne.CanvasObject, least int, looked map[string]bool) {
	t.Helper()
	c := s.w.win.Canvas()
	chain := walk(c)
	reached := map[fyne.Focusable]int{}
	for _, f := range chain {
		reached[f]++
	}
	for _, f := range controls(root) {
		if reached[f] != 1 {
			t.Errorf("%T %s is reached %d times", f, words(f), reached[f])
		}
	}
	if len(chain) < least {
		t.Errorf("only %d controls are reached: %s", len(chain), list(chain))
	}
	c.Unfocus()
	before := shot(c)
	for i, f := range chain {
		c.Focus(f)
		if kind := fmt.Sprintf("%T %s", f, words(f)); !looked[kind] {
			looked[kind] = true
			if now := shot(c); bytes.Equal(now.Pix, before.Pix) {
				t.Errorf("%s does not show that it has the keyboard", kind)
			}
		}
		if i > 0 && backwards(chain[i-1], f) {
			t.Errorf("%T %s comes after %T %s", f, words(f), chain[i-1], words(chain[i-1]))
		}
	}
	c.Unfocus()
}

func shot(c fyne.Canvas) *image.NRGBA { return c.Capture().(*image.NRGBA) }

// backwards reports whether b stands before a: wholly above it in the same pane, or
// before it on the same line.
func backwards(a, b fyne.Focusable) bool {
	at := func(f fyne.Focusable) (fyne.Position, fyne.Size) {
		o := f.(fyne.CanvasObject)
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
	}
	pa, sa := at(a)
	pb, sb := at(b)
	const slack = theme.Space8
	sameLine := pb.Y < pa.Y+sa.Height-slack && pa.Y < pb.Y+sb.Height-slack
	if sameLine {
		return pb.X+sb.Width <= pa.X+slack
	}
	sameColumn := pb.X < pa.X+sa.Width && pa.X < pb.X+sb.Width
	return sameColumn && pb.Y+sb.Height <= pa.Y+slack
}

func words(f fyne.Focusable) string {
	switch f := f.(type) {
	case interface{ Label() string }:
		return fmt.Sprintf("%q", f.Label())
	case interface{ Word() string }:
		return fmt.Sprintf("%q", f.Word())
	}
	return ""
}

func list(chain []fyne.Focusable) string {
	out := ""
	for _, f := range chain {
		out += fmt.Sprintf("%T %s, ", f, words(f))
	}
	return out
}

func TestEveryControlIsReachedByTab(t *testing.T) {
	two := &place{all: []profiles.Entry{{Number: 1}, {Number: 2, Label: "Bureau"}}}
	content := func(s *session) fyne.CanvasObject { return s.w.win.Canvas().Content() }
	overlay := func(s *session) fyne.CanvasObject { return s.w.win.Canvas().Overlays().Top() }
	type screen struct {
		name  string
		width float32 // 0: two panes
		least int
		show  func(*session)
		root  func(*session) fyne.CanvasObject
	}
	all := []screen{
		{"first start", 0, 6, func(s *session) { s.w.showFirst(3) }, content},
		{"unlock", 0, 5, func(s *session) { s.w.showUnlock(nil) }, content},
		{"panes", 0, 8, func(s *session) { s.open(7) }, content},
		{"details", 0, 12, func(s *session) { s.open(7); s.toggleDetails() }, content},
		{"chat alone", 600, 8, func(s *session) { s.open(7) }, content},
		{"details alone", 600, 8, func(s *session) { s.open(7); s.toggleDetails() }, content},
		{"settings alone", 600, 12, func(s *session) { s.openSettings(0) }, content},
		{"a section alone", 600, 8, func(s *session) { s.openSettings(2); s.settings.screen.Open(2) }, content},
		{"add a contact", 0, 4, func(s *session) { s.openCard() }, overlay},
		{"tour", 0, 2, func(s *session) { s.showTour() }, overlay},
		{"keys", 0, 1, func(s *session) { s.showKeys() }, overlay},
		{"another profile", 0, 2, func(s *session) { s.askAdd() }, overlay},
		{"removal", 0, 4, func(s *session) { s.askRemove() }, overlay},
		{"add a mailbox", 0, 4, func(s *session) { s.askMailbox() }, overlay},
		{"hidden chats", 0, 3, func(s *session) { s.reveal() }, overlay},
	}
	for i := range 10 {
		all = append(all, screen{fmt.Sprintf("settings %d", i), 0, 10, func(s *session) {
			s.handle(app.PreferencesChanged{Preferences: app.Preferences{TellActive: true}})
			s.delivery.Nodes, s.delivery.Ready = []app.Node{
				{ID: 1, Host: "node.example:4001", Default: true, State: app.NodeGood},
				{ID: 2, Host: "192.0.2.7:4001", State: app.NodeAway},
			}, true
			s.delivery.Offers = []app.Offer{{Contact: 7, Address: "TACITNODE1:A"}}
			s.openSettings(0)
			s.openSettings(i)
		}, content})
	}
	looked := map[string]bool{}
	for _, sc := range all {
		t.Run(sc.name, func(t *testing.T) {
			s, m := openOf(t, two)
			if sc.width == 0 {
				sc.width = 900
			}
			s.w.win.Resize(fyne.NewSize(sc.width, 600))
			m.said = []app.Message{{ID: 1, Contact: 7, Text: "Bonjour", State: app.StateReceived}}
			withClaire(s)
			sc.show(s)
			if s.chats.talk != nil {
				until(t, m, "message", func() bool { return s.chats.talk.Len() == 1 })
			}
			checkChain(t, s, sc.root(s), sc.least, looked)
		})
	}
}
