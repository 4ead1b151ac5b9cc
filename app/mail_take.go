package app

import (
	"fmt"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/session"
)

// origin is how a box came.
type origin struct {
	own  bool // over the contact's own link, or paid with a token that only the contact has
	path Path
}

// byMail reports that the box lay at an own node, and comes no second time by itself.
func (o origin) byMail() bool { return o.own && o.path == PathMailbox }

// takePage takes what an own node kept, oldest first, and reports whether any of it is new.
// What nobody paid for who may write is dropped. files are the cells of files among it, for
// files.takeMailed, which says whether those are wanted.
func (w *work) takePage(id NodeID, page identity.Fetched) (files []mailed, news bool, err error) {
	w.m.mail.tokens.follow(w.peers())
	var of []ContactID
	for _, cell := range page.Cells {
		if m, ok, paid := w.fileCell(cell); ok {
			files, news = append(files, m), news || paid
			continue
		}
		token, box, err := envelope.Split(cell)
		if err != nil {
			continue
		}
		if w.probed(token) {
			news = true
			continue
		}
		c, known := w.writer(token, box)
		if !known || w.peer(c) == nil || w.peer(c).rec.Blocked {
			continue
		}
		fresh, err := w.takeMail(w.editPeer(c), box)
		if err != nil {
			return nil, false, err
		}
		if news = news || fresh; !slices.Contains(of, c) {
			of = append(of, c)
		}
	}
	for _, c := range of {
		if err := w.fill(w.editPeer(c)); err != nil {
			return nil, false, err
		}
	}
	w.nodeAnswered(id, nodeNews{used: page.Used, quota: page.Quota, refused: page.Refused})
	return files, news, nil
}

// takeMail takes a box of p that came by mailbox, and whatever waited for it. What does not
// open is nothing fresh: a node can make as much of it as it likes, and is asked later then.
func (w *work) takeMail(p *peer, box []byte) (fresh bool, err error) {
	d := session.Digest(box)
	seen, err := w.tx.Seen(p.rec.ID, d)
	if err != nil {
		return false, fmt.Errorf("seen: %w", err)
	}
	if seen {
		return false, w.cameAgain(p, d)
	}
	p.via = PathMailbox
	early := p.early
	taken, err := w.open(p, d, box, origin{own: true, path: PathMailbox})
	if err != nil {
		return false, err
	}
	fresh = taken || p.early > early
	return fresh, w.followEarly(p)
}

// cameAgain owes a receipt for a box that was taken before, once in a run: who left it
// again does not know. A node that repeats itself gets no answer.
func (w *work) cameAgain(p *peer, d Digest) error {
	known := w.m.mail.repeated
	if _, again := known[d]; again {
		return nil
	}
	w.later(func() {
		if len(known) >= repeatedMax {
			clear(known)
		}
		known[d] = struct{}{}
	})
	return w.owe(p, d)
}

// keepEarly keeps a box that came by mailbox before another: it is not sent again as over
// a link. Of too many the newest are dropped, which their sender leaves again in time.
func (w *work) keepEarly(p *peer, d Digest, box []byte, stream, seq uint64) error {
	if p.early >= maxEarly {
		w.m.log.Debug("early box dropped")
		return nil
	}
	r := EarlyRecord{Contact: p.rec.ID, Digest: d, Stream: stream, Seq: seq, Box: box, At: w.now}
	if err := w.tx.AddEarly(r); err != nil {
		return fmt.Errorf("add early box: %w", err)
	}
	return w.countEarly(p)
}

func (w *work) countEarly(p *peer) (err error) {
	if p.early, err = w.tx.EarlyCount(p.rec.ID); err != nil {
		return fmt.Errorf("early boxes: %w", err)
	}
	return nil
}

// followEarly takes the early boxes whose turn has come.
func (w *work) followEarly(p *peer) error {
	for p.early > 0 {
		stream, next := p.line.theirs, p.line.received+1
		if err := w.tx.RemoveEarlyUpTo(p.rec.ID, stream, p.line.received); err != nil {
			return fmt.Errorf("remove early boxes: %w", err)
		}
		boxes, err := w.tx.Early(p.rec.ID, stream, next, maxEarly)
		if err != nil {
			return fmt.Errorf("early boxes: %w", err)
		}
		if err := w.openEarly(p, boxes); err != nil {
			return err
		}
		if p.line.theirs == stream && p.line.received < next {
			return nil
		}
	}
	return nil
}

// openEarly opens boxes that waited, and keeps none of them.
func (w *work) openEarly(p *peer, boxes []EarlyRecord) error {
	p.via = PathMailbox
	for _, e := range boxes {
		if err := w.tx.RemoveEarly(p.rec.ID, e.Digest); err != nil {
			return fmt.Errorf("remove early box: %w", err)
		}
		if _, err := w.open(p, e.Digest, e.Box, origin{own: true, path: PathMailbox}); err != nil {
			return err
		}
	}
	return w.countEarly(p)
}

// tryEarlyAgain has the boxes tried again that no ratchet of p opened: it has one more.
func (w *work) tryEarlyAgain(p *peer) {
	if c := p.rec.ID; p.early > 0 {
		w.later(func() {
			w.m.todo = append(w.m.todo, func(w *work) error { return w.tryStrange(c) })
		})
	}
}

// tryStrange tries, with a ratchet that p got, the boxes that came by mailbox before it.
func (w *work) tryStrange(c ContactID) error {
	if w.peer(c) == nil || w.peer(c).early == 0 {
		return nil
	}
	p := w.editPeer(c)
	boxes, err := w.tx.Early(c, 0, 0, maxEarly)
	if err != nil {
		return fmt.Errorf("early boxes: %w", err)
	}
	boxes = slices.DeleteFunc(boxes, func(e EarlyRecord) bool {
		_, _, err := p.line.session.Open(e.Box, w.now)
		return err != nil
	})
	if err := w.openEarly(p, boxes); err != nil {
		return err
	}
	if err := w.followEarly(p); err != nil {
		return err
	}
	return w.fill(p)
}

// sweepMail forgets early boxes that are too old for anything before them to come, and has
// what lay too long at a node looked at.
func (w *work) sweepMail() error {
	if err := w.tx.ForgetEarly(w.now.Add(-heldFor)); err != nil {
		return fmt.Errorf("forget early boxes: %w", err)
	}
	for c, p := range w.peers() {
		if p.early == 0 && (p.sealed == 0 || p.unheld) {
			continue
		}
		p = w.editPeer(c)
		p.unheld = p.sealed > 0
		if err := w.countEarly(p); err != nil {
			return err
		}
	}
	return nil
}

// heldBefore is the time from before which a box that a node kept is kept no more.
func heldBefore(now time.Time) time.Time { return now.Add(-heldFor) }
