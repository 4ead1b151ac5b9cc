package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// linkOf is the path of a link as the profiles call it, for those who are online together.
var linkOf = map[string]string{"lan": "lan", "direct": "direct", "punched": "direct", "relayed": "relay"}

// try runs one cell of the matrix.
func (w *world) try(ctx context.Context, t trial, texts int) result {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := result{trial: t, sent: texts}
	if r.err = w.lose(t.path, t.loss); r.err != nil {
		return r
	}
	if linkOf[t.path] != "" {
		r.err = w.together(ctx, &r)
	} else {
		r.err = w.inTurns(ctx, &r)
	}
	for _, p := range w.persons {
		p.kill() // after a trial that went well they have gone already
	}
	return r
}

// together lets the two talk while both are there. The first text goes as soon as there is any
// link; the others wait a minute for the one that the trial is about.
func (w *world) together(ctx context.Context, r *result) error {
	a, b := w.persons[0], w.persons[1]
	at := places[r.path]
	if err := errors.Join(a.start(ctx, at[0], r.protocol), b.start(ctx, at[1], r.protocol)); err != nil {
		return err
	}
	if _, err := a.reaches(ctx, "lan", "direct", "relay"); err != nil {
		return err
	}
	for i := range r.sent {
		took, err := a.say(ctx, fmt.Sprintf("text %d over %s", i, r.path))
		if err != nil {
			return err
		}
		r.times = append(r.times, took)
		if i == 0 {
			r.note = a.better(ctx, linkOf[r.path])
		}
	}
	var err error
	if r.ways, err = b.ways(ctx, r.sent); err != nil {
		return err
	}
	return errors.Join(a.stop(ctx), b.stop(ctx))
}

// better waits for the link that a trial is about, and says where it does not come: what there
// is serves as well.
func (p *person) better(ctx context.Context, path string) (note string) {
	ctx, cancel := context.WithTimeout(ctx, patience/3)
	defer cancel()
	if _, err := p.reaches(ctx, path); err != nil {
		return fmt.Sprintf("not %s within %s", path, patience/3)
	}
	return ""
}

// inTurns lets the two talk although they are never both there. The times are those until the
// other one, who has just come, has the text.
func (w *world) inTurns(ctx context.Context, r *result) error {
	a, b := w.persons[0], w.persons[1]
	hidden := r.path == "forwarded"
	ids, err := w.leave(ctx, r, hidden)
	if err != nil {
		return err
	}
	if err := w.collect(ctx, r, hidden); err != nil {
		return err
	}
	// The receipts wait with Claire's answer for Amina.
	if err := a.start(ctx, places[r.path][0], r.protocol); err != nil {
		return err
	}
	for _, id := range ids {
		if err := a.becomes(ctx, id, "delivered"); err != nil {
			return err
		}
	}
	if hidden {
		if err := a.hide(ctx, false); err != nil {
			return err
		}
	}
	return errors.Join(a.stop(ctx), b.stop(ctx))
}

// leave has Amina write while Claire is away, and go when a node holds everything.
func (w *world) leave(ctx context.Context, r *result, hidden bool) (ids []string, err error) {
	a, far := w.persons[0], w.hosts[places[r.path][0]]
	if err := a.start(ctx, places[r.path][0], r.protocol); err != nil {
		return nil, err
	}
	if hidden {
		if err := a.hide(ctx, true); err != nil {
			return nil, err
		}
		if err := far.Count(secondNode); err != nil {
			return nil, err
		}
	}
	began := time.Now()
	for i := range r.sent {
		id, err := a.Send(ctx, a.contact, fmt.Sprintf("text %d by %s", i, r.path))
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		if err := a.becomes(ctx, id, "held"); err != nil {
			return nil, err
		}
	}
	r.note = "held after " + seconds(time.Since(began))
	if hidden {
		n, err := far.Counted()
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, fmt.Errorf("%d packets went straight to the other node", n)
		}
		r.note += "; no packet to the other node"
	}
	return ids, a.stop(ctx)
}

// collect has Claire come, read, answer, and go.
func (w *world) collect(ctx context.Context, r *result, hidden bool) error {
	b := w.persons[1]
	if err := b.start(ctx, places[r.path][1], r.protocol); err != nil {
		return err
	}
	began := time.Now()
	for range r.sent {
		_, err := b.Await(ctx, "a text", func(e drive.Event) bool { return e.Type() == "message.received" })
		if err != nil {
			return err
		}
		r.times = append(r.times, time.Since(began))
	}
	ways, err := b.ways(ctx, r.sent)
	if err != nil {
		return err
	}
	r.ways = ways
	id, err := b.Send(ctx, b.contact, "an answer by "+r.path)
	if err != nil {
		return err
	}
	if err := b.becomes(ctx, id, "held"); err != nil {
		return err
	}
	return b.stop(ctx)
}
