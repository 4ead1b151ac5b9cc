package node

import (
	"context"
	"errors"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
)

// answer does what a request says. Its only errors end the talk.
func (t *talk) answer(ctx context.Context, q mailbox.Request) (mailbox.Answer, error) {
	if mailbox.NeedsLogin(q) && !t.proved {
		return refused, nil
	}
	if q, ok := q.(*mailbox.Fetch); ok {
		return t.fetch(ctx, q)
	}
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	switch q := q.(type) {
	case *mailbox.Put:
		return t.put(ctx, q), nil
	case *mailbox.Look:
		return t.look(ctx, q)
	case *mailbox.LeaveCell:
		v, err := t.depot.LeaveCell(ctx, t.clock(), q.Slot, q.Cell[:])
		return t.verdict(v, err), nil
	case *mailbox.ReadCell:
		return t.readCell(ctx, q), nil
	case *mailbox.Login:
		return t.login(ctx, q), nil
	}
	return t.done(t.own(ctx, q)), nil
}

// own does what an account asks for itself, where the answer says no more than how it went.
func (t *talk) own(ctx context.Context, q mailbox.Request) error {
	now := t.clock()
	switch q := q.(type) {
	case *mailbox.PutLot:
		return t.depot.PutLot(ctx, now, t.account, (*identity.Lot)(q))
	case *mailbox.DropLot:
		return t.depot.DropLot(ctx, now, t.account, q.Lot)
	case *mailbox.Presences:
		return t.depot.PutPresence(ctx, now, t.account, int(q.Page), presencePage(q))
	case *mailbox.Register:
		return t.depot.Register(ctx, now, t.account, time.Unix(q.Until, 0), q.Slots)
	case *mailbox.Leave:
		return t.depot.Leave(ctx, now, t.account)
	}
	return depot.ErrRefused
}

func presencePage(q *mailbox.Presences) *depot.PresencePage {
	page := new(depot.PresencePage)
	for i := range q.Slots {
		page[i] = depot.Presence(q.Slots[i])
	}
	return page
}

// Answers that say no more than how it went.
var (
	accepted = &mailbox.Done{Status: mailbox.StatusOK}
	refused  = &mailbox.Done{Status: mailbox.StatusRefused}
	later    = &mailbox.Done{Status: mailbox.StatusLater}
	nothing  = &mailbox.Done{Status: mailbox.StatusNothing}
)

// done says how a request went. Whatever is wrong with the depot is later: it is not the
// client's to mend.
func (t *talk) done(err error) *mailbox.Done {
	switch {
	case err == nil:
		return accepted
	case errors.Is(err, depot.ErrRefused), errors.Is(err, depot.ErrStranger):
		return refused
	}
	t.trouble.note(err)
	return later
}

func (t *talk) verdict(v identity.Verdict, err error) *mailbox.Done {
	switch {
	case err != nil:
		return t.done(err)
	case v == identity.DepositKept:
		return accepted
	case v == identity.DepositRefused:
		return refused
	}
	return later
}

func (t *talk) put(ctx context.Context, q *mailbox.Put) mailbox.Answer {
	began := time.Now()
	verdicts, err := t.depot.Deposit(ctx, t.clock(), []identity.Deposit{identity.Deposit(*q)})
	if err != nil || len(verdicts) != 1 {
		return t.done(err)
	}
	t.metrics.deposits.Observe(time.Since(began).Seconds())
	return t.verdict(verdicts[0], nil)
}

// look has one answer only; where the depot cannot say, there is none.
func (t *talk) look(ctx context.Context, q *mailbox.Look) (mailbox.Answer, error) {
	content, err := t.depot.Look(ctx, t.clock(), q.ID)
	if err != nil {
		t.trouble.note(err)
		return nil, errEnd(endBusy)
	}
	a := new(mailbox.Looked)
	if content == nil {
		random(a.Content[:])
	}
	copy(a.Content[:], content)
	return a, nil
}

func (t *talk) readCell(ctx context.Context, q *mailbox.ReadCell) mailbox.Answer {
	cell, err := t.depot.ReadCell(ctx, t.clock(), q.Slot)
	switch {
	case err != nil:
		return t.done(err)
	case len(cell) != mailbox.SmallCell:
		return nothing
	}
	return &mailbox.Cell{Cell: [mailbox.SmallCell]byte(cell)}
}

// login lets in whoever proves an account. A talk has one.
func (t *talk) login(ctx context.Context, q *mailbox.Login) mailbox.Answer {
	if t.proved || !t.served.Proves(q) {
		return refused
	}
	now, account := t.clock(), depot.Account(q.Account)
	err := t.depot.Admit(ctx, now, account, depot.Ticket{Invite: q.Invite})
	if errors.Is(err, depot.ErrRefused) && !t.closed && t.admits.allow(whole(t.from), time.Now(), 1) {
		err = t.depot.Admit(ctx, now, account, depot.Ticket{Open: true})
	}
	if err != nil {
		return t.done(err)
	}
	s, err := t.depot.Standing(ctx, now, account)
	if err != nil {
		return t.done(err)
	}
	t.account, t.proved = account, true
	t.guests.welcome(t.from, time.Now())
	return &mailbox.Standing{Used: s.Used, Quota: s.Quota, Cells: s.Cells, Lots: s.Lots, Time: now.Unix()}
}

// tunnel makes a talk a way to another node, until that ends.
func (t *talk) tunnel(ctx context.Context, q *mailbox.Forward) error {
	if !t.proved {
		return t.say(q, refused)
	}
	way, err := t.forward.connect(ctx, t.account, q.To)
	switch {
	case errors.Is(err, errForwardRefused):
		return t.say(q, refused)
	case err != nil:
		return t.say(q, later)
	}
	if err := t.say(q, accepted); err != nil {
		way.drop()
		return err
	}
	way.carry(ctx, t.stream)
	return errEnd(endTunnel)
}
