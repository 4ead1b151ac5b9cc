package near

import (
	"net/netip"
	"slices"
	"time"
)

// Machine is one stay of this side. Nobody else uses it meanwhile.
//
//	          stream           name                  both pick           lower ID: card said
//	absent ------------> met --------> there --------------------> agreed --------------------> handed
//	  ^                   |              | ^                         |      greater ID: card taken  |
//	  |                   |              | '---either takes its pick back----------------------------'
//	  '---another frame, too many, 12 s of silence, bye, stream ended
type Machine struct {
	own      ID
	name     Name
	draw     func() Name
	redraws  int
	partners []*partner // in the order in which they came
	picked   ID         // "": nobody
}

type partner struct {
	Partner
	addr   netip.Addr
	named  bool
	handed bool      // a card was said, or taken, since both picked
	asked  bool      // this side was told to say one
	cards  int       // that this side was told to say
	heard  time.Time // the last frame
	told   time.Time // the name was last said
	used   time.Time // frames are paid for up to then
}

// Out is what a step of the machine asks for. It has forgotten whom it ends.
type Out struct {
	Send    []Sending
	End     []ID   // partners whose streams are to be ended
	Changed bool   // Name or Partners give something else
	Agreed  ID     // say a card to this partner; "": to nobody
	From    ID     // who said Card
	Card    string // text of a card to be taken; "": none
}

// Sending is a frame for a partner.
type Sending struct {
	To    ID
	Frame Frame
}

// New returns a machine for the host with an ID. draw returns a random name.
func New(own ID, draw func() Name) *Machine { return &Machine{own: own, name: draw(), draw: draw} }

// Dials reports whether this side dials another: the lower ID does.
func (m *Machine) Dials(other ID) bool { return m.own < other }

// Name is what this side is shown as.
func (m *Machine) Name() Name { return m.name }

// Picked is whom this side has picked, "" for nobody.
func (m *Machine) Picked() ID { return m.picked }

// Partners returns those who said their name, in the order in which they came.
func (m *Machine) Partners() []Partner {
	out := make([]Partner, 0, len(m.partners))
	for _, p := range m.partners {
		if p.named {
			out = append(out, p.Partner)
		}
	}
	return out
}

// Meet takes a partner whose stream is open. It reports false where there is no room, or
// one has a stream already: this stream is to be ended. Those on this machine share an address.
func (m *Machine) Meet(id ID, from netip.Addr, now time.Time) (Out, bool) {
	if id == m.own || m.find(id) != nil || len(m.partners) >= MaxPartners {
		return Out{}, false
	}
	same := 0
	for _, p := range m.partners {
		if p.addr == from {
			same++
		}
	}
	if same >= MaxPerAddr && !from.IsLoopback() {
		return Out{}, false
	}
	p := &partner{Partner: Partner{ID: id}, addr: from, heard: now, told: now, used: now.Add(-frameBurst * frameEvery)}
	m.partners = append(m.partners, p)
	return Out{Send: []Sending{m.tellName(p)}}, true
}

// Left takes the end of a partner's stream.
func (m *Machine) Left(id ID) (out Out) {
	for i, p := range m.partners {
		if p.ID != id {
			continue
		}
		m.partners = append(m.partners[:i:i], m.partners[i+1:]...)
		out.Changed = p.named
		if m.picked == id {
			m.picked = ""
		}
	}
	return out
}

// Take takes a frame of a partner.
func (m *Machine) Take(id ID, f Frame, now time.Time) (out Out) {
	p := m.find(id)
	if p == nil {
		return out
	}
	if !p.pay(now) || !p.named && f.kind != kindName {
		return m.end(id)
	}
	p.heard = now
	switch f.kind {
	case kindName:
		m.takeName(p, f.name, &out)
	case kindPick:
		out.Changed = p.Picks != f.pick
		p.Picks = f.pick
		m.settle(p, &out)
	case kindCard:
		if m.own < p.ID {
			return m.end(id) // it is this side that says one
		}
		if m.picked == id && p.Picks && !p.handed {
			p.handed = true
			out.From, out.Card = id, f.card
		}
	case kindBye:
		return m.end(id)
	}
	return out
}

