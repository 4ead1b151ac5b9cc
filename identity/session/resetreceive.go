package session

import (
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// Receive takes a box for which State.Open returned ErrUnknown. After ErrUnknown (it is
// no box of a reset of this contact), ErrForged (it is one, but one's own, late, or not
// what it should be), ErrTooSoon (it would begin a reset within an hour of the last) and
// ErrExhausted the state is unchanged. After pairing.ErrWrongPeer and
// pairing.ErrCommitment the reset has ended without a result.
func (r Reset) Receive(id *identity.Identity, peer identity.Bundle, box []byte, now time.Time) (Step, Reset, error) {
	m, err := r.open(box)
	switch {
	case err == ErrUnknown:
		return r.receiveFirst(box, now)
	case err != nil:
		return Step{}, r, err
	case m.kind.forS() != leads(id, peer):
		return Step{}, r, ErrForged
	case m.kind == 0:
		return r.receiveAsk(id, peer, m.n, now)
	case m.kind == 1 && m.n > r.seen:
		return r.receiveM1(id, peer, m, now)
	}
	step, next, err := r.receiveNext(id, m, now)
	if err != ErrForged {
		return step, next, err
	}
	// The other is elsewhere than this side: one of the two was restored from an older
	// copy. Both would repeat their last message for ever.
	switch m.kind {
	case 1, 3:
		return r.askAbove(max(m.n, r.seen), now)
	case 2, 4:
		return r.receiveAsk(id, peer, m.n+1, now)
	}
	return Step{}, r, ErrForged
}

// receiveFirst tries a box as S's first of the new ratchet, which says what M5 says.
func (r Reset) receiveFirst(box []byte, now time.Time) (Step, Reset, error) {
	if r.pairing.Phase() != pairing.Confirming || !envelope.IsBox(len(box)) {
		return Step{}, r, ErrUnknown
	}
	secrets, _ := r.pairing.Secrets()
	line, err := begin(secrets)
	if err != nil {
		return Step{}, r, ErrUnknown
	}
	if _, _, err := line.Open(box, now); err != nil {
		return Step{}, r, ErrUnknown
	}
	agreed, next := r.agree(r.pairing.Confirm(), now)
	return Step{Changed: true, Renewed: agreed, Opens: true}, next, nil
}

// receiveAsk is for S: R wants a reset of number n or above.
func (r Reset) receiveAsk(id *identity.Identity, peer identity.Bundle, n uint64, now time.Time) (Step, Reset, error) {
	switch {
	case r.UnderWay() && r.seen >= n:
		return Step{Reply: r.Last()}, r, nil
	case !r.UnderWay() && r.tooSoon(now):
		return Step{}, r, ErrTooSoon
	}
	return r.begin(id, peer, max(r.seen+1, n))
}

// receiveM1 is for R: a number above all begins a reset.
func (r Reset) receiveM1(id *identity.Identity, peer identity.Bundle, m message, now time.Time) (Step, Reset, error) {
	if !r.UnderWay() && r.tooSoon(now) {
		return Step{}, r, ErrTooSoon
	}
	p, err := pairing.AwaitReset(id, peer, r.invite(m.n))
	if err != nil {
		return Step{}, r, err
	}
	_, p, err = p.Receive(id, m.body, now)
	if err != nil {
		return Step{}, r, ErrForged
	}
	next := Reset{rs: r.rs, seen: m.n, ended: r.ended, pairing: p}
	return Step{Reply: next.Last(), Changed: true}, next, nil
}

// askAbove is for R: it asks for a number above n, without waiting for it.
func (r Reset) askAbove(n uint64, now time.Time) (Step, Reset, error) {
	switch {
	case !r.UnderWay() && r.tooSoon(now):
		return Step{}, r, ErrTooSoon
	case n >= maxNumber:
		return Step{}, r, ErrExhausted
	}
	return Step{Reply: r.ask(n + 1)}, r, nil
}

// receiveNext goes on with the reset under way, or repeats what a message was answered.
func (r Reset) receiveNext(id *identity.Identity, m message, now time.Time) (Step, Reset, error) {
	if m.n != r.seen || r.pairing.Phase() == 0 || m.kind > r.expects() {
		return Step{}, r, ErrForged
	}
	result, p, err := r.pairing.Receive(id, m.body, now)
	next := r
	next.pairing = p
	switch {
	case p.Phase() == pairing.Failed:
		next.pairing, next.ended = pairing.State{}, now.Unix()
		return Step{Changed: true}, next, err
	case err != nil, result.Changed && m.kind != r.expects():
		return Step{}, r, ErrForged
	}
	step := Step{Changed: result.Changed}
	if result.Changed && p.Phase() == pairing.Agreed {
		step.Renewed, next = r.agree(p, now)
	}
	if result.Reply != nil {
		step.Reply = r.seal(message{m.n, m.kind + 1, result.Reply})
	}
	return step, next, nil
}

// agree ends the reset with its keys. S keeps M5 for an M4 that comes again.
func (r Reset) agree(p pairing.State, now time.Time) (*pairing.Secrets, Reset) {
	secrets, _ := p.Secrets()
	secrets.RS = r.rs
	next := Reset{rs: r.rs, seen: r.seen, ended: now.Unix()}
	if !p.Presenter() {
		next.pairing = p.Begun()
	}
	return &secrets, next
}
