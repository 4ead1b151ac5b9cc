package profile

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"tacit/app"
	"tacit/identity"
	"tacit/storage"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/sqlite"
	"tacit/transport/mailbox/node"
)

// Settings of the holder in the vault.
const (
	portKey    = "holder.port"    // where the node was last: contacts know it there
	invitedKey = "holder.invited" // invitations that were let in, 16 bytes each
)

// holder runs a mailbox for the contacts of a profile, while its person wants that and
// neither hides the address nor uses a proxy.
//
//	off --wanted--> serving --unwanted, or this computer has another address--> off
//
// Owner of every field but the first ones, which do not change: the goroutine of run.
type holder struct {
	m      *app.Messenger
	store  *storage.Store
	listen Listen
	logger *slog.Logger
	addrs  func() ([]net.Addr, error) // of this computer

	chosen  app.Preferences
	serving *serving // nil: off
}

// serving is a node that is open.
type serving struct {
	at    netip.Addr
	depot *sqlite.Depot
	node  *node.Node
	end   context.CancelFunc
	ended sync.WaitGroup

	admitted [][16]byte // let in since it is open; what was let in before may lack a crash's last
}

// run follows the preferences until ctx ends. When it returns nothing it started is left.
func (h *holder) run(ctx context.Context) {
	sub := h.m.Subscribe()
	defer sub.Close()
	ticker := time.NewTicker(holderLooks)
	defer ticker.Stop()
	defer h.stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case e, ok := <-sub.Events():
			if !ok {
				return
			}
			if !h.concerns(e) {
				continue
			}
		}
		if err := h.settle(ctx); err != nil && ctx.Err() == nil {
			h.logger.Warn("the mailbox for contacts does not run", "error", err)
		}
	}
}

// concerns takes what was told, and reports whether it matters.
func (h *holder) concerns(e app.Event) bool {
	switch e := e.(type) {
	case app.Snapshot:
		h.chosen = e.Preferences
	case app.PreferencesChanged:
		h.chosen = e.Preferences
	case app.ContactAdded, app.ContactChanged, app.ContactRemoved:
		return h.serving != nil
	default:
		return false
	}
	return true
}

// settle brings what runs in line with what is wanted.
func (h *holder) settle(ctx context.Context) error {
	c := h.chosen
	if !c.Hold || !c.Internet || c.HideAddress || c.Proxy != "" {
		h.stop()
		return h.m.SetHolder(ctx, identity.Hint{})
	}
	at, err := h.address()
	if err != nil {
		h.stop()
		return err
	}
	if h.serving != nil && h.serving.at != at {
		h.stop()
	}
	if h.serving == nil {
		if err := h.start(ctx, at); err != nil {
			return err
		}
	}
	if err := h.admit(ctx); err != nil {
		return err
	}
	return h.m.SetHolder(ctx, h.serving.node.Address().Hint)
}

