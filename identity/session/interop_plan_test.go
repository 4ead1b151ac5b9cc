//go:build interop

package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// planned is one message of the plan that testdata/interop/README.md describes.
type planned struct {
	i, turn int
	kind    uint64
	body    []byte
	fate    fate
}

type fate byte

const (
	once fate = iota
	lost
	held
	twice
)

// frame is one copy of a message in the turn in which it is written.
type frame struct {
	message *planned
	copy    int
	order   [32]byte
}

// plan is who says what, and in which order it is written: equal on both sides.
type plan struct {
	turns  [][]*planned
	frames [][]frame
}

// drawn is SHA-256 of a label and numbers of 4 bytes.
func drawn(label string, numbers ...int) [32]byte {
	b := []byte(label)
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return sha256.Sum256(b)
}

func newPlan(seed, messages int, encode func(any) []byte) plan {
	var p plan
	for i := 0; i < messages; {
		t := len(p.turns)
		h := drawn("turn", seed, t)
		var turn []*planned
		for range min(1+int(h[0])%40, messages-i) {
			turn = append(turn, newPlanned(seed, i, t, encode))
			i++
		}
		p.turns = append(p.turns, turn)
	}
	p.turns = append(p.turns, nil, nil)
	for t := range p.turns {
		var frames []frame
		add := func(m *planned, copies int) {
			for c := range copies {
				frames = append(frames, frame{m, c, drawn("order", seed, t, m.i, c)})
			}
		}
		for _, m := range p.turns[t] {
			add(m, map[fate]int{once: 1, twice: 2}[m.fate])
		}
		if t >= 2 {
			for _, m := range p.turns[t-2] {
				add(m, map[fate]int{held: 1}[m.fate])
			}
		}
		slices.SortFunc(frames, func(a, b frame) int { return bytes.Compare(a.order[:], b.order[:]) })
		p.frames = append(p.frames, frames)
	}
	return p
}

func newPlanned(seed, i, turn int, encode func(any) []byte) *planned {
	x := drawn("message", seed, i)
	m := &planned{i: i, turn: turn}
	switch {
	case x[0] < 16:
		g := envelope.Grant{
			Seed: drawn("grant", seed, i), Count: envelope.GrantCount, NotAfter: time.Unix(2_000_000_000, 0),
			LinkKey: identity.LinkKey(drawn("kb", seed, i)),
		}
		m.kind, m.body = 2, g.Marshal()
	case x[0] < 32:
		m.body = []byte{}
	default:
		u := int(binary.BigEndian.Uint16(x[2:]))
		n := 1 + u%1500
		if x[1] < 64 {
			n = 1600 + u%8000
		}
		text := make([]byte, n)
		for j := range text {
			text[j] = 'a' + byte((i+j)%26)
		}
		m.kind, m.body = 1, encode([]any{i, string(text)})
	}
	switch {
	case x[4] < 13:
		m.fate = lost
	case x[4] < 39:
		m.fate = held
	case x[4] >= 243:
		m.fate = twice
	}
	return m
}
