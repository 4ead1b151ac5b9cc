package ui

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/pairing"
	"tacit/ui/profiles"
	"tacit/ui/widget"
)

// messenger is a core that holds what a test gives it.
type messenger struct {
	Messenger
	mu       sync.Mutex        // what the window asks for off its thread comes from several goroutines
	settings map[string][]byte // guarded by mu
	pairings []app.Pairing
	accepted []string        // guarded by mu
	stopped  []app.PairingID // guarded by mu
	said     []app.Message   // newest first
	chosen   app.Preferences // guarded by mu
	open     []app.Connection
	nodes    []app.Node   // guarded by mu
	offers   []app.Offer  // guarded by mu
	removals []app.NodeID // guarded by mu
	active   []bool
	closed   bool
	posted   chan func()
}

func (m *messenger) CreateCard(_ context.Context, r app.CardRequest) (app.CardOffer, error) {
	return app.CardOffer{Pairing: "own", Card: "TACIT1:" + strings.Repeat("A", 91), ExpiresAt: time.Now().Add(r.TTL)}, nil
}

func (m *messenger) AcceptCard(_ context.Context, card string, _ bool) (app.PairingID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.accepted = append(m.accepted, card)
	return "theirs", nil
}

func (m *messenger) StopPairing(_ context.Context, id app.PairingID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = append(m.stopped, id)
	return nil
}

func (m *messenger) Pairings(context.Context) ([]app.Pairing, error) { return m.pairings, nil }

func (m *messenger) Setting(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.settings[key]; ok {
		return v, nil
	}
	return nil, app.ErrNotFound
}

func (m *messenger) SetSetting(_ context.Context, key string, v []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settings[key] = v
	return nil
}

func (m *messenger) Messages(_ context.Context, _ app.ContactID, before app.MessageID, _ int) ([]app.Message, error) {
	if before > 0 {
		return nil, nil
	}
	return m.said, nil
}

func (m *messenger) MessagesAfter(context.Context, app.ContactID, app.MessageID, int) ([]app.Message, error) {
	return nil, nil
}

func (m *messenger) MessageCount(context.Context, app.ContactID) (int, error) {
	return len(m.said), nil
}

func (m *messenger) Preferences(context.Context) (app.Preferences, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.chosen, nil
}

func (m *messenger) SetPreferences(_ context.Context, p app.Preferences) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chosen = p
	return nil
}

func (m *messenger) Nodes(context.Context) ([]app.Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.nodes), nil
}

func (m *messenger) Offers(context.Context) ([]app.Offer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.offers), nil
}

func (m *messenger) AddNode(_ context.Context, address string) (app.Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !strings.HasPrefix(address, "TACITNODE1:") {
		return app.Node{}, app.ErrNodeAddress
	}
	n := app.Node{ID: app.NodeID(len(m.nodes) + 1), Address: address, Host: "node.example:4001", Default: len(m.nodes) == 0, State: app.NodeNew}
	m.nodes = append(m.nodes, n)
	return n, nil
}

func (m *messenger) TestNode(_ context.Context, _ app.NodeID, told func(app.NodeCheck)) ([]app.NodeCheck, error) {
	checks := []app.NodeCheck{{Step: app.StepReach, Tried: true}, {Step: app.StepKey, Tried: true, Err: app.ErrNodeFalse}}
	for _, c := range checks {
		told(c)
	}
	return checks, nil
}

func (m *messenger) RemoveNode(_ context.Context, id app.NodeID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.removals = append(m.removals, id)
	return nil
}

// removed returns how many nodes were removed.
func (m *messenger) removed() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.removals)
}

func (m *messenger) Connections(context.Context) ([]app.Connection, error) { return m.open, nil }

func (m *messenger) Subscribe() *app.Subscription { return &app.Subscription{} }

func (m *messenger) Watch(bool) {}

func (m *messenger) Active(on bool) { m.active = append(m.active, on) }

// place has profiles, and remembers what became of them.
type place struct {
	Profiles
	mu      sync.Mutex
	all     []profiles.Entry
	single  bool
	opened  []int    // guarded by mu
	removed []string // guarded by mu: passphrases
	running Running  // what is opened
	err     error
}

func (p *place) List() []profiles.Entry { return p.all }

func (p *place) Next() (int, bool) { return len(p.all) + 1, !p.single }