// address is where contacts find this computer.
func (h *holder) address() (netip.Addr, error) {
	if h.listen == Loopback {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	own, err := h.addrs()
	if err != nil {
		return netip.Addr{}, fmt.Errorf("list the own addresses: %w", err)
	}
	var all []netip.Addr
	for _, a := range own {
		if p, err := netip.ParsePrefix(a.String()); err == nil && !p.Addr().IsLoopback() {
			all = append(all, p.Addr())
		}
	}
	best, _, err := node.Guess(all)
	return best, err
}

func (h *holder) start(ctx context.Context, at netip.Addr) error {
	db, err := h.store.Aside(ctx, storage.MailboxAside)
	if err != nil {
		return fmt.Errorf("open what is held for contacts: %w", err)
	}
	kept, err := sqlite.New(ctx, db, depot.Options{Quota: heldAtMost})
	if err != nil {
		return fmt.Errorf("open what is held for contacts: %w", err)
	}
	n, err := h.open(ctx, at, kept)
	if err != nil {
		return errors.Join(fmt.Errorf("open the port for contacts: %w", err), kept.Close())
	}
	ctx, end := context.WithCancel(ctx)
	s := &serving{at: at, depot: kept, node: n, end: end}
	s.ended.Go(func() {
		if err := n.Run(ctx); err != nil {
			h.logger.Warn("the mailbox for contacts ended", "error", err)
		}
	})
	h.serving = s
	return nil
}

// open listens at the port of the last time, or at any where another program has that now.
func (h *holder) open(ctx context.Context, at netip.Addr, kept depot.Depot) (*node.Node, error) {
	listen := at
	if h.listen != Loopback {
		listen = netip.IPv4Unspecified()
		if !at.Is4() {
			listen = netip.IPv6Unspecified()
		}
	}
	open := func(port uint16) (*node.Node, error) {
		return node.New(ctx, node.Options{
			Depot: kept, Listen: netip.AddrPortFrom(listen, port), Public: identity.Hint{Addr: at},
			Closed: true, AllowPrivate: h.listen == Loopback, Logger: h.logger,
		})
	}
	before := h.port(ctx)
	n, err := open(before)
	if errors.Is(err, node.ErrPortTaken) && before != 0 {
		n, err = open(0)
	}
	if err != nil {
		return nil, err
	}
	if port := n.Address().Port; port != before {
		if err := h.m.SetSetting(ctx, portKey, binary.BigEndian.AppendUint16(nil, port)); err != nil {
			h.logger.Warn("the port for contacts is not kept", "error", err)
		}
	}
	return n, nil
}

// port is where the node was last, 0 for nowhere.
func (h *holder) port(ctx context.Context) uint16 {
	if b, err := h.m.Setting(ctx, portKey); err == nil && len(b) == 2 {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

// admit lets verified contacts in, and puts out who is none any more, with what was held.
// Who comes in is written down before, so that a crash leaves nobody in for good.
func (h *holder) admit(ctx context.Context) error {
	wanted, err := h.m.HolderInvites(ctx)
	if err != nil {
		return fmt.Errorf("list who may come: %w", err)
	}
	before := h.invited(ctx)
	fresh := without(wanted, h.serving.admitted)
	if err := h.setInvited(ctx, append(slices.Clone(before), without(wanted, before)...)); err != nil {
		return err
	}
	for _, i := range fresh {
		if err := h.serving.depot.AddInvite(ctx, time.Now(), i); err != nil {
			return fmt.Errorf("let a contact in: %w", err)
		}
	}
	for _, i := range without(before, wanted) {
		if err := h.serving.depot.RevokeInvite(ctx, i); err != nil {
			return fmt.Errorf("put a contact out: %w", err)
		}
	}
	h.serving.admitted = wanted
	return h.setInvited(ctx, wanted)
}

// without returns what is in all and not in some.
func without(all, some [][16]byte) (rest [][16]byte) {
	for _, i := range all {
		if !slices.Contains(some, i) {
			rest = append(rest, i)
		}
	}
	return rest
}

func (h *holder) invited(ctx context.Context) (all [][16]byte) {
	b, err := h.m.Setting(ctx, invitedKey)
	if err != nil {
		return nil
	}
	for ; len(b) >= 16; b = b[16:] {
		all = append(all, [16]byte(b))
	}
	return all
}

func (h *holder) setInvited(ctx context.Context, all [][16]byte) error {
	if slices.Equal(all, h.invited(ctx)) {
		return nil
	}
	b := []byte{}
	for _, i := range all {
		b = append(b, i[:]...)
	}
	if err := h.m.SetSetting(ctx, invitedKey, b); err != nil {
		return fmt.Errorf("write down who may come: %w", err)
	}
	return nil
}

// stop closes the node, if it is open. What it holds stays.
func (h *holder) stop() {
	s := h.serving
	if s == nil {
		return
	}
	h.serving = nil
	s.end()
	s.ended.Wait()
	if err := s.depot.Close(); err != nil {
		h.logger.Warn("what is held for contacts was not closed well", "error", err)
	}
}
