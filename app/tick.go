package app

// tick does what waits for time to pass.
func (m *Messenger) tick() {
	by := m.watch.jumped(m.clock)
	if by != 0 {
		m.subs.broadcast(ClockJumped{by})
	}
	m.tickExpiry(by)
	m.tickPresence()
	m.resend()
	m.tickPairings()
	m.tickNearby()
	m.tickResets()
	m.tickChores()
	m.tickGrants()
	m.tickMail()
	m.files.tick(m.clock.Elapsed())
	if now := m.clock.Elapsed(); m.swept == 0 || now-m.swept >= sweepEvery {
		m.swept = now
		m.todo = append(m.todo, (*work).sweep)
	}
}

// resend hands boxes over again where a proven link stays silent about them.
func (m *Messenger) resend() {
	now := m.clock.Elapsed()
	for c, rt := range m.routes {
		p := m.state.peers[c]
		if p == nil || p.sealed == 0 || rt.sender == nil || !rt.sender.rests() || now-rt.progress < rt.pace {
			continue
		}
		own := rt.sender.handle == p.handle() // receipts count there only
		if own && rt.handed >= giveUpCount && now-rt.since >= giveUpSpan {
			m.todo = append(m.todo, func(w *work) error { return w.giveUp(c) })
			rt.progress = now
			continue
		}
		rt.handed++
		rt.progress = now
		rt.pace = min(2*max(rt.pace, resendFirst), resendMax)
		rt.sender.rewind()
	}
}

// sweep forgets what is too old, renews grants, and answers contacts who were only listened to.
func (w *work) sweep() error {
	if err := w.tx.ForgetSeen(w.now.Add(-seenFor)); err != nil {
		return err
	}
	if err := w.tx.ForgetCards(w.now); err != nil {
		return err
	}
	if err := w.sweepMail(); err != nil {
		return err
	}
	w.meet() // in order of latest use
	if err := w.stockUp(); err != nil {
		return err
	}
	for c, p := range w.peers() {
		if s, changed := p.line.session.Expire(w.now); changed {
			p = w.editPeer(c)
			p.line.session, p.dirty.session = s, true
		}
		renew := w.grantStale(p)
		answer := p.line.heard > 0 && w.now.UnixMilli()-p.line.heardAt >= listenFor.Milliseconds()
		if p.rec.Blocked || !renew && !answer {
			continue
		}
		p = w.editPeer(c)
		if renew {
			p.line.grantDue = true
			p.dirty.session = true
		}
		if err := w.fill(p); err != nil {
			return err
		}
		if p.line.heard == 0 {
			continue // the grant said it
		}
		if answer {
			if err := w.sayNothing(p); err != nil {
				return err
			}
		}
	}
	return nil
}
