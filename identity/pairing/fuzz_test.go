package pairing

import (
	"bytes"
	"errors"
	"testing"
	"testing/cryptotest"

	"tacit/identity"
)

func FuzzUnmarshal(f *testing.F) {
	for _, s := range states(f) {
		f.Add(s.Marshal())
	}
	id := identity.FromRoot([32]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		s, err := Unmarshal(b)
		if err != nil {
			return
		}
		if !bytes.Equal(s.Marshal(), b) {
			t.Fatal("two encodings of one state")
		}
		// Whatever the keys are, what follows must not panic, and leaves a state
		// that can be stored and read again.
		_, next, _ := s.Receive(id, make([]byte, s.size()), start)
		restart(t, next)
		next, _ = s.Check("123456")
		restart(t, next)
		restart(t, s.Confirm())
		restart(t, s.Begun())
	})
}

// place is one end at one point of a pairing.
type place struct {
	id *identity.Identity
	s  State
}

// course is a whole pairing, of which everything is known.
type course struct {
	m      [6][]byte // m[1] to m[5]
	before [6]place  // the end that expects message n
	after  [6]State  // that end when it has it
	all    []place   // both ends before, between and after the messages
	plain  [6][]byte // n = 2, 3: what the box of the message holds
	key    [6]key    // n = 2, 3: what it is sealed with
}

var theCourse *course // made by the first execution from the randomness that each begins with

func newCourse(t *testing.T) *course {
	m := newMeeting(t)
	c := &course{all: []place{{m.idR, m.r}, {m.idS, m.s}}}
	for n := 1; n <= 5; n++ {
		id, end := m.idR, &m.r
		if n%2 == 0 {
			id, end = m.idS, &m.s
		}
		c.m[n], c.before[n] = m.m[n], place{id, *end}
		m.step(n)
		c.after[n] = *end
		c.all = append(c.all, place{m.idR, m.r}, place{m.idS, m.s})
	}
	r, s := c.after[1], c.after[2]
	c.key[2], c.key[3] = r.chain, s.chain
	for _, n := range []int{2, 3} {
		plain, err := identity.Open(c.key[n][:], c.m[n][ctSize:], nil)
		if err != nil {
			t.Fatal(err)
		}
		c.plain[n] = plain
	}
	return c
}

// patched returns b with patch written over it somewhere.
func patched(b []byte, at uint16, patch []byte) []byte {
	b = bytes.Clone(b)
	copy(b[int(at)%len(b):], patch)
	return b
}

// FuzzMessage hands an altered message to the end that expects it, and to any other
// place. M2 and M3 are altered from outside, or within their box by somebody who
// has its key.
func FuzzMessage(f *testing.F) {
	f.Add(uint8(0), false, uint8(0), uint16(0), []byte{})
	f.Fuzz(func(t *testing.T, which uint8, within bool, elsewhere uint8, at uint16, patch []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		if theCourse == nil {
			theCourse = newCourse(t)
			cryptotest.SetGlobalRandom(t, 1)
		}
		c := theCourse
		n := 1 + int(which)%5
		within = within && c.plain[n] != nil
		cell, plain := c.m[n], c.plain[n]
		if within {
			plain = patched(plain, at, patch)
			cell = append(bytes.Clone(cell[:ctSize]), identity.Seal(c.key[n][:], plain, nil)...)
		} else {
			cell = patched(cell, at, patch)
		}
		next, err := receive(t, c.before[n], cell)
		switch {
		case bytes.Equal(cell, c.m[n]), within && bytes.Equal(plain, c.plain[n]):
			if err != nil {
				t.Fatalf("M%d as it was: %v", n, err)
			}
		case within:
			c.checkClaim(t, n, plain, next, err)
		default:
			c.checkCell(t, n, cell, next, err)
		}
		receive(t, c.all[int(elsewhere)%len(c.all)], cell)
	})
}

