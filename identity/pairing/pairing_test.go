package pairing

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tacit/identity"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// meeting is one pairing with both its ends.
type meeting struct {
	t      testing.TB
	idR    *identity.Identity
	idS    *identity.Identity
	card   identity.Card
	r, s   State
	now    time.Time
	m      [6][]byte // m[1] to m[5]
	reload bool      // both ends restart after each step
}

func newMeeting(t testing.TB) *meeting {
	t.Helper()
	m := &meeting{t: t, idR: identity.New(), idS: identity.New(), now: start}
	m.card = identity.NewCard(m.idR.Fingerprint(), identity.ScreenCardLife, true, start)
	var err error
	if m.r, err = Present(m.idR, "Rosa", m.card, nil); err != nil {
		t.Fatal(err)
	}
	if m.s, err = Scan(m.idS, "Søren", m.card, false); err != nil {
		t.Fatal(err)
	}
	m.m[1] = m.s.Last()
	return m
}

// restart passes a state through its bytes.
func restart(t testing.TB, s State) State {
	t.Helper()
	again, err := Unmarshal(s.Marshal())
	if err != nil {
		t.Fatalf("unmarshal in phase %d: %v", s.Phase(), err)
	}
	if !bytes.Equal(again.Marshal(), s.Marshal()) {
		t.Fatalf("phase %d changes when it is stored", s.Phase())
	}
	return again
}

// step hands message n to whom it is for and keeps the answer as message n+1.
func (m *meeting) step(n int) {
	m.t.Helper()
	id, end := m.idR, &m.r
	if n%2 == 0 {
		id, end = m.idS, &m.s
	}
	result, next, err := end.Receive(id, m.m[n], m.now)
	if err != nil {
		m.t.Fatalf("M%d: %v", n, err)
	}
	if !result.Changed {
		m.t.Fatalf("M%d changed nothing", n)
	}
	*end = next
	if m.reload {
		*end = restart(m.t, next)
	}
	if n < 5 {
		if len(result.Reply) != end.size() {
			m.t.Fatalf("answer to M%d has %d bytes", n, len(result.Reply))
		}
		m.m[n+1] = result.Reply
	}
}

// upTo runs messages 1 to n.
func (m *meeting) upTo(n int) *meeting {
	m.t.Helper()
	for i := 1; i <= n; i++ {
		m.step(i)
	}
	return m
}

func TestAgreement(t *testing.T) {
	m := newMeeting(t).upTo(5)
	if m.r.Phase() != Agreed || m.s.Phase() != Agreed {
		t.Fatalf("phases %d and %d", m.r.Phase(), m.s.Phase())
	}
	sr, okR := m.r.Secrets()
	ss, okS := m.s.Secrets()
	if !okR || !okS {
		t.Fatal("no secrets")
	}
	if sr.Sender || !ss.Sender || sr.Peer != m.idS.Bundle() || ss.Peer != m.idR.Bundle() {
		t.Error("roles or peers are wrong")
	}
	if !bytes.Equal(identity.NewPrivateKey([32]byte(sr.RatchetKey)).Public(), ss.RatchetKey) {
		t.Error("R's seed does not belong to the ratchet key that S got")
	}
	ss.Sender, ss.Peer, ss.RatchetKey = sr.Sender, sr.Peer, sr.RatchetKey
	if !equalSecrets(sr, ss) {
		t.Error("secrets differ")
	}
	for _, k := range [][32]byte{sr.SK, sr.HKa, sr.NHKb, sr.RS, sr.T2, sr.AD} {
		if k == (key{}) {
			t.Error("a secret is zero")
		}
	}
	if _, name, _ := m.r.Peer(); name != "Søren" {
		t.Errorf("R knows S as %q", name)
	}
	if _, name, _ := m.s.Peer(); name != "Rosa" {
		t.Errorf("S knows R as %q", name)
	}
}

func equalSecrets(a, b Secrets) bool {
	return a.SK == b.SK && a.HKa == b.HKa && a.NHKb == b.NHKb && a.RS == b.RS && a.T2 == b.T2 && a.AD == b.AD
}

func TestCodes(t *testing.T) {
	m := newMeeting(t)
	for n := 1; n <= 4; n++ {
		if m.r.Show() != "" || m.s.Show() != "" {
			t.Fatalf("a code is shown before M%d", n)
		}
		if _, err := m.s.Check("000000"); err != ErrNotYet {
			t.Fatalf("S may check before M%d: %v", n, err)
		}
		m.step(n)
	}
	if m.s.Show() == "" {
		t.Error("S shows nothing after M4")
	}
	if m.r.Show() != "" {
		t.Error("R shows its code before M5")
	}
	early, err := m.r.Check(m.s.Show())
	if err != nil || !early.Checked() {
		t.Errorf("R cannot check after M3: %v", err)
	}
	m.step(5)
	if len(m.r.Show()) != 6 || len(m.s.Show()) != 6 {
		t.Fatalf("codes %q and %q", m.r.Show(), m.s.Show())
	}
	r, err := m.r.Check(m.s.Show())
	if err != nil || !r.Checked() {
		t.Errorf("R: %v", err)
	}
	s, err := m.s.Check(m.r.Show())
	if err != nil || !s.Checked() {
		t.Errorf("S: %v", err)
	}
	if again := restart(t, s); !again.Checked() {
		t.Error("a checked code is forgotten")
	}
	if _, err := s.Check("000000"); err != ErrNotYet {
		t.Errorf("a second check: %v", err)
	}
}

