package node

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

func random(b []byte) { rand.Read(b) }

// fetch settles cells and returns a page, an empty one only after the wait. It holds no
// page while it waits: most of those who are connected do.
func (t *talk) fetch(ctx context.Context, q *mailbox.Fetch) (mailbox.Answer, error) {
	t.guests.welcome(t.from, time.Now())
	arrived, stop := t.depot.Watch(t.account) // first: what comes after the page must wake it
	defer stop()
	page, err := t.page(ctx, q.Marks)
	if err != nil {
		return t.done(err), nil
	}
	if len(page.Cells) > 0 || q.Wait == 0 {
		return fetched(page), nil
	}
	gone, release := t.attend()
	defer release()
	t.metrics.waiting.Inc()
	defer t.metrics.waiting.Dec()
	end := time.NewTimer(q.Wait)
	defer end.Stop()
	ask := time.NewTicker(askTime)
	defer ask.Stop()
	for {
		last := false
		select {
		case <-arrived:
		case <-ask.C:
		case <-end.C:
			last = true
		case <-gone:
			return nil, errEnd(endClosed)
		case <-ctx.Done():
			return nil, errEnd(endShutdown)
		}
		page, err := t.page(ctx, nil)
		if err != nil {
			return t.done(err), nil
		}
		if len(page.Cells) > 0 || last {
			return fetched(page), nil
		}
	}
}

// page settles marks and reads what then waits.
func (t *talk) page(ctx context.Context, marks [][16]byte) (identity.Fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	return t.depot.Fetch(ctx, t.clock(), t.account, marks)
}

// attend notices that the other side goes, or speaks out of turn, while nothing is read:
// its channel is closed then. release ends it, and leaves the stream to be read again.
func (t *talk) attend() (gone <-chan struct{}, release func()) {
	left, ended := make(chan struct{}), make(chan struct{})
	var released atomic.Bool
	t.stream.SetReadDeadline(time.Time{})
	go func() {
		defer close(ended)
		var early [1]byte
		// Whatever the error says: QUIC calls it a timeout, too, when a connection is lost.
		if n, _ := t.stream.Read(early[:]); n > 0 || !released.Load() {
			close(left)
		}
	}()
	return left, func() {
		released.Store(true)
		t.stream.SetReadDeadline(time.Unix(1, 0))
		<-ended
	}
}

func fetched(p identity.Fetched) *mailbox.Fetched {
	a := &mailbox.Fetched{Left: p.Left, Refused: p.Refused, Used: p.Used, Quota: p.Quota}
	for i, cell := range p.Cells {
		a.Items = append(a.Items, mailbox.Item{Mark: p.Marks[i], Cell: cell})
	}
	return a
}
