package session

import (
	"bytes"
	"testing"
	"testing/cryptotest"

	"tacit/identity/envelope"
)

func FuzzUnmarshal(f *testing.F) {
	r, s := pair(f)
	open(f, &r, seal(f, &s, "x"), "x")
	f.Add(r.Marshal())
	f.Add(s.Marshal())
	f.Add(State{}.Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		state, err := Unmarshal(b)
		if err != nil {
			return
		}
		if again := restore(t, state).Marshal(); b[0] == stateVersion && !bytes.Equal(again, b) {
			t.Fatal("two encodings of one state")
		}
		// Whatever the keys are, what follows must not panic, and leaves a state
		// that can be stored and read again.
		refuse(t, state, make([]byte, envelope.SmallBox), ErrUnknown)
		if _, next, err := state.Seal(nil, start); err == nil {
			restore(t, next)
		}
		next, _ := state.Expire(start)
		restore(t, next)
	})
}

// exchange is a session in the middle, of which everything is known.
type exchange struct {
	receiver, sender State
	box, padded      []byte // the next message, and what its body holds
}

var theExchange *exchange // made by the first execution from the randomness that each begins with

func newExchange(t *testing.T) *exchange {
	r, s := pair(t)
	open(t, &r, seal(t, &s, "x"), "x")
	open(t, &s, seal(t, &r, "y"), "y")
	padded, err := envelope.Pad([]byte("content"))
	if err != nil {
		t.Fatal(err)
	}
	return &exchange{receiver: r, sender: s, box: seal(t, &s, "content"), padded: padded}
}

// FuzzOpen hands over a box that was altered on its way, or whose padded content was
// made by a peer who pads as it likes.
func FuzzOpen(f *testing.F) {
	f.Add(uint16(0), []byte{}, uint16(envelope.SmallBox), false)
	f.Fuzz(func(t *testing.T, at uint16, patch []byte, size uint16, within bool) {
		cryptotest.SetGlobalRandom(t, 1)
		if theExchange == nil {
			theExchange = newExchange(t)
			cryptotest.SetGlobalRandom(t, 1)
		}
		box, padded := bytes.Clone(theExchange.box), bytes.Clone(theExchange.padded)
		if within {
			copy(padded[int(at)%len(padded):], patch)
			padded = append(padded, make([]byte, 1<<16)...)[:size]
			var err error
			if box, _, err = theExchange.sender.lines[0].r.Seal(padded, start); err != nil {
				t.Fatal(err)
			}
		} else {
			copy(box[int(at)%len(box):], patch)
			box = append(box, make([]byte, 1<<16)...)[:size]
		}
		before := theExchange.receiver.Marshal()
		content, next, err := theExchange.receiver.Open(box, start)
		if !bytes.Equal(theExchange.receiver.Marshal(), before) {
			t.Fatal("Open wrote to the state it was given")
		}
		want, unpadErr := envelope.Unpad(padded)
		good := !within && bytes.Equal(box, theExchange.box) || within && unpadErr == nil
		switch {
		case good != (err == nil):
			t.Fatalf("box of %d bytes: %v", len(box), err)
		case err != nil && (content != nil || !bytes.Equal(next.Marshal(), before)):
			t.Fatalf("a box that was refused moved the state: %v", err)
		case err == nil && !bytes.Equal(content, want):
			t.Fatalf("%q, want %q", content, want)
		case err == nil:
			refuse(t, restore(t, next), box, ErrUsed)
		}
	})
}
