package transport

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/transport/swarm"
)

// greeter makes and answers hellos on one host, and serves the links that come of them.
type greeter struct {
	host      *swarm.Host
	parties   *parties
	admission *admission[network.Conn]
	in        Inbound
	log       *slog.Logger
	since     time.Time
	ctx       context.Context           // ends with the station; for handlers that libp2p calls
	began     func(*link, network.Conn) // called before a proven link is served
	parted    func(*link)               // and after its end

	mu      sync.Mutex
	closed  bool           // guarded by mu
	serving sync.WaitGroup // handlers and dials; no Add once closed
}

func newGreeter(h *swarm.Host, p *parties, in Inbound, log *slog.Logger) *greeter {
	return &greeter{host: h, parties: p, in: in, log: log, since: time.Now(), admission: newAdmission[network.Conn]()}
}

// spawn runs f on a goroutine that close waits for. It reports false when it is too late.
func (g *greeter) spawn(f func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.serving.Go(f)
	return true
}

// close closes the host and waits for all that was spawned. The context has ended.
func (g *greeter) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.host.Close()
	g.serving.Wait()
}

// sweep closes the connections that prove nothing in time.
func (g *greeter) sweep(ctx context.Context) {
	tick := time.NewTicker(helloTime / 5)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			for _, c := range g.admission.overdue(now) {
				c.Close()
			}
		case <-ctx.Done():
			return
		}
	}
}

func (g *greeter) connected(_ network.Network, c network.Conn) {
	if c.Stat().Direction != network.DirInbound {
		return
	}
	if !g.admission.accept(c, remoteIP(c), time.Now()) {
		g.spawn(func() { c.Close() })
	}
}

func (g *greeter) disconnected(_ network.Network, c network.Conn) {
	g.admission.forget(c)
}

// accepted is libp2p's call for each stream that the other side opens.
func (g *greeter) accepted(stream network.Stream) {
	c := stream.Conn()
	if !g.admission.beginHello(c) {
		stream.Reset()
		if g.admission.isStranger(c) {
			g.spawn(func() { c.Close() })
		}
		return
	}
	if !g.spawn(func() { g.answer(stream) }) {
		stream.Reset()
	}
}

// serve carries a proven link, which endHello has counted, to its end.
func (g *greeter) serve(l *link, c network.Conn) {
	g.began(l, c)
	g.parties.serve(g.in, l)
	g.parted(l)
	if g.admission.endLink(c) {
		c.Close()
	}
}

// fail ends a hello without a link.
func (g *greeter) fail(c network.Conn, stream network.Stream, ours bool) {
	if stream != nil {
		stream.Reset()
	}
	if g.admission.endHello(c, ours, false) {
		c.Close()
	}
}

// hostName is the name under which a hello knows a peer: the bytes of its peer ID.
func hostName(id peer.ID) []byte { return []byte(id) }

func remoteIP(c network.Conn) netip.Addr { return swarm.IPOf(c.RemoteMultiaddr()) }

// relayed reports whether a connection goes over a relay.
func relayed(c network.Conn) bool {
	_, err := c.RemoteMultiaddr().ValueForProtocol(ma.P_CIRCUIT)
	return err == nil
}
