package client

import (
	"context"
	"io"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// host is a swarm under a fresh key, which dials and takes nothing.
type host struct {
	swarm *swarm.Host
	since time.Time
}

// newHost opens a host. It is closed by closeHost, or with the life at the latest.
func (c *call) newHost() (*host, error) {
	s, err := swarm.Open(swarm.Options{Protocol: c.protocol, Proxy: c.life.proxy, DialTime: c.times.dial})
	if err != nil {
		return nil, err
	}
	s.Swarm.SetStreamHandler(func(st network.Stream) { st.Reset() })
	h := &host{swarm: s, since: c.clock()}
	c.mu.Lock()
	c.life.hosts[h] = true
	c.mu.Unlock()
	return h, nil
}

// closeHost closes a host of the life.
func (c *Client) closeHost(l *life, h *host) {
	h.swarm.Close()
	c.mu.Lock()
	delete(l.hosts, h)
	c.mu.Unlock()
}

// stream opens a conversation with a node.
func (h *host) stream(ctx context.Context, at identity.Hint) (*stream, error) {
	c, err := h.swarm.DialNode(ctx, at)
	if err != nil {
		return nil, err
	}
	s, err := c.NewStream(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.SetProtocol(mailbox.ProtocolID); err != nil {
		s.Reset()
		return nil, err
	}
	// The choice of the protocol goes along with what is written first.
	return &stream{Stream: s, rw: multistream.NewMSSelect[protocol.ID](s, mailbox.ProtocolID)}, nil
}

// alive reports whether the host has a connection.
func (h *host) alive() bool {
	for _, c := range h.swarm.Swarm.Conns() {
		if !c.IsClosed() {
			return true
		}
	}
	return false
}

// stream is the bytes to a node and back, directly or through a forwarder.
type stream struct {
	network.Stream
	rw io.ReadWriter // over Stream
}

// exchange runs f within d and ctx, which end the stream.
func (s *stream) exchange(ctx context.Context, d time.Duration, f func(rw io.ReadWriter) error) error {
	if err := s.SetDeadline(time.Now().Add(d)); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { s.Reset() })
	defer stop()
	return f(s.rw)
}

// wires returns the connections of a host. Through a proxy, that is where packets go.
func (h *host) wires(proxy string) (wires []Wire) {
	for _, c := range h.swarm.Swarm.Conns() {
		at := plainAddr(c.RemoteMultiaddr())
		if proxy != "" {
			at = "tcp " + proxy
		}
		wires = append(wires, Wire{Kind: WireNode, Remote: at, Since: c.Stat().Opened})
	}
	return wires
}

// plainAddr writes an address as people know them.
func plainAddr(a ma.Multiaddr) string {
	kind, port := "udp", swarm.PortOf(a, ma.P_UDP)
	if port == 0 {
		kind, port = "tcp", swarm.PortOf(a, ma.P_TCP)
	}
	return kind + " " + netip.AddrPortFrom(swarm.IPOf(a), port).String()
}
