package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/pairing"
	"tacit/ui/profiles"
	"tacit/ui/widget"
)

func press(s *session, key fyne.KeyName, modifier fyne.KeyModifier) {
	s.w.win.Canvas().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: modifier})
}

func typed(s *session, key fyne.KeyName) { s.w.typedKey(&fyne.KeyEvent{Name: key}) }

func TestSettingsTakeThePlaceOfThePanes(t *testing.T) {
	s, _ := open(t)
	withClaire(s)
	s.open(7)
	press(s, fyne.KeyComma, command)
	if s.settings == nil || s.desk.Visible() {
		t.Fatal("the settings are not open")
	}
	press(s, fyne.KeyDown, fyne.KeyModifierAlt) // belongs to the panes
	typed(s, fyne.KeyEscape)
	if s.settings != nil || !s.desk.Visible() {
		t.Fatal("Escape leaves the settings open")
	}
	if _, ok := focused(s).(*widget.Editor); !ok {
		t.Errorf("%T has the keyboard", focused(s))
	}
}

func TestSettingsInANarrowWindow(t *testing.T) {
	s, _ := open(t)
	s.w.win.Resize(fyne.NewSize(500, 700))
	s.openSettings(0)
	s.settings.screen.Open(2)
	typed(s, fyne.KeyEscape)
	if s.settings == nil {
		t.Fatal("Escape leaves a section and the settings at once")
	}
	typed(s, fyne.KeyEscape)
	if s.settings != nil {
		t.Error("Escape does not leave the list")
	}
}

func TestConnectionsAreInWords(t *testing.T) {
	s, m := open(t)
	withClaire(s)
	began := time.Now()
	m.open = []app.Connection{
		{Kind: "contact", Contact: 7, Remote: "quic 192.168.1.9:40000", Since: began},
		{Kind: "beacon"}, {Kind: "listen"}, {Kind: "unproven"},
	}
	got, err := s.connections(t.Context())
	if err != nil || len(got) != 4 || got[0].With != "Claire" || got[0].Since != began {
		t.Fatalf("%+v, %v", got, err)
	}
	seen := map[any]bool{}
	for _, l := range got {
		seen[l.Purpose] = true
	}
	if len(seen) != 4 {
		t.Errorf("purposes %v", seen)
	}
}

func TestTheNetworkIsSwitchedOff(t *testing.T) {
	s, m := open(t)
	s.privacy.Load()
	until(t, m, "preferences", func() bool { return s.privacy.Ready })
	s.privacy.Change(func(p *app.Preferences) { p.LAN = false })
	until(t, m, "change", func() bool {
		chosen, _ := m.Preferences(t.Context())
		return !chosen.LAN
	})
}

func TestPanicKeyLeavesNothing(t *testing.T) {
	s, _ := open(t)
	withClaire(s)
	sys := &fakeSystem{}
	s.w.system = sys
	s.w.fyne.Clipboard().SetContent("anything")
	s.openCard()
	press(s, fyne.KeyL, command|fyne.KeyModifierShift)
	if s.w.session != nil || s.w.fyne.Clipboard().Content() != "" || sys.iconified != 1 {
		t.Errorf("open %t, clipboard %q, put away %d times", s.w.session != nil, s.w.fyne.Clipboard().Content(), sys.iconified)
	}
}

type fakeSystem struct{ iconified, raised int }

func (f *fakeSystem) Iconify()       { f.iconified++ }
func (f *fakeSystem) OnInput(func()) {}
func (f *fakeSystem) Raise()         { f.raised++ }

func TestAnUnusedWindowLocks(t *testing.T) {
	s, m := open(t)
	now := time.Now()
	s.w.idle.now = func() time.Time { return now }
	s.w.seen()
	s.tick()
	s.locking.Minutes = 15
	now = now.Add(6 * time.Minute)
	s.tick()
	if len(m.active) == 0 || m.active[len(m.active)-1] {
		t.Errorf("after six minutes somebody is still there: %v", m.active)
	}
	s.w.seen()
	if !m.active[len(m.active)-1] {
		t.Error("whoever comes back is not there")
	}
	now = now.Add(14 * time.Minute)
	s.tick()
	if s.w.session == nil {
		t.Fatal("locked too early")
	}
	now = now.Add(2 * time.Minute)
	s.tick()
	if s.w.session != nil {
		t.Error("not locked after sixteen minutes")
	}
}

