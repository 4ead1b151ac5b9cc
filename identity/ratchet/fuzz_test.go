package ratchet

import (
	"bytes"
	"encoding/binary"
	"testing"
	"testing/cryptotest"

	"tacit/identity"
)

func FuzzUnmarshal(f *testing.F) {
	for _, s := range states(f) {
		f.Add(s.Marshal())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		s, err := Unmarshal(b)
		if err != nil {
			return
		}
		if !bytes.Equal(s.Marshal(), b) {
			t.Fatal("two encodings of one state")
		}
		if len(s.skipped) > maxSkipped || len(s.old) > maxOldChains {
			t.Fatalf("%d keys of %d old chains", len(s.skipped), len(s.old))
		}
		// Whatever the keys are, what follows must not panic, and leaves a state
		// that can be stored and read again.
		if _, next, err := s.Seal(nil, start); err == nil {
			restore(t, next)
		}
		refuse(t, s, make([]byte, Overhead), start, ErrUnknown)
		if next, changed := s.Expire(start); changed {
			restore(t, next)
		}
	})
}

// chain is a peer's sending chain at its beginning, of which everything is known.
type chain struct {
	sender State
	epoch  uint32
}

// hostile is a receiver with three chains that it would take a header of, and a
// peer who knows the keys of all three. The oldest misses the messages 1 to 3; of
// the current one 0 and 1 were expected and 1 arrived; the next has not begun.
type hostile struct {
	receiver State
	chains   [3]chain
}

var theHostile *hostile // made by the first execution from the randomness that each begins with

func newHostile(t *testing.T) *hostile {
	a, b := pair(t)
	h := new(hostile)
	begin := func(epoch uint32) {
		if err := a.beginChain(); err != nil {
			t.Fatal(err)
		}
		h.chains[epoch-1] = chain{a, epoch}
	}
	begin(1)
	boxes := sealAll(t, &a, 5)
	open(t, &b, boxes[0], "0")
	open(t, &b, boxes[4], "4")
	open(t, &a, seal(t, &b, "y"), "y")
	begin(2)
	boxes = sealAll(t, &a, 2)
	open(t, &b, boxes[1], "1")
	open(t, &a, seal(t, &b, "z"), "z")
	begin(3)
	h.receiver = b
	return h
}

// messageKey returns the key of message n, or one that nobody uses where n is far.
func (c chain) messageKey(n uint32) (message key) {
	next := c.sender.sendChain
	for i := uint32(0); n <= 3*maxSkip && i <= n; i++ {
		message, next = kdfChain(next)
	}
	return message
}

// want says what becomes of a header of the chain with an honest body; goodKEM says that
// its ciphertext is that of the chain.
func (c chain) want(pn, n uint32, goodKEM bool) error {
	switch c.epoch {
	case 1:
		if n < 1 || n > 3 {
			return ErrUsed
		}
	case 2:
		switch {
		case n == 1:
			return ErrUsed
		case n > 2+maxSkip:
			return ErrTooFar
		}
	case 3:
		switch {
		case pn < 2:
			return ErrMalformed
		case pn > 2+maxSkip:
			return ErrTooFar
		case n > maxSkip:
			return ErrTooFar
		case !goodKEM:
			return ErrForged
		}
	}
	return nil
}

// FuzzHeader is a peer that knows every key and puts into a header whatever it likes.
// The parser behind the header's encryption is reached by each execution.
func FuzzHeader(f *testing.F) {
	f.Add(uint8(2), uint32(2), uint32(0), uint16(0), []byte{}, true)
	f.Fuzz(func(t *testing.T, of uint8, pn, n uint32, at uint16, patch []byte, honest bool) {
		cryptotest.SetGlobalRandom(t, 1)
		if theHostile == nil {
			theHostile = newHostile(t)
			cryptotest.SetGlobalRandom(t, 1)
		}
		h := theHostile
		c := h.chains[int(of)%len(h.chains)]
		header := append(bytes.Clone(c.sender.public), c.sender.ct...)
		copy(header[int(at)%len(header):], patch)
		goodKEM := bytes.Equal(header[identity.KEMPublicSize:], c.sender.ct)
		// A step parses both before it looks at N, and refuses either.
		wellFormed := c.epoch < 3 || goodKEM && bytes.Equal(header[:identity.KEMPublicSize], c.sender.public)
		header = binary.BigEndian.AppendUint32(header, pn)
		header = binary.BigEndian.AppendUint32(header, n)
		message := c.messageKey(n)
		if !honest {
			message[0] ^= 1
		}
		ad := h.receiver.ad
		box := identity.Seal(c.sender.sendHeader[:], header, ad[:])
		box = append(box, identity.Seal(message[:], []byte("x"), append(bytes.Clone(ad[:]), box...))...)

		want := c.want(pn, n, goodKEM)
		if want == nil && !honest {
			want = ErrForged
		}
		before := h.receiver.Marshal()
		plain, next, err := h.receiver.Open(box, start)
		if !bytes.Equal(h.receiver.Marshal(), before) {
			t.Fatal("Open wrote to the state it was given")
		}
		if err != want && (wellFormed || err != ErrMalformed) {
			t.Fatalf("chain %d, PN %d, N %d: %v, want %v", c.epoch, pn, n, err, want)
		}
		if err != nil {
			if plain != nil || !bytes.Equal(next.Marshal(), before) {
				t.Fatal("a header that was refused moved the state")
			}
			return
		}
		if string(plain) != "x" || len(next.skipped) > maxSkipped || len(next.skipped) > len(h.receiver.skipped)+2*maxSkip {
			t.Fatalf("opened %q, %d keys stored", plain, len(next.skipped))
		}
		again := restore(t, next)
		if _, _, err := again.Open(box, start); err != ErrUsed {
			t.Fatalf("the same box again: %v", err)
		}
		if _, _, err := again.Seal(nil, start); err != nil {
			t.Fatalf("no answer can be sealed: %v", err)
		}
	})
}
