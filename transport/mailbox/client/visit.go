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
	hidden = hidden || k.net.Hide || slices.Contains(k.net.HideFrom, at.Node)
	straight := !hidden || k.net.Proxy != ""
	var failed error
	for _, h := range k.net.Homes {
		if h.Node.Node == at.Node {
			straight = true
			continue
		}
		begun, err := k.through(h, at, f)
		if begun || k.ctx.Err() != nil {
			return translate(ctx, err)
		}
		failed = worse(failed, err)
	}
	if straight {
		return translate(ctx, k.straight(at, f))
	}
	return translate(ctx, worse(failed, identity.ErrNoForwarder))
}

// worse returns which of two failures to pass on an errand says more: what the other node
// did, then that a forwarder has no room now, then that none passes on.
func worse(a, b error) error {
	if a == nil || errors.Is(a, identity.ErrNoForwarder) {
		return b
	}
	if errors.Is(a, identity.ErrNodeLater) && !errors.Is(b, identity.ErrNoForwarder) {
		return b
	}
	return a
}

// straight runs an errand on a connection to the node itself.
func (c *call) straight(at identity.Hint, f errand) error {
	h, err := c.newHost()
	if err != nil {
		return err
	}
	defer c.closeHost(c.life, h)
	t, err := c.openTalk(at.Node, true, func(ctx context.Context) (*stream, error) { return h.stream(ctx, at) })
	if err != nil {
		return err
	}
	defer t.close()
	return f(c.ctx, t)
}

// through runs an errand in a tunnel that an own node opens; begun as soon as the other
// node has taken the talk.
func (c *call) through(home identity.Home, at identity.Hint, f errand) (begun bool, err error) {
	h, err := c.newHost()
	if err != nil {
		return false, err
	}
	defer c.closeHost(c.life, h)
	t, err := c.openTalk(at.Node, false, func(context.Context) (*stream, error) { return c.tunnel(h, home, at) })
	if err != nil {
		return false, translate(c.ctx, err)
	}
	defer t.close()
	return true, f(c.ctx, t)
}

// tunnel has an own node make a stream one to another node. identity.ErrNodeLater: that
// one is not there, or too much was forwarded. identity.ErrNoForwarder: the own node does
// not forward there, or is not there itself.
func (c *call) tunnel(h *host, home identity.Home, to identity.Hint) (*stream, error) {
	t, err := c.openTalk(home.Node.Node, true, func(ctx context.Context) (*stream, error) { return h.stream(ctx, home.Node) })
	if err != nil {
		return nil, identity.ErrNoForwarder
	}
	if _, err = t.login(c.ctx, home); err == nil {
		err = t.do(c.ctx, &mailbox.Forward{To: to})
	}
	if err != nil {
		t.close()
		if errors.Is(err, identity.ErrNodeLater) {
			return nil, err
		}
		return nil, identity.ErrNoForwarder
	}
	return t.stream, nil
}
