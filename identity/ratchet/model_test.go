package ratchet

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// sent is a box on its way, or one that has arrived.
type sent struct {
	box   []byte
	plain string
	chain uint32 // number of the sender's chain
}

// side is one end and what is on its way to it.
type side struct {
	state   State
	chains  uint32 // sending chains begun
	pending []sent
	opened  []sent
}

// TestModel lets a network lose, repeat, delay, swap and change boxes and the two
// ends restart, in every order that rapid finds, against the model that each box
// opens exactly once to what was sealed.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ends [2]side
		ends[0].state, ends[1].state = pairFor(t)
		count := 0
		end := func() (own, peer *side) {
			i := rapid.IntRange(0, 1).Draw(t, "end")
			return &ends[i], &ends[1-i]
		}
		t.Repeat(map[string]func(*rapid.T){
			"send": func(t *rapid.T) {
				own, peer := end()
				if !own.state.Ready() {
					t.Skip("not ready")
				}
				begins := own.state.stage == turn
				plain := fmt.Sprint("message ", count)
				count++
				box, next, err := own.state.Seal([]byte(plain), start)
				if err != nil {
					t.Fatal(err)
				}
				own.state = next
				if begins {
					own.chains++
				}
				peer.pending = append(peer.pending, sent{box, plain, own.chains})
			},
			"deliver": func(t *rapid.T) {
				own, _ := end()
				if len(own.pending) == 0 {
					t.Skip("nothing pending")
				}
				m := take(t, own)
				forgotten := own.state.epoch > m.chain+maxOldChains
				plain, next, err := own.state.Open(m.box, start)
				switch {
				case err == nil && string(plain) == m.plain:
				case err == ErrUnknown && forgotten:
					return
				default:
					t.Fatalf("%q: %q, %v", m.plain, plain, err)
				}
				own.state = next
				own.opened = append(own.opened, m)
			},
			"lose": func(t *rapid.T) {
				own, _ := end()
				if len(own.pending) == 0 {
					t.Skip("nothing pending")
				}
				take(t, own)
			},
			"repeat": func(t *rapid.T) {
				own, _ := end()
				if len(own.opened) == 0 {
					t.Skip("nothing opened")
				}
				m := rapid.SampledFrom(own.opened).Draw(t, "box")
				mustRefuse(t, own.state, m.box)
			},
			"change": func(t *rapid.T) {
				own, _ := end()
				if len(own.pending) == 0 {
					t.Skip("nothing pending")
				}
				box := bytes.Clone(rapid.SampledFrom(own.pending).Draw(t, "box").box)
				box[rapid.IntRange(0, len(box)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
				mustRefuse(t, own.state, box)
			},
			"echo": func(t *rapid.T) {
				own, peer := end()
				if len(peer.pending) == 0 {
					t.Skip("nothing pending")
				}
				mustRefuse(t, own.state, rapid.SampledFrom(peer.pending).Draw(t, "box").box)
			},
			"restart": func(t *rapid.T) {
				own, _ := end()
				b := own.state.Marshal()
				next, err := Unmarshal(b)
				if err != nil || !bytes.Equal(next.Marshal(), b) {
					t.Fatalf("restart: %v", err)
				}
				own.state = next
			},
			"": func(t *rapid.T) {
				for _, e := range ends {
					if len(e.state.skipped) > maxSkipped || len(e.state.old) > maxOldChains || !e.state.consistent() {
						t.Fatal("a state is out of its limits")
					}
				}
			},
		})
	})
}

func pairFor(t *rapid.T) (alice, bob State) {
	alice, bob, err := newPair()
	if err != nil {
		t.Fatal(err)
	}
	return alice, bob
}

func take(t *rapid.T, s *side) sent {
	i := rapid.IntRange(0, len(s.pending)-1).Draw(t, "pending")
	m := s.pending[i]
	s.pending = append(s.pending[:i:i], s.pending[i+1:]...)
	return m
}

func mustRefuse(t *rapid.T, s State, box []byte) {
	before := s.Marshal()
	if _, next, err := s.Open(box, start); err == nil || !bytes.Equal(next.Marshal(), before) {
		t.Fatalf("a bad box opens or changes the state: %v", err)
	}
}
