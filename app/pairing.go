package app

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tacit/identity"
	handshake "tacit/identity/pairing"
)

// pairing is one meeting in the loop's memory. It is copied before it is changed.
//
// It is kept in the store where the card is a link, and in any case once this
// side has authenticated the other, so that what is still to be exchanged over
// the card's link survives a restart.
type pairing struct {
	id      PairingID
	handle  identity.Handle // in the transport; random
	state   handshake.State
	line    *line    // from the agreement until this side has authenticated the other
	first   []byte   // S's first box, until a number says that it came or the contact's outbox has it
	opened  []Digest // boxes that line opened: their repeats on the contact's link are acknowledged
	contact ContactID
	checked bool // this side is satisfied
	refused bool // "no, not before me": only codes can satisfy it

	settled slots  // at the node of the card: cells that were written there, or read and taken
	placed  uint64 // highest number of a box of the contact's that was written there
	away    bool   // that node does not answer

	deadline time.Time     // wall clock, kept over restarts
	until    time.Duration // the same by Clock.Elapsed, which nobody can turn back
	failure  error
	ended    time.Duration // Clock.Elapsed when it was over, 0 before
}

func newPairing(s handshake.State) *pairing {
	p := &pairing{state: s}
	var id [8]byte
	rand.Read(id[:])
	rand.Read(p.handle[:])
	p.id = PairingID(hex.EncodeToString(id[:]))
	return p
}

// expires sets when the pairing ends by itself.
func (p *pairing) expires(w *work, at time.Time, within time.Duration) {
	p.deadline, p.until = at, w.mono+within
}

func (p *pairing) link() bool { return !p.state.Card().Shown }

func (p *pairing) over() bool { return p.failure != nil || p.ended != 0 }

// peer returns who the other claims to be.
func (p *pairing) peer() (b identity.Bundle, name string, ok bool) {
	b, name, ok = p.state.Peer()
	if ok {
		name = peerName(name, fallbackName(b.Fingerprint()))
	}
	return b, name, ok
}

func (p *pairing) bundle() identity.Bundle {
	b, _, _ := p.state.Peer()
	return b
}

// phase says where the pairing stands; peer is its contact, if there is one.
func (p *pairing) phase(peer *peer) PairingPhase {
	switch {
	case p.failure != nil:
		return PhaseFailed
	case p.checked && peer != nil && peer.rec.Writable:
		return PhaseDone
	case p.checked:
		return PhaseChecked
	}
	switch p.state.Phase() {
	case handshake.Offered:
		return PhaseOffered
	case handshake.Searching:
		return PhaseSearching
	case handshake.Confirming, handshake.Agreed:
		return PhaseCodes
	}
	return PhaseHandshake
}

// view returns the pairing as a window shows it.
func (w *work) view(p *pairing) Pairing {
	v := Pairing{
		ID:        p.id,
		Phase:     p.phase(w.peer(p.contact)),
		Presenter: p.state.Presenter(),
		Shown:     p.state.Card().Shown,
		Link:      p.link(),
		Contact:   p.contact,
		Internet:  p.overNode() && w.preferences().Internet,
		Away:      p.away,
		Err:       p.failure,
		ExpiresAt: p.deadline,
	}
	if p.state.Presenter() && v.Phase == PhaseOffered {
		v.ExpiresAt = p.state.Card().Expiry
	}
	switch v.Phase {
	case PhaseOffered, PhaseSearching, PhaseHandshake:
		return v
	}
	if b, name, ok := p.peer(); ok {
		v.PeerName = name
		v.LooksLike = w.looksLike(b.Fingerprint(), Skeleton(name))
	}
	if v.Phase != PhaseFailed && p.state.Phase() == handshake.Agreed {
		v.Show = p.state.Show()
		v.Enter = !p.checked
		v.MayAttest = v.Enter && v.Presenter && v.Shown && !p.refused
	}
	return v
}

// pairingRecord is what the store keeps of a pairing.
type pairingRecord struct {
	_        struct{} `cbor:",toarray"`
	Handle   []byte
	State    []byte
	Line     []byte // empty: none
	Grants   []byte // of Line
	Next     uint64 // of Line
	Received uint64 // of Line
	First    []byte
	Opened   [][]byte
	Contact  int64
	Checked  bool
	Refused  bool
	Deadline int64 // seconds since 1970
	Settled  uint64
	Placed   uint64
}

