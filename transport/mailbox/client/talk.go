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

// openTalk opens a talk with a node. direct: the stream is known to end at that node, so
// that a record of another time can only be due to a clock.
func (c *call) openTalk(node [32]byte, direct bool, dial dialler) (*talk, error) {
	for range openTries {
		s, err := dial(c.ctx)
		if err != nil {
			return nil, err
		}
		t, accepted, err := c.opening(s, node, direct)
		if accepted {
			return t, nil
		}
		s.Reset()
		if err != nil {
			return nil, err
		}
		c.forget(node)
	}
	return nil, identity.ErrNodeFalse // it has not the key that it says it has
}

// opening begins a talk on a stream; accepted unless the node has no such key.
func (c *call) opening(s *stream, node [32]byte, direct bool) (t *talk, accepted bool, err error) {
	r, err := c.record(s, node, direct)
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

// record returns the key record of a node, asking for it where none is kept.
func (c *call) record(s *stream, node [32]byte, direct bool) (mailbox.KeyRecord, error) {
	now := c.clock()
	c.mu.Lock()
	r, ok := c.records[node]
	c.mu.Unlock()
	if age := now.Sub(r.at); ok && age >= 0 && age < mailbox.RecordLife && (direct || r.Holds(now)) {
		return r.KeyRecord, nil
	}
	record, err := c.askRecord(s, node)
	if err != nil {
		return mailbox.KeyRecord{}, err
	}
	if !direct && !record.Holds(now) {
		return mailbox.KeyRecord{}, identity.ErrNodeFalse
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.records) >= maxRecords {
		clear(c.records) // they are asked for again
	}
	c.records[node] = kept{record, now}
	return record, nil
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

func (c *call) forget(node [32]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.records, node)
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