func TestSleepCountsAsIdle(t *testing.T) {
	i := newIdle()
	began := time.Now()
	i.last = began
	i.now = func() time.Time { return began.Round(0).Add(time.Hour) } // the even clock stood still
	if i.since() < time.Hour {
		t.Errorf("unused for %v", i.since())
	}
	i.now = func() time.Time { return began.Add(-time.Hour) }
	if i.since() < 0 {
		t.Errorf("unused for %v", i.since())
	}
}

func TestChatsByTheirKeys(t *testing.T) {
	s, _ := open(t)
	youssef := claire
	youssef.ID, youssef.Name = 8, "Youssef"
	now := time.Now()
	s.handle(app.Snapshot{Chats: []app.Chat{
		{Contact: claire, ActivityAt: now}, {Contact: youssef, ActivityAt: now.Add(-time.Hour)},
	}})
	selected := func() app.ContactID { return s.chats.model.Selected() }
	for _, c := range []struct {
		key      fyne.KeyName
		modifier fyne.KeyModifier
		want     app.ContactID
	}{
		{fyne.KeyDown, fyne.KeyModifierAlt, 7}, {fyne.KeyDown, fyne.KeyModifierAlt, 8}, {fyne.KeyDown, fyne.KeyModifierAlt, 8},
		{fyne.KeyUp, fyne.KeyModifierAlt, 7}, {fyne.Key2, command, 8}, {fyne.Key9, command, 8}, {fyne.Key1, command, 7},
	} {
		press(s, c.key, c.modifier)
		if selected() != c.want {
			t.Fatalf("after %s: %d is open, want %d", c.key, selected(), c.want)
		}
	}
}

func TestEveryKeyOfTheWindowIsOnTheSheet(t *testing.T) {
	groups := keyGroups()
	does := map[string]string{}
	for _, g := range groups {
		for _, k := range g.Keys {
			if other, twice := does[k.Press]; twice {
				t.Errorf("%s does %q and %q", k.Press, other, k.Does)
			}
			does[k.Press] = k.Does
		}
	}
	for _, k := range shortcuts() {
		if k.word != "" && does[pressWords(k.modifier, keyWord(k.key))] != lang.T(k.word) {
			t.Errorf("%s is not on the sheet", k.word)
		}
	}
	for _, want := range []string{"Ctrl+N", "Ctrl+F", "Ctrl+Shift+F", "Alt+Up", "Alt+Down", "Ctrl+L", "Ctrl+Shift+L", "Ctrl+,", "Ctrl+/", "Esc", "Up", "Ctrl+1 – Ctrl+9"} {
		if does[want] == "" {
			t.Errorf("%s is not on the sheet", want)
		}
	}
}

func TestProfilesAreSwitched(t *testing.T) {
	p := &place{all: []profiles.Entry{{Number: 1}, {Number: 2, Label: "Bureau"}}}
	s, m := openOf(t, p)
	w := s.w
	w.switchTo(1) // the open one
	if w.session == nil {
		t.Fatal("the open profile was locked")
	}
	w.switchTo(2)
	if w.session != nil || w.current != 2 {
		t.Fatal("still open")
	}
	if got := lang.Plain(w.unlockTitle(2)); got != "Bureau" {
		t.Errorf("asks for the passphrase of %q", got)
	}
	if got := lang.Plain(w.unlockTitle(1)); got != "Profile 1" {
		t.Errorf("the other is called %q", got)
	}
	<-w.closing
	if !m.closed {
		t.Error("two are open at once")
	}
}

