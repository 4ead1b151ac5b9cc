package app

import (
	"fmt"

	"tacit/identity/session"
)

// settleRollback gives up, before anything else, what an older copy of a profile must
// not use: its ratchets may have sealed and opened since, and its cards may have been
// answered. All of that is one commit, with which the profile counts as whole. What is
// under way keeps its numbers until the peer's first word says whether they are of today.
func (w *work) settleRollback() error {
	for c := range w.peers() {
		p := w.editPeer(c)
		p.line.session, p.line.wanted, p.line.unheard = session.State{}, true, false
		p.line.reset = session.NewReset(p.rec.ResetSecret, p.rec.ResetNumber)
		p.line.grantDue, p.line.grantSeq, p.line.grantAcked = true, 0, false
		p.lineMoved()
		if err := w.tx.QueueAgain(c); err != nil {
			return fmt.Errorf("queue again: %w", err)
		}
	}
	for id := range w.pairings() {
		if p := w.editPairing(id); !p.over() {
			if err := w.fail(p, ErrPairingEnded); err != nil {
				return err
			}
		}
	}
	cards, err := w.tx.Cards()
	if err != nil {
		return fmt.Errorf("cards: %w", err)
	}
	for _, card := range cards {
		card.Used = true
		if err := w.tx.SetCard(card); err != nil {
			return fmt.Errorf("set card: %w", err)
		}
	}
	if err := w.forgetSpares(); err != nil {
		return err
	}
	if err := w.tx.SettleRollback(); err != nil {
		return fmt.Errorf("settle the rollback: %w", err)
	}
	return nil
}

// bare reports that a contact came without its session, as out of a backup.
func (p *peer) bare() bool { return p.line.next == 0 }

func (w *work) restoreBare() error {
	if err := w.forgetSpares(); err != nil { // also those of lots that a backup has as not handed over yet
		return err
	}
	for c, p := range w.peers() {
		if !p.bare() {
			continue
		}
		p = w.editPeer(c)
		if err := w.restore(p); err != nil {
			return err
		}
		p.line.reset = session.NewReset(p.rec.ResetSecret, p.rec.ResetNumber)
	}
	return nil
}

// restore drops every ratchet with p and has them renewed. What came from p stays
// known, so that nothing of it is shown twice.
func (w *work) restore(p *peer) error {
	p.line.session, p.line.wanted, p.line.unheard, p.line.fresh = session.State{}, true, false, false
	return w.renumber(p)
}

// renumber begins the own numbering anew: numbers after those that an older copy knows
// of were given to other contents. Everything under way is sealed again in time.
func (w *work) renumber(p *peer) error {
	if _, err := w.tx.RemoveOutboxUpTo(p.rec.ID, maxSeq); err != nil {
		return fmt.Errorf("remove from outbox: %w", err)
	}
	l := &p.line
	l.stream, l.next, l.floor, l.loaded = newStream(), 1, 1, 0
	l.grantDue, l.grantSeq, l.grantAcked = true, 0, false
	l.sealAnew, l.refused = false, false
	l.heard, l.heardAt = 0, 0
	p.sealed, p.acked, p.backlog, p.unsaid = 0, 0, true, p.sayings > 0
	if err := w.oweAgain(p); err != nil {
		return err
	}
	if err := w.tx.QueueAgain(p.rec.ID); err != nil {
		return fmt.Errorf("queue again: %w", err)
	}
	p.lineMoved()
	c := p.rec.ID
	w.later(func() { w.m.rewind(c); w.m.progressed(c) })
	return nil
}
