package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/files"
	"tacit/ui/lang"
	"tacit/ui/pairing"
	"tacit/ui/settings"
	"tacit/ui/widget"
)

// screen is something that the window can show, for tests that go through all of it.
type screen struct {
	name   string
	narrow bool                                   // only a window of one pane has it
	least  int                                    // of its controls are reached by Tab; 0: the keyboard is used otherwise
	show   func(*testing.T, *session, *messenger) // from an open profile with a chat
}

// root is what is on top: a card, a menu, or the window's own content.
func root(s *session) fyne.CanvasObject {
	if o := s.w.win.Canvas().Overlays().Top(); o != nil {
		return o
	}
	return s.w.win.Canvas().Content()
}

// find returns the first control of a type with these words, "" for any, among what is on top.
func find[T any](t *testing.T, s *session, word string) T {
	t.Helper()
	var found T
	done := false
	everything(root(s), func(o fyne.CanvasObject) {
		c, ok := o.(T)
		if ok && !done && (word == "" || wordOf(o) == word) {
			found, done = c, true
		}
	})
	if !done {
		t.Fatalf("no %T %q on the screen", found, word)
	}
	return found
}

func wordOf(o any) string {
	switch o := o.(type) {
	case interface{ Label() string }:
		return o.Label()
	case interface{ Word() string }:
		return o.Word()
	}
	return ""
}

// letGo lets happen what was posted so far.
func letGo(m *messenger) {
	for len(m.posted) > 0 {
		(<-m.posted)()
	}
}

// everything calls f for each object that is shown under o, outermost first.
func everything(o fyne.CanvasObject, f func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	f(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			everything(child, f)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			everything(child, f)
		}
	}
}

// long has what makes sentences long.
var long = app.Contact{
	ID: 7, Name: "Alexandra Konstantinopoulou-Fontaine", TheirName: "Alexandra Konstantinopoulou-Fontaine", Trust: app.Verified, Writable: true,
	MetAt: time.Date(2026, time.September, 23, 22, 44, 0, 0, time.UTC), SafetyNumber: strings.Repeat("12345", 12),
}

