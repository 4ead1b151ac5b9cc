package transport

import (
	"math/rand/v2"
	"slices"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// seeker decides which parties to look for over relays, and when. It is a machine: its
// owner passes the time and does the looking.
//
//	resting --sought, lost, again, or its random time has come--> flying --linked--> linked --lost--> quick tries
//	   ^                                                              | not there
//	   +--------------------------------------------------------------+
type seeker struct {
	quests  map[identity.Handle]*quest
	begun   bool // there were parties before
	flying  int
	allowed float64 // looks that may start now; at most maxSeeking
	refill  time.Time
}

// quest is the search for one party.
type quest struct {
	party  identity.Party
	linked bool
	due    time.Time // zero: nothing planned
	last   time.Time // when the last look began
	flying bool
	repeat bool      // look once more after the present look
	quick  int       // quick tries left
	since  time.Time // when there last began to be a link
	grace  int       // links that may yet be lost within steadyTime before that is no reason to hurry
	found  []presence
}

// presence is where a party said that it can be met, and the key that it was read under.
type presence struct {
	mailbox.Presence
	key identity.LinkKey
}

// errand is one search to be made now.
type errand struct {
	party identity.Party
	found []presence // from before
}

func newSeeker(now time.Time) *seeker {
	return &seeker{quests: make(map[identity.Handle]*quest), allowed: maxSeeking, refill: now}
}

// met is a party and whether there is a link to it.
type met struct {
	identity.Party
	linked bool
}

// update replaces the parties. New ones, and those with another key or node, are looked
// for at once, and several times within seconds: the other side is leaving word for that
// key this moment. So are those whose link was lost.
func (s *seeker) update(now time.Time, list []met) {
	quests := make(map[identity.Handle]*quest, len(list))
	for _, m := range list {
		if len(m.Dial) == 0 || m.Node.IsZero() {
			continue
		}
		q := s.quests[m.Handle]
		switch {
		case q == nil:
			q = &quest{due: now, grace: quickTries}
			if s.begun {
				q.quick = quickTries
			}
		case q.party.Node != m.Node || hasNew(m.Dial, q.party.Dial):
			q.found, q.quick = nil, quickTries
			q.hasten(now)
		case q.linked && !m.linked:
			q.lose(now)
		}
		if m.linked && !q.linked {
			q.since = now
		}
		q.party, q.linked = m.Party, m.linked
		quests[m.Handle] = q
	}
	s.quests, s.begun = quests, s.begun || len(list) > 0
}

// lose looks for a party whose link was lost: at once, unless its links keep breaking, as a
// hostile relay could have them do.
func (q *quest) lose(now time.Time) {
	if now.Sub(q.since) >= steadyTime {
		q.grace = quickTries
	}
	if q.grace == 0 {
		q.due = now.Add(memoryless(seekTime))
		return
	}
	q.grace--
	q.quick = quickTries
	q.hasten(now)
}

// seek looks for a party at once, or as soon as that is not too often.
func (s *seeker) seek(now time.Time, h identity.Handle) {
	q := s.quests[h]
	if q != nil && !q.linked {
		q.hasten(now)
	}
}

// again looks for all parties: there is a way to the internet that was not there before.
func (s *seeker) again(now time.Time) {
	for _, q := range s.quests {
		q.hasten(now)
	}
}

// hasten looks now, or as soon as that is not too often.
func (q *quest) hasten(now time.Time) {
	if q.flying {
		q.repeat = true
		return
	}
	soon := now
	if earliest := q.last.Add(seekPause); !q.last.IsZero() && earliest.After(now) {
		soon = earliest
	}
	if q.due.IsZero() || soon.Before(q.due) {
		q.due = soon
	}
}

// next returns the searches to make now and when to ask again; the zero time when nothing
// is planned.
func (s *seeker) next(now time.Time) (errands []errand, wake time.Time) {
	s.allowed = min(maxSeeking, s.allowed+now.Sub(s.refill).Minutes()*seeksPerMinute)
	s.refill = now
	var ready []*quest
	for _, q := range s.quests {
		switch {
		case q.linked || q.flying || q.due.IsZero():
		case !q.due.After(now):
			ready = append(ready, q)
		case wake.IsZero() || q.due.Before(wake):
			wake = q.due
		}
	}
	slices.SortFunc(ready, func(a, b *quest) int { return a.due.Compare(b.due) })
	for len(ready) > 0 && s.flying < maxSeeking && s.allowed >= 1 {
		q := ready[0]
		q.flying, q.last, q.due, q.repeat = true, now, time.Time{}, false
		q.found = slices.DeleteFunc(q.found, func(p presence) bool { return p.Until <= now.Unix() })
		errands = append(errands, errand{q.party, q.found})
		s.flying++
		s.allowed--
		ready = ready[1:]
	}
	if len(ready) > 0 && s.flying < maxSeeking { // out of allowance
		if soon := now.Add(time.Minute / seeksPerMinute); wake.IsZero() || soon.Before(wake) {
			wake = soon
		}
	}
	return errands, wake
}

// done ends a search with what was read. The next comes after a random time that says
// nothing of when the last was.
func (s *seeker) done(now time.Time, h identity.Handle, found []presence) {
	s.flying--
	q := s.quests[h]
	if q == nil || !q.flying { // gone meanwhile
		return
	}
	q.flying, q.found = false, found
	switch {
	case q.repeat:
		q.hasten(now)
	case q.quick > 0:
		q.due = now.Add(jitter(redialMax / 2 >> min(q.quick, quickTries)))
		q.quick--
	default:
		q.due = now.Add(memoryless(seekTime))
	}
}

// memoryless returns a random time around a mean, exponentially distributed: whoever knows
// one does not know the next.
func memoryless(mean time.Duration) time.Duration {
	return time.Duration(min(rand.ExpFloat64(), 4) * float64(mean))
}
