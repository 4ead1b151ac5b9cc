package app

import "fmt"

// maySay refuses, before anything is changed, what could not be said to a contact.
func (w *work) maySay(c ContactID) error {
	if err := w.mayWrite(c); err != nil {
		return err
	}
	if w.peer(c).sayings >= maxSayings {
		return refuse(ErrBusy)
	}
	return nil
}

// say keeps something that is no message until p has it, in place of what was to be said
// of the same topic, and seals it as soon as it may. p is a contact to change. What nobody
// asked for (maySay) is left out where too much waits.
func (w *work) say(p *peer, k kind, topic [16]byte, body []byte) error {
	if p.sayings >= maxSayings {
		return nil
	}
	if _, err := w.tx.AddSaying(Saying{Contact: p.rec.ID, Kind: uint64(k), Topic: topic, Body: body, At: w.now}); err != nil {
		return fmt.Errorf("add saying: %w", err)
	}
	if err := w.countSayings(p); err != nil {
		return err
	}
	p.unsaid = true
	return w.fill(p)
}

func (w *work) countSayings(p *peer) (err error) {
	if p.sayings, err = w.tx.SayingCount(p.rec.ID); err != nil {
		return fmt.Errorf("sayings: %w", err)
	}
	return nil
}

// fillSayings seals sayings after the messages that they may be about.
func (w *work) fillSayings(p *peer) error {
	room := maxSealed - p.sealed
	if !p.unsaid || p.backlog || room <= 0 {
		return nil
	}
	said, err := w.tx.UnsealedSayings(p.rec.ID, room)
	if err != nil {
		return fmt.Errorf("unsealed sayings: %w", err)
	}
	for _, s := range said {
		if err := w.seal(p, kind(s.Kind), s.Body, subject{saying: s.ID}); err != nil {
			return err
		}
	}
	p.unsaid = len(said) == room
	return nil
}

// saidArrived forgets a saying that the contact has. 0 is none.
func (w *work) saidArrived(p *peer, id SayingID) error {
	if id == 0 {
		return nil
	}
	if err := w.tx.RemoveSaying(id); err != nil {
		return fmt.Errorf("remove saying: %w", err)
	}
	return w.countSayings(p)
}

// saidArrivedUpTo forgets those in boxes up to seq.
func (w *work) saidArrivedUpTo(p *peer, seq uint64) error {
	if p.sayings == 0 {
		return nil
	}
	if err := w.tx.RemoveSaid(p.rec.ID, seq); err != nil {
		return fmt.Errorf("remove sayings: %w", err)
	}
	return w.countSayings(p)
}

// takeSaying takes a content that is no message, for the first time. One that does not
// parse says nothing.
func (w *work) takeSaying(p *peer, c content) error {
	err := w.takeRemark(p, c)
	if err != nil {
		return err
	}
	switch c.Kind {
	case kindReaction, kindEdit, kindDelete, kindTimer:
		return w.listened(p)
	case kindFileWant:
		return takeBody(w, p, c, w.takeFileWant)
	case kindFileEnd:
		return takeBody(w, p, c, w.takeFileEnd)
	case kindOffer:
		return takeBody(w, p, c, w.takeOffer)
	case kindTyping, kindActive:
		if p.via == PathMailbox {
			return nil // it is no more as it was when it was said
		}
		return w.takePresence(p, c)
	}
	return nil
}

// takePresence takes what holds only as long as there is a link.
func (w *work) takePresence(p *peer, c content) error {
	switch c.Kind {
	case kindTyping:
		if b, err := parse[typingBody](c.Body); err == nil {
			w.takeTyping(p, b)
		}
	case kindActive:
		if b, err := parse[activeBody](c.Body); err == nil {
			w.takeActive(p, b)
		}
	}
	return nil
}

// takeAgain takes what may have lost its number to something else: its sender was put back
// to a copy. Twice is as good as once.
func (w *work) takeAgain(p *peer, c content) error { return w.takeRemark(p, c) }

// takeRemark takes what is said of messages and of the chat.
func (w *work) takeRemark(p *peer, c content) error {
	switch c.Kind {
	case kindReaction:
		return takeBody(w, p, c, w.takeReaction)
	case kindEdit:
		return takeBody(w, p, c, w.takeEdit)
	case kindDelete:
		return takeBody(w, p, c, w.takeDelete)
	case kindTimer:
		return takeBody(w, p, c, w.takeTimer)
	case kindRead:
		return takeBody(w, p, c, w.takeRead)
	case kindReceipt:
		return takeBody(w, p, c, w.takeReceipt)
	}
	return nil
}

func takeBody[T interface{ valid() bool }](w *work, p *peer, c content, take func(*peer, T) error) error {
	b, err := parse[T](c.Body)
	if err != nil {
		w.m.log.Debug("saying dropped", "kind", uint64(c.Kind), "err", err)
		return nil
	}
	return take(p, b)
}