// screens are all that the window shows, menus and cards included.
func screens() []screen {
	read := func(t *testing.T, s *session, m *messenger) *widget.Thread {
		s.open(7)
		until(t, m, "message", func() bool { return s.chats.talk.Len() > 0 && len(m.posted) == 0 })
		th := find[*widget.Thread](t, s, "")
		s.w.win.Canvas().Focus(th)
		return th
	}
	all := []screen{
		{"first start", false, 6, func(_ *testing.T, s *session, _ *messenger) { s.w.showFirst(3) }},
		{"unlock", false, 5, func(_ *testing.T, s *session, _ *messenger) { s.w.showUnlock(nil) }},
		{"unlock after a damage", false, 5, func(_ *testing.T, s *session, _ *messenger) { s.w.showUnlock(app.ErrDamaged) }},
		{"no chat open", false, 5, func(_ *testing.T, s *session, _ *messenger) {}},
		{"panes", false, 8, func(t *testing.T, s *session, m *messenger) { read(t, s, m) }},
		{"notice", false, 8, func(t *testing.T, s *session, m *messenger) {
			read(t, s, m)
			s.handle(app.StorageFailed{Err: app.ErrDiskFull})
		}},
		{"details", false, 12, func(t *testing.T, s *session, m *messenger) { read(t, s, m); s.toggleDetails() }},
		{"search in a chat", false, 8, func(t *testing.T, s *session, m *messenger) { read(t, s, m); s.chats.search() }},
		{"chat alone", true, 8, func(t *testing.T, s *session, m *messenger) { read(t, s, m) }},
		{"details alone", true, 8, func(t *testing.T, s *session, m *messenger) { read(t, s, m); s.toggleDetails() }},
		{"a section alone", true, 8, func(_ *testing.T, s *session, _ *messenger) {
			s.openSettings(2)
			s.settings.screen.Open(2)
		}},
		{"settings alone", true, 12, func(_ *testing.T, s *session, _ *messenger) { s.openSettings(0) }},
		{"add a contact", false, 4, func(_ *testing.T, s *session, _ *messenger) { s.openCard() }},
		{"tour", false, 2, func(_ *testing.T, s *session, _ *messenger) { s.showTour() }},
		{"keys", false, 1, func(_ *testing.T, s *session, _ *messenger) { s.showKeys() }},
		{"a licence", false, 1, func(_ *testing.T, s *session, _ *messenger) { s.showLicence(settings.Licences()[0]) }},
		{"another profile", false, 2, func(_ *testing.T, s *session, _ *messenger) { s.askAdd() }},
		{"removal", false, 4, func(_ *testing.T, s *session, _ *messenger) { s.askRemove() }},
		{"add a mailbox", false, 4, func(_ *testing.T, s *session, _ *messenger) { s.askMailbox() }},
		{"hidden chats", false, 3, func(_ *testing.T, s *session, _ *messenger) { s.reveal() }},
		{"choose a file", false, 3, func(t *testing.T, s *session, m *messenger) {
			s.w.openFiles(files.NewOpenAny(t.TempDir(), s.cross.run), func(string) {})
		}},
		{"menu of a chat", false, 0, func(t *testing.T, s *session, _ *messenger) {
			find[*widget.ChatRow](t, s, "").TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(60, 90)})
		}},
		{"menu of times", false, 0, func(t *testing.T, s *session, m *messenger) {
			read(t, s, m)
			find[*widget.IconButton](t, s, lang.T("timer.title")).Tapped(nil)
		}},
		{"emoji", false, 0, func(t *testing.T, s *session, m *messenger) {
			read(t, s, m).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyE, Modifier: command})
		}},
		{"menu of a message", false, 0, func(t *testing.T, s *session, m *messenger) {
			read(t, s, m).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}},
	}
	for i := range sectionHelp + 2 {
		all = append(all, screen{fmt.Sprintf("settings %d", i), false, 10, func(t *testing.T, s *session, m *messenger) { s.openSettings(i) }})
	}
	for _, word := range []string{"menu.delete", "menu.message_details", "menu.forward"} {
		all = append(all, screen{word, false, 1, func(t *testing.T, s *session, m *messenger) {
			read(t, s, m).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			find[interface {
				fyne.Tappable
				Label() string
			}](t, s, lang.T(word)).Tapped(nil)
		}})
	}
	steps := map[string]func(*pairing.Add){
		"their card":         func(a *pairing.Add) { a.Step = pairing.StepTheirs },
		"their card refused": func(a *pairing.Add) { a.Step, a.TheirsErr = pairing.StepTheirs, app.ErrCardUsed },
		"looking":            func(a *pairing.Add) { a.Step = pairing.StepLooking },
		"codes": func(a *pairing.Add) {
			a.Step, a.Pairing.Show, a.Pairing.Enter, a.Pairing.MayAttest, a.Asking, a.Pairing.LooksLike = pairing.StepCodes, "123456", true, true, true, long.Name
		},
		"checked":       func(a *pairing.Add) { a.Step, a.Pairing.Show = pairing.StepChecked, "123456" },
		"done":          func(a *pairing.Add) { a.Step = pairing.StepDone },
		"mismatch":      func(a *pairing.Add) { a.Step = pairing.StepMismatch },
		"pairing ended": func(a *pairing.Add) { a.Step, a.Err = pairing.StepEnded, app.ErrPairingEnded },
		"no card":       func(a *pairing.Add) { a.MineErr = app.ErrDiskFull },
		"nearby": func(a *pairing.Add) {
			a.Step = pairing.StepNearby
			a.Nearby.State = app.Nearby{Open: true, Name: app.NearbyName{Animal: 40, Number: 88}, Picked: "x", Partners: []app.NearbyPartner{
				{ID: "x", Name: app.NearbyName{Animal: 36, Number: 77}}, {ID: "y", Name: app.NearbyName{Animal: 49, Number: 66}, Picks: true, Twin: true},
			}}
		},
		"nearby refused": func(a *pairing.Add) { a.Step, a.Nearby.Err = pairing.StepNearby, app.ErrNearbyOff },
		"link copied":    func(a *pairing.Add) { a.LinkUntil = long.MetAt },
	}
	for name, step := range steps {
		all = append(all, screen{name, false, 2, func(_ *testing.T, s *session, _ *messenger) {
			add := s.openCard().add
			add.Pairing.PeerName = long.Name
			step(add)
			add.OnChange()
		}})
	}
	return all
}
