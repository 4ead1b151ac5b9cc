package session

import (
	"bytes"
	"errors"
	"testing"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// FuzzReset hands any box, and any plaintext behind the box, to both sides at each
// point of a reset. Nothing is renewed but by what the other side really said, and the
// next state can be stored and read.
func FuzzReset(f *testing.F) {
	s, r := contacts(f)
	var places []end
	var said []message
	box := r.start()
	for n, to := range []*end{s, r, s, r, s, r} {
		places = append(places, *s, *r)
		f.Add(box, false)
		m, err := to.reset.open(box)
		if err != nil {
			f.Fatal(err)
		}
		said = append(said, m)
		f.Add(append([]byte{0, 0, 0, 0, 0, 0, 0, byte(m.n), byte(m.kind)}, m.body...), true)
		if n < 5 {
			box = to.take(box)
		}
	}
	first := seal(f, &s.state, "first")
	f.Add(first, false)
	f.Add([]byte{}, false)
	f.Add(make([]byte, resetPlain), true)
	f.Fuzz(func(t *testing.T, b []byte, inside bool) {
		for i, e := range places {
			e.t = t
			box := b
			if inside {
				body := make([]byte, resetPlain)
				copy(body, b)
				box = e.reset.seal(message{number(body), messageType(body[resetType]), body[resetMessage:]})
			}
			step, next, err := e.reset.Receive(e.id, e.peer, box, e.now)
			unchanged := bytes.Equal(next.Marshal(), e.reset.Marshal())
			if step.Changed == unchanged || err != nil && (step.Reply != nil || step.Changed && !ended(err)) {
				t.Fatalf("place %d: %v, changed: %v", i, err, step.Changed)
			}
			if m, err := e.reset.open(box); step.Renewed != nil && !bytes.Equal(box, first) && (err != nil || !meant(m, said)) {
				t.Fatalf("place %d: renewed by something else", i)
			}
			if next.Number() < e.reset.Number() {
				t.Fatalf("place %d: number %d after %d", i, next.Number(), e.reset.Number())
			}
			if step.Reply != nil && len(step.Reply) != envelope.SmallBox {
				t.Fatalf("place %d: an answer of %d bytes", i, len(step.Reply))
			}
			again, err := UnmarshalReset(next.Marshal())
			if err != nil || !bytes.Equal(again.Marshal(), next.Marshal()) {
				t.Fatalf("place %d: stored and read: %v", i, err)
			}
		}
	})
}

// meant reports whether m is the M4 or the M5 that was said, its fill apart.
func meant(m message, said []message) bool {
	n := map[messageType]int{4: identity.KEMCiphertextSize + 32, 5: 32}[m.kind]
	return n > 0 && bytes.Equal(m.body[:n], said[m.kind].body[:n])
}

func number(plain []byte) (n uint64) {
	for _, c := range plain[:resetType] {
		n = n<<8 | uint64(c)
	}
	return n
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
