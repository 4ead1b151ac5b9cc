package client

import (
	"context"
	"errors"
	"slices"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// errand is what is asked of a node in a talk that names no account.
type errand func(context.Context, *talk) error

// visit runs an errand at a node, under a key of its own.
//
// It goes through an own node other than the one spoken to, where there is one that passes
// on: that one learns where to, and the other nothing of this computer. Straight it goes
// only where the address need not be hidden from the node: because nobody asked for that,
// a proxy hides it, or it is an own node, which knows it anyway.
func (c *Client) visit(ctx context.Context, at identity.Hint, hidden bool, f errand) error {
	k, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer k.done()
	w, rest, err := k.find(at, k.routes(at, hidden))
	defer rest()
	if err != nil {
		return translate(ctx, err)
	}
	defer w.close(k)
	return translate(ctx, f(k.ctx, w.talk))
}

// route is a way that might lead to a node.
type route struct {
	via *identity.Home // nil: straight
}

// routes returns the ways to a node, best first. Own nodes that were away a moment ago
// are asked last.
func (c *call) routes(at identity.Hint, hidden bool) []route {
	hidden = hidden || c.net.Hide || slices.Contains(c.net.HideFrom, at.Node)
	straight := !hidden || c.net.Proxy != ""
	var good, shunned []route
	for _, h := range c.net.Homes {
		switch {
		case h.Node.Node == at.Node:
			straight = true
		case c.shuns(h.Node.Node):
			shunned = append(shunned, route{&h})
		default:
			good = append(good, route{&h})
		}
	}
	if straight {
		good = append(good, route{})
	}
	return append(good, shunned...)
}

// way is a talk that was opened by a route, or why it was not.
type way struct {
	route
	host *host
	talk *talk
	err  error
}

func (w *way) close(c *call) {
	if w.talk != nil {
		w.talk.close()
	}
	if w.host != nil {
		c.closeHost(c.life, w.host)
	}
}

// worse returns which of two failures says more: what the other node did, then that a
// forwarder has no room now, then that none passes on.
func worse(a, b error) error {
	if a == nil || errors.Is(a, identity.ErrNoForwarder) {
		return b
	}
	if errors.Is(a, identity.ErrNodeLater) && !errors.Is(b, identity.ErrNoForwarder) {
		return b
	}
	return a
}

// walk tries a route.
func (c *call) walk(r route, at identity.Hint) *way {
	w := &way{route: r}
	if w.host, w.err = c.newHost(); w.err != nil {
		return w
	}
	dial := func(ctx context.Context) (*stream, error) { return w.host.stream(ctx, at) }
	if r.via != nil {
		dial = func(context.Context) (*stream, error) { return c.tunnel(w.host, *r.via, at) }
	}
	w.talk, w.err = c.openTalk(at.Node, nil, r.via == nil, dial)
	return w
}

// tunnel has an own node make a stream one to another node. identity.ErrNodeLater: that
// one is not there, or too much was forwarded. identity.ErrNoForwarder: the own node does
// not forward there, or is not there itself.
func (c *call) tunnel(h *host, home identity.Home, to identity.Hint) (*stream, error) {
	t, err := c.openTalk(home.Node.Node, &home, true, func(ctx context.Context) (*stream, error) { return h.stream(ctx, home.Node) })
	if err == nil {
		if _, err = t.login(c.ctx, home); err == nil {
			err = t.do(c.ctx, &mailbox.Forward{To: to})
		}
		if err != nil {
			t.close()
		}
	}
	switch {
	case err == nil:
		return t.stream, nil
	case errors.Is(err, identity.ErrNodeLater):
		return nil, err
	case errors.Is(translate(c.ctx, err), identity.ErrNodeUnreachable):
		c.shun(home.Node.Node)
	}
	return nil, identity.ErrNoForwarder
}
