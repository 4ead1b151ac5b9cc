package ui

import (
	"context"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/desktop"
	"tacit/ui/lang"
	"tacit/ui/pairing"
	"tacit/ui/settings"
	"tacit/ui/voice"
)

// fakeDesktop is a desktop that does as it is told.
type fakeDesktop struct {
	notes map[int64]desktop.Note
	shown int // how often a note was
	tray  desktop.Tray
}

func (f *fakeDesktop) Notify(n desktop.Note)  { f.notes[n.Key], f.shown = n, f.shown+1 }
func (f *fakeDesktop) Withdraw(key int64)     { delete(f.notes, key) }
func (f *fakeDesktop) SetTray(t desktop.Tray) { f.tray = t }
func (f *fakeDesktop) Close()                 {}

func (m *messenger) MarkRead(context.Context, app.ContactID, app.MessageID) error { return nil }

// onDesktop is an open profile with Claire on a desktop that has everything.
func onDesktop(t *testing.T) (*session, *messenger, *fakeDesktop) {
	t.Helper()
	s, m := open(t)
	f := &fakeDesktop{notes: map[int64]desktop.Note{}}
	s.w.desktop = f
	s.w.offered(desktop.Offers{Notes: true, Tray: true})
	s.deliver([]app.Event{app.Snapshot{Profile: app.Profile{Name: "Amina"}, Chats: []app.Chat{
		{Contact: claire}, {Contact: app.Contact{ID: 8, Name: "Bruno", Writable: true}},
	}}})
	return s, m, f
}

// writes is a message that comes.
func writes(from app.ContactID, id app.MessageID, text string) app.Event {
	return app.MessageAdded{Message: app.Message{ID: id, Contact: from, Text: text, State: app.StateReceived, Unread: true}}
}

func (f *fakeDesktop) want(t *testing.T, when string, keys ...int64) {
	t.Helper()
	if len(f.notes) != len(keys) {
		t.Errorf("%s: notes %v", when, f.notes)
	}
	for _, k := range keys {
		if _, ok := f.notes[k]; !ok {
			t.Errorf("%s: notes %v", when, f.notes)
		}
	}
}

// TestNotes: a note says nothing of who wrote what unless that was chosen, is not of what
// is before the person's eyes, and goes when it was seen or the profile is locked.
func TestNotes(t *testing.T) {
	s, m, f := onDesktop(t)
	s.open(7)
	s.deliver([]app.Event{writes(7, 1, "Tea?"), writes(8, 2, "Coffee?")})
	f.want(t, "with Claire's chat open", 8)
	if n := f.notes[8]; n.Title != "Tacit" || n.Body != "New message" || n.Says || n.Body != n.Blank || n.Action != "Open" {
		t.Errorf("at first a note says %+v", n)
	}
	s.w.watch(false)
	s.deliver([]app.Event{writes(7, 3, "Tea!")})
	f.want(t, "before another window", 7, 8)
	s.w.watch(true)
	f.want(t, "before the window again", 8)
	s.open(8)
	f.want(t, "with both seen")

	s.notices.Change(func(n *settings.Noticing) { n.Show = settings.NoticeText })
	until(t, m, "choice kept", func() bool {
		kept, err := m.Setting(t.Context(), "ui.notices")
		return err == nil && len(kept) > 0
	})
	s.openSettings(sectionProfile)
	s.deliver([]app.Event{writes(8, 4, "Cake?")}) // its chat is open, and behind the settings
	f.want(t, "in the settings", 8)
	if n := f.notes[8]; n.Title != "Bruno" || n.Body != "Cake?" || !n.Says {
		t.Errorf("with name and message a note says %+v", n)
	}
	s.notices.Change(func(n *settings.Noticing) { n.Show = settings.NoticeName })
	f.want(t, "with less to say")
	s.deliver([]app.Event{writes(8, 5, "Cake!")})
	s.w.lock(nil)
	f.want(t, "locked")
	if f.tray.Unread || !f.tray.Items[1].Off {
		t.Errorf("locked, the tray shows %+v", f.tray)
	}
}

// TestBurstIsOneNote: what comes at once is one note a chat, whatever there is of it.
func TestBurstIsOneNote(t *testing.T) {
	s, _, f := onDesktop(t)
	var events []app.Event
	for i := range 500 {
		events = append(events, writes(7, app.MessageID(i+1), "x"))
	}
	s.deliver(events)
	if f.shown != 1 {
		t.Errorf("%d notes", f.shown)
	}
}

