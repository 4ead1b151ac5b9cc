package ui

import (
	"sync"

	"tacit/app"
)

// pump carries events to the window: one goroutine collects them, and a burst arrives as
// one call, so that it costs one repaint.
type pump struct {
	post    func(func())
	deliver func([]app.Event)

	mu      sync.Mutex
	waiting []app.Event // guarded by mu
	posted  bool        // guarded by mu: a call of drain is on its way
}

// run ends when the channel is closed. deliver is called on Fyne's thread.
func (p *pump) run(events <-chan app.Event) {
	for e := range events {
		p.mu.Lock()
		p.waiting = append(p.waiting, e)
		posted := p.posted
		p.posted = true
		p.mu.Unlock()
		if !posted {
			p.post(p.drain)
		}
	}
}

func (p *pump) drain() {
	p.mu.Lock()
	events := p.waiting
	p.waiting, p.posted = nil, false
	p.mu.Unlock()
	p.deliver(events)
}
