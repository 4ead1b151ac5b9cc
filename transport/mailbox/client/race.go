package client

import (
	"context"
	"sync"
	"time"

	"tacit/identity"
)

// find tries routes to a node, each when the one before has failed or says nothing for a
// while, and returns the first that leads there. rest must follow: it ends the others.
func (c *call) find(at identity.Hint, routes []route) (won *way, rest func(), err error) {
	ctx, cancel := context.WithCancel(c.ctx)
	ways := make(chan *way, len(routes))
	var walking sync.WaitGroup
	rest = func() {
		cancel()
		walking.Wait()
		close(ways)
		for w := range ways {
			w.close(c)
		}
	}
	walker := *c
	walker.ctx = ctx
	late := time.NewTimer(0)
	defer late.Stop()
	err = identity.ErrNoForwarder
	begun, ended := 0, make(map[route]bool)
	for len(ended) < len(routes) {
		select {
		case <-late.C:
		case w := <-ways:
			ended[w.route] = true
			if w.err == nil {
				c.overtaken(routes[:begun], ended)
				return w, rest, nil
			}
			w.close(c)
			failed := translate(c.ctx, w.err)
			if err = worse(err, failed); w.via == nil {
				err = failed
			}
		case <-c.ctx.Done():
			return nil, rest, c.ctx.Err()
		}
		if begun < len(routes) {
			r := routes[begun]
			walking.Go(func() { ways <- walker.walk(r, at) })
			begun++
			late.Reset(c.times.hedge)
		}
	}
	return nil, rest, err
}

// overtaken shuns the own nodes that still say nothing when another route, begun after
// them, has led to the end.
func (c *call) overtaken(begun []route, ended map[route]bool) {
	for i, r := range begun {
		if !ended[r] && r.via != nil && i < len(begun)-1 {
			c.shun(r.via.Node.Node)
		}
	}
}

// shun has an own node asked last, for a while, to pass something on.
func (c *call) shun(node [32]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shunned[node] = c.clock().Add(shunTime)
}

func (c *call) shuns(node [32]byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock().Before(c.shunned[node])
}
