package session

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tacit/identity/envelope"
)

// receive is what a program does with a parcel, which is a true one.
func (w *world) receive(t *rapid.T, p parcel) {
	at := w.people[p.to]
	e := at.ends[p.from]
	token, box, err := envelope.Split(p.cell)
	if err != nil {
		t.Fatal(err)
	}
	if owner, _, ok := at.index.Find(token); ok && owner != p.from {
		t.Fatalf("a token of %d leads to %d", p.from, owner)
	}
	before := e.state.Marshal()
	content, next, err := e.state.Open(box, at.now)
	switch {
	case err == nil:
		w.took(t, p, string(content))
		if w.crashes(t) { // before the commit: it comes again
			delete(w.taken, p.content)
			at.inbox = append(at.inbox, p)
			return
		}
		e.state = next
		w.accept(p)
	case !bytes.Equal(next.Marshal(), before) || !bytes.Equal(e.state.Marshal(), before):
		t.Fatalf("a box that does not open changes the state: %v", err)
	case errors.Is(err, ErrUnknown):
		w.receiveReset(t, p, box)
	case !w.taken[p.content] && !w.mayBeLost(p):
		t.Fatalf("%q does not open: %v", p.content, err)
	}
}

// took checks what was opened.
func (w *world) took(t *rapid.T, p parcel, content string) {
	if p.content == "" || content != p.content {
		t.Fatalf("%q was sealed, %q opened", p.content, content)
	}
	if w.taken[content] {
		t.Fatalf("%q was taken twice", content)
	}
	w.taken[content] = true
}

func (w *world) accept(p parcel) {
	e := w.end(p.to, p.from)
	e.heard++
	if p.grant != nil && !slices.ContainsFunc(w.sent, func(o parcel) bool { // an older one that comes late
		return o.from == p.from && o.to == p.to && o.grant != nil && o.content > p.content && w.taken[o.content]
	}) {
		e.grants, e.restored = e.grants.Accept(*p.grant), false
	}
}

// mayBeLost reports whether a content need not open any more: its ratchet is gone, its
// keys expired, or too many chains came after it.
func (w *world) mayBeLost(p parcel) bool {
	e := w.end(p.to, p.from)
	known := slices.ContainsFunc(e.state.lines, func(l line) bool { return l.t2 == p.line })
	const chains = 8 // that the ratchet remembers
	return !known || p.clocks != w.people[p.to].clocks || w.end(p.from, p.to).heard-p.heard >= chains
}

// receiveReset takes a box that no ratchet opens.
func (w *world) receiveReset(t *rapid.T, p parcel, box []byte) {
	at := w.people[p.to]
	e := at.ends[p.from]
	before := e.reset.Marshal()
	step, next, err := e.reset.Receive(at.id, w.bundle(p.from), box, at.now)
	if !step.Changed && !bytes.Equal(next.Marshal(), before) || !bytes.Equal(e.reset.Marshal(), before) {
		t.Fatalf("a reset changes and does not say so: %v", err)
	}
	if err != nil {
		if p.content != "" && !w.taken[p.content] && !w.mayBeLost(p) {
			t.Fatalf("%q does not open: %v", p.content, err)
		}
		if step.Changed {
			t.Fatalf("an honest reset fails: %v", err)
		}
		return
	}
	if w.crashes(t) { // nothing of it happened
		return
	}
	e.keep(t, step, next, at.now)
	if step.Reply != nil {
		w.postReset(t, p.to, p.from, step.Reply)
	}
	if step.Renewed != nil && step.Renewed.Sender {
		w.say(t, p.to, p.from) // S follows its M5 with a first box
	}
	if step.Opens {
		content, opened, err := e.state.Open(box, at.now)
		if err != nil {
			t.Fatalf("the first box of a reset does not open: %v", err)
		}
		w.took(t, p, string(content))
		e.state = opened
		w.accept(p)
	}
}

// keep commits a step of a reset.
func (e *contactEnd) keep(t *rapid.T, step Step, next Reset, now time.Time) {
	if next.Number() < e.reset.Number() {
		t.Fatal("the number of resets goes back")
	}
	e.reset = next
	if step.Renewed == nil {
		return
	}
	rs, had := e.state.ResetSecret()
	state, err := e.state.Renew(*step.Renewed, now)
	if err != nil {
		t.Fatalf("renew: %v", err)
	}
	if after, _ := state.ResetSecret(); had && after != rs {
		t.Fatal("a reset changes the secret of resets")
	}
	e.state = state
}

// renew begins a reset by hand, or asks for one.
func (w *world) renew(t *rapid.T, from, to int) {
	e := w.end(from, to)
	step, next, err := e.reset.Start(w.people[from].id, w.bundle(to), w.people[from].now)
	if err != nil {
		if !errors.Is(err, ErrTooSoon) {
			t.Fatalf("reset: %v", err)
		}
		return
	}
	e.keep(t, step, next, w.people[from].now)
	w.postReset(t, from, to, step.Reply)
}

func (w *world) resend(t *rapid.T, from, to int) {
	if last := w.end(from, to).reset.Last(); last != nil {
		w.postReset(t, from, to, last)
	}
}

