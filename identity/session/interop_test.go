//go:build interop

package session

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/pairing"
)

// The tests of this file run by `make interop`: they talk with the program of
// ../testdata/interop, of which TACIT_INTEROP names a copy that has its libraries.

// interopCase is one conversation with the other program.
type interopCase struct {
	sender, repeat, lose    bool // this program is S; handshakes come twice; M5 never comes
	root, otherRoot         byte
	messages, seed, resetAt int // resetAt -1: none
}

func (c interopCase) run(t *testing.T) {
	id := identity.FromRoot([32]byte{c.root})
	otherRoot := [32]byte{c.otherRoot}
	args := []string{
		"--root", hex.EncodeToString(otherRoot[:]), "--name", "Jürgen", "--messages", strconv.Itoa(c.messages), "--seed", strconv.Itoa(c.seed),
	}
	if c.repeat {
		args = append(args, "--repeat")
	}
	if c.lose {
		args = append(args, "--lose")
	}
	if c.resetAt >= 0 {
		args = append(args, "--reset", strconv.Itoa(c.resetAt))
	}
	encode := func(v any) []byte { return coreDet(t, v) }
	s := &ownSide{
		t: t, id: id, sender: c.sender, repeat: c.repeat, lose: c.lose, plan: newPlan(c.seed, c.messages, encode), encode: encode,
		came: map[uint64]bool{}, sealed: map[*planned][]byte{}, wanted: map[uint64]*planned{}, waiting: map[[16]byte]int{},
	}
	var random [8]byte
	copy(random[:], identity.Derive([]byte{byte(c.seed)}, nil, "stream", 8))
	s.stream = binary.BigEndian.Uint64(random[:])
	var err error
	if c.sender {
		s.other = startOther(t, append(args, "--role", "present")...)
		card, err := identity.ParseCard(s.other.event("card").Card)
		if err != nil {
			t.Fatal(err)
		}
		s.pair, err = pairing.Scan(id, "Søren", card, false)
		if err != nil {
			t.Fatal(err)
		}
	} else {
		card := identity.NewCard(id.Fingerprint(), time.Hour, false, start)
		if s.pair, err = pairing.Present(id, "Rosa", card, nil); err != nil {
			t.Fatal(err)
		}
		s.other = startOther(t, append(args, "--role", "scan", "--card", card.String())...)
	}
	s.meet()
	s.compare(s.other.event("agreed"), identity.FromRoot(otherRoot).Fingerprint())
	s.converse(c.resetAt)
	if c.resetAt >= 0 {
		if e := s.other.event("renewed"); e.Number != 1 || s.reset.Number() != 1 {
			t.Errorf("renewed with number %d, here %d", e.Number, s.reset.Number())
		}
	}
	done := s.other.event("done")
	s.other.finish()
	own, theirs := 0, 0
	for turn, frames := range s.plan.frames {
		if c.sender == (turn%2 == 0) {
			own += len(frames)
		} else {
			theirs += len(frames)
		}
	}
	if done.Opened+done.Used != own || s.opened+s.used != theirs || s.acked != own || done.Acknowledged != theirs {
		t.Errorf("here %d opened, %d used, %d acknowledged; there %+v; written %d and %d", s.opened, s.used, s.acked, done, own, theirs)
	}
	t.Logf("here: opened %d, used %d of %d; there: opened %d, used %d of %d", s.opened, s.used, theirs, done.Opened, done.Used, own)
}

func TestInteropMessages(t *testing.T) {
	for i, sender := range []bool{false, true} {
		t.Run(map[bool]string{false: "presents", true: "scans"}[sender], func(t *testing.T) {
			interopCase{sender: sender, repeat: true, root: 1, otherRoot: 2, messages: 2200, seed: 7 + i, resetAt: -1}.run(t)
		})
	}
}

// Every way that a session reset can go: who was S of the pairing, who is S of the reset, and who starts it.
func TestInteropReset(t *testing.T) {
	for n := range 8 {
		sender, leading, turn := n&1 == 1, n&2 == 2, 4+n>>2
		root, other := byte(1), byte(2) // the identity of root 2 has the lower fingerprint
		if leading {
			root, other = other, root
		}
		t.Run(fmt.Sprintf("S %t, S of the reset %t, turn %d", sender, leading, turn), func(t *testing.T) {
			interopCase{sender: sender, repeat: n%3 == 0, root: root, otherRoot: other, messages: 200, seed: 20 + n, resetAt: turn}.run(t)
		})
	}
}

// Where M5 is lost, of the pairing and of the reset, S's first box says the same.
func TestInteropLostM5(t *testing.T) {
	for n, sender := range []bool{false, true} {
		for _, leading := range []bool{false, true} {
			root, other := byte(1), byte(2)
			if leading {
				root, other = other, root
			}
			t.Run(fmt.Sprintf("S %t, S of the reset %t", sender, leading), func(t *testing.T) {
				interopCase{sender: sender, lose: true, root: root, otherRoot: other, messages: 100, seed: 40 + n, resetAt: 3}.run(t)
			})
		}
	}
}
