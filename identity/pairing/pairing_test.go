package pairing

import (
	"bytes"
	"errors"
	"math/rand/v2"
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
		if len(result.Reply) != CellSize {
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

// A cell that is not what it should be changes nothing, at whatever place it is changed.
func TestForgedMessages(t *testing.T) {
	for n := 2; n <= 5; n++ {
		m := newMeeting(t).upTo(n - 1)
		id, end := m.idR, m.r
		if n%2 == 0 {
			id, end = m.idS, m.s
		}
		meant := CellSize // M2 and M3 are authenticated to their last byte
		switch n {
		case 4:
			meant = m4Tag + tagSize
		case 5:
			meant = tagSize
		}
		before := end.Marshal()
		places := []int{0, meant / 2, meant - 1, ctSize - 1, ctSize, ctSize + 30, rand.IntN(meant)}
		for _, at := range places {
			if at >= meant {
				continue
			}
			forged := bytes.Clone(m.m[n])
			forged[at] ^= 1 << rand.IntN(8)
			result, next, err := end.Receive(id, forged, m.now)
			if err != ErrForged || result.Reply != nil || result.Changed || !bytes.Equal(next.Marshal(), before) {
				t.Errorf("M%d changed at %d: %v", n, at, err)
			}
		}
		for _, cell := range [][]byte{nil, {}, m.m[n][:CellSize-1], append(bytes.Clone(m.m[n]), 0), make([]byte, CellSize), bytes.Repeat([]byte{255}, CellSize)} {
			// A cell of zeros is a well-formed M1, of another session.
			if _, next, err := end.Receive(id, cell, m.now); err != ErrForged && err != ErrBusy || !bytes.Equal(next.Marshal(), before) {
				t.Errorf("M%d replaced by %d other bytes: %v", n, len(cell), err)
			}
		}
		m.step(n) // the real one is still taken
	}
}

func TestGarbageForFirstMessage(t *testing.T) {
	m := newMeeting(t)
	for _, cell := range [][]byte{nil, make([]byte, 100), bytes.Repeat([]byte{255}, CellSize)} {
		if _, next, err := m.r.Receive(m.idR, cell, m.now); err != ErrForged || len(next.FirstMessages()) != 0 {
			t.Errorf("%d bytes: %v", len(cell), err)
		}
	}
}

// otherM1 is a first message of somebody else with the same card.
func (m *meeting) otherM1() []byte {
	m.t.Helper()
	s, err := Scan(identity.New(), "Other", m.card, false)
	if err != nil {
		m.t.Fatal(err)
	}
	return s.Last()
}

func TestFirstMessagesAreCounted(t *testing.T) {
	m := newMeeting(t).upTo(1)
	if _, next, err := m.r.Receive(m.idR, m.otherM1(), m.now); err != ErrBusy || !bytes.Equal(next.Marshal(), m.r.Marshal()) {
		t.Fatalf("a second M1 while a session lives: %v", err)
	}
	var answers [][]byte
	for n := 2; n <= MaxFirstMessages; n++ {
		m.now = m.now.Add(sessionLife / 2)
		if _, _, err := m.r.Receive(m.idR, m.otherM1(), m.now); err != ErrBusy {
			t.Fatalf("M1 number %d too early: %v", n, err)
		}
		m.now = m.now.Add(sessionLife / 2)
		m.card.Expiry = m.now.Add(time.Minute) // so that time passes for the session only
		m.r.card.Expiry = m.card.Expiry
		result, next, err := m.r.Receive(m.idR, m.otherM1(), m.now)
		if err != nil || !result.Changed {
			t.Fatalf("M1 number %d: %v", n, err)
		}
		m.r = restart(t, next)
		answers = append(answers, result.Reply)
	}
	if bytes.Equal(answers[0], answers[1]) || bytes.Equal(answers[0], m.m[2]) {
		t.Error("answers repeat")
	}
	m.now = m.now.Add(sessionLife)
	if _, next, err := m.r.Receive(m.idR, m.otherM1(), m.now); err != ErrTooMany || !bytes.Equal(next.Marshal(), m.r.Marshal()) {
		t.Errorf("a fourth M1: %v", err)
	}
	if got := len(m.r.FirstMessages()); got != MaxFirstMessages {
		t.Errorf("%d first messages are counted", got)
	}

	// A restart that lost the session but kept the list does not begin to count again.
	fresh, err := Present(m.idR, "Rosa", m.r.Card(), m.r.FirstMessages())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := fresh.Receive(m.idR, m.otherM1(), m.now); err != ErrTooMany && err != ErrExpired {
		t.Errorf("a fourth M1 after a restart: %v", err)
	}
}

// The answer to a first message is made once, also when a restart lost it.
func TestLostAnswerIsNotMadeAgain(t *testing.T) {
	m := newMeeting(t).upTo(1)
	fresh, err := Present(m.idR, "Rosa", m.card, m.r.FirstMessages())
	if err != nil {
		t.Fatal(err)
	}
	if result, _, err := fresh.Receive(m.idR, m.m[1], m.now); err != ErrBusy || result.Reply != nil {
		t.Errorf("the same M1 is answered afresh: %v", err)
	}
}

func TestOtherFirstMessageEndsNothingLater(t *testing.T) {
	m := newMeeting(t).upTo(3)
	for _, after := range []time.Duration{0, sessionLife, 100 * sessionLife} {
		if _, next, err := m.r.Receive(m.idR, m.otherM1(), m.now.Add(after)); err != ErrForged || next.Phase() != Confirming {
			t.Errorf("another M1 %v after M3: %v", after, err)
		}
	}
}

func TestExpiryIsThePresentersAlone(t *testing.T) {
	m := newMeeting(t)
	good := m.card.GoodUntil()
	if want := start.Add(identity.ScreenCardLife + identity.ScreenCardGrace); !good.Equal(want) {
		t.Fatalf("good until %v, want %v", good, want)
	}
	m.now = good.Add(time.Second)
	if _, next, err := m.r.Receive(m.idR, m.m[1], m.now); err != ErrExpired || next.Phase() != Offered {
		t.Errorf("an expired card is answered: %v", err)
	}
	m.now = good
	m.step(1)
	m.now = good.AddDate(1, 0, 0) // a session that began in time may end; S's clock does not matter
	for n := 2; n <= 5; n++ {
		m.step(n)
	}
}

func TestWrongPeers(t *testing.T) {
	t.Run("card of somebody else", func(t *testing.T) {
		m := newMeeting(t)
		card := m.card
		card.Fingerprint = identity.New().Fingerprint()
		s, err := Scan(m.idS, "S", card, true)
		if err != nil {
			t.Fatal(err)
		}
		result, _, err := m.r.Receive(m.idR, s.Last(), m.now)
		if err != nil {
			t.Fatal(err)
		}
		_, next, err := s.Receive(m.idS, result.Reply, m.now)
		if err != ErrWrongPeer || next.Phase() != Failed {
			t.Errorf("S: %v, phase %d", err, next.Phase())
		}
		if _, _, ok := next.Peer(); ok {
			t.Error("a refused peer is told")
		}
	})
	t.Run("own card", func(t *testing.T) {
		m := newMeeting(t)
		if _, err := Scan(m.idR, "R", m.card, false); err != ErrOwn {
			t.Errorf("own card: %v", err)
		}
	})
	t.Run("own keys answer the own card", func(t *testing.T) {
		m := newMeeting(t)
		card := m.card
		card.Fingerprint = identity.New().Fingerprint() // gets past Scan's own check
		s, err := Scan(m.idR, "R", card, false)
		if err != nil {
			t.Fatal(err)
		}
		s.card = m.card // the answer is then accepted as the card's
		result, r, err := m.r.Receive(m.idR, s.Last(), m.now)
		if err != nil {
			t.Fatal(err)
		}
		if _, next, err := s.Receive(m.idR, result.Reply, m.now); err != ErrOwn || next.Phase() != Failed {
			t.Errorf("S meets itself: %v", err)
		}
		// R's own check, against an S that makes none.
		m3 := forgeM3(t, s, m.idR, result.Reply, s.nonce, m.idR.Bundle())
		if _, next, err := r.Receive(m.idR, m3, m.now); err != ErrOwn || next.Phase() != Failed {
			t.Errorf("R meets itself: %v", err)
		}
	})
	t.Run("pinned", func(t *testing.T) {
		m := newMeeting(t)
		m.r = m.r.Again(m.idS.Fingerprint())
		m.s = m.s.Again(m.idR.Fingerprint())
		m.reload = true
		m.upTo(5)

		m = newMeeting(t)
		m.r = restart(t, m.r.Again(identity.New().Fingerprint()))
		m.upTo(2)
		if _, next, err := m.r.Receive(m.idR, m.m[3], m.now); err != ErrWrongPeer || next.Phase() != Failed {
			t.Errorf("R: %v", err)
		}

		m = newMeeting(t)
		m.s = restart(t, m.s.Again(identity.New().Fingerprint()))
		m.upTo(1)
		if _, next, err := m.s.Receive(m.idS, m.m[2], m.now); err != ErrWrongPeer || next.Phase() != Failed {
			t.Errorf("S: %v", err)
		}
	})
}

// forgeM3 answers M2 as S would, but with a nonce and a bundle of choice.
func forgeM3(t testing.TB, s State, id *identity.Identity, m2 []byte, nonce key, bundle identity.Bundle) []byte {
	t.Helper()
	ss, err := identity.NewPrivateKey(s.seed).Decapsulate(m2[:ctSize], infoE(s.last))
	if err != nil {
		t.Fatal(err)
	}
	k1 := deriveK1(ss, s.card.Invite, s.last, m2[:ctSize])
	plain, err := identity.Open(k1[:], m2[ctSize:], nil)
	if err != nil {
		t.Fatal(err)
	}
	peer, err := parseClaim(plain, identity.KEMPublicSize)
	if err != nil {
		t.Fatal(err)
	}
	t2 := identity.Hash(s.last, m2[:ctSize], m2[ctSize:])
	ctR, ss, err := peer.bundle.Encapsulate(infoR(t2))
	if err != nil {
		t.Fatal(err)
	}
	k2 := deriveK2(ss, k1, t2, peer.bundle, ctR)
	own := claim{bundle: bundle, name: s.name, nonce: nonce}
	return newCell(ctR, identity.Seal(k2[:], own.marshal(), nil))
}

// Whoever sees R's nonce cannot choose their own one, or their keys, any more.
func TestCommitmentBinds(t *testing.T) {
	m := newMeeting(t).upTo(1)
	for name, m3 := range map[string][]byte{
		"nonce": forgeM3(t, m.s, m.idS, m.m[2], key{1}, m.idS.Bundle()),
		"keys":  forgeM3(t, m.s, m.idS, m.m[2], m.s.nonce, identity.New().Bundle()),
	} {
		if _, next, err := m.r.Receive(m.idR, m3, m.now); err != ErrCommitment || next.Phase() != Failed {
			t.Errorf("other %s than committed to: %v", name, err)
		}
	}
	m3 := forgeM3(t, m.s, m.idS, m.m[2], m.s.nonce, m.idS.Bundle())
	if _, _, err := m.r.Receive(m.idR, m3, m.now); err != nil {
		t.Errorf("what was committed to: %v", err)
	}
}

// Somebody between the two who answers each in the other's place gets the
// messages through, but not equal codes.
func TestManInTheMiddleGetsOtherCodes(t *testing.T) {
	idR, idS, idM := identity.New(), identity.New(), identity.New()
	cardR := identity.NewCard(idR.Fingerprint(), time.Hour, false, start)
	swapped := cardR // the link, changed on its way
	swapped.Fingerprint = idM.Fingerprint()

	toR := &meeting{t: t, idR: idR, idS: idM, now: start, card: cardR}
	toS := &meeting{t: t, idR: idM, idS: idS, now: start, card: swapped}
	for _, m := range []*meeting{toR, toS} {
		var err error
		if m.r, err = Present(m.idR, "Rosa", m.card, nil); err != nil {
			t.Fatal(err)
		}
		if m.s, err = Scan(m.idS, "Søren", m.card, false); err != nil {
			t.Fatal(err)
		}
		m.m[1] = m.s.Last()
		m.upTo(5)
	}
	if _, err := toS.s.Check(toR.r.Show()); err != ErrCodeWrong {
		t.Errorf("S accepts R's code: %v", err)
	}
	if _, err := toR.r.Check(toS.s.Show()); err != ErrCodeWrong {
		t.Errorf("R accepts S's code: %v", err)
	}
}

func TestInviteIsNeeded(t *testing.T) {
	m := newMeeting(t)
	card := m.card
	card.Invite[0] ^= 1
	s, err := Scan(m.idS, "S", card, false)
	if err != nil {
		t.Fatal(err)
	}
	result, _, err := m.r.Receive(m.idR, s.Last(), m.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, next, err := s.Receive(m.idS, result.Reply, m.now); err != ErrForged || next.Phase() != Searching {
		t.Errorf("another invitation: %v", err)
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

func TestClaimIsStrict(t *testing.T) {
	c := claim{bundle: identity.New().Bundle(), name: "Ana", nonce: key{1}}
	good := c.marshal()
	if _, err := parseClaim(good, 0); err != nil {
		t.Fatal(err)
	}
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	for name, plain := range map[string][]byte{
		"empty":          nil,
		"short":          good[:boxPlain-1],
		"bundle version": change(0, 2),
		"long name":      change(identity.BundleSize, 2),
		"name fill":      change(identity.BundleSize+2+3, 1),
		"end":            change(boxPlain-1, 1),
	} {
		if _, err := parseClaim(plain, 0); !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
