package node

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// TestStrangersHearNothingElse asks a node for what libp2p hosts usually answer.
func TestStrangersHearNothingElse(t *testing.T) {
	leaks(t)
	n := start(t, Options{})
	h, err := swarm.Open(swarm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c, err := h.DialNode(ctx, n.Address().Hint)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{
		"/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0", "/libp2p/circuit/relay/0.2.0/stop", "/libp2p/autonat/1.0.0",
		"/libp2p/autonat/2/dial-request", "/libp2p/dcutr", "/tacit/1", "/ipfs/kad/1.0.0", "/tacit/node/2", "ls",
	} {
		s, err := c.NewStream(ctx)
		if err != nil {
			t.Fatal(err)
		}
		s.SetDeadline(time.Now().Add(10 * time.Second))
		if err := multistream.SelectProtoOrFail(p, s); err == nil {
			t.Errorf("%s is answered", p)
		}
		s.Reset()
	}
	if _, err := keyOf(streamOf(t, h, n.Address().Hint), n.Address().Node); err != nil {
		t.Errorf("and then the node's own is not: %v", err)
	}
}

func TestPortsAndAddresses(t *testing.T) {
	n := start(t, Options{Public: identity.Hint{Name: "node.example.org"}})
	a := n.Address()
	if a.Name != "node.example.org" || a.Port == 0 {
		t.Errorf("it is found at %q, port %d", a.Name, a.Port)
	}
	if back, err := identity.ParseNodeAddress(a.String()); err != nil || back != a {
		t.Errorf("its address cannot be read: %v", err)
	}
	taken := netip.AddrPortFrom(loopback, a.Port)
	if _, err := New(context.Background(), Options{Depot: newDepot(t), Listen: taken}); !errors.Is(err, ErrPortTaken) {
		t.Errorf("a port that is taken: %v", err)
	}
	for name, listen := range map[string]func() (io.Closer, uint16){
		"UDP": func() (io.Closer, uint16) {
			s, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
			if err != nil {
				t.Fatal(err)
			}
			return s, s.LocalAddr().(*net.UDPAddr).AddrPort().Port()
		},
		"TCP": func() (io.Closer, uint16) {
			s, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			return s, s.Addr().(*net.TCPAddr).AddrPort().Port()
		},
	} {
		s, port := listen()
		if _, err := New(context.Background(), Options{Depot: newDepot(t), Listen: netip.AddrPortFrom(loopback, port)}); !errors.Is(err, ErrPortTaken) {
			t.Errorf("a port that another has for %s: %v", name, err)
		}
		s.Close()
	}
	_, err := New(context.Background(), Options{Depot: newDepot(t), Listen: netip.MustParseAddrPort("0.0.0.0:0")})
	if !errors.Is(err, ErrNoPublic) {
		t.Errorf("nowhere to be found: %v", err)
	}
}

// TestExchangeOverACircuit has two hosts behind a node meet over it.
func TestExchangeOverACircuit(t *testing.T) {
	for name, p := range map[string]swarm.Protocol{"QUIC": swarm.QUIC, "TCP": swarm.TCP} {
		t.Run(name, func(t *testing.T) {
			n := start(t, Options{})
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			called, far := behind(t, p), behind(t, p)
			relayID, err := swarm.NodeID(n.Address().Hint)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range []*swarm.Host{called.Host, far.Host} {
				if _, err := h.DialNode(ctx, n.Address().Hint); err != nil {
					t.Fatal(err)
				}
			}
			if err := called.Swarm.Listen(swarm.CircuitAddr(relayID)); err != nil {
				t.Fatal(err)
			}
			if _, err := client.Reserve(ctx, called.bare, peer.AddrInfo{ID: relayID}); err != nil {
				t.Fatalf("no reservation: %v", err)
			}
			const size = 3 << 20
			sent := make(chan error, 1)
			called.bare.SetStreamHandler("/test", func(s network.Stream) {
				_, err := io.Copy(s, io.LimitReader(endless(7), size))
				sent <- errors.Join(err, s.CloseWrite())
			})
			c, err := far.Dial(ctx, called.ID, []ma.Multiaddr{swarm.CircuitAddr(relayID)})
			if err != nil {
				t.Fatalf("no circuit: %v", err)
			}
			if c.Stat().Limited {
				t.Error("the circuit is limited")
			}
			s, err := c.NewStream(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if err := multistream.SelectProtoOrFail("/test", s); err != nil {
				t.Fatal(err)
			}
			if got, err := io.Copy(io.Discard, s); err != nil || got != size {
				t.Errorf("%d bytes came: %v", got, err)
			}
			if err := <-sent; err != nil {
				t.Error(err)
			}
			if r := figure(t, n.service.metrics, "tacit_node_reservations"); r != 1 {
				t.Errorf("%v reservations are shown", r)
			}
			if b := figure(t, n.service.metrics, "tacit_node_relayed_bytes_total"); b < size {
				t.Errorf("%v bytes relayed are shown", b)
			}
		})
	}
}

// guest is a host that listens nowhere, and can accept circuits.
type guest struct {
	*swarm.Host
	bare host.Host
}

func behind(t *testing.T, p swarm.Protocol) guest {
	t.Helper()
	h, err := swarm.Open(swarm.Options{Protocol: p})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	bare, err := h.Bare()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Circuits(bare); err != nil {
		t.Fatal(err)
	}
	return guest{h, bare}
}

// TestForwardBetweenNodes deposits at one node through another.
func TestForwardBetweenNodes(t *testing.T) {
	leaks(t)
	own, other := start(t, Options{AllowPrivate: true}), start(t, Options{})
	owner := speak(t, dialStream(t, other.Address().Hint, swarm.Both), other.Address().Node)
	owner.login(newHome(other))
	lot, tokens := newLot(time.Now().Add(time.Hour))
	owner.expect(mailbox.StatusOK, lot)

	stream := dialStream(t, own.Address().Hint, swarm.Both)
	sender := speak(t, stream, own.Address().Node)
	sender.login(newHome(own))
	sender.expect(mailbox.StatusLater, &mailbox.Forward{To: identity.Hint{Node: [32]byte{9}, Port: 9, Addr: loopback}}) // nobody
	sender.expect(mailbox.StatusRefused, &mailbox.Forward{To: own.Address().Hint})
	wrong := other.Address().Hint
	wrong.Node = newKey(t)
	sender.expect(mailbox.StatusLater, &mailbox.Forward{To: wrong}) // another key is there
	sender.expect(mailbox.StatusOK, &mailbox.Forward{To: other.Address().Hint})
	speak(t, stream, other.Address().Node).expect(mailbox.StatusOK, putOf(lot.ID, tokens[0]))
	if len(owner.fetch(0).Items) != 1 {
		t.Error("the cell did not come")
	}
}

// TestConnectionFlood opens connections from one address as fast as it can, with handshakes
// that do not end.
func TestConnectionFlood(t *testing.T) {
	m, err := newResources()
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	taken := func(from string, tries int) (n int) {
		for range tries {
			if _, err := m.OpenConnection(network.DirInbound, true, ma.StringCast(from)); err == nil {
				n++
			}
		}
		return n
	}
	if n := taken("/ip4/192.0.2.66/tcp/1", 10_000); n < connBurst || n > maxConnsPerAddr {
		t.Errorf("%d of a flood were taken", n)
	}
	if n := taken("/ip6/2600::66/udp/1/quic-v1", 5000) + taken("/ip6/2600::67/udp/1/quic-v1", 5000); n < connBurst || n > maxConnsPerAddr {
		t.Errorf("%d of a flood from one network were taken", n)
	}
	if n := taken("/ip4/192.0.2.7/tcp/1", 100); n != 100 {
		t.Errorf("%d of 100 others were taken", n)
	}
}

// TestOffice has 500 clients at one address log in, deposit and fetch.
func TestOffice(t *testing.T) {
	const people = 500
	n := start(t, Options{})
	at := n.Address().Hint
	var wg sync.WaitGroup
	slots := make(chan struct{}, 16) // handshakes at a time, on this computer
	all := make(chan struct{})
	failed := make(chan error, people)
	for range people {
		slots <- struct{}{}
		h, err := swarm.Open(swarm.Options{Protocol: swarm.TCP})
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			defer h.Close()
			v := speak(t, streamOf(t, h, at), at.Node)
			v.login(newHome(n))
			lot, tokens := newLot(time.Now().Add(time.Hour))
			_, err := v.try(lot)
			<-slots
			<-all // everybody stays
			if err == nil {
				_, err = v.try(putOf(lot.ID, tokens[0]))
			}
			if page, again := v.try(&mailbox.Fetch{}); again != nil || len(page.(*mailbox.Fetched).Items) != 1 {
				err = errors.Join(err, again, errors.New("not the one cell"))
			}
			failed <- err
		})
	}
	for range cap(slots) {
		slots <- struct{}{}
	}
	if here := n.service.lobby.here(); here != people {
		t.Errorf("%d are connected", here)
	}
	close(all)
	wg.Wait()
	for range people {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}