func TestClickedNote(t *testing.T) {
	s, _, f := onDesktop(t)
	sys := &fakeSystem{}
	s.w.system = sys
	s.openSettings(sectionLook)
	s.deliver([]app.Event{writes(7, 1, "Tea?")})
	s.w.clicked(7)
	if sys.raised != 1 || s.settings != nil || s.chats.model.Selected() != 7 {
		t.Errorf("raised %d times, settings %v, chat %v", sys.raised, s.settings, s.chats.model.Selected())
	}
	f.want(t, "opened")
	s.w.clicked(99) // of somebody who is gone meanwhile
	if s.chats.model.Selected() != 7 {
		t.Error("it leads elsewhere")
	}
	s.w.lock(nil)
	s.w.clicked(7) // it was on its way
	if sys.raised != 3 || s.w.session != nil {
		t.Errorf("raised %d times", sys.raised)
	}
}

// TestClosedNote: one that was waved away does not come back for the same message.
func TestClosedNote(t *testing.T) {
	s, _, f := onDesktop(t)
	s.deliver([]app.Event{writes(7, 1, "Tea?")})
	delete(f.notes, 7)
	s.w.closedNote(7)
	s.deliver([]app.Event{app.MessageChanged{Message: app.Message{ID: 1, Contact: 7, Text: "Tea!"}, What: app.ChangeEdited}})
	f.want(t, "after it was closed")
}

func TestTray(t *testing.T) {
	s, _, f := onDesktop(t)
	t.Cleanup(func() { lang.Use("en") })
	s.w.showTray()
	if f.tray.Unread || f.tray.Word != "Tacit" || len(f.tray.Items) != 4 || f.tray.Items[1].Off {
		t.Errorf("at first %+v", f.tray)
	}
	s.deliver([]app.Event{writes(7, 1, "Tea?")})
	if !f.tray.Unread || f.tray.Word == "Tacit" {
		t.Errorf("with something new %+v", f.tray)
	}
	s.deliver([]app.Event{app.ChatRead{Contact: 7}})
	if f.tray.Unread {
		t.Error("what was read is new")
	}
	s.deliver([]app.Event{app.ChatChanged{Chat: app.Chat{Contact: claire, ChatMarks: app.ChatMarks{Muted: true}}}, writes(7, 2, "Tea?")})
	if f.tray.Unread {
		t.Error("the tray tells of a muted chat")
	}
	lang.Use("ar")
	s.w.showTray()
	if !f.tray.Mirrors || f.tray.Items[0].Label != lang.T("tray.open") {
		t.Errorf("in Arabic %+v", f.tray)
	}
	s.w.chosen(desktop.Lock)
	if s.w.session != nil {
		t.Error("it is not locked")
	}
}

// TestCross: the cross ends the program, but where the person chose to go on in the tray
// and there is one.
func TestCross(t *testing.T) {
	for _, c := range []struct{ keep, tray, quits bool }{
		{false, true, true}, {true, false, true}, {true, true, false},
	} {
		s, m, _ := onDesktop(t)
		s.w.offered(desktop.Offers{Tray: c.tray})
		s.notices.Change(func(n *settings.Noticing) { n.Keep = c.keep })
		s.w.closeAsked()
		if s.w.quitting != c.quits || s.w.away == c.quits {
			t.Errorf("%+v: quits %t, away %t", c, s.w.quitting, s.w.away)
		}
		if c.quits {
			<-s.w.closing
			continue
		}
		if m.closed || s.w.front || s.w.session == nil {
			t.Error("the profile does not go on out of sight")
		}
		s.w.chosen(desktop.Open)
		if s.w.away {
			t.Error("it stays away")
		}
	}
}

// senses are a microphone and a camera that neither hear nor see anything until they are
// switched off.
type senses struct {
	voice.Devices // nobody plays
	off           chan struct{}
	once          sync.Once
}

func (*senses) CanRecord() error                { return nil }
func (s *senses) Record() (voice.Source, error) { return s, nil }
func (s *senses) Read([]float32) (int, error)   { <-s.off; return 0, voice.ErrClosed }
func (s *senses) Close() error                  { s.once.Do(func() { close(s.off) }); return nil }