func TestCodeHasOneAttempt(t *testing.T) {
	m := newMeeting(t).upTo(5)
	for _, code := range []string{"", "12345", "1234567", "12345a", "１２３４５６", "+12345", " 12345"} {
		s, err := m.s.Check(code)
		if err != ErrCodeMalformed || s.Phase() != Agreed {
			t.Errorf("%q: %v", code, err)
		}
	}
	wrong := []byte(m.r.Show())
	wrong[0] = '0' + (wrong[0]-'0'+1)%10
	s, err := m.s.Check(string(wrong))
	if err != ErrCodeWrong || s.Phase() != Failed {
		t.Fatalf("wrong code: %v, phase %d", err, s.Phase())
	}
	s = restart(t, s)
	if _, err := s.Check(m.r.Show()); err != ErrNotYet {
		t.Errorf("a second attempt: %v", err)
	}
	if _, ok := s.Secrets(); ok || s.Show() != "" || s.Last() != nil {
		t.Error("a failed pairing still has secrets")
	}
	if _, _, err := s.Receive(m.idS, m.m[4], start); err != ErrEnded {
		t.Errorf("a failed pairing goes on: %v", err)
	}
}

func TestRestartBetweenAnyTwoMessages(t *testing.T) {
	m := newMeeting(t)
	m.reload = true
	m.r, m.s = restart(t, m.r), restart(t, m.s)
	m.upTo(5)
	if _, err := m.r.Check(m.s.Show()); err != nil {
		t.Error(err)
	}
	if _, err := m.s.Check(m.r.Show()); err != nil {
		t.Error(err)
	}
}

// Every message is sent again until the next one comes; whichever copy arrives when,
// the outcome is the same.
func TestRepeats(t *testing.T) {
	m := newMeeting(t)
	for n := 1; n <= 5; n++ {
		m.step(n)
		for again := 1; again <= n; again++ {
			id, end, name := m.idR, m.r, "R"
			if again%2 == 0 {
				id, end, name = m.idS, m.s, "S"
			}
			result, next, err := end.Receive(id, m.m[again], m.now)
			if !bytes.Equal(next.Marshal(), end.Marshal()) || result.Changed {
				t.Errorf("after M%d a repeated M%d changes %s", n, again, name)
			}
			latest := again == n || again == n-1
			if latest && err != nil {
				t.Errorf("after M%d a repeated M%d: %v", n, again, err)
			}
			if again == n && n < 5 && !bytes.Equal(result.Reply, m.m[n+1]) {
				t.Errorf("a repeated M%d gets another answer", n)
			}
		}
	}
	result, _, err := m.r.Receive(m.idR, m.m[1], m.now)
	if err != nil || !bytes.Equal(result.Reply, m.m[2]) {
		t.Errorf("a late M1 is not answered with the stored M2: %v", err)
	}
}

func TestFirstRatchetCellStandsForM5(t *testing.T) {
	m := newMeeting(t).upTo(4)
	if _, ok := m.r.Secrets(); !ok || m.r.Show() != "" {
		t.Fatal("R cannot try the first ratchet cell")
	}
	r := m.r.Confirm()
	if r.Phase() != Agreed || r.Show() == "" {
		t.Fatal("R is not satisfied")
	}
	if _, next, err := r.Receive(m.idR, m.m[5], m.now); err != nil || next.Phase() != Agreed {
		t.Errorf("M5 after it: %v", err)
	}
	if s := m.s.Confirm(); !bytes.Equal(s.Marshal(), m.s.Marshal()) {
		t.Error("Confirm changes S")
	}
	if o := newMeeting(t).r.Confirm(); o.Phase() != Offered {
		t.Error("Confirm changes a fresh R")
	}
}

func TestNames(t *testing.T) {
	m := newMeeting(t)
	long := strings.Repeat("é", MaxName/2)
	for _, name := range []string{"", "x", long} {
		var err error
		if m.r, err = Present(m.idR, name, m.card, nil); err != nil {
			t.Fatal(err)
		}
		if m.s, err = Scan(m.idS, name, m.card, false); err != nil {
			t.Fatal(err)
		}
		m.m[1] = m.s.Last()
		m.upTo(5)
		_, atR, _ := m.r.Peer()
		_, atS, _ := m.s.Peer()
		if atR != name || atS != name {
			t.Errorf("%q arrives as %q and %q", name, atR, atS)
		}
	}
	if _, err := Present(m.idR, long+"x", m.card, nil); err != ErrNameTooLong {
		t.Errorf("Present: %v", err)
	}
	if _, err := Scan(m.idS, long+"x", m.card, false); err != ErrNameTooLong {
		t.Errorf("Scan: %v", err)
	}
	if _, err := Present(m.idS, "S", m.card, nil); err != ErrMalformed {
		t.Errorf("the card of somebody else is presented: %v", err)
	}
}
