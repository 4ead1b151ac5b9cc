package session

import (
	"bytes"
	"fmt"
	"math/bits"
	"os"
	"regexp"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/pairing"
)

// TestDocumentedLimits holds the limits of this package to section 16 of docs/protocol.md.
func TestDocumentedLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	if resetPause != time.Hour {
		t.Errorf("a reset every %v", resetPause)
	}
	for name, value := range map[string]string{
		"replaced ratchets":       fmt.Sprintf("%d for %v days", maxReceiving, receiveLife.Hours()/24),
		`two pairings "together"`: fmt.Sprintf("%v min", togetherSpan.Minutes()),
		"session resets":          fmt.Sprintf("one an hour; n at most 2^%d", bits.TrailingZeros(maxNumber)),
	} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (.+?) \| `).FindSubmatch(page)
		if row == nil || string(row[1]) != value {
			t.Errorf("%s: documented %q, is %q", name, row, value)
		}
	}
}

// What is stored says in which version: a profile of today is read by every later program.
func TestStoredVersions(t *testing.T) {
	s, _ := contacts(t)
	for name, c := range map[string]struct {
		stored  []byte
		version byte
	}{
		"state":  {s.state.Marshal(), 2},
		"grants": {Grants{}.Marshal(), 2},
		"reset":  {s.reset.Marshal(), 1},
	} {
		if c.stored[0] != c.version {
			t.Errorf("%s: version %d, want %d", name, c.stored[0], c.version)
		}
	}
}

// There was no version 0, and a later one is not read as if it were this one.
func TestUnmarshalRefusesOtherVersions(t *testing.T) {
	s, _ := contacts(t)
	for version, b := range map[byte][]byte{0: marshalV1(s.state), 3: s.state.Marshal()} {
		if _, err := Unmarshal(b); err != nil {
			t.Fatal(err)
		}
		b[0] = version
		if _, err := Unmarshal(b); err != ErrMalformed {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

// What is wrong with a part is wrong with the whole.
func TestUnmarshalRefusesABrokenPart(t *testing.T) {
	s, _ := contacts(t)
	b := s.state.Marshal()
	at := len(b) - len(s.state.lines[0].r.Marshal())
	b[at]++ // version of the ratchet
	if _, err := Unmarshal(b); err != ErrMalformed {
		t.Errorf("ratchet: %v", err)
	}
	_, g := Grants{}.Issue(start)
	b = g.Marshal()
	b[3]++ // number of grants that were issued
	if _, err := UnmarshalGrants(b); err != ErrMalformed {
		t.Errorf("grants: %v", err)
	}
}

// Ten minutes after the first pairing the second one still counts as made together with
// it, a second later it does not.
func TestTogetherForTenMinutes(t *testing.T) {
	idR, idS := identity.New(), identity.New()
	first, _ := meet(t, idR, idS)
	later, _ := meet(t, idR, idS)
	first.T2, later.T2 = [32]byte{2}, [32]byte{1}
	for after, sends := range map[time.Duration][32]byte{10 * time.Minute: first.T2, 10*time.Minute + time.Second: later.T2} {
		s, err := New(first, start)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.Replace(later, start.Add(after)); err != nil {
			t.Fatal(err)
		}
		if s.lines[0].t2 != sends {
			t.Errorf("after %v the other one sends", after)
		}
	}
}

// Adopt of what the only ratchet knows is Open.
func TestAdoptOfTheOneThatSends(t *testing.T) {
	r, s := pair(t)
	box := seal(t, &s, "hello")
	content, adopted, err := r.Adopt(box, start)
	if err != nil || string(content) != "hello" {
		t.Fatalf("%q: %v", content, err)
	}
	_, opened, _ := r.Open(box, start)
	if !bytes.Equal(adopted.Marshal(), opened.Marshal()) {
		t.Error("not the state after Open")
	}
}

// A ratchet that was made in the same second as the reset is not late: which of them the
// peer lost cannot be told, and it uses this one.
func TestAdoptWithinASecond(t *testing.T) {
	first := line{t2: [32]byte{2}, made: 9, from: origin{[32]byte{1}, 1}}
	s := State{[]line{first}}
	for made, late := range map[int64]bool{8: true, 9: false, 10: false} {
		if got := s.isLate(line{t2: [32]byte{3}, made: made}); got != late {
			t.Errorf("made at %d, the other at 9: late is %v", made, got)
		}
	}
}

// A grant of zero tokens is none, in either direction.
func TestZeroGrantsAreNotWritable(t *testing.T) {
	var g Grants
	if g.Writable() || len(g.DialKeys()) != 0 || len(g.AcceptKeys()) != 0 {
		t.Error("a right out of nothing")
	}
}

// answered returns a reset in which R has answered M1, and M1 as it was sealed.
func answered(t *testing.T) (r *end, m1 message) {
	t.Helper()
	s, r := contacts(t)
	s.reset.seen, r.reset.seen = 4, 4
	box := s.start()
	r.take(box)
	m1, err := r.reset.open(box)
	if err != nil || m1.n != 5 || m1.kind != 1 {
		t.Fatalf("M%d of %d: %v", m1.kind, m1.n, err)
	}
	return r, m1
}

// M1 repeated under the number of another reset is not answered with M2: R asks for a
// number above all.
func TestRepeatUnderAnotherNumber(t *testing.T) {
	r, m1 := answered(t)
	for _, n := range []uint64{4, 5} {
		step, next, err := r.reset.Receive(r.id, r.peer, r.reset.seal(message{n, 1, m1.body}), r.now)
		if err != nil || step.Changed || !bytes.Equal(next.Marshal(), r.reset.Marshal()) {
			t.Fatalf("number %d: %v", n, err)
		}
		reply, err := r.reset.open(step.Reply)
		if want := map[uint64]message{4: {n: 6, kind: 0}, 5: {n: 5, kind: 2}}[n]; err != nil || reply.n != want.n || reply.kind != want.kind {
			t.Errorf("number %d is answered by M%d of %d: %v", n, reply.kind, reply.n, err)
		}
	}
}

// M1 repeated as if it were M5 is dropped: nothing answers a message that cannot come yet.
func TestRepeatAsALaterMessage(t *testing.T) {
	r, m1 := answered(t)
	r.drops(r.reset.seal(message{5, 5, m1.body}), ErrForged)
}

// S's first box of the new ratchet ends a reset only where it is a box that Open would take.
func TestFirstBoxOfNoLength(t *testing.T) {
	s, r := contacts(t)
	s.take(r.take(s.take(r.take(s.start())))) // R has answered with M4, and S has it
	good, _, err := s.state.lines[0].r.Seal(make([]byte, 1592), s.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1591, 1593} {
		box, _, err := s.state.lines[0].r.Seal(make([]byte, n), s.now)
		if err != nil {
			t.Fatal(err)
		}
		r.drops(box, ErrUnknown)
	}
	step, _, err := r.reset.Receive(r.id, r.peer, good, r.now)
	if err != nil || !step.Opens || step.Renewed == nil {
		t.Errorf("a box of %d bytes: %v", len(good), err)
	}
}

// A stored reset holds no pairing that Receive would not leave there: in Agreed only that of
// S, and none with a card.
func TestUnmarshalResetOfAgreed(t *testing.T) {
	s, r := contacts(t)
	inv := [16]byte{1}
	atR, errR := pairing.AwaitReset(r.id, s.id.Bundle(), inv)
	atS, errS := pairing.BeginReset(s.id, r.id.Bundle(), inv)
	resetR, resetS := agreeOn(t, r.id, s.id, atR, atS, errR, errS)
	card := identity.NewCard(r.id.Fingerprint(), time.Hour, false, start)
	atR, errR = pairing.Present(r.id, "R", card, nil)
	atS, errS = pairing.Scan(s.id, "S", card, false)
	_, cardS := agreeOn(t, r.id, s.id, atR, atS, errR, errS)
	head := NewReset([32]byte{1}, 1).Marshal()
	for name, c := range map[string]struct {
		p    pairing.State
		want error
	}{
		"S of a reset":  {resetS, nil},
		"R of a reset":  {resetR, ErrMalformed},
		"S with a card": {cardS, ErrMalformed},
	} {
		if _, err := UnmarshalReset(append(bytes.Clone(head), c.p.Marshal()...)); err != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// agreeOn runs a pairing to its end on both sides.
func agreeOn(t *testing.T, idR, idS *identity.Identity, r, s pairing.State, errs ...error) (atR, atS pairing.State) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	cell := s.Last()
	for to, id, other, otherID := &r, idR, &s, idS; cell != nil; to, id, other, otherID = other, otherID, to, id {
		result, next, err := to.Receive(id, cell, start)
		if err != nil {
			t.Fatal(err)
		}
		*to, cell = next, result.Reply
	}
	return r, s
}
