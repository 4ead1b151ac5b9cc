package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	p2pcrypto "github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/libp2p/go-libp2p/core/transport"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"
	"github.com/quic-go/quic-go"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// crowdAddrs is at how many addresses a crowd is: 500 of 10,000 at each.
const crowdAddrs = 20

// crowd is many clients of one node, each with a peer key and a connection, without the
// rest of a host: only so do thousands fit into one process.
type crowd struct {
	node     identity.Hint
	id       peer.ID
	protocol swarm.Protocol
	sockets  [crowdAddrs]*quicreuse.ConnManager

	mu      sync.Mutex
	record  *mailbox.KeyRecord      // guarded by mu
	members []transport.CapableConn // guarded by mu
	shut    []func() error          // guarded by mu
}

func newCrowd(node identity.Hint, p swarm.Protocol) (*crowd, error) {
	id, err := swarm.NodeID(node)
	if err != nil {
		return nil, err
	}
	c := &crowd{node: node, id: id, protocol: p}
	for i := range c.sockets {
		at := crowdIP(i)
		bind := func(network string, _ *net.UDPAddr) (net.PacketConn, error) {
			return net.ListenUDP(network, &net.UDPAddr{IP: at})
		}
		c.sockets[i], err = quicreuse.NewConnManager(quic.StatelessResetKey{}, quic.TokenGeneratorKey{}, quicreuse.OverrideListenUDP(bind))
		if err != nil {
			return nil, err
		}
		c.shut = append(c.shut, c.sockets[i].Close)
	}
	return c, nil
}

func crowdIP(i int) net.IP { return net.IPv4(127, 0, 1, byte(1+i)) }

// close ends all clients.
func (c *crowd) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.members {
		m.Close()
	}
	for _, shut := range c.shut {
		shut()
	}
}

// gone returns how many have been sent away.
func (c *crowd) gone() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.members {
		if m.IsClosed() {
			n++
		}
	}
	return n
}

// join connects the client of that number, and has it wait for a cell, or only open a stream.
func (c *crowd) join(ctx context.Context, i int, wait bool) error {
	for {
		conn, err := c.dial(ctx, i)
		if err == nil {
			if err = c.speak(ctx, conn, wait); err == nil {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.members = append(c.members, conn)
				return nil
			}
			conn.Close()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		// A node takes so many a second.
		if waited := pause(ctx, 200*time.Millisecond); waited != nil {
			return fmt.Errorf("client %d: %w", i, errors.Join(err, waited))
		}
	}
}

// dial makes a connection under a key of its own.
func (c *crowd) dial(ctx context.Context, i int) (transport.CapableConn, error) {
	key, _, err := p2pcrypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	t, to, err := c.transport(key, i)
	if err != nil {
		return nil, err
	}
	return t.Dial(ctx, to, c.id)
}

func (c *crowd) transport(key p2pcrypto.PrivKey, i int) (transport.Transport, ma.Multiaddr, error) {
	limits := &network.NullResourceManager{}
	if c.protocol == swarm.QUIC {
		t, err := libp2pquic.NewTransport(key, c.sockets[i%crowdAddrs], nil, nil, limits)
		return t, swarm.QUICAddr(c.node.Addr, c.node.Port), err
	}
	muxers := []upgrader.StreamMuxer{{ID: yamux.ID, Muxer: yamux.DefaultTransport}}
	secure, err := noise.New(noise.ID, key, muxers)
	if err != nil {
		return nil, nil, err
	}
	up, err := upgrader.New([]sec.SecureTransport{secure}, muxers, nil, limits, nil)
	if err != nil {
		return nil, nil, err
	}
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: crowdIP(i % crowdAddrs)}}
	t, err := tcp.NewTCPTransport(up, limits, nil, tcp.DisableReuseport(),
		tcp.WithDialerForAddr(func(ma.Multiaddr) (tcp.ContextDialer, error) { return from, nil }))
	return t, swarm.TCPAddr(c.node.Addr, c.node.Port), err
}

// speak opens a stream and, where it is to wait, fetches from a new account.
func (c *crowd) speak(ctx context.Context, conn transport.CapableConn, wait bool) error {
	s, err := conn.OpenStream(ctx)
	if err != nil {
		return err
	}
	s.SetDeadline(time.Now().Add(30 * time.Second))
	if err := multistream.SelectProtoOrFail(mailbox.ProtocolID, s); err != nil || !wait {
		return err
	}
	r, err := c.keyOf(s)
	if err != nil {
		return err
	}
	opening, talk, err := mailbox.NewTalk(c.node.Node, r)
	if err != nil {
		return err
	}
	if _, err := s.Write(append([]byte{mailbox.OpenTalk}, opening...)); err != nil {
		return err
	}
	if _, err := io.ReadFull(s, make([]byte, 1)); err != nil {
		return err
	}
	home := identity.Home{Node: c.node}
	rand.Read(home.Account[:])
	frame, err := talk.Ask(talk.Login(home))
	if err != nil {
		return err
	}
	if _, err := s.Write(frame); err != nil {
		return err
	}
	if frame, err = mailbox.ReadFrame(s); err != nil {
		return err
	}
	a, err := talk.Hear(frame)
	if err != nil {
		return err
	}
	if _, ok := a.(*mailbox.Standing); !ok {
		return errors.New("login was refused")
	}
	if frame, err = talk.Ask(&mailbox.Fetch{Wait: mailbox.MaxWait}); err != nil {
		return err
	}
	_, err = s.Write(frame)
	return err
}

// keyOf returns the node's key record, which one of the crowd asks for.
func (c *crowd) keyOf(s io.ReadWriter) (mailbox.KeyRecord, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.record != nil {
		return *c.record, nil
	}
	if _, err := s.Write([]byte{mailbox.OpenKey}); err != nil {
		return mailbox.KeyRecord{}, err
	}
	var b [mailbox.KeyRecordSize]byte
	if _, err := io.ReadFull(s, b[:]); err != nil {
		return mailbox.KeyRecord{}, err
	}
	r, err := mailbox.ParseKeyRecord(c.node.Node, b[:])
	if err == nil {
		c.record = &r
	}
	return r, err
}
