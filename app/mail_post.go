package app

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// post is what is to be left at one node. One goroutine at a time, the postman, speaks to
// it, for one contact in each conversation: a node learns of no two contacts that one
// person writes to both. The loop owns it.
type post struct {
	queue []ContactID
	out   bool          // the postman is out
	fails int           // conversations running in which the node did not serve
	due   time.Duration // not before, by Clock.Elapsed
}

// parcel is a box on its way to a node.
type parcel struct {
	digest Digest
	box    []byte
	paid   payment
	letter *letter // it is this one; nil: it is of the outbox, or a cell of a file

	mailing *mailing // the file; nil: it is none
	cell    uint32
}

// post queues a contact for the node that it is to be left messages at.
func (m *Messenger) post(at string, c ContactID) {
	t := m.mail.posts[at]
	if t == nil {
		t = &post{}
		m.mail.posts[at] = t
	}
	if !slices.Contains(t.queue, c) {
		t.queue = append(t.queue, c)
	}
	m.sendPostman(at)
}

// sendPostman sends the postman of a node out, where there is something to carry.
func (m *Messenger) sendPostman(at string) {
	t := m.mail.posts[at]
	if t.out || len(t.queue) == 0 || m.clock.Elapsed() < t.due || m.postmenOut() >= maxPosts {
		return
	}
	hint, err := identity.ParseHint([]byte(at))
	if err != nil {
		m.log.Error("mailbox", "err", err) // the grant was parsed when it came
		return
	}
	c := t.queue[0]
	t.queue, t.out = t.queue[1:], true
	m.senders.Go(func() { m.carry(m.lifetime, at, hint, c) })
}

func (m *Messenger) postmenOut() (n int) {
	for _, t := range m.mail.posts {
		if t.out {
			n++
		}
	}
	return n
}

// carry has one conversation with a node. What was spent is durable before it begins.
func (m *Messenger) carry(ctx context.Context, at string, hint identity.Hint, c ContactID) {
	var bag []parcel
	err := m.doWhile(ctx, writing, func(w *work) (err error) {
		bag, err = w.pack(c, at)
		return err
	})
	if ctx.Err() != nil {
		return
	}
	var verdicts []identity.Verdict
	trouble := err
	if err != nil {
		m.failedWhile(ctx, err)
		bag = nil
	}
	turn := m.turns.Load()
	if bag, err = m.fillCells(ctx, bag); err != nil {
		trouble = err
		m.failedWhile(ctx, err)
	}
	if len(bag) > 0 {
		ds := make([]identity.Deposit, len(bag))
		for i, l := range bag {
			ds[i] = l.deposit()
		}
		if verdicts, trouble = m.nodes.Put(ctx, hint, ds); trouble != nil {
			m.log.Debug("not deposited", "err", trouble)
		}
	}
	err = m.doWhile(ctx, writing, func(w *work) error {
		if len(bag) > 0 && m.turns.Load() != turn {
			trouble = nil // it was ended here, and is tried again
		}
		return w.posted(at, c, bag, verdicts, trouble)
	})
	if err != nil && ctx.Err() == nil {
		m.failedWhile(ctx, err)
		m.doWhile(ctx, inMemory, func(w *work) error { // what the node has is left there again, and it knows it
			w.later(func() { m.returned(at, c, errors.Join(trouble, err)) })
			return nil
		})
	}
}

func (l parcel) deposit() identity.Deposit {
	d := identity.Deposit{Lot: l.paid.lot, Cell: append(slices.Clone(l.paid.tokens[0][:]), l.box...)}
	for _, t := range l.paid.tokens {
		d.Tokens = append(d.Tokens, t)
	}
	return d
}

// returned notes that the postman is back from c, and sends him on.
func (m *Messenger) returned(at string, c ContactID, trouble error) {
	t := m.mail.posts[at]
	t.out = false
	now := m.clock.Elapsed()
	if trouble != nil {
		t.fails++
		t.due = now + pause(t.fails)
		return // the tick queues what waits
	}
	t.fails = 0
	if p := m.state.peers[c]; p != nil {
		if p.sealed == 0 {
			clear(m.desk(c).paid)
		}
		m.tickDesk(c, p, now)
	}
	for other := range m.mail.posts {
		m.sendPostman(other) // there was room for so many only
	}
	if t := m.mail.posts[at]; !t.out && len(t.queue) == 0 {
		delete(m.mail.posts, at)
	}
}

