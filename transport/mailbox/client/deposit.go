package client

import (
	"context"
	"errors"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// Put leaves cells at a node and returns a verdict for each, in order. With an error those
// that have a verdict come with it: the rest may or may not be kept.
func (c *Client) Put(ctx context.Context, at identity.Hint, ds []identity.Deposit) ([]identity.Verdict, error) {
	var verdicts []identity.Verdict
	err := c.visit(ctx, at, false, func(ctx context.Context, t *talk) error {
		for _, d := range ds {
			v, err := t.leave(ctx, (*mailbox.Put)(&d))
			if err != nil {
				return err
			}
			verdicts = append(verdicts, v)
		}
		return nil
	})
	return verdicts, err
}

// leave leaves one cell, and says what the node says of it.
func (t *talk) leave(ctx context.Context, q mailbox.Request) (identity.Verdict, error) {
	err := t.do(ctx, q)
	switch {
	case err == nil:
		return identity.DepositKept, nil
	case errors.Is(err, identity.ErrNodeRefused):
		return identity.DepositRefused, nil
	case errors.Is(err, identity.ErrNodeLater):
		return identity.DepositLater, nil
	}
	return identity.DepositLater, err
}

// WriteSlot leaves the cell of a pairing, mailbox.SmallCell bytes. DepositKept also when the
// same cell is there already, DepositRefused for another one or an unregistered slot.
func (c *Client) WriteSlot(ctx context.Context, at identity.Hint, slot [16]byte, cell []byte) (v identity.Verdict, err error) {
	if len(cell) != mailbox.SmallCell {
		return identity.DepositRefused, nil
	}
	err = c.visit(ctx, at, false, func(ctx context.Context, t *talk) error {
		v, err = t.leave(ctx, &mailbox.LeaveCell{Slot: slot, Cell: [mailbox.SmallCell]byte(cell)})
		return err
	})
	if err != nil {
		v = identity.DepositLater
	}
	return v, err
}

// ReadSlot returns the cell of a pairing, nil where there is none yet.
func (c *Client) ReadSlot(ctx context.Context, at identity.Hint, slot [16]byte) (cell []byte, err error) {
	err = c.visit(ctx, at, false, func(ctx context.Context, t *talk) error {
		a, err := t.ask(ctx, &mailbox.ReadCell{Slot: slot}, 0)
		if err != nil {
			return err
		}
		switch a := a.(type) {
		case *mailbox.Cell:
			cell = a.Cell[:]
			return nil
		case *mailbox.Done:
			if a.Status == mailbox.StatusNothing {
				return nil
			}
		}
		return refusal(a)
	})
	return cell, err
}

// Look reads a presence, or random bytes: see mailbox.OpenPresence. hidden: the party is
// not to learn the address of this computer, whatever holds for others.
func (c *Client) Look(ctx context.Context, at identity.Hint, id [16]byte, hidden bool) (content [mailbox.ContentSize]byte, err error) {
	err = c.visit(ctx, at, hidden, func(ctx context.Context, t *talk) error {
		a, err := t.ask(ctx, &mailbox.Look{ID: id}, 0)
		if err != nil {
			return err
		}
		if looked, ok := a.(*mailbox.Looked); ok {
			content = looked.Content
			return nil
		}
		return refusal(a)
	})
	return content, err
}
