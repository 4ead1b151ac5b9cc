package app

import (
	"math/rand/v2"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// mail is what is under way by mailbox. The loop owns it.
type mail struct {
	open     bool                // deposits may be made
	watching bool                // somebody looks: polls are long
	fetchers map[NodeID]*fetcher // one for each own node
	desks    map[ContactID]*desk // what waits for contacts without a link
	posts    map[string]*post    // by the node to deposit at, as grants name it
	reaches  map[ContactID]Reach // as last told; ReachNo where missing
	tokens   tokens
	lost     map[ContactID]bool  // whose link was lost since the last tick, and nobody was told
	repeated map[Digest]struct{} // boxes that came by mailbox again in this run
	ticked   time.Duration       // Clock.Elapsed of the last tick
}

func newMail() mail {
	return mail{
		fetchers: map[NodeID]*fetcher{}, desks: map[ContactID]*desk{}, posts: map[string]*post{},
		reaches: map[ContactID]Reach{}, lost: map[ContactID]bool{}, repeated: map[Digest]struct{}{},
	}
}

// desk is what waits to be left at a node for one contact. The loop owns it.
type desk struct {
	since     time.Duration // when it began to wait without a link, by Clock.Elapsed; 0: it does not
	due       time.Duration // not before: tokens were refused, or there are none
	refused   int           // tokens running
	paid      map[Digest]payment
	letter    *letter       // a message of a reset; nil: none waits
	mailings  []*mailing    // files that follow their messages to the node, by message
	answer    []byte        // what of a reset is said next in place of a repeat; nil: nothing
	resetDue  time.Duration // when a reset that is wanted is tried again
	receiptAt time.Duration // when a receipt goes alone; 0: not drawn

	seekDue   time.Duration // when the contact is looked for again, where only a link can bring the answer
	seekPause time.Duration
}

// payment is what was spent for a box whose deposit was not answered yet. The same goes with
// it when it is tried again, so that the node knows it again.
type payment struct {
	at     string // the node
	lot    [16]byte
	tokens []envelope.Token

	emptied bool // the box says nothing, in place of what was deleted
}

// letter is a box of a reset, and what was spent for it.
type letter struct {
	box  []byte
	paid payment
}

func (m *Messenger) desk(c ContactID) *desk {
	d := m.mail.desks[c]
	if d == nil {
		d = &desk{paid: map[Digest]payment{}}
		m.mail.desks[c] = d
	}
	return d
}

// forgetMail forgets what belongs to a contact that was removed.
func (m *Messenger) forgetMail(c ContactID) {
	delete(m.mail.desks, c)
	delete(m.mail.reaches, c)
	delete(m.mail.lost, c)
}

// linked reports whether a contact is written to over a link.
func (m *Messenger) linked(c ContactID) bool {
	rt := m.routes[c]
	return rt != nil && rt.sender != nil
}

// mailbox returns where boxes can be left for p, as its grant names it; "" where nowhere.
func (m *Messenger) mailbox(p *peer) string {
	if !m.mail.open || p.rec.Blocked {
		return ""
	}
	g, _ := p.line.grants.Held()
	return string(g.Mailbox)
}

// tickMail does what is due for contacts who cannot be reached now.
func (m *Messenger) tickMail() {
	now := m.clock.Elapsed()
	if m.mail.ticked != 0 && now-m.mail.ticked >= sleptFor {
		m.refetch()
	}
	m.mail.ticked = now
	for c := range m.mail.lost {
		m.tellReachNow(c)
	}
	for c, p := range m.state.peers {
		m.tickDesk(c, p, now)
	}
}

// tickDesk does what is due for one contact.
func (m *Messenger) tickDesk(c ContactID, p *peer, now time.Duration) {
	d, at := m.mail.desks[c], m.mailbox(p)
	unheld := p.unheld && p.sealed > 0
	reset := p.line.wanted || p.line.reset.UnderWay()
	// Without an own node what answers comes over a link only, and has to be looked for.
	lonely := p.sealed > 0 && len(m.mail.fetchers) == 0
	if at == "" || m.linked(c) || !unheld && !p.owes && !reset && !lonely && (d == nil || d.letter == nil && len(d.mailings) == 0) {
		if d != nil {
			d.since, d.letter, d.mailings, d.answer, d.receiptAt = 0, nil, nil, nil, 0
		}
		return
	}
	d = m.desk(c)
	if d.since == 0 {
		d.since, d.seekPause = now, seekFirst
		d.seekDue = now + seekFirst
		m.seek(p)
	}
	if lonely && now >= d.seekDue {
		d.seekPause = min(2*d.seekPause, seekMax)
		d.seekDue = now + d.seekPause
		m.seek(p)
	}
	if p.owes && d.receiptAt == 0 {
		d.receiptAt = now + exponential(receiptMean)
	}
	if now-d.since < linkWait {
		return
	}
	if p.owes && now >= d.receiptAt {
		d.receiptAt = 0
		m.todo = append(m.todo, func(w *work) error { return w.sayReceipts(c) })
	}
	if reset {
		m.mailReset(p, d, now)
	}
	if (unheld || d.letter != nil || len(d.mailings) > 0) && now >= d.due {
		m.post(at, c)
	}
}

// seek has the transport look for a contact for whom something waits.
func (m *Messenger) seek(p *peer) {
	m.transport.Seek(p.handle())
}

// linkPath returns how the link of a party goes.
func (m *Messenger) linkPath(h identity.Handle) Path {
	if p := Path(m.transport.Path(h)); p != PathNone {
		return p
	}
	if l := m.links[h]; l != nil {
		return l.path // it has just ended
	}
	return PathNone
}

// reach returns how a contact can be reached now.
func (m *Messenger) reach(c ContactID) Reach {
	if rt := m.routes[c]; rt != nil && rt.sender != nil {
		if p := m.linkPath(rt.sender.handle); p != PathNone {
			return Reach(p)
		}
	}
	if p := m.state.peers[c]; p != nil && m.mailbox(p) != "" {
		return ReachMailbox
	}
	return ReachNo
}

// tellReach tells how a contact can be reached where that changed. The loss of a link is
// told a little later: one often gives way to a better one.
func (m *Messenger) tellReach(c ContactID) {
	switch m.mail.reaches[c] {
	case ReachLAN, ReachDirect, ReachRelay:
		if !m.linked(c) {
			m.mail.lost[c] = true
			return
		}
	}
	m.tellReachNow(c)
}

func (m *Messenger) tellReachNow(c ContactID) {
	before, told := m.mail.reaches[c]
	if !told {
		before = ReachNo
	}
	if r := m.reach(c); r != before || m.mail.lost[c] {
		m.mail.reaches[c] = r
		m.subs.broadcast(PresenceChanged{c, r})
	}
	delete(m.mail.lost, c)
}

// exponential draws a time with this mean, at most five times as long.
func exponential(mean time.Duration) time.Duration {
	return time.Duration(min(rand.ExpFloat64(), 5) * float64(mean))
}

// pause returns how long to wait after so many failures running, 1 or more: mailRetryFirst,
// twice as long each time, up to mailRetryMax, less up to a quarter.
func pause(fails int) time.Duration {
	d := min(mailRetryFirst<<min(fails-1, 16), mailRetryMax)
	return d - rand.N(d/4)
}
