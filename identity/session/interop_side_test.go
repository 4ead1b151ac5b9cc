//go:build interop

package session

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// ownSide is this program at its end of the pipe.
type ownSide struct {
	t      *testing.T
	other  *otherProgram
	id     *identity.Identity
	sender bool // S of the pairing
	repeat bool
	lose   bool // as S: M5 is never written
	pair   pairing.State
	peer   identity.Bundle
	state  State
	reset  Reset
	plan   plan
	encode func(any) []byte

	stream, peerStream uint64
	seq                uint64              // the last that was sealed
	came               map[uint64]bool     // numbers of the peer
	sealed             map[*planned][]byte // cells of own messages
	wanted             map[uint64]*planned // the peer's messages by number
	waiting            map[[16]byte]int    // own frames that were not acknowledged
	acked              int                 // frames 3 that came
	opened, used       int
	renewed            bool
}

func (s *ownSide) now() time.Time { return start }

// content is the next of the own numbering.
func (s *ownSide) content(kind uint64, body []byte) []byte {
	s.seq++
	ack, ackStream := uint64(0), uint64(0)
	for s.came[ack+1] {
		ack++
		ackStream = s.peerStream
	}
	return s.encode([]any{kind, s.stream, s.seq, uint64(1), ackStream, ack, body})
}

// sealCell seals a content and puts a token before it.
func (s *ownSide) sealCell(content []byte) []byte {
	s.t.Helper()
	box, next, err := s.state.Seal(content, s.now())
	if err != nil {
		s.t.Fatal(err)
	}
	s.state = next
	cell, err := envelope.NewCell(envelope.RandomToken(), box)
	if err != nil {
		s.t.Fatal(err)
	}
	return cell
}

// meet runs the pairing to its end.
func (s *ownSide) meet() {
	s.t.Helper()
	if s.sender {
		s.writeNew(s.pair.Last())
	}
	for s.pair.Phase() != pairing.Agreed {
		b := s.other.frame()
		if b[0] != 1 {
			s.t.Fatalf("a frame of type %d during the pairing", b[0])
		}
		result, next, err := s.pair.Receive(s.id, b[1:], s.now())
		if errors.Is(err, pairing.ErrForged) && s.isFirstBox(b[1:]) {
			s.pair = s.pair.Confirm()
			s.begin()
			s.receive(b)
			return
		}
		if err != nil {
			s.t.Fatalf("pairing, phase %d: %v", s.pair.Phase(), err)
		}
		s.pair = next
		switch lost := s.lose && s.sender && s.pair.Phase() == pairing.Agreed; {
		case result.Reply == nil || lost:
		case result.Changed:
			s.writeNew(result.Reply)
		default:
			s.other.cell(result.Reply)
		}
	}
	s.begin()
	if s.sender {
		s.other.cell(s.sealCell(s.content(0, []byte{})))
		return
	}
	for !s.state.Ready() {
		s.receive(s.other.frame())
	}
}

// isFirstBox tells R whether a cell is the first of S in the ratchet that they agreed on.
func (s *ownSide) isFirstBox(cell []byte) bool {
	secrets, ok := s.pair.Secrets()
	if !ok {
		return false
	}
	state, err := New(secrets, s.now())
	if err != nil {
		s.t.Fatal(err)
	}
	_, _, err = state.Open(cell[envelope.TokenSize:], s.now())
	return err == nil
}

// begin makes the session of the pairing.
func (s *ownSide) begin() {
	s.t.Helper()
	secrets, _ := s.pair.Secrets()
	var err error
	if s.state, err = New(secrets, s.now()); err != nil {
		s.t.Fatal(err)
	}
	s.peer, s.reset = secrets.Peer, NewReset(secrets.RS, 0)
}

func (s *ownSide) writeNew(message []byte) {
	s.other.cell(message)
	if s.repeat {
		s.other.cell(message)
	}
}

// receive takes one frame. It returns whether it was a frame of the plan.
func (s *ownSide) receive(b []byte) bool {
	s.t.Helper()
	if b[0] == 3 {
		d := [16]byte(b[1:])
		if s.waiting[d] == 0 {
			s.t.Fatal("an acknowledgement of nothing")
		}
		s.waiting[d]--
		s.acked++
		if s.waiting[d] == 0 {
			delete(s.waiting, d)
		}
		return false
	}
	_, box, err := envelope.Split(b[1:])
	if err != nil {
		s.t.Fatal(err)
	}
	content, next, err := s.state.Open(box, s.now())
	switch {
	case errors.Is(err, ErrUnknown):
		s.receiveHandshake(b[1:], box)
		return false
	case errors.Is(err, ErrUsed):
		s.used++
	case err != nil:
		s.t.Fatalf("open: %v", err)
	default:
		s.state = next
		if !s.check(content) {
			return false
		}
		s.opened++
	}
	d := Digest(box)
	s.other.in <- append([]byte{3}, d[:]...)
	return true
}

