package transport

import (
	"context"
	"sync"
)

// gate is the switch that says whether anything may be open. It is open at first.
type gate struct {
	mu     sync.Mutex
	shut   bool          // guarded by mu
	turned chan struct{} // closed and renewed when shut changes; guarded by mu
}

func newGate() *gate { return &gate{turned: make(chan struct{})} }

func (g *gate) set(open bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != open {
		return
	}
	g.shut = !open
	close(g.turned)
	g.turned = make(chan struct{})
}

func (g *gate) isShut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut
}

// await waits until the gate is open, or shut. It reports whether it had to, and false
// when ctx ended.
func (g *gate) await(ctx context.Context, open bool) (waited, ok bool) {
	for {
		g.mu.Lock()
		is, turned := !g.shut, g.turned
		g.mu.Unlock()
		if is == open {
			return waited, true
		}
		waited = true
		select {
		case <-turned:
		case <-ctx.Done():
			return waited, false
		}
	}
}
