package client

import (
	"context"
	"errors"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// room is the conversation with an own node. It stays for a while after a request, so
// that the next one costs no handshake.
type room struct {
	home identity.Home
	gate chan struct{} // holds a token while somebody opens the host

	// Guarded by Client.mu:
	host  *host // nil: none
	idle  []*talk
	users int
	timer *time.Timer // closes the room when nobody comes; nil while somebody is there
}

// enter takes part in the conversation with an own node; leave must follow.
func (c *call) enter(h identity.Home) *room {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rooms[h]
	if r == nil || c.Client.life != c.life {
		r = &room{home: h, gate: make(chan struct{}, 1)}
		if c.Client.life == c.life {
			c.rooms[h] = r
		}
	}
	r.users++
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	return r
}

func (c *call) leave(r *room) {
	c.mu.Lock()
	r.users--
	last := r.users == 0
	known := c.rooms[r.home] == r
	if last && known {
		r.timer = time.AfterFunc(c.times.idle, func() { c.empty(r, c.life) })
	}
	c.mu.Unlock()
	if last && !known {
		r.close(c.Client, c.life)
	}
}

// empty closes a room in which nobody is any more.
func (c *Client) empty(r *room, l *life) {
	c.mu.Lock()
	if r.users > 0 || c.rooms[r.home] != r {
		c.mu.Unlock()
		return
	}
	delete(c.rooms, r.home)
	l.calls.Add(1) // the life is the client's: its rooms are
	c.mu.Unlock()
	defer l.calls.Done()
	r.close(c, l)
}

// close closes what the room has open. Nobody is in it.
func (r *room) close(c *Client, l *life) {
	c.mu.Lock()
	h := r.host
	r.host, r.idle = nil, nil
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	c.mu.Unlock()
	if h != nil {
		c.closeHost(l, h)
	}
}

// dial opens a stream to the node, over the connection that there is or over a new one
// under a new key.
func (c *call) dial(r *room) dialler {
	return func(ctx context.Context) (*stream, error) {
		select {
		case r.gate <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		defer func() { <-r.gate }()
		h, err := c.hostOf(r)
		if err != nil {
			return nil, err
		}
		return h.stream(ctx, r.home.Node)
	}
}

// hostOf returns the host of a room whose gate the caller holds.
func (c *call) hostOf(r *room) (*host, error) {
	c.mu.Lock()
	h := r.host
	c.mu.Unlock()
	if h != nil && h.alive() {
		return h, nil
	}
	c.renounce(r)
	h, err := c.newHost()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	r.host = h
	c.mu.Unlock()
	return h, nil
}

// atHome makes requests of an account: f, with a talk in which it has logged in. A talk
// that waited may have ended at the node meanwhile: then f is tried once more with a new
// one, so it must do no harm twice.
func (c *Client) atHome(ctx context.Context, h identity.Home, f func(*call, *talk) error) error {
	k, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer k.done()
	r := k.enter(h)
	defer k.leave(r)
	if t := k.waiting(r); t != nil {
		if err = k.use(r, t, f); !errors.Is(translate(ctx, err), identity.ErrNodeUnreachable) {
			return translate(ctx, err)
		}
	}
	t, _, err := k.newTalk(r)
	if err == nil {
		err = k.use(r, t, f)
	}
	return translate(ctx, err)
}

// newTalk opens a talk and logs in.
func (c *call) newTalk(r *room) (*talk, *mailbox.Standing, error) {
	t, err := c.openTalk(r.home.Node.Node, &r.home, true, c.dial(r))
	if err != nil {
		if c.ctx.Err() == nil { // else the caller has gone, and the connection may be good
			c.renounce(r)
		}
		return nil, nil, err
	}
	s, err := t.login(c.ctx, r.home)
	if err != nil {
		t.close()
		return nil, nil, err
	}
	return t, s, nil
}

// renounce gives up a connection on which no talk begins: the network may have changed
// under it.
func (c *call) renounce(r *room) {
	c.mu.Lock()
	h := r.host
	r.host = nil
	c.mu.Unlock()
	if h != nil {
		c.closeHost(c.life, h)
	}
}

// waiting takes a talk that waits, nil where none does.
func (c *call) waiting(r *room) *talk {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(r.idle) == 0 {
		return nil
	}
	t := r.idle[len(r.idle)-1]
	r.idle = r.idle[:len(r.idle)-1]
	return t
}

// use runs f, and keeps the talk for the next request where it can go on.
func (c *call) use(r *room, t *talk, f func(*call, *talk) error) error {
	err := f(c, t)
	c.mu.Lock()
	keep := !broken(err) && len(r.idle) < maxIdleTalks
	if keep {
		r.idle = append(r.idle, t)
	}
	c.mu.Unlock()
	if !keep {
		t.close()
	}
	return err
}

// broken reports whether a talk ended with an error: refusals are answers.
func broken(err error) bool {
	return err != nil && !errors.Is(err, identity.ErrNodeRefused) && !errors.Is(err, identity.ErrNodeLater)
}
