package transport

import "time"

// puncher is one side's way from a relayed link to a straight one: the addresses are told
// both ways, and then both sides dial at the same moment, so that the NAT of each takes
// what the other sends for answers. It is a machine: its owner passes the time, sends and
// dials.
//
//	lower peer ID:  idle --ask--> asked --answer--> set --half a round trip--> dial --again later--> idle
//	the other:      idle --ask heard: answer--> answered --now heard--> dial --> idle
type puncher struct {
	asks   bool      // this side has the lower peer ID
	tries  int       // of this side's asking
	asked  time.Time // zero: nothing is asked
	due    time.Time // of the next asking, or of the dial while set
	set    bool      // the answer is there, and the moment is set
	opens  bool      // this side opens, and the other one dials
	theirs *offer    // the other side's addresses
}

// punchStep is what the owner has to do: send what is not nil, dial if asked to.
type punchStep struct {
	send  *offerStep // with the own addresses, if it is offerAsk or offerAnswer
	dial  *offer     // at these addresses
	opens bool       // by opening this side for the other one's dial
}

// punchPauses are the times before each asking: when nobody answered where there ought to
// have been an answer, a NAT may have been in the way of the first packets only.
var punchPauses = [...]time.Duration{0, 500 * time.Millisecond, 10 * time.Second, time.Minute}

func newPuncher(asks bool, now time.Time) *puncher {
	return &puncher{asks: asks, due: now}
}

// next returns what is due and when to ask again; the zero time when only the other side
// can go on. reachable says that this side has an address of its own on the internet: then
// the other side dials first.
func (p *puncher) next(now time.Time, reachable bool) (do punchStep, wake time.Time) {
	switch {
	case p.set:
		if now.Before(p.due) {
			return do, p.due
		}
		do.dial, do.opens = p.theirs, p.opens
		p.rest(now)
	case !p.asked.IsZero():
		if wait := p.asked.Add(offerTime); now.Before(wait) {
			return do, wait
		}
		p.rest(now) // the other side does not want to, or cannot yet
	case p.asks && p.tries < len(punchPauses):
		if now.Before(p.due) {
			return do, p.due
		}
		ask := offerAsk
		do.send, p.asked = &ask, now
		p.opens = reachable != (p.tries%2 == 1) // the roles change each time
		p.tries++
		return do, now.Add(offerTime)
	}
	if p.asks && p.tries < len(punchPauses) {
		return do, p.due
	}
	return do, time.Time{}
}

// resting reports whether nothing is under way.
func (p *puncher) resting() bool { return !p.set && p.asked.IsZero() }

// rest goes back to idle after a dial began, or nobody answered.
func (p *puncher) rest(now time.Time) {
	p.set, p.theirs, p.asked = false, nil, time.Time{}
	if p.tries < len(punchPauses) {
		p.due = now.Add(punchTime + punchPauses[p.tries])
	}
}

// hear takes an offer in. What does not fit is passed over.
func (p *puncher) hear(now time.Time, o *offer) (do punchStep) {
	switch {
	case o.step == offerAsk && !p.asks:
		answer := offerAnswer
		do.send, p.theirs = &answer, o
	case o.step == offerAnswer && p.asks && !p.asked.IsZero() && !p.set:
		step := offerDial
		if !p.opens {
			step = offerOpen
		}
		do.send, p.theirs = &step, o
		p.set, p.due = true, now.Add(min(now.Sub(p.asked)/2, offerTime))
	case (o.step == offerDial || o.step == offerOpen) && !p.asks && p.theirs != nil:
		do.dial, do.opens = p.theirs, o.step == offerOpen
		p.theirs = nil
	}
	return do
}