// Pick picks a partner in place of whoever was picked before; "" picks nobody. It reports
// false where there is no such partner.
func (m *Machine) Pick(id ID) (out Out, ok bool) {
	to := m.find(id)
	if id != "" && (to == nil || !to.named) {
		return out, false
	}
	if id == m.picked {
		return out, true
	}
	if before := m.find(m.picked); before != nil {
		out.Send = append(out.Send, Sending{before.ID, Frame{kind: kindPick}})
		before.open()
	}
	m.picked, out.Changed = id, true
	if to != nil {
		out.Send = append(out.Send, Sending{id, Frame{kind: kindPick, pick: true}})
		m.settle(to, &out)
	}
	return out, true
}

// Say says the card that Agreed asked for. It reports false where the two are no longer agreed.
func (m *Machine) Say(id ID, card string) (out Out, ok bool) {
	p := m.find(id)
	if p == nil || !p.asked || p.handed || !validCard(card) {
		return out, false
	}
	p.handed = true
	return Out{Send: []Sending{{id, Frame{kind: kindCard, card: card}}}}, true
}

// Tick says the name again and ends partners who say nothing.
func (m *Machine) Tick(now time.Time) (out Out) {
	for _, p := range slices.Clone(m.partners) {
		silent := now.Sub(p.heard)
		switch {
		case silent >= silence, !p.named && silent >= nameWithin:
			left := m.end(p.ID)
			out.End = append(out.End, left.End...)
			out.Changed = out.Changed || left.Changed
		case now.Sub(p.told) >= repeatEvery:
			p.told = now
			out.Send = append(out.Send, m.tellName(p))
		}
	}
	return out
}

// Bye says good-bye to everybody.
func (m *Machine) Bye() (out Out) {
	for _, p := range m.partners {
		out.Send = append(out.Send, Sending{p.ID, Frame{kind: kindBye}})
	}
	return out
}

// takeName takes the name of a partner. Of two who have the same, the greater ID draws
// anew, unless somebody picked already: what was read out must stay.
func (m *Machine) takeName(p *partner, n Name, out *Out) {
	out.Changed = !p.named || p.Name != n
	p.Name, p.named = n, true
	if n != m.name || m.own < p.ID || m.redraws >= maxRedraws || m.chosen() {
		return
	}
	m.redraws++
	m.name, out.Changed = m.draw(), true
	for _, o := range m.partners {
		out.Send = append(out.Send, m.tellName(o))
	}
}

// chosen reports whether this side picked or was picked.
func (m *Machine) chosen() bool {
	for _, p := range m.partners {
		if p.Picks {
			return true
		}
	}
	return m.picked != ""
}

// settle asks for a card where both have picked each other and it is this side that says
// one, and begins anew where they have not.
func (m *Machine) settle(p *partner, out *Out) {
	if m.picked != p.ID || !p.Picks {
		p.open()
		return
	}
	if m.own < p.ID && !p.asked && p.cards < maxCards {
		p.asked = true
		p.cards++
		out.Agreed = p.ID
	}
}

// open forgets what was agreed.
func (p *partner) open() { p.asked, p.handed = false, false }

// pay reports whether a partner may say one more frame now.
func (p *partner) pay(now time.Time) bool {
	if least := now.Add(-frameBurst * frameEvery); p.used.Before(least) {
		p.used = least
	}
	p.used = p.used.Add(frameEvery)
	return !p.used.After(now)
}

func (m *Machine) tellName(p *partner) Sending {
	return Sending{p.ID, Frame{kind: kindName, name: m.name}}
}

// end ends a partner.
func (m *Machine) end(id ID) Out {
	out := m.Left(id)
	out.End = append(out.End, id)
	return out
}

func (m *Machine) find(id ID) *partner {
	for _, p := range m.partners {
		if p.ID == id {
			return p
		}
	}
	return nil
}
