package app

import (
	"context"
	"fmt"
	"time"
)

// SetTimer sets how long messages of a chat stay once they were read, for both sides and
// from now on: 0 for good, else whole seconds from MinTimer to MaxTimer. What was said
// before keeps its own.
//
// ErrTimerInvalid, ErrNotFound, ErrNotVerified, ErrBlocked, ErrBusy.
func (m *Messenger) SetTimer(ctx context.Context, c ContactID, d time.Duration) error {
	if d < 0 || d%time.Second != 0 || !validTimer(uint64(d/time.Second)) {
		return ErrTimerInvalid
	}
	return m.do(ctx, writing, func(w *work) error {
		if err := w.maySay(c); err != nil {
			return err
		}
		p := w.editPeer(c)
		if p.chat.Timer == d {
			return nil
		}
		b := timerBody{Seconds: uint64(d / time.Second), Version: min(p.chat.TimerVersion+1, maxSeq), At: w.now.UnixMilli()}
		if err := w.say(p, kindTimer, [16]byte{}, encode(&b)); err != nil {
			return err
		}
		return w.setTimer(p, b, true)
	})
}

// sayTimer says the timer again to who numbers anew, and may have lost it.
func (w *work) sayTimer(p *peer) error {
	if p.chat.TimerVersion == 0 || p.writable() != nil {
		return nil
	}
	b := timerBody{Seconds: uint64(p.chat.Timer / time.Second), Version: p.chat.TimerVersion, At: w.now.UnixMilli()}
	return w.say(p, kindTimer, [16]byte{}, encode(&b))
}

// setTimer takes a timer over and notes in the chat who set it.
func (w *work) setTimer(p *peer, b timerBody, own bool) error {
	d := time.Duration(b.Seconds) * time.Second
	changed := p.chat.Timer != d
	p.chat.Timer, p.chat.TimerVersion, p.dirty.chat = d, b.Version, true
	if !changed {
		return nil
	}
	msg := Message{Contact: p.rec.ID, Own: own, Notice: NoticeTimer, Timer: d, At: w.now, StateAt: w.now}
	var err error
	if msg.ID, err = w.tx.AddMessage(msg); err != nil {
		return fmt.Errorf("add notice: %w", err)
	}
	w.emit(MessageAdded{msg})
	return w.tellChat(p.rec.ID)
}

// takeTimer takes the timer that was set last, as far as both sides can know: of two that
// were set without knowing of one another, the one by which less stays.
func (w *work) takeTimer(p *peer, b timerBody) error {
	if b.Version < p.chat.TimerVersion {
		return nil
	}
	own := uint64(p.chat.Timer / time.Second)
	if b.Version == p.chat.TimerVersion && (b.Seconds == 0 || own != 0 && own <= b.Seconds) {
		return nil
	}
	return w.setTimer(p, b, false)
}

// timerNow is the time by which timers count: that of the wall clock, less what it moved
// by itself and ShiftExpiries has not seen yet.
func (w *work) timerNow() time.Time {
	return w.now.Add(-w.m.watch.off(w.now, w.mono) - w.m.shift)
}

// expires has the loop look when t has come.
func (w *work) expires(t time.Time) {
	w.later(func() {
		if next := &w.m.nextExpiry; next.IsZero() || t.Before(*next) {
			*next = t
		}
	})
}

// tickExpiry removes what has expired. by is how far the wall clock was moved since the
// last tick: timers count time that passed, whatever the clock says.
func (m *Messenger) tickExpiry(by time.Duration) {
	m.shift += by
	if m.shift != 0 {
		m.todo = append(m.todo, (*work).shiftExpiries)
	}
	if !m.nextExpiry.IsZero() && !m.clock.Now().Before(m.nextExpiry) {
		m.nextExpiry = m.clock.Now().Add(expireAgain) // unless that is done
		m.todo = append(m.todo, (*work).sweepExpired)
	}
}

func (w *work) shiftExpiries() error {
	by := w.m.shift
	if err := w.tx.ShiftExpiries(by); err != nil {
		return fmt.Errorf("shift expiries: %w", err)
	}
	w.later(func() { w.m.shift -= by })
	return w.nextExpiry()
}

// sweepExpired removes messages whose time is over, also where the store could not be told
// yet that the clock was moved.
func (w *work) sweepExpired() error {
	over, err := w.tx.Expired(w.timerNow(), expireBatch)
	if err != nil {
		return fmt.Errorf("expired: %w", err)
	}
	chats := map[ContactID]bool{}
	for _, msg := range over {
		if err := w.remove(msg, ChangeExpired); err != nil {
			return err
		}
		chats[msg.Contact] = true
	}
	for c := range chats {
		if err := w.tellChat(c); err != nil {
			return err
		}
	}
	if len(over) == expireBatch {
		w.later(func() { w.m.todo = append(w.m.todo, (*work).sweepExpired) })
	}
	return w.nextExpiry()
}

// nextExpiry asks the store when to look again.
func (w *work) nextExpiry() error {
	next, err := w.tx.NextExpiry()
	if err != nil {
		return fmt.Errorf("next expiry: %w", err)
	}
	w.later(func() { w.m.nextExpiry = next })
	return nil
}

// resumeExpiry does at the start what ticks missed. The clock may have been put back since:
// nothing stays longer than its timer from now on.
func (w *work) resumeExpiry() error {
	if err := w.tx.CapExpiries(w.now); err != nil {
		return fmt.Errorf("cap expiries: %w", err)
	}
	return w.sweepExpired()
}