func (p *place) Open(_ context.Context, number int, _ string) (Running, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opened = append(p.opened, number)
	return p.running, p.err
}

func (p *place) Remove(_ context.Context, number int, passphrase string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.removed = append(p.removed, passphrase)
	p.all = slices.DeleteFunc(p.all, func(e profiles.Entry) bool { return e.Number == number })
	return p.err
}

// one is a profile as there mostly is.
var one = []profiles.Entry{{Number: 1}}

// open returns a window in which a profile is open, without its events.
func open(t *testing.T) (*session, *messenger) {
	t.Helper()
	return openOf(t, &place{all: one})
}

const right = "the right passphrase"

// openOf is open with the profiles of a place, of which the first is open.
func openOf(t *testing.T, p *place) (*session, *messenger) {
	t.Helper()
	return openWith(t, p, Options{Size: fyne.NewSize(1200, 800)})
}

func openWith(t *testing.T, p *place, o Options) (*session, *messenger) {
	t.Helper()
	m := &messenger{settings: map[string][]byte{}, posted: make(chan func(), 1000), chosen: app.Preferences{LAN: true}}
	w := New(test.NewTempApp(t), p, o)
	w.started = true
	w.post = func(f func()) { m.posted <- f }
	w.cross.post = w.post
	w.current = 1
	w.session = newSession(w, Running{Messenger: m, Ended: make(chan struct{}), Folder: "/home/amina/.config/tacit",
		Close: func() error {
			m.closed = true
			return nil
		},
		Size: func() (int64, error) { return 3_200_000, nil },
		CheckPassphrase: func(_ context.Context, p string) error {
			if p != right {
				return app.ErrPassphrase
			}
			return nil
		},
		ChangePassphrase: func(context.Context, string, string) error { return nil },
	})
	w.session.sub = &app.Subscription{}
	w.show(w.session.root, func(fyne.Canvas) {})
	s := w.session
	t.Cleanup(func() {
		w.win.Canvas().Unfocus() // the caret stops blinking
		s.cross.end()
		s.cross.wait()
		w.cross.end()
		w.cross.wait()
		w.win.Close()
	})
	return s, m
}

func focused(s *session) any { return s.w.win.Canvas().Focused() }

// until lets what other goroutines post happen here, until there is nothing to wait for.
func until(t *testing.T, m *messenger, what string, done func() bool) {
	t.Helper()
	for !done() {
		select {
		case f := <-m.posted:
			f()
		case <-t.Context().Done():
			t.Fatalf("no %s", what)
		}
	}
}

var claire = app.Contact{ID: 7, Name: "Claire", TheirName: "Claire", Trust: app.Verified, Writable: true, SafetyNumber: strings.Repeat("12345", 12)}

func withClaire(s *session) {
	s.handle(app.Snapshot{Profile: app.Profile{Name: "Amina"}, Chats: []app.Chat{{Contact: claire}}})
}

func TestCardTakesTheKeyboard(t *testing.T) {
	s, _ := open(t)
	s.openCard()
	if b, ok := focused(s).(*widget.Button); !ok || b.Label() != lang.T("pairing.copy_link") {
		t.Errorf("%T has the keyboard", focused(s))
	}
	s.card.dialog.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.card != nil {
		t.Error("Escape leaves the card")
	}
}

func TestConversationTakesTheKeyboard(t *testing.T) {
	s, _ := open(t)
	withClaire(s)
	s.open(7)
	if _, ok := focused(s).(*widget.Editor); !ok {
		t.Errorf("%T has the keyboard", focused(s))
	}
}

func TestEscapeGoesBackStepByStep(t *testing.T) {
	s, _ := open(t)
	withClaire(s)
	s.w.win.Resize(fyne.NewSize(500, 700))
	s.open(7)
	s.toggleDetails()
	for _, want := range []panes{{chat: true}, {}, {}} {
		s.back()
		if s.desk.panes != want {
			t.Fatalf("panes %+v, want %+v", s.desk.panes, want)
		}
	}
	if s.details != nil || s.chats.talk != nil {
		t.Error("something stays open")
	}
}

func TestRemovedContactClosesItsPanes(t *testing.T) {
	s, _ := open(t)
	withClaire(s)
	s.open(7)
	s.toggleDetails()
	s.handle(app.ContactRemoved{Contact: 7})
	if s.details != nil || s.chats.talk != nil || s.desk.panes != (panes{}) {
		t.Errorf("panes %+v", s.desk.panes)
	}
}