// receiveHandshake takes what no ratchet knows: a repeated message of the pairing, or one of a reset.
func (s *ownSide) receiveHandshake(cell, box []byte) {
	s.t.Helper()
	result, next, err := s.pair.Receive(s.id, cell, s.now())
	if err == nil {
		s.pair = next
		if result.Reply != nil {
			s.other.cell(result.Reply)
		}
		return
	}
	step, reset, err := s.reset.Receive(s.id, s.peer, box, s.now())
	if errors.Is(err, ErrForged) && s.repeat && s.renewed {
		return // M5 again: it says nothing more
	}
	if err != nil {
		s.t.Fatalf("reset: %v", err)
	}
	s.reset = reset
	if lost := s.lose && step.Renewed != nil && step.Renewed.Sender; step.Reply != nil && !lost {
		s.writeReset(step.Reply, step.Changed)
	}
	if step.Renewed == nil {
		return
	}
	if s.state, err = s.state.Renew(*step.Renewed, s.now()); err != nil {
		s.t.Fatal(err)
	}
	if s.renewed {
		s.t.Fatal("renewed twice")
	}
	s.renewed = true
	if step.Renewed.Sender {
		s.other.cell(s.sealCell(s.content(0, []byte{})))
	}
	if step.Opens {
		s.receive(append([]byte{1}, cell...))
	}
}

func (s *ownSide) writeReset(box []byte, fresh bool) {
	s.t.Helper()
	for range map[bool]int{false: 1, true: 2}[s.repeat && fresh] {
		cell, err := envelope.NewCell(envelope.RandomToken(), box)
		if err != nil {
			s.t.Fatal(err)
		}
		s.other.cell(cell)
	}
}

// check compares a content with the plan. A first box of a ratchet is not in it.
func (s *ownSide) check(b []byte) bool {
	s.t.Helper()
	var c struct {
		_                                       struct{} `cbor:",toarray"`
		Kind, Stream, Seq, Base, AckStream, Ack uint64
		Body                                    []byte
	}
	if err := cbor.Unmarshal(b, &c); err != nil {
		s.t.Fatal(err)
	}
	again := s.encode([]any{c.Kind, c.Stream, c.Seq, c.Base, c.AckStream, c.Ack, c.Body})
	if s.peerStream == 0 {
		s.peerStream = c.Stream
	}
	if !bytes.Equal(again, b) || c.Stream != s.peerStream || c.Base != 1 || c.AckStream != 0 && c.AckStream != s.stream || c.Ack > s.seq || s.came[c.Seq] {
		s.t.Fatalf("content %x is not as it has to be", b[:min(60, len(b))])
	}
	s.came[c.Seq] = true
	m, inPlan := s.wanted[c.Seq]
	if !inPlan {
		if c.Kind != 0 || len(c.Body) != 0 {
			s.t.Fatalf("content %d is not in the plan", c.Seq)
		}
		return false
	}
	if c.Kind != m.kind || !bytes.Equal(c.Body, m.body) {
		s.t.Fatalf("message %d is not that of the plan", m.i)
	}
	return true
}

// converse follows the plan to its end. reset is the turn before which its speaker resets, or -1.
func (s *ownSide) converse(reset int) {
	s.t.Helper()
	peerSeq := uint64(0) // S's first box
	if !s.sender {
		peerSeq = 1
	}
	for t := range s.plan.turns {
		speaks := s.sender == (t%2 == 0)
		if t == reset {
			// The reset's first box takes the next number of its S.
			if speaks {
				step, next, err := s.reset.Start(s.id, s.peer, s.now())
				if err != nil {
					s.t.Fatal(err)
				}
				s.reset = next
				s.writeReset(step.Reply, true)
			}
			for !s.renewed || !s.state.Ready() {
				s.receive(s.other.frame())
			}
			if !leads(s.id, s.peer) {
				peerSeq++
			}
		}
		if speaks {
			s.speak(t)
			continue
		}
		for _, m := range s.plan.turns[t] {
			peerSeq++
			s.wanted[peerSeq] = m
		}
		for range s.plan.frames[t] {
			for !s.receive(s.other.frame()) {
			}
		}
	}
	for len(s.waiting) > 0 {
		s.receive(s.other.frame())
	}
}

// speak seals what the turn says and writes what the plan writes in it.
func (s *ownSide) speak(t int) {
	s.t.Helper()
	for _, m := range s.plan.turns[t] {
		s.sealed[m] = s.sealCell(s.content(m.kind, m.body))
	}
	for _, f := range s.plan.frames[t] {
		cell := s.sealed[f.message]
		s.waiting[Digest(cell[envelope.TokenSize:])]++
		s.other.cell(cell)
	}
}

// compare holds what the other program shows its user to what is shown here.
func (s *ownSide) compare(e otherEvent, fp identity.Fingerprint) {
	s.t.Helper()
	first, last := s.pair.Show(), e.Code[6:]
	if !s.sender {
		first, last = e.Code[:6], s.pair.Show()
	}
	if first+last != e.Code || len(e.Code) != 12 {
		s.t.Errorf("code %q there, %q here", e.Code, s.pair.Show())
	}
	theirs := e.Code[6:]
	if !s.sender {
		theirs = e.Code[:6]
	}
	if checked, err := s.pair.Check(theirs); err != nil || !checked.Checked() {
		s.t.Errorf("their half of the code: %v", err)
	}
	own := s.id.Fingerprint()
	if e.Safety != identity.SafetyNumber(own, fp) || e.Peer != hex.EncodeToString(own[:]) || s.peer.Fingerprint() != fp {
		s.t.Error("the two do not name one another alike")
	}
	if _, name, _ := s.pair.Peer(); name != "Jürgen" || e.Name != map[bool]string{true: "Søren", false: "Rosa"}[s.sender] {
		s.t.Errorf("names %q and %q", name, e.Name)
	}
}
