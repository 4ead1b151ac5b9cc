package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/widget"
)

// messenger is a core that holds what a test gives it.
type messenger struct {
	Messenger
	settings map[string][]byte
	pairings []app.Pairing
	accepted []string
	stopped  []app.PairingID
}

func (m *messenger) CreateCard(_ context.Context, r app.CardRequest) (app.CardOffer, error) {
	return app.CardOffer{Pairing: "own", Card: "TACIT1:" + strings.Repeat("A", 91), ExpiresAt: time.Now().Add(r.TTL)}, nil
}

func (m *messenger) AcceptCard(_ context.Context, card string, _ bool) (app.PairingID, error) {
	m.accepted = append(m.accepted, card)
	return "theirs", nil
}

func (m *messenger) StopPairing(_ context.Context, id app.PairingID) error {
	m.stopped = append(m.stopped, id)
	return nil
}

func (m *messenger) Pairings(context.Context) ([]app.Pairing, error) { return m.pairings, nil }

func (m *messenger) Setting(_ context.Context, key string) ([]byte, error) {
	if v, ok := m.settings[key]; ok {
		return v, nil
	}
	return nil, app.ErrNotFound
}

func (m *messenger) SetSetting(_ context.Context, key string, v []byte) error {
	m.settings[key] = v
	return nil
}

// none is a place without a profile.
type none struct{ Profiles }

func (none) Exists() bool { return false }

// open returns a window in which a profile is open, without its events.
func open(t *testing.T) (*session, *messenger) {
	t.Helper()
	m := &messenger{settings: map[string][]byte{}}
	w := New(test.NewTempApp(t), none{}, Options{})
	w.started = true
	w.session = newSession(w, Running{Messenger: m, Ended: make(chan struct{}), Close: func() error { return nil }})
	w.show(w.session.desk, func(fyne.Canvas) {})
	t.Cleanup(func() {
		w.session.cross.end()
		w.session.cross.wait()
		w.cross.end()
		w.cross.wait()
		w.win.Close()
	})
	return w.session, m
}

func focused(s *session) any { return s.w.win.Canvas().Focused() }

func TestCardTakesTheKeyboard(t *testing.T) {
	s, _ := open(t)
	s.openCard()
	b, ok := focused(s).(*widget.Button)
	if !ok {
		t.Fatalf("%T has the keyboard", focused(s))
	}
	_ = b
}