// crash restarts a program on what it had committed.
func (w *world) crash(t *rapid.T, at, _ int) {
	for _, e := range w.people[at].ends {
		state, err := Unmarshal(e.state.Marshal())
		if err != nil || !bytes.Equal(state.Marshal(), e.state.Marshal()) {
			t.Fatalf("a state is not what was stored: %v", err)
		}
		reset, err := UnmarshalReset(e.reset.Marshal())
		if err != nil || !bytes.Equal(reset.Marshal(), e.reset.Marshal()) {
			t.Fatalf("a reset is not what was stored: %v", err)
		}
		grants, err := UnmarshalGrants(e.grants.Marshal())
		if err != nil || !bytes.Equal(grants.Marshal(), e.grants.Marshal()) {
			t.Fatalf("grants are not what was stored: %v", err)
		}
		e.state, e.reset, e.grants = state, reset, grants
	}
}

// save makes a copy of all that somebody keeps.
func (w *world) save(_ *rapid.T, at, _ int) {
	for _, e := range w.people[at].ends {
		saved := *e
		saved.old = nil
		e.old = &saved
	}
}

// restore puts the last copy in place of what somebody keeps, but for the ratchets: old
// ones would use keys twice. Each end then begins a reset.
func (w *world) restore(t *rapid.T, at, _ int) {
	p := w.people[at]
	for i, e := range p.ends {
		if i == at || e.old == nil {
			continue
		}
		p.ends[i] = &contactEnd{
			reset: NewReset(e.old.reset.rs, e.old.reset.Number()), grants: e.old.grants,
			heard: e.heard, old: e.old, restored: true,
		}
		w.renew(t, at, i)
	}
	p.reindex()
}

// reindex is what a restart makes of the grants that are kept.
func (p *person) reindex() {
	p.index = Index[int]{}
	for i, e := range p.ends {
		for _, g := range e.grants.Issued() {
			p.index.Add(i, g)
		}
	}
}

// passTime moves one clock, far enough for keys and grants to end, or back.
func (w *world) passTime(t *rapid.T, at, _ int) {
	p := w.people[at]
	by := rapid.SampledFrom([]time.Duration{-time.Hour, time.Minute, 2 * time.Hour, 31 * 24 * time.Hour, 91 * 24 * time.Hour}).Draw(t, "by")
	p.now = p.now.Add(by)
	if by > 24*time.Hour {
		p.clocks++
	}
	for _, e := range p.ends {
		e.state, _ = e.state.Expire(p.now)
	}
}

// bounded checks what no history may exceed.
func (w *world) bounded(t *rapid.T) {
	for _, p := range w.people {
		for _, e := range p.ends {
			if n := len(e.state.Marshal()); n > (1+maxReceiving)*4<<10+len(w.sent)*48 || len(e.state.lines) > 1+maxReceiving {
				t.Fatalf("a state of %d bytes and %d ratchets", n, len(e.state.lines))
			}
			if n := len(e.reset.Marshal()); n > 13<<10 {
				t.Fatalf("a reset of %d bytes", n)
			}
			if n := len(e.grants.Marshal()); n > 1<<10 {
				t.Fatalf("grants of %d bytes", n)
			}
		}
	}
}

// settle lets the network work again, and each two reset. Then all can talk to all,
// whoever was restored, or lost or forgot what.
func (w *world) settle(t *rapid.T) {
	w.calm = true
	for _, p := range w.people {
		p.inbox = nil
	}
	for i := range people {
		for j := range people {
			if i >= j {
				continue
			}
			w.people[i].now, w.people[j].now = w.people[i].now.Add(2*time.Hour), w.people[j].now.Add(2*time.Hour)
			w.renew(t, i, j)
			w.deliverAll(t, i, j)
		}
	}
	for i := range people {
		for j := range people {
			if i == j {
				continue
			}
			before := w.end(j, i).heard
			for range 2 { // R can answer only what it has heard
				w.seal(t, w.fresh(i, j), false)
				w.deliverAll(t, i, j)
				w.seal(t, w.fresh(j, i), false)
				w.deliverAll(t, i, j)
			}
			if w.end(j, i).heard == before {
				t.Fatalf("%d cannot be heard by %d any more", i, j)
			}
		}
	}
}

func (w *world) fresh(from, to int) parcel {
	w.said++
	return parcel{from: from, to: to, content: fmt.Sprint("in the end, number ", w.said)}
}

// deliverAll carries everything between two, in order, until nothing is on its way.
func (w *world) deliverAll(t *rapid.T, i, j int) {
	for range 100 {
		at := -1
		for _, k := range []int{i, j} {
			if len(w.people[k].inbox) > 0 {
				at = k
			}
		}
		if at < 0 {
			w.resend(t, i, j)
			w.resend(t, j, i)
			if len(w.people[i].inbox)+len(w.people[j].inbox) == 0 {
				return
			}
			continue
		}
		p := w.people[at].inbox[0]
		w.people[at].inbox = slices.Clone(w.people[at].inbox[1:])
		w.receive(t, p)
	}
}