func (*senses) List() ([]pairing.CameraInfo, error) { return []pairing.CameraInfo{{ID: "video0"}}, nil }
func (*senses) Open(ctx context.Context, _ string) (pairing.Camera, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestNothingListensFromTheTray: with the window in the tray, where nothing says that they
// are on, the microphone and the camera are off.
func TestNothingListensFromTheTray(t *testing.T) {
	s, m, _ := onDesktop(t)
	heard := &senses{off: make(chan struct{})}
	s.w.options.Sound, s.w.options.Cameras = heard, heard
	s.w.keep = true
	s.open(claire.ID)
	until(t, m, "microphone", func() bool { return s.chats.talk.CanRecord() == nil })
	s.chats.talk.Record()
	c := s.openCard()
	c.add.Show(pairing.StepTheirs)
	until(t, m, "camera", func() bool { return c.add.Scanner.Chosen != "" })
	c.add.Scanner.Start()
	if !c.add.Scanner.On || !s.chats.talk.Speaking() {
		t.Fatal("they are not on")
	}
	s.w.closeAsked()
	until(t, m, "silence", func() bool { return !c.add.Scanner.On && !s.chats.talk.Speaking() })
	<-heard.off
}

// TestTrayThatGoes: a window that only the tray could bring back comes back by itself.
func TestTrayThatGoes(t *testing.T) {
	s, _, _ := onDesktop(t)
	sys := &fakeSystem{}
	s.w.system = sys
	s.w.keep = true
	s.w.closeAsked()
	s.w.offered(desktop.Offers{Notes: true})
	if s.w.away || sys.iconified != 1 || sys.raised != 0 {
		t.Errorf("away %t, iconified %d times, raised %d times", s.w.away, sys.iconified, sys.raised)
	}
	s.w.offered(desktop.Offers{Tray: true})
	if s.w.away {
		t.Error("the next tray takes a window that the person can see")
	}
}

// TestMinimised: the start out of sight is in the tray, also in one that comes later, and
// among the windows that are put away where there is none.
func TestMinimised(t *testing.T) {
	begin := func() (*Window, *fakeSystem) {
		sys := &fakeSystem{}
		w := New(test.NewTempApp(t), &place{all: one}, Options{Minimised: true, System: func(fyne.Window) System { return sys }})
		w.begin()
		return w, sys
	}
	w, sys := begin()
	w.offered(desktop.Offers{Tray: true})
	if !w.away || w.front || sys.iconified > 0 || sys.raised > 0 {
		t.Errorf("with a tray: %+v", sys)
	}
	w.bring()
	if w.away || sys.raised != 1 {
		t.Errorf("asked for: away %t, %+v", w.away, sys)
	}

	w, sys = begin()
	w.offered(desktop.Offers{})
	if w.away || sys.iconified != 1 || sys.raised > 0 {
		t.Errorf("without a tray: away %t, %+v", w.away, sys)
	}
	w.offered(desktop.Offers{Tray: true})
	if !w.away {
		t.Error("the tray that comes later is not used")
	}
	w.bring()
	w.offered(desktop.Offers{})
	w.offered(desktop.Offers{Tray: true})
	if w.away {
		t.Error("a window that the person asked for is put away")
	}
}

// TestSecondStart: the window comes forward, and whoever asked knows when.
func TestSecondStart(t *testing.T) {
	s, m, _ := onDesktop(t)
	sys := &fakeSystem{}
	s.w.system = sys
	came := make(chan struct{})
	go func() {
		s.w.Come(t.Context())
		close(came)
	}()
	until(t, m, "window", func() bool {
		select {
		case <-came:
			return true
		default:
			return sys.raised > 0
		}
	})
	<-came
	if sys.raised != 1 {
		t.Errorf("raised %d times", sys.raised)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.w.Come(ctx) // the window is frozen: nothing posted is done
}

// TestDesktopThatTalksTooLate: what the desktop tells after the end moves nothing.
func TestDesktopThatTalksTooLate(t *testing.T) {
	var ears desktop.Ears
	w := New(test.NewTempApp(t), &place{all: one}, Options{Desktop: func(e desktop.Ears, _ desktop.Tray) Desktop {
		ears = e
		return &fakeDesktop{notes: map[int64]desktop.Note{}}
	}})
	w.post = func(f func()) { f() }
	w.meetDesktop()
	ears.Changed(desktop.Offers{Tray: true})
	if !w.offers.Tray {
		t.Fatal("it is not heard")
	}
	w.cross.end()
	ears.Changed(desktop.Offers{})
	ears.Chosen(desktop.Quit)
	ears.Clicked(7)
	if !w.offers.Tray || w.quitting {
		t.Error("it is heard after the end")
	}
}