// pairingRecord1 is what was stored before pairings went over nodes.
type pairingRecord1 struct {
	_        struct{} `cbor:",toarray"`
	Handle   []byte
	State    []byte
	Line     []byte
	Grants   []byte
	Next     uint64
	Received uint64
	First    []byte
	Opened   [][]byte
	Contact  int64
	Checked  bool
	Refused  bool
	Deadline int64
}

// readPairing decodes a record of either version.
func readPairing(b []byte) (pairingRecord, error) {
	var old pairingRecord1
	if err := decode(b, &old); err == nil {
		return pairingRecord{
			Handle: old.Handle, State: old.State, Line: old.Line, Grants: old.Grants, Next: old.Next,
			Received: old.Received, First: old.First, Opened: old.Opened, Contact: old.Contact,
			Checked: old.Checked, Refused: old.Refused, Deadline: old.Deadline,
		}, nil
	}
	var r pairingRecord
	err := decode(b, &r)
	return r, err
}

// savePairing writes a changed pairing, or takes one away that is over.
func (w *work) savePairing(id PairingID, p *pairing) error {
	if p == nil || p.over() || !p.link() && p.contact == 0 {
		if w.tx == nil {
			return nil
		}
		return w.tx.RemovePairing(id)
	}
	r := pairingRecord{
		Handle: p.handle[:], State: p.state.Marshal(), First: p.first, Contact: int64(p.contact),
		Checked: p.checked, Refused: p.refused, Deadline: p.deadline.Unix(),
		Settled: uint64(p.settled), Placed: p.placed,
	}
	for _, d := range p.opened {
		r.Opened = append(r.Opened, d[:])
	}
	if p.line != nil {
		r.Line, r.Grants = p.line.marshal(), p.line.grants.Marshal()
		r.Next, r.Received = p.line.next, p.line.received
	}
	return w.tx.SetPairing(PairingRecord{ID: id, State: encode(&r)})
}

// loadPairings reads the pairings that outlive a run.
func (m *Messenger) loadPairings(tx ReadTx) error {
	records, err := tx.Pairings()
	if err != nil {
		return fmt.Errorf("pairings: %w", err)
	}
	cards, err := tx.Cards()
	if err != nil {
		return fmt.Errorf("cards: %w", err)
	}
	for _, r := range records {
		p, err := unmarshalPairing(r)
		if err != nil {
			return fmt.Errorf("%w: pairing: %w", ErrDamaged, err)
		}
		used := func(c CardRecord) bool { return c.Used && sameCard(c.InviteHash, p.state.Card().InviteHash()) }
		if p.state.Presenter() && p.state.Phase() == handshake.Offered && slices.ContainsFunc(cards, used) {
			continue // whatever else the store says, a used card is dead
		}
		p.until = m.clock.Elapsed() + p.deadline.Sub(m.clock.Now())
		m.state.pairings[p.id] = p
	}
	return nil
}

func unmarshalPairing(rec PairingRecord) (*pairing, error) {
	r, err := readPairing(rec.State)
	if err != nil {
		return nil, err
	}
	s, err := handshake.Unmarshal(r.State)
	if err != nil {
		return nil, err
	}
	p := &pairing{
		id: rec.ID, state: s, first: r.First, contact: ContactID(r.Contact),
		checked: r.Checked, refused: r.Refused, deadline: time.Unix(r.Deadline, 0),
		settled: slots(r.Settled), placed: r.Placed,
	}
	copy(p.handle[:], r.Handle)
	for _, b := range r.Opened {
		var d Digest
		copy(d[:], b)
		p.opened = append(p.opened, d)
	}
	if len(r.Line) > 0 {
		l, err := unmarshalLine(r.Line, r.Grants, DeliveryRecord{NextSeq: r.Next, Received: r.Received}, [32]byte{}, 0)
		if err != nil {
			return nil, err
		}
		l.loaded = l.next
		p.line = &l
	}
	return p, nil
}

func (m *Messenger) pairingByHandle(h identity.Handle) *pairing {
	for _, p := range m.state.pairings {
		if p.handle == h {
			return p
		}
	}
	return nil
}

func (w *work) pairingByHandle(h identity.Handle) *pairing {
	for id, p := range w.pairings() {
		if p.handle == h {
			return w.editPairing(id)
		}
	}
	return nil
}