// pack takes what is to be left for a contact at a node, and pays for it.
func (w *work) pack(c ContactID, at string) ([]parcel, error) {
	p := w.peer(c)
	if p == nil || w.m.mailbox(p) != at || w.m.linked(c) {
		return nil, nil
	}
	p = w.editPeer(c)
	var bag []parcel
	if l := w.m.desk(c).letter; l != nil {
		if paid, ok := w.payLetter(p, l, at); ok {
			bag = append(bag, parcel{box: l.box, paid: paid, letter: l})
		}
	}
	rows, err := w.tx.ToDeposit(c, heldBefore(w.now), 0, postBatch)
	if err != nil {
		return nil, fmt.Errorf("to deposit: %w", err)
	}
	if len(rows) == 0 {
		p.unheld = false
	}
	for _, r := range rows {
		if !p.line.speaks() && !p.line.greets(r.Seq) {
			continue // sealed anew, once the ratchet is
		}
		l, ok, err := w.packBox(p, r, at)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		bag = append(bag, l)
	}
	if len(bag) > 0 {
		return bag, nil
	}
	if len(rows) > 0 || w.m.desk(c).letter != nil {
		w.later(func() { w.m.desk(c).due = w.m.clock.Elapsed() + mailRetryMax })
		return nil, nil
	}
	return w.packCells(p, at)
}

// packBox pays for a box; ok is false where nothing is left to pay with.
func (w *work) packBox(p *peer, r OutboxRecord, at string) (l parcel, ok bool, err error) {
	c := p.rec.ID
	paid, again := w.m.desk(c).paid[r.Digest]
	again = again && paid.at == at
	if cost := envelope.Cost(envelope.TokenSize + len(r.Box)); !again && p.line.speaks() && p.line.grants.Left() < cost {
		return parcel{}, false, nil
	}
	d := r.Digest
	if !again || r.Message != 0 && !paid.emptied { // what was paid for may be on its way, but no text that was deleted goes after it
		if r, err = w.asItIs(p, r); err != nil {
			return parcel{}, false, err
		}
	}
	if !again || r.Digest != d {
		if paid, ok = w.pay(p, envelope.Cost(envelope.TokenSize+len(r.Box)), !p.line.speaks(), at); !ok {
			return parcel{}, false, nil
		}
		paid.emptied = r.Digest != d
		d := r.Digest
		w.later(func() { w.m.desk(c).paid[d] = paid })
	}
	return parcel{digest: r.Digest, box: r.Box, paid: paid}, true, nil
}

// pay spends tokens of p's grant; last allows those that are kept for a reset.
func (w *work) pay(p *peer, n int, last bool, at string) (payment, bool) {
	held, _ := p.line.grants.Held()
	tokens, next, err := p.line.grants.Take(n, w.now)
	if errors.Is(err, envelope.ErrSpent) && last {
		tokens, next, err = p.line.grants.TakeReserve(n, w.now)
	}
	if err != nil {
		w.m.log.Debug("not paid", "err", err)
		return payment{}, false
	}
	p.line.grants, p.dirty.grants = next, true
	return payment{at: at, lot: held.Lot, tokens: tokens}, true
}

// asItIs seals anew, under its number, what says something that holds no more: a message
// that was deleted, and what was worth saying only over a link. A box that a node had stays
// as it is.
func (w *work) asItIs(p *peer, r OutboxRecord) (OutboxRecord, error) {
	if r.Saying != 0 || !r.HeldAt.IsZero() || !p.line.speaks() || r.Seq == p.line.grantSeq {
		return r, nil
	}
	if r.Message != 0 {
		msg, err := w.tx.Message(r.Message)
		if err != nil {
			return r, fmt.Errorf("message: %w", err)
		}
		if !msg.Deleted {
			return r, nil
		}
	} else if ds, err := w.receiptOf(p.rec.ID, r.Seq); err != nil || len(ds) > 0 {
		return r, err
	}
	if err := w.tx.RemoveOutbox(p.rec.ID, r.Seq); err != nil {
		return r, fmt.Errorf("remove from outbox: %w", err)
	}
	return w.addBox(p, kindEmpty, nil, r.Seq, subject{message: r.Message})
}

