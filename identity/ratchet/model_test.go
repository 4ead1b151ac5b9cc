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

// network is the model: each box opens exactly once, to what was sealed.
type network struct {
	ends  [2]side
	count int
}

// TestModel lets a network lose, repeat, delay, swap and change boxes and the two
// ends restart, in every order that rapid finds.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n network
		n.ends[0].state, n.ends[1].state = pairFor(t)
		actions := []func(*rapid.T, *side, *side){
			n.send, n.send, n.deliver, n.deliver, lose, repeat, change, echo, restart,
		}
		for range rapid.IntRange(40, 120).Draw(t, "steps") {
			i := rapid.IntRange(0, 1).Draw(t, "end")
			own, peer := &n.ends[i], &n.ends[1-i]
			rapid.SampledFrom(actions).Draw(t, "action")(t, own, peer)
			s := own.state
			if len(s.skipped) > maxSkipped || len(s.old) > maxOldChains || !s.consistent() {
				t.Fatal("a state is out of its limits")
			}
		}
	})
}

func (n *network) send(t *rapid.T, own, peer *side) {
	for range rapid.IntRange(1, 4).Draw(t, "burst") {
		if !own.state.Ready() {
			return
		}
		if own.state.stage == turn {
			own.chains++
		}
		m := sent{plain: fmt.Sprint("message ", n.count), chain: own.chains}
		n.count++
		var err error
		if m.box, own.state, err = own.state.Seal([]byte(m.plain), start); err != nil {
			t.Fatal(err)
		}
		peer.pending = append(peer.pending, m)
	}
}

func (n *network) deliver(t *rapid.T, own, _ *side) {
	for range rapid.IntRange(1, 4).Draw(t, "burst") {
		if len(own.pending) == 0 {
			return
		}
		m := take(t, own)
		forgotten := own.state.epoch > m.chain+maxOldChains
		plain, next, err := own.state.Open(m.box, start)
		if err == ErrUnknown && forgotten {
			continue
		}
		if err != nil || string(plain) != m.plain {
			t.Fatalf("%q: %q, %v", m.plain, plain, err)
		}
		own.state = next
		own.opened = append(own.opened, m)
	}
}

func lose(t *rapid.T, own, _ *side) {
	if len(own.pending) > 0 {
		take(t, own)
	}
}

func repeat(t *rapid.T, own, _ *side) {
	if len(own.opened) > 0 {
		mustRefuse(t, own.state, rapid.SampledFrom(own.opened).Draw(t, "box").box)
	}
}

func change(t *rapid.T, own, _ *side) {
	if len(own.pending) == 0 {
		return
	}
	box := bytes.Clone(rapid.SampledFrom(own.pending).Draw(t, "box").box)
	box[rapid.IntRange(0, len(box)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
	mustRefuse(t, own.state, box)
}

// echo sends somebody's own box back to them.
func echo(t *rapid.T, own, peer *side) {
	if len(peer.pending) > 0 {
		mustRefuse(t, own.state, rapid.SampledFrom(peer.pending).Draw(t, "box").box)
	}
}

func restart(t *rapid.T, own, _ *side) {
	b := own.state.Marshal()
	next, err := Unmarshal(b)
	if err != nil || !bytes.Equal(next.Marshal(), b) {
		t.Fatalf("restart: %v", err)
	}
	own.state = next
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
