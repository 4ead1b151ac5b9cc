package pairing

import (
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity"
)

const stateVersion = 1

const (
	flagPresenter = 1 << iota
	flagScanned
	flagChecked
	flagBegun
	flagReset  // a session reset: its peer and inv stand in place of the card
	flagsKnown = 1<<iota - 1
)

// Marshal returns the state as bytes, secrets included: at most 12 KiB. What
// they are is walk's order: version 1, then every field, the variable ones behind
// their length.
func (s State) Marshal() []byte {
	w := codec{out: []byte{stateVersion}}
	s.walk(&w)
	return w.out
}

// Unmarshal reads what Marshal returned. ErrMalformed.
func Unmarshal(b []byte) (State, error) {
	if len(b) == 0 || b[0] != stateVersion {
		return State{}, ErrMalformed
	}
	var s State
	r := codec{in: cryptobyte.String(b[1:]), reading: true}
	s.walk(&r)
	if r.failed || !r.in.Empty() {
		return State{}, ErrMalformed
	}
	return s, nil
}

// walk passes every field of the state's phase through c, in the one order there is.
func (s *State) walk(c *codec) {
	c.byte((*byte)(&s.phase))
	s.walkFlags(c)
	if !s.phaseFits() {
		c.failed = true
		return
	}
	if s.kind == byReset {
		c.fixed(s.known[:], s.invite[:])
	} else {
		s.walkCard(c)
	}
	c.text(&s.name, s.maxName())
	s.walkSeen(c)
	switch s.phase {
	case Answered:
		c.fixed(s.m1[:], s.nonce[:], s.seed[:], s.chain[:], s.t2[:], s.commitment[:])
		c.int64(&s.at)
		c.slice(&s.ephemeral, identity.KEMPublicSize)
		c.slice(&s.m2, s.size())
		s.last = s.m2
	case Searching:
		c.fixed(s.nonce[:], s.seed[:])
		c.slice(&s.last, s.size())
	case Replied:
		c.fixed(s.heard[:], s.nonce[:], s.peerNonce[:], s.chain[:], s.t2[:], s.peer[:])
		c.text(&s.peerName, s.maxName())
		c.slice(&s.secrets.RatchetKey, identity.KEMPublicSize)
		c.slice(&s.last, s.size())
	case Confirming, Agreed:
		s.walkOutcome(c)
	}
}

// walkOutcome is what is left when the keys are made.
func (s *State) walkOutcome(c *codec) {
	k := &s.secrets
	c.fixed(s.heard[:], s.peer[:], s.digits[:])
	c.text(&s.peerName, s.maxName())
	c.fixed(k.RS[:])
	if !s.begun {
		k.Sender, k.Peer = !s.presenter, s.peer
		c.fixed(k.SK[:], k.HKa[:], k.NHKb[:], k.T2[:], k.AD[:])
		n := identity.KEMPublicSize
		if s.presenter {
			n = identity.KEMSeedSize
		}
		c.slice(&k.RatchetKey, n)
	}
	if !s.presenter {
		c.slice(&s.last, s.size())
		return
	}
	c.fixed(s.m1[:], s.confirm[:])
	c.slice(&s.m2, s.size())
	if s.phase == Confirming {
		c.slice(&s.last, s.size())
	}
}

// phaseFits reports whether a state with these flags can be in its phase.
func (s *State) phaseFits() bool {
	if s.begun && s.phase != Agreed {
		return false
	}
	switch s.phase {
	case Offered, Answered:
		return s.presenter && !s.checked
	case Confirming:
		return s.presenter
	case Searching, Replied:
		return !s.presenter && !s.checked
	case Agreed:
		return true
	case Failed:
		return !s.checked
	}
	return false
}

func (s *State) walkFlags(c *codec) {
	var flags byte
	for i, on := range []bool{s.presenter, s.scanned, s.checked, s.begun, s.kind == byReset} {
		if on {
			flags |= 1 << i
		}
	}
	c.byte(&flags)
	s.presenter, s.scanned = flags&flagPresenter != 0, flags&flagScanned != 0
	s.checked, s.begun = flags&flagChecked != 0, flags&flagBegun != 0
	if flags&flagReset != 0 {
		s.kind = byReset
	}
	if flags&^flagsKnown != 0 || s.presenter && s.scanned || s.kind == byReset && (s.scanned || s.checked) {
		c.failed = true
	}
}

func (s *State) walkCard(c *codec) {
	b := s.card.Marshal()
	c.blob(&b, 255)
	if !c.reading {
		return
	}
	card, err := identity.UnmarshalCard(b)
	if err != nil {
		c.failed = true
	}
	s.card = card
}

func (s *State) walkSeen(c *codec) {
	n := byte(len(s.seen))
	c.byte(&n)
	if int(n) > s.maxFirst() || n > 0 && !s.presenter {
		c.failed = true
		return
	}
	if c.reading {
		s.seen = make([]key, n)
	}
	for i := range s.seen {
		c.fixed(s.seen[i][:])
	}
}

// codec writes fields to out, or reads them from in. After a failure it does nothing.
type codec struct {
	reading bool
	failed  bool
	in      cryptobyte.String
	out     []byte
}

// fixed passes arrays.
func (c *codec) fixed(arrays ...[]byte) {
	for _, b := range arrays {
		switch {
		case c.failed:
		case c.reading:
			c.failed = !c.in.CopyBytes(b)
		default:
			c.out = append(c.out, b...)
		}
	}
}

func (c *codec) byte(p *byte) {
	b := []byte{*p}
	c.fixed(b)
	*p = b[0]
}

func (c *codec) int64(p *int64) {
	b := binary.BigEndian.AppendUint64(nil, uint64(*p))
	c.fixed(b)
	*p = int64(binary.BigEndian.Uint64(b))
}

// slice passes a slice that always has n bytes.
func (c *codec) slice(p *[]byte, n int) {
	if c.reading {
		*p = make([]byte, n)
	}
	c.fixed(*p)
}

// blob passes a slice of at most limit bytes, behind its length as 2 bytes.
func (c *codec) blob(p *[]byte, limit int) {
	n := binary.BigEndian.AppendUint16(nil, uint16(len(*p)))
	c.fixed(n)
	length := int(binary.BigEndian.Uint16(n))
	if length > limit {
		c.failed = true
		return
	}
	c.slice(p, length)
}

func (c *codec) text(p *string, limit int) {
	b := []byte(*p)
	c.blob(&b, limit)
	*p = string(b)
}