// posted takes over what a node said of a bag.
func (w *work) posted(at string, c ContactID, bag []parcel, verdicts []identity.Verdict, trouble error) error {
	w.later(func() { w.m.returned(at, c, trouble) })
	p := w.peer(c)
	if p == nil {
		return nil
	}
	p = w.editPeer(c)
	if len(bag) > 0 && bag[0].mailing != nil {
		later, err := w.cellsPosted(c, bag, verdicts)
		if later {
			trouble = errors.Join(trouble, identity.ErrNodeLater)
		}
		return err
	}
	refused, kept := 0, 0
	for i, l := range bag[:min(len(verdicts), len(bag))] {
		switch verdicts[i] {
		case identity.DepositKept:
			kept++
			if err := w.held(p, l); err != nil {
				return err
			}
		case identity.DepositRefused:
			refused++
		default:
			trouble = errors.Join(trouble, identity.ErrNodeLater)
			continue
		}
		w.later(func() { w.m.unpay(c, l, verdicts[i] == identity.DepositKept) })
	}
	w.later(func() { w.m.refused(c, refused, kept) })
	return nil
}

// held notes that a node has a box.
func (w *work) held(p *peer, l parcel) error {
	if l.letter != nil {
		p.line.letterAt, p.dirty.session = w.now.UnixMilli(), true
		return nil
	}
	r, err := w.tx.OutboxByDigest(p.rec.ID, l.digest)
	if errors.Is(err, ErrNotFound) {
		return nil // it arrived meanwhile, or was sealed anew
	}
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	if err := w.tx.SetOutboxHeld(p.rec.ID, r.Seq, w.now); err != nil {
		return fmt.Errorf("set held: %w", err)
	}
	if r.Message == 0 {
		return nil
	}
	msg, err := w.tx.Message(r.Message)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	if msg.State == StateQueued {
		if _, err = w.setState(msg.ID, StateHeld, ReasonNone); err != nil {
			return err
		}
	}
	return w.mailAnew(msg.ID)
}

// unheldMessage notes of a message that what a node has of it is of no use any more.
func (w *work) unheldMessage(id MessageID) error {
	if id == 0 {
		return nil
	}
	msg, err := w.tx.Message(id)
	if err != nil || msg.State != StateHeld {
		return ignoreNotFound(err)
	}
	_, err = w.setState(id, StateQueued, ReasonNone)
	return err
}

func ignoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// unpay forgets what was spent for a parcel that was kept or refused.
func (m *Messenger) unpay(c ContactID, l parcel, kept bool) {
	d := m.desk(c)
	switch {
	case l.letter == nil:
		if paid := d.paid[l.digest]; len(paid.tokens) > 0 && subtle.ConstantTimeCompare(paid.tokens[0][:], l.paid.tokens[0][:]) == 1 {
			delete(d.paid, l.digest)
		}
	case d.letter == l.letter && kept:
		d.letter = nil
	case d.letter == l.letter:
		d.letter.paid = payment{}
	}
}

// refused counts tokens that were refused running.
func (m *Messenger) refused(c ContactID, refused, kept int) {
	d := m.desk(c)
	if kept > 0 {
		d.refused = 0
	}
	if d.refused += refused; d.refused >= maxRefused && refused > 0 {
		d.due = m.clock.Elapsed() + pause(d.refused-maxRefused+1)
	}
}

// mailboxMoved follows another grant of a contact.
func (m *Messenger) mailboxMoved(c ContactID) {
	d := m.desk(c)
	d.due, d.refused = 0, 0
	m.todo = append(m.todo, func(w *work) error { return w.mailFiles(c) })
	m.tellReach(c)
}
