package ratchet

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/vectors"
)

// replay is a conversation taken as it stands in a file, from this program or from
// another one. What a side drew is put into its state; the rest it has to find.
type replay struct {
	t     *testing.T
	v     ratchetVector
	ends  map[string]*State
	boxes map[string][]byte
}

func TestReplayRatchets(t *testing.T) {
	for _, c := range vectors.Load[ratchetVector](t, "identity/ratchet", "ratchet") {
		t.Run(c.Name, func(t *testing.T) {
			alice, err := NewAlice(key(c.SK), key(c.HKa), key(c.NHKb), identity.NewPrivateKey(key(c.BobSeed)).Public(), key(c.AD))
			if err != nil {
				t.Fatal(err)
			}
			bob := NewBob(key(c.SK), key(c.HKa), key(c.NHKb), key(c.BobSeed), key(c.AD))
			r := &replay{t, c, map[string]*State{"alice": &alice, "bob": &bob}, map[string][]byte{}}
			for i, step := range c.Steps {
				switch {
				case step.Skip > 0:
					for range step.Skip {
						r.next(step.Seal)
					}
				case step.Seal != "":
					r.seal(i, step)
				default:
					r.open(i, step)
				}
				for who, end := range r.ends {
					restored := restore(t, *end)
					r.ends[who] = &restored
				}
			}
		})
	}
}

// next takes the next message key of a chain, as Seal does.
func (r *replay) next(who string) (message key) {
	s := r.ends[who]
	message, s.sendChain = kdfChain(s.sendChain)
	s.ns++
	return message
}

// seal takes the box apart that somebody sealed, and brings their state to where they were then.
func (r *replay) seal(i int, step ratchetStep) {
	r.t.Helper()
	s := r.ends[step.Seal]
	sealed, body := step.Bytes[:HeaderSize], step.Bytes[HeaderSize:]
	if s.stage == turn {
		r.begin(i, step)
	}
	header, err := identity.Open(s.sendHeader[:], sealed, r.v.AD)
	want := slices.Concat(s.public, s.ct, []byte{
		byte(s.pn >> 24), byte(s.pn >> 16), byte(s.pn >> 8), byte(s.pn), byte(s.ns >> 24), byte(s.ns >> 16), byte(s.ns >> 8), byte(s.ns),
	})
	if err != nil || !bytes.Equal(header, want) {
		r.t.Fatalf("step %d: header of %s: %v, or another one", i, step.As, err)
	}
	message := r.next(step.Seal)
	plain, err := identity.Open(message[:], body, slices.Concat(r.v.AD, sealed))
	if err != nil || !bytes.Equal(plain, step.Plain) {
		r.t.Fatalf("step %d: body of %s: %q, %v", i, step.As, plain, err)
	}
	r.boxes[step.As] = step.Bytes
}

// begin makes the chain from the seed and the randomness of the file.
func (r *replay) begin(i int, step ratchetStep) {
	r.t.Helper()
	s := r.ends[step.Seal]
	peer := "bob"
	if step.Seal == "bob" {
		peer = "alice"
	}
	ct := vectors.EncapsulateDerand(r.t, s.peer, step.Eseed)
	// Only the peer can tell which secret the ciphertext holds.
	ss, err := identity.NewPrivateKey(r.ends[peer].seed).Decapsulate(ct, slices.Concat([]byte("tacit/1/ratchet"), r.v.AD))
	if err != nil {
		r.t.Fatalf("step %d: %v", i, err)
	}
	out := identity.Derive(ss, s.root[:], "tacit/1/rk", 96)
	if !bytes.Equal(out, slices.Concat(step.RK, step.CK, step.NHK)) {
		r.t.Fatalf("step %d: another RK, CK or NHK", i)
	}
	s.stage, s.seed, s.public, s.ct = sending, key(step.Seed), identity.NewPrivateKey(key(step.Seed)).Public(), ct
	s.sendHeader = s.nextSendHeader
	s.root, s.sendChain, s.nextSendHeader = key(out), key(out[32:]), key(out[64:])
	s.peer, s.peerKey = nil, identity.PublicKey{}
}

// open lets a state open the box.
func (r *replay) open(i int, step ratchetStep) {
	r.t.Helper()
	s := r.ends[step.Open]
	box := []byte(step.Bytes)
	if step.Box != "" {
		sealed, known := r.boxes[step.Box]
		if !known {
			r.t.Fatalf("step %d: no box %q", i, step.Box)
		}
		box = step.apply(sealed)
	}
	want, known := ratchetResults[step.Result]
	plain, next, err := s.Open(box, time.Unix(step.At, 0))
	if !known || !errors.Is(err, want) || !bytes.Equal(plain, step.Plain) {
		r.t.Fatalf("step %d: %s opens %s: %q, %v, want %s", i, step.Open, step.Box, plain, err, step.Result)
	}
	if err != nil && !bytes.Equal(next.Marshal(), s.Marshal()) {
		r.t.Errorf("step %d: a box that does not open changed the state", i)
	}
	*s = next
}
