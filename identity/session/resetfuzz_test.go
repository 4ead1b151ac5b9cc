package session

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"testing/cryptotest"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// course is a whole reset, of which everything is known.
type course struct {
	places []end // both sides before each message and at the end
	boxes  [7][]byte
	said   [6]message
}

var theCourse *course // made by the first execution from the randomness that each begins with

func newCourse(t *testing.T) *course {
	s, r := contacts(t)
	c := &course{places: []end{*s, *r}}
	box := r.start()
	for n, to := range []*end{s, r, s, r, s, r} {
		m, err := to.reset.open(box)
		if err != nil {
			t.Fatal(err)
		}
		c.boxes[n], c.said[n] = box, m
		c.places = append(c.places, *s, *r)
		box = to.take(box)
	}
	c.boxes[6] = seal(t, &s.state, "first")
	c.places = append(c.places, *s, *r)
	return c
}

// FuzzReset alters a message of a reset, or S's first box, from outside or behind the box
// by somebody who has RS, and hands it to either side at any point. Nothing is renewed but
// by what was really said, and the next state can be stored and read.
func FuzzReset(f *testing.F) {
	for n := range uint8(7) {
		f.Add(n, n/2*2, false, uint16(0), []byte{})
		f.Add(n, 3*n, true, uint16(0), []byte{})
		f.Add(n, 2*n+1, true, uint16(7), []byte{2, 3})
	}
	f.Fuzz(func(t *testing.T, which, where uint8, inside bool, at uint16, patch []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		if theCourse == nil {
			theCourse = newCourse(t)
			cryptotest.SetGlobalRandom(t, 1)
		}
		c := theCourse
		n, e := which%7, c.places[int(where)%len(c.places)]
		e.t = t
		box := bytes.Clone(c.boxes[n])
		if inside && n < 6 {
			plain := binary.BigEndian.AppendUint64(nil, c.said[n].n)
			plain = append(append(plain, byte(c.said[n].kind)), c.said[n].body...)
			copy(plain[int(at)%len(plain):], patch)
			box = e.reset.seal(message{binary.BigEndian.Uint64(plain), messageType(plain[resetType]), plain[resetMessage:]})
		} else {
			copy(box[int(at)%len(box):], patch)
		}
		c.check(t, e, box)
	})
}

func (c *course) check(t *testing.T, e end, box []byte) {
	t.Helper()
	before := e.reset.Marshal()
	step, next, err := e.reset.Receive(e.id, e.peer, box, e.now)
	if !bytes.Equal(e.reset.Marshal(), before) {
		t.Fatal("Receive wrote to the reset it was given")
	}
	if step.Changed == bytes.Equal(next.Marshal(), before) {
		t.Fatalf("Changed is %v: %v", step.Changed, err)
	}
	if err != nil && (step.Reply != nil || step.Renewed != nil || step.Changed && !ended(err)) {
		t.Fatalf("%v, and yet something happened", err)
	}
	if m, bad := e.reset.open(box); step.Renewed != nil && !bytes.Equal(box, c.boxes[6]) && (bad != nil || !c.meant(m)) {
		t.Fatal("renewed by something else than was said")
	}
	if next.Number() < e.reset.Number() {
		t.Fatalf("number %d after %d", next.Number(), e.reset.Number())
	}
	if step.Reply != nil && len(step.Reply) != envelope.SmallBox {
		t.Fatalf("an answer of %d bytes", len(step.Reply))
	}
	again, err := UnmarshalReset(next.Marshal())
	if err != nil || !bytes.Equal(again.Marshal(), next.Marshal()) {
		t.Fatalf("stored and read: %v", err)
	}
}

// meant reports whether m is the M4 or the M5 that was said, its fill apart.
func (c *course) meant(m message) bool {
	n := map[messageType]int{4: identity.KEMCiphertextSize + 32, 5: 32}[m.kind]
	return n > 0 && bytes.Equal(m.body[:n], c.said[m.kind].body[:n])
}

func ended(err error) bool {
	return errors.Is(err, pairing.ErrWrongPeer) || errors.Is(err, pairing.ErrCommitment)
}

func FuzzUnmarshalReset(f *testing.F) {
	s, r := contacts(f)
	box := r.start()
	for _, to := range []*end{s, r, s, r, s, r} {
		f.Add(s.reset.Marshal())
		f.Add(r.reset.Marshal())
		box = to.take(box)
	}
	f.Add(s.reset.Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		reset, err := UnmarshalReset(b)
		if err != nil {
			return
		}
		if !bytes.Equal(reset.Marshal(), b) {
			t.Fatal("two encodings of one reset")
		}
		if (reset.Last() != nil) != reset.UnderWay() {
			t.Fatal("under way without a last box")
		}
		for _, e := range []*end{s, r} {
			step, next, err := reset.Start(e.id, e.peer, e.now)
			if _, bad := UnmarshalReset(next.Marshal()); bad != nil || step.Changed && err != nil {
				t.Fatal(err, bad)
			}
			reset.Receive(e.id, e.peer, reset.ask(1), e.now)
		}
	})
}
