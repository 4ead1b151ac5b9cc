package client

import (
	"context"
	"io"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// talk is a talk with a node on one stream, used by one goroutine at a time.
type talk struct {
	stream *stream
	sealed *mailbox.Talk
	step   time.Duration
}

// dialler opens the stream of a talk.
type dialler func(context.Context) (*stream, error)

// openTalk opens a talk with a node; own is the account that is to log in, nil for none.
// direct: the stream is known to end at that node, so that a record of another time can
// only be due to a clock.
func (c *call) openTalk(node [32]byte, own *identity.Home, direct bool, dial dialler) (*talk, error) {
	for range openTries {
		s, err := dial(c.ctx)
		if err != nil {
			return nil, err
		}
		t, accepted, err := c.opening(s, node, own, direct)
		if accepted {
			return t, nil
		}
		s.Reset()
		if err != nil {
			return nil, err
		}
		c.forget(own)
	}
	return nil, identity.ErrNodeFalse // it has not the key that it says it has
}

// opening begins a talk on a stream; accepted unless the node has no such key.
func (c *call) opening(s *stream, node [32]byte, own *identity.Home, direct bool) (t *talk, accepted bool, err error) {
	r, err := c.record(s, node, own, direct)
	if err != nil {
		return nil, false, err
	}
	opening, sealed, err := mailbox.NewTalk(node, r)
	if err != nil {
		return nil, false, err
	}
	var said [1]byte
	err = s.exchange(c.ctx, c.times.step, func(rw io.ReadWriter) error {
		if _, err := rw.Write(append([]byte{mailbox.OpenTalk}, opening...)); err != nil {
			return err
		}
		_, err := io.ReadFull(rw, said[:])
		return err
	})
	switch {
	case err != nil:
		return nil, false, err
	case said[0] == mailbox.TalkAccepted:
		return &talk{stream: s, sealed: sealed, step: c.times.step}, true, nil
	case said[0] != mailbox.TalkRefused:
		return nil, false, mailbox.ErrMalformed
	}
	return nil, false, nil
}

// record returns the key record of a node. It is kept for an own account alone, which says
// anyway who speaks: a node might give everybody another key, and would know again by it
// whoever uses one twice.
func (c *call) record(s *stream, node [32]byte, own *identity.Home, direct bool) (mailbox.KeyRecord, error) {
	now := c.clock()
	if r, ok := c.keptRecord(own, now); ok {
		return r, nil
	}
	record, err := c.askRecord(s, node)
	if err != nil {
		return mailbox.KeyRecord{}, err
	}
	if !direct && !record.Holds(now) {
		return mailbox.KeyRecord{}, identity.ErrNodeFalse
	}
	if own == nil {
		return record, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.records) >= maxRecords {
		clear(c.records) // they are asked for again
	}
	c.records[*own] = kept{record, now}
	return record, nil
}

// keptRecord returns the record that is kept for an account, if it is young enough.
func (c *call) keptRecord(own *identity.Home, now time.Time) (mailbox.KeyRecord, bool) {
	if own == nil {
		return mailbox.KeyRecord{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.records[*own]
	age := now.Sub(r.at)
	return r.KeyRecord, ok && age >= 0 && age < mailbox.RecordLife
}

func (c *call) askRecord(s *stream, node [32]byte) (mailbox.KeyRecord, error) {
	var b [mailbox.KeyRecordSize]byte
	err := s.exchange(c.ctx, c.times.step, func(rw io.ReadWriter) error {
		if _, err := rw.Write([]byte{mailbox.OpenKey}); err != nil {
			return err
		}
		_, err := io.ReadFull(rw, b[:])
		return err
	})
	if err != nil {
		return mailbox.KeyRecord{}, err
	}
	return mailbox.ParseKeyRecord(node, b[:])
}

func (c *call) forget(own *identity.Home) {
	if own == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.records, *own)
}

// ask makes a request and returns the answer, which may come wait later than others.
func (t *talk) ask(ctx context.Context, q mailbox.Request, wait time.Duration) (a mailbox.Answer, err error) {
	frame, err := t.sealed.Ask(q)
	if err != nil {
		return nil, identity.ErrNodeRefused // no node takes what does not fit
	}
	err = t.stream.exchange(ctx, t.step+wait, func(rw io.ReadWriter) error {
		if _, err := rw.Write(frame); err != nil {
			return err
		}
		frame, err := mailbox.ReadFrame(rw)
		if err != nil {
			return err
		}
		a, err = t.sealed.Hear(frame)
		return err
	})
	return a, err
}

// do is ask for a request that is answered by a status alone.
func (t *talk) do(ctx context.Context, q mailbox.Request) error {
	a, err := t.ask(ctx, q, 0)
	if err != nil {
		return err
	}
	return refusal(a)
}

// login proves the account.
func (t *talk) login(ctx context.Context, h identity.Home) (*mailbox.Standing, error) {
	a, err := t.ask(ctx, t.sealed.Login(h), 0)
	if err != nil {
		return nil, err
	}
	if s, ok := a.(*mailbox.Standing); ok {
		return s, nil
	}
	return nil, refusal(a)
}

func (t *talk) close() { t.stream.Reset() }
