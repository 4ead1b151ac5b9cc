package desktop

import (
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var letter = Note{Key: 7, Says: true, Title: "Claire", Body: "Tea <b>&</b>?", Blank: "New message", Action: "Open"}

// only returns the one note that stands.
func (v *server) only(t *testing.T) (id uint32, n shown) {
	t.Helper()
	until(t, "one note stands", func() bool { return len(v.standing()) == 1 })
	for id, n = range v.standing() {
	}
	return id, n
}

func (v *server) none(t *testing.T) {
	t.Helper()
	until(t, "no note stands", func() bool { return len(v.standing()) == 0 })
}

func TestNoteOnTheBus(t *testing.T) {
	newBus(t)
	v := serve(t, "actions", "body", "body-markup")
	s, h := started(t)
	h.offered(t, Offers{Notes: true})
	s.Notify(letter)
	id, n := v.only(t)
	if n.title != "Claire" || n.body != "Tea &lt;b&gt;&amp;&lt;/b&gt;?" || !slices.Equal(n.actions, []string{"default", "Open"}) {
		t.Errorf("shown %+v", n)
	}
	if n.hints["transient"].Value() != true || n.hints["suppress-sound"].Value() != true || n.hints["category"].Value() != "im.received" || n.expires <= 0 {
		t.Errorf("hints %v, ends after %d", n.hints, n.expires)
	}
	again := letter
	again.Body = "Or coffee"
	s.Notify(again)
	until(t, "it is replaced", func() bool { return v.standing()[id].body == "Or coffee" })
	v.click(id)
	until(t, "a click is heard", func() bool { clicked, _, _ := h.all(); return slices.Equal(clicked, []int64{7}) })
	s.Withdraw(7)
	v.none(t)
	if _, closed, _ := h.all(); len(closed) > 0 {
		t.Errorf("what was withdrawn is told as closed: %v", closed)
	}
}

// TestServerThatReadsNoMarkup gets the letters themselves, and no action that it cannot tell of.
func TestServerThatReadsNoMarkup(t *testing.T) {
	newBus(t)
	v := serve(t, "body")
	s, _ := started(t)
	s.Notify(letter)
	if _, n := v.only(t); n.body != letter.Body || len(n.actions) > 0 {
		t.Errorf("shown %+v", n)
	}
}

// TestHistoryKeepsNothing: a server that keeps what it showed keeps nothing of what a note
// said, however it is taken away.
func TestHistoryKeepsNothing(t *testing.T) {
	newBus(t)
	v := serve(t)
	s, _ := started(t)
	blank := Note{Key: 8, Title: programName, Body: "New message", Blank: "New message"}
	s.Notify(letter)
	s.Notify(blank)
	until(t, "two notes stand", func() bool { return len(v.standing()) == 2 })
	s.Withdraw(7)
	until(t, "one is gone", func() bool { return len(v.standing()) == 1 })
	s.Notify(letter)
	until(t, "two notes stand", func() bool { return len(v.standing()) == 2 })
	s.Close()
	if left := v.standing(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	kept := v.kept()
	if len(kept) != 3 {
		t.Errorf("%d notes ended", len(kept))
	}
	for _, n := range kept {
		if n.title != programName || n.body != "" && n.body != "New message" {
			t.Errorf("kept: %q %q", n.title, n.body)
		}
	}
}

// TestWithdrawnBeforeItStands: a note whose number is not known yet is taken away as well.
func TestWithdrawnBeforeItStands(t *testing.T) {
	newBus(t)
	v := serve(t)
	v.hold = make(chan struct{}, 100)
	s, _ := started(t)
	s.Notify(letter)
	until(t, "the server is asked", func() bool { return v.called() == 1 })
	for i := range 50 { // a flood meanwhile is not told
		again := letter
		again.Body = strings.Repeat("x", i)
		s.Notify(again)
	}
	s.Withdraw(7)
	for range 100 {
		v.hold <- struct{}{}
	}
	until(t, "it ended", func() bool { return len(v.kept()) > 0 })
	v.none(t)
	if n := v.called(); n > 3 {
		t.Errorf("%d notes for a flood that nobody could read", n)
	}
	if n := v.kept()[0]; n.title != programName || n.body != "" {
		t.Errorf("kept: %+v", n)
	}
}

func TestNoteClosedByOthers(t *testing.T) {
	newBus(t)
	v := serve(t)
	s, h := started(t)
	s.Notify(letter)
	id, _ := v.only(t)
	v.end(id, 2)
	until(t, "that is heard", func() bool { _, closed, _ := h.all(); return slices.Equal(closed, []int64{7}) })
	s.Notify(letter) // the next message says the same
	v.only(t)
}

// TestNoteEndsByItself: one that says something is emptied before it ends, and told as closed.
func TestNoteEndsByItself(t *testing.T) {
	n := &notes{stands: map[int64]placed{}}
	now := time.Now()
	n.stands[7] = placed{note: letter, id: 1, since: now}
	n.stands[8] = placed{note: nothing(8), id: 2, since: now}
	if over, next := n.old(now.Add(noteLife - time.Second)); len(over) > 0 || next != time.Second {
		t.Errorf("%v, look again after %v", over, next)
	}
	if over, next := n.old(now.Add(noteLife)); !slices.Equal(over, []Note{letter}) || next != 0 {
		t.Errorf("%v, look again after %v", over, next)
	}
}

// TestServerThatDies: what stood is gone with it; the next one gets what comes.
func TestServerThatDies(t *testing.T) {
	newBus(t)
	v := serve(t, "actions")
	s, h := started(t)
	s.Notify(letter)
	v.only(t)
	_ = v.conn.Close()
	h.offered(t, Offers{})
	until(t, "that is heard", func() bool { _, closed, _ := h.all(); return slices.Equal(closed, []int64{7}) })
	v = serve(t, "actions")
	h.offered(t, Offers{Notes: true})
	s.Notify(letter)
	if _, n := v.only(t); len(n.actions) != 2 {
		t.Errorf("shown %+v", n)
	}
}

// TestServerThatNeverAnswers holds up neither the program nor its end for long.
func TestServerThatNeverAnswers(t *testing.T) {
	newBus(t)
	v := serve(t)
	v.hold = make(chan struct{})
	defer close(v.hold)
	s, _ := started(t)
	s.Notify(letter)
	began := time.Now()
	s.Close()
	if d := time.Since(began); d > 5*endTimeout {
		t.Errorf("it ended after %v", d)
	}
}

// TestWithoutBus: no bus, none that answers, and one elsewhere are all the same: nothing is
// shown, nothing waits, nothing fails.
func TestWithoutBus(t *testing.T) {
	silent := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", silent) // it takes calls and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, address := range []string{"", "unix:path=/none", "nonsense", "unix:path=" + silent, "tcp:host=127.0.0.1,port=1"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		h := &heard{}
		s := Start(h.ears(), closedTray)
		s.SetTray(Tray{Unread: true})
		s.Notify(letter)
		s.Withdraw(7)
		if !strings.Contains(address, silent) { // that one is given up after busTimeout
			h.offered(t, Offers{})
		}
		s.Close()
	}
}

// TestBusThatDies: the desktop offers nothing from then on.
func TestBusThatDies(t *testing.T) {
	end := newBus(t)
	v := serve(t)
	s, h := started(t)
	s.Notify(letter)
	v.only(t)
	end()
	h.offered(t, Offers{})
	s.Notify(letter)
	s.SetTray(Tray{Unread: true})
}