// TestOneIsClosedBeforeAnotherOpens: what is asked for while the profile before is still
// closing waits for that.
func TestOneIsClosedBeforeAnotherOpens(t *testing.T) {
	p := &place{all: []profiles.Entry{{Number: 1}, {Number: 2}}, err: app.ErrPassphrase}
	s, m := openOf(t, p)
	w := s.w
	slow := make(chan struct{})
	close_ := s.running.Close
	s.running.Close = func() error {
		<-slow
		return close_()
	}
	w.options.Passphrase = "typed at once"
	w.switchTo(2)
	p.mu.Lock()
	opened := len(p.opened)
	p.mu.Unlock()
	if opened > 0 || m.closed {
		t.Fatal("two are open at once")
	}
	close(slow)
	until(t, m, "attempt to open the other", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.opened) == 1 && p.opened[0] == 2
	})
	if !m.closed {
		t.Error("opened before the other was closed")
	}
}

// TestTheRailIsDeafWhileAProfileOpens: somebody who changes their mind within the second
// that opening takes must not end up with two.
func TestTheRailIsDeafWhileAProfileOpens(t *testing.T) {
	p := &place{all: []profiles.Entry{{Number: 1}, {Number: 2}, {Number: 3}}, err: app.ErrPassphrase}
	s, m := openOf(t, p)
	w := s.w
	w.options.Passphrase = "typed at once"
	w.switchTo(2)
	w.switchTo(3)
	w.add()
	if w.current != 2 {
		t.Fatalf("on to %d while 2 opens", w.current)
	}
	until(t, m, "answer", func() bool { return !w.busy })
	if w.switchTo(3); w.current != 3 {
		t.Errorf("still at %d", w.current)
	}
}

func TestCopiedNumbersAreLent(t *testing.T) {
	s, _ := open(t)
	s.copied("12345 67890")
	if got := s.w.fyne.Clipboard().Content(); got != "12345 67890" || s.w.clip.lent != got {
		t.Errorf("clipboard %q, lent %q", got, s.w.clip.lent)
	}
}

func TestProfileIsRemoved(t *testing.T) {
	p := &place{all: []profiles.Entry{{Number: 1}, {Number: 2}}}
	s, m := openOf(t, p)
	s.w.remove(right)
	until(t, m, "removal", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.removed) == 1
	})
	until(t, m, "other profile", func() bool { return s.w.current == 2 })
	if p.removed[0] != right || !m.closed {
		t.Errorf("removed with %q, closed %t", p.removed[0], m.closed)
	}
}

func TestTourIsOverTheWindow(t *testing.T) {
	s, _ := open(t)
	s.showTour()
	if b, ok := focused(s).(*widget.Button); !ok || b.Label() != lang.T("tour.next") {
		t.Fatalf("%T has the keyboard", focused(s))
	}
	typed(s, fyne.KeyEscape)
	if s.w.win.Canvas().Overlays().Top() != nil {
		t.Error("Escape leaves the tour")
	}
}

func TestHiddenChatsAreShownForThePassphrase(t *testing.T) {
	s, m := open(t)
	hidden := app.Chat{Contact: claire, ChatMarks: app.ChatMarks{Hidden: true}}
	s.handle(app.Snapshot{Chats: []app.Chat{hidden}})
	shown := func() bool { return len(s.chatsInOrder()) == 1 }
	if shown() {
		t.Fatal("shown before it was asked for")
	}
	try := func(passphrase string) {
		s.reveal()
		s.w.win.Canvas().Focused().(interface{ SetText(string) }).SetText(passphrase)
		s.w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	try("another passphrase")
	until(t, m, "answer", func() bool { return focused(s) != nil && len(m.posted) == 0 })
	if shown() {
		t.Fatal("shown for another passphrase")
	}
	typed(s, fyne.KeyEscape)
	try(right)
	until(t, m, "chat", shown)
	s.open(7)
	now := time.Now().Add(time.Hour)
	s.w.idle.now = func() time.Time { return now }
	s.tick()
	if shown() || s.chats.talk != nil {
		t.Error("still shown after an hour without anybody")
	}
}

func TestDroppedFilesGoToTheOpenChat(t *testing.T) {
	s, _ := open(t)
	withClaire(s)
	s.open(7)
	s.dropped([]fyne.URI{storage.NewFileURI("/tmp/letter.pdf")})
	if s.card != nil {
		t.Error("taken for a card")
	}
	s.openCard()
	s.dropped([]fyne.URI{storage.NewFileURI("/tmp/card.png")})
	if s.card.add.Step != pairing.StepTheirs {
		t.Error("not given to the card")
	}
}
