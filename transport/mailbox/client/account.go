package client

import (
	"context"
	"io"
	"net/netip"
	"time"

	ma "github.com/multiformats/go-multiaddr"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// Standing logs in, which makes the account where it is new.
func (c *Client) Standing(ctx context.Context, h identity.Home) (identity.Standing, error) {
	k, err := c.begin(ctx)
	if err != nil {
		return identity.Standing{}, err
	}
	defer k.done()
	r := k.enter(h)
	defer k.leave(r)
	t, s, err := k.newTalk(r)
	if err == nil {
		err = k.use(r, t, func(*call, *talk) error { return nil })
	}
	if err != nil {
		return identity.Standing{}, translate(ctx, err)
	}
	return identity.Standing{
		Used: s.Used, Quota: s.Quota, Cells: s.Cells, Lots: s.Lots, Skew: s.Time - c.clock().Unix(),
	}, nil
}

// Fetch removes what done marks and returns the next page, waiting up to wait for
// something to come; what is beyond mailbox.MaxMarks or mailbox.MaxWait is left out.
func (c *Client) Fetch(ctx context.Context, h identity.Home, done [][16]byte, wait time.Duration) (identity.Fetched, error) {
	wait = min(max(0, wait), mailbox.MaxWait)
	q := &mailbox.Fetch{Wait: wait, Marks: done[:min(len(done), mailbox.MaxMarks)]}
	var page identity.Fetched
	err := c.atHome(ctx, h, func(k *call, t *talk) error {
		a, err := t.ask(k.ctx, q, wait)
		if err != nil {
			return err
		}
		f, ok := a.(*mailbox.Fetched)
		if !ok {
			return refusal(a)
		}
		page = identity.Fetched{Left: f.Left, Refused: f.Refused, Used: f.Used, Quota: f.Quota}
		for _, it := range f.Items {
			page.Cells, page.Marks = append(page.Cells, it.Cell), append(page.Marks, it.Mark)
		}
		return nil
	})
	return page, err
}

// PutLot lets tokens be spent; the same lot again changes nothing.
func (c *Client) PutLot(ctx context.Context, h identity.Home, lot identity.Lot) error {
	return c.order(ctx, h, (*mailbox.PutLot)(&lot))
}

// DropLot ends a lot. No error where there is none.
func (c *Client) DropLot(ctx context.Context, h identity.Home, lot [16]byte) error {
	return c.order(ctx, h, &mailbox.DropLot{Lot: lot})
}

// Register makes room for the cells of a pairing, until then.
func (c *Client) Register(ctx context.Context, h identity.Home, slots [][16]byte, until time.Time) error {
	return c.order(ctx, h, &mailbox.Register{Until: until.Unix(), Slots: slots})
}

// PutPresence overwrites a page of presences.
func (c *Client) PutPresence(ctx context.Context, h identity.Home, page *mailbox.Presences) error {
	return c.order(ctx, h, page)
}

// Leave deletes the account with all that is kept for it.
func (c *Client) Leave(ctx context.Context, h identity.Home) error {
	return c.atHome(ctx, h, func(k *call, t *talk) error {
		if err := t.do(k.ctx, &mailbox.Leave{}); err != nil {
			return err
		}
		k.drop(h)
		return nil
	})
}

// drop has the room of an account closed when the last has left it: its talks are those of
// an account that is no more.
func (c *call) drop(h identity.Home) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rooms, h)
	delete(c.records, h)
}

// order makes a request of an account that is answered by a status alone.
func (c *Client) order(ctx context.Context, h identity.Home, q mailbox.Request) error {
	return c.atHome(ctx, h, func(k *call, t *talk) error { return t.do(k.ctx, q) })
}

// Observe returns the address and port that a node sees of this computer.
func (c *Client) Observe(ctx context.Context, h identity.Home) (string, error) {
	k, err := c.begin(ctx)
	if err != nil {
		return "", err
	}
	defer k.done()
	r := k.enter(h)
	defer k.leave(r)
	s, err := k.dial(r)(k.ctx)
	if err != nil {
		return "", translate(ctx, err)
	}
	defer s.Reset()
	var at string
	err = s.exchange(k.ctx, c.times.step, func(rw io.ReadWriter) error {
		if _, err := rw.Write([]byte{mailbox.OpenWhence}); err != nil {
			return err
		}
		said, err := mailbox.ReadWhence(rw)
		if err != nil {
			return err
		}
		at, err = plainWhence(said)
		return err
	})
	return at, translate(ctx, err)
}

// plainWhence reads what a node says of an address.
func plainWhence(said string) (string, error) {
	a, err := ma.NewMultiaddr(said)
	if err != nil {
		return "", mailbox.ErrMalformed
	}
	ip, port := swarm.IPOf(a), max(swarm.PortOf(a, ma.P_UDP), swarm.PortOf(a, ma.P_TCP))
	if !ip.IsValid() || port == 0 {
		return "", mailbox.ErrMalformed
	}
	return netip.AddrPortFrom(ip, port).String(), nil
}

// Forward reports whether h passes on to another node. identity.ErrNoForwarder: it does
// not. identity.ErrNodeLater: not now, or the other is not there.
func (c *Client) Forward(ctx context.Context, h identity.Home, to identity.Hint) error {
	k, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer k.done()
	host, err := k.newHost()
	if err != nil {
		return translate(ctx, err)
	}
	defer c.closeHost(k.life, host)
	s, err := k.tunnel(host, h, to)
	if err == nil {
		_, err = k.askRecord(s, to.Node)
	}
	return translate(ctx, err)
}