// receive checks what holds for every cell: the state that was there stays as it
// was, the next one too where the cell is dropped, and each can be stored.
func receive(t *testing.T, p place, cell []byte) (State, error) {
	t.Helper()
	before := p.s.Marshal()
	result, next, err := p.s.Receive(p.id, cell, start)
	if !bytes.Equal(p.s.Marshal(), before) {
		t.Fatal("Receive wrote to the state it was given")
	}
	restart(t, next)
	ended := err != nil && next.phase == Failed && p.s.phase != Failed
	switch {
	case ended:
		if _, ok := next.Secrets(); ok || !result.Changed || result.Reply != nil || next.last != nil {
			t.Fatalf("a failed pairing keeps or says something: %v", err)
		}
	case result.Changed == bytes.Equal(next.Marshal(), before):
		t.Fatalf("Changed is %t: %v", result.Changed, err)
	case err != nil && (result.Changed || result.Reply != nil):
		t.Fatalf("a dropped cell was answered or changed the state: %v", err)
	}
	if result.Reply != nil && len(result.Reply) != CellSize {
		t.Fatalf("reply of %d bytes", len(result.Reply))
	}
	return next, err
}

// checkCell says what may become of a message that was altered on its way.
func (c *course) checkCell(t *testing.T, n int, cell []byte, next State, err error) {
	same := func(from, to int) bool { return bytes.Equal(cell[from:to], c.m[n][from:to]) }
	switch n {
	case 1: // nothing authenticates it: another M1, where its key is one
		_, keyErr := identity.ParsePublicKey(cell[:m1Commitment])
		if err != nil && keyErr == nil && same(0, m1Commitment) || err == nil && (keyErr != nil || next.phase != Answered) {
			t.Fatalf("M1: %v, phase %d", err, next.phase)
		}
	case 2, 3: // all of it is authenticated
		if err != ErrForged && err != ErrBusy {
			t.Fatalf("M%d: %v", n, err)
		}
	case 4, 5: // all but its fill
		want := c.after[n]
		used := m4Tag + tagSize
		if n == 5 {
			used = tagSize
		}
		if same(0, used) {
			if err != nil || next.phase != Agreed || next.digits != want.digits || !equalSecrets(next.secrets, want.secrets) {
				t.Fatalf("M%d with another fill: %v, phase %d", n, err, next.phase)
			}
		} else if err != ErrForged {
			t.Fatalf("M%d: %v", n, err)
		}
	}
}

// checkClaim says what may become of M2 and M3 of somebody who has the key of the box.
func (c *course) checkClaim(t *testing.T, n int, plain []byte, next State, err error) {
	rest := 0
	if n == 2 {
		rest = identity.KEMPublicSize
	}
	parsed, parseErr := parseClaim(plain, rest)
	if parseErr != nil {
		if err != ErrForged {
			t.Fatalf("M%d with a claim that does not parse: %v", n, err)
		}
		return
	}
	name := identity.BundleSize + 2 + len(parsed.name)
	if !zero(plain[name:identity.BundleSize+profileSize]) || !zero(plain[identity.BundleSize+profileSize+nonceSize+rest:]) {
		t.Fatal("two encodings of one claim")
	}
	sameBundle := bytes.Equal(plain[:identity.BundleSize], c.plain[n][:identity.BundleSize])
	switch {
	case n == 3:
		if !errors.Is(err, ErrCommitment) || next.phase != Failed {
			t.Fatalf("a claim that was not committed to: %v, phase %d", err, next.phase)
		}
	case !sameBundle:
		if err != ErrForged && (err != ErrWrongPeer || next.phase != Failed) {
			t.Fatalf("keys of somebody else: %v, phase %d", err, next.phase)
		}
	case err == nil:
		if _, name, ok := next.Peer(); !ok || name != parsed.name || next.phase != Replied {
			t.Fatalf("peer %q, %t, phase %d", name, ok, next.phase)
		}
	case err != ErrForged: // the ratchet key is none
		t.Fatalf("a claim by whom it is of: %v", err)
	}
}
