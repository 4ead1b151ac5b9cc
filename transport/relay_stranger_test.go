package transport

import (
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/proto"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/swarm"
)

// circuitTo connects a stranger to whoever has a reservation at a relay.
func circuitTo(t *testing.T, r *testRelay, far peer.ID) (*caller, network.Conn) {
	t.Helper()
	c := newCaller(t, Both)
	bare, err := c.Bare()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Circuits(bare); err != nil {
		t.Fatal(err)
	}
	if _, err := c.DialNode(t.Context(), r.hint); err != nil {
		t.Fatal(err)
	}
	conn, err := c.Dial(t.Context(), far, []ma.Multiaddr{swarm.CircuitAddr(r.ID)})
	if err != nil {
		t.Fatal(err)
	}
	return c, conn
}

// awaitReserved waits until a circuit is reserved at a relay.
func awaitReserved(t *testing.T, n *node, at identity.Hint) {
	t.Helper()
	for deadline := time.Now().Add(wait); n.Relayed(at) != nil; pause(t.Context(), time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no circuit is reserved")
		}
	}
}

// TestStrangerOverRelay: whoever got hold of a peer ID learns no more over a relay than on
// a local network, and a crowd of them is in nobody's way for long.
func TestStrangerOverRelay(t *testing.T) {
	t.Parallel()
	r := newTestRelay(t)
	forA, forB := friends('a', 'b')
	ps := newBoard(r)
	a := startFar(t, Both, ps, identity.Internet{Homes: []identity.Home{r.home('a')}}, forA)
	awaitReserved(t, a, r.hint)
	self := a.currentRelay().host.ID

	c, conn := circuitTo(t, r, self)
	s, err := conn.NewStream(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cell := identity.NewHello([]identity.LinkKey{key('?')}, hostName(c.ID), hostName(self))
	rw := multistream.NewMSSelect(s, protocolID)
	if _, err := rw.Write(cell[:]); err != nil {
		t.Fatal(err)
	}
	var answer [identity.AnswerSize]byte
	if _, err := io.ReadFull(rw, answer[:]); err != nil {
		t.Fatal(err)
	}
	if _, ok := identity.CheckAnswer(answer, []identity.LinkKey{key('?')}, hostName(c.ID), hostName(self)); ok {
		t.Error("a stranger is proven")
	}
	awaitClosed(t, s, helloTime)

	for range 2 * maxUnprovenPerAddr {
		circuitTo(t, r, self)
	}
	unproven := 0
	for _, w := range a.Connections() {
		if w.Kind == WireUnproven {
			unproven++
		}
	}
	if unproven > maxUnprovenPerAddr {
		t.Errorf("%d strangers at once", unproven)
	}
	forB.Node = r.hint
	b := startFar(t, Both, ps, identity.Internet{Homes: []identity.Home{r.home('b')}}, forB)
	for deadline := time.Now().Add(2 * helloTime); b.Path(forB.Handle) == ""; pause(t.Context(), seekPause) {
		if time.Now().After(deadline) {
			t.Fatal("a friend is not met in spite of the crowd")
		}
		b.Seek(forB.Handle)
	}
}

// TestOnlyOwnRelaysBringCircuits: a stranger who connects straight cannot play the relay.
func TestOnlyOwnRelaysBringCircuits(t *testing.T) {
	r := newTestRelay(t)
	forA, _ := friends('a', 'b')
	a := startFar(t, Both, newBoard(r), identity.Internet{Homes: []identity.Home{r.home('a')}}, forA)
	awaitReserved(t, a, r.hint)
	h := a.currentRelay().host
	quicPort, tcpPort := h.Ports()
	c := newCaller(t, Both)
	s := c.open(sighting{announcement: announcement{id: h.ID, quic: quicPort, tcp: tcpPort}, from: []netip.Addr{loopbackIP}})
	if err := multistream.SelectProtoOrFail(proto.ProtoIDv2Stop, s); err == nil {
		t.Error("a stranger may open circuits")
	}
}

// TestOwnAddressesAreTold: a friend is told where this side is on the internet, and nobody
// hears of private addresses.
func TestOwnAddressesAreTold(t *testing.T) {
	r := newTestRelay(t)
	a := startFar(t, Both, newBoard(r), identity.Internet{Homes: []identity.Home{r.home('a')}})
	awaitReserved(t, a, r.hint)
	s := a.currentRelay()
	told := s.ownAddrs()
	quicPort, tcpPort := s.host.Ports()
	for _, want := range []ma.Multiaddr{swarm.QUICAddr(loopbackIP, quicPort), swarm.TCPAddr(loopbackIP, tcpPort)} {
		if !ma.Contains(told, want) {
			t.Errorf("%v is not told: %v", want, told)
		}
	}
	s.options.allowed = public
	if told := s.ownAddrs(); len(told) > 0 {
		for _, a := range told {
			if !public(swarm.IPOf(a)) || strings.Contains(a.String(), "127.") {
				t.Errorf("told: %v", a)
			}
		}
	}
}

// TestWhenceIsNoAddress: what a relay says instead of an IP address is passed over.
func TestWhenceIsNoAddress(t *testing.T) {
	r := newTestRelay(t)
	a := startFar(t, Both, newBoard(r), identity.Internet{Homes: []identity.Home{r.home('a')}})
	awaitReserved(t, a, r.hint)
	s := a.currentRelay()
	before := len(s.ownAddrs())
	for i, said := range []string{"", "x", "/dns4/node.example/tcp/4001", "/unix/a", "/p2p-circuit", "/ip6zone/a/ip6/fe80::1/tcp/4001"} {
		s.sawUs(peer.ID(rune('a'+i)), said)
	}
	if n := len(s.ownAddrs()); n < before || n > before+1 { // the last one is an address, if of no use
		t.Errorf("%d addresses are told, and %d before", n, before)
	}
}

// TestReservationsArePaced: a relay that says that a reservation is over is not asked for
// another one at once.
func TestReservationsArePaced(t *testing.T) {
	for _, until := range []time.Time{{}, epoch.Add(-time.Hour), epoch, epoch.Add(reserveTime)} {
		if at := renewal(epoch, until); !at.Equal(epoch.Add(reservePause)) {
			t.Errorf("until %v: again at %v", until, at)
		}
	}
	if at := renewal(epoch, epoch.Add(time.Hour)); !at.Equal(epoch.Add(time.Hour - reserveTime)) {
		t.Errorf("again at %v", at)
	}
}