func TestDroppedPictureOpensTheCard(t *testing.T) {
	s, m := open(t)
	s.dropped([]fyne.URI{storage.NewFileURI(filepath.Join(t.TempDir(), "none.png"))})
	if s.card == nil || s.card.add.Step != pairing.StepTheirs {
		t.Fatal("no card")
	}
	until(t, m, "sentence about the picture", func() bool { return errors.Is(s.card.add.TheirsErr, pairing.ErrNoCode) })
}

func TestPastedLinkNeedsTheCard(t *testing.T) {
	s, m := open(t)
	s.w.fyne.Clipboard().SetContent("TACIT1:AAAA")
	s.paste()
	if len(m.accepted) > 0 {
		t.Fatal("taken without the card")
	}
	s.openCard()
	s.paste()
	until(t, m, "search for the other side", func() bool { return s.card.add.Step == pairing.StepLooking })
}

func TestNoticeStandsOverThePanes(t *testing.T) {
	s, _ := open(t)
	before := s.chats.list.Size().Height
	s.handle(app.StorageFailed{Err: app.ErrDiskFull})
	if s.chats.list.Size().Height >= before || !s.desk.notice.Visible() {
		t.Error("no room was made")
	}
	s.desk.say("")
	if s.chats.list.Size().Height != before {
		t.Error("the room stays")
	}
}

// blinker is a control that would work on while it has the keyboard.
type blinker struct {
	*canvas.Rectangle
	left bool
}

func (b *blinker) FocusGained()            {}
func (b *blinker) FocusLost()              { b.left = true }
func (b *blinker) TypedRune(rune)          {}
func (b *blinker) TypedKey(*fyne.KeyEvent) {}

func TestAnotherScreenTakesTheKeyboardAway(t *testing.T) {
	s, _ := open(t)
	b := &blinker{Rectangle: canvas.NewRectangle(nil)}
	s.w.win.SetContent(b)
	s.w.win.Canvas().Focus(b)
	s.w.show(s.root, func(fyne.Canvas) {})
	if !b.left {
		t.Error("what is gone keeps the keyboard, and its caret blinks")
	}
}

func TestLockClosesTheProfile(t *testing.T) {
	s, m := open(t)
	withClaire(s)
	s.openCard()
	s.w.lock(nil)
	if s.w.session != nil || s.w.win.Canvas().Overlays().Top() != nil {
		t.Fatal("something of the profile is still shown")
	}
	<-s.w.closing
	if !m.closed {
		t.Error("the profile is open")
	}
	if _, ok := decodeSize(m.settings[sizeKey]); !ok {
		t.Errorf("size %q", m.settings[sizeKey])
	}
	s.deliver([]app.Event{app.StorageFailed{Err: app.ErrDiskFull}}) // on its way when it was locked
	if s.desk.notice.Visible() {
		t.Error("a locked session shows events")
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		stored string
		ok     bool
	}{
		{string(encodeSize(fyne.NewSize(900, 700))), true},
		{`{"width":100,"height":700}`, false},
		{`{"width":900,"height":1e9}`, false},
		{`{}`, false}, {``, false}, {`[1,2]`, false},
	} {
		if size, ok := decodeSize([]byte(c.stored)); ok != c.ok || ok && size != fyne.NewSize(900, 700) {
			t.Errorf("%q: %v, %t", c.stored, size, ok)
		}
	}
}

func TestClipboardIsCleared(t *testing.T) {
	a := test.NewTempApp(t)
	var due []func()
	c := clipboard{of: a.Clipboard(), after: func(_ time.Duration, f func()) { due = append(due, f) }}
	c.lend("one", time.Minute)
	c.lend("two", time.Minute)
	due[0]() // of the first link, which is no longer there
	if got := c.of.Content(); got != "two" {
		t.Fatalf("clipboard %q", got)
	}
	due[1]()
	if got := c.of.Content(); got != "" {
		t.Fatalf("clipboard %q", got)
	}
	c.lend("three", time.Minute)
	c.of.SetContent("something of the person's own")
	due[2]()
	if got := c.of.Content(); got != "something of the person's own" {
		t.Errorf("clipboard %q", got)
	}
}
