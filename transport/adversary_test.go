package transport

import (
	"context"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
)

// replayedBeacon shows what somebody says on a network where nobody else is heard.
type replayedBeacon []sighting

func (b replayedBeacon) run(ctx context.Context, _ announcement, found func(sighting)) error {
	for _, s := range b {
		found(s)
	}
	<-ctx.Done()
	return nil
}

// startAmong runs a network to which these hosts are shown.
func startAmong(t *testing.T, only Protocol, seen []sighting, list ...identity.Party) *node {
	t.Helper()
	n, err := New(Options{Listen: Loopback, Protocol: only})
	if err != nil {
		t.Fatal(err)
	}
	n.beacon = func() beacon { return replayedBeacon(seen) }
	n.SetParties(list)
	return run(t, n)
}

// carrier is a host of Mallory's on the network of one of two friends. She is on that of
// the other one as well, and can carry there what she likes.
type carrier struct {
	*caller
	streams chan network.Stream // whoever dials her host
}

func newCarrier(t *testing.T) *carrier {
	t.Helper()
	c := &carrier{newCaller(t, Both), make(chan network.Stream, 64)}
	c.Swarm.SetStreamHandler(func(s network.Stream) { c.streams <- s })
	return c
}

// at returns where the carrier's host is.
func (c *carrier) at() sighting {
	quicPort, tcpPort := c.Ports()
	return sighting{announcement: announcement{id: c.ID, quic: quicPort, tcp: tcpPort}, from: []netip.Addr{loopbackIP}}
}

// hello reads the cell that came with a stream.
func (c *carrier) hello(s network.Stream) (cell [identity.HelloSize]byte) {
	c.t.Helper()
	s.SetDeadline(time.Now().Add(wait))
	mux := multistream.NewMultistreamMuxer[protocol.ID]()
	mux.AddHandler(protocolID, nil)
	if _, _, err := mux.Negotiate(s); err != nil {
		c.t.Fatalf("negotiate: %v", err)
	}
	if _, err := io.ReadFull(s, cell[:]); err != nil {
		c.t.Fatalf("hello: %v", err)
	}
	return cell
}

// listen passes TCP connections on to the carrier's host, and counts them.
func (c *carrier) listen() (port uint16, dialled func() int) {
	c.t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	_, own := c.Ports()
	var mu sync.Mutex
	var conns []net.Conn // guarded by mu; two for each that was accepted
	var running sync.WaitGroup
	running.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp4", netip.AddrPortFrom(loopbackIP, own).String())
			if err != nil {
				near.Close()
				continue
			}
			mu.Lock()
			conns = append(conns, near, far)
			mu.Unlock()
			for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
				running.Go(func() {
					io.Copy(way[0], way[1])
					way[0].Close()
				})
			}
		}
	})
	c.t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		running.Wait()
	})
	return uint16(l.Addr().(*net.TCPAddr).Port), func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(conns) / 2
	}
}

// TestBeaconReplayedOnAnotherLAN: Mallory says Amina's beacon again on the network where
// Bruno is, with her own address. She wants him to come to her, and to show that he looks
// for Amina. He dials, finds that the host is not the one of the beacon, and shows nothing.
func TestBeaconReplayedOnAnotherLAN(t *testing.T) {
	forAmina, forBruno := friends('a', 'b')
	amina, at := startQuiet(t, forAmina)
	mallory := newCarrier(t)
	port, dialled := mallory.listen()
	replayed := sighting{announcement: announcement{id: at.id, tcp: port}, from: []netip.Addr{loopbackIP}}

	bruno := startAmong(t, TCP, []sighting{replayed}, forBruno)
	poll(t, "Bruno dials twice", wait, func() bool { return dialled() >= 2 })
	select {
	case s := <-mallory.streams:
		t.Errorf("Bruno shows Mallory something: %v", s.Stat().Direction)
	default:
	}
	for name, n := range map[string]*node{"Amina": amina, "Bruno": bruno} {
		if reached, _ := n.in.links(); len(reached) > 0 {
			t.Errorf("%s was reached: %v", name, reached)
		}
	}

	// The beacon itself is good: on the network where it belongs, the two meet.
	bruno.stop()
	bruno = startAmong(t, TCP, []sighting{at}, forBruno)
	bruno.in.awaitReached(t, forBruno.Handle, true, wait)
	amina.in.awaitReached(t, forAmina.Handle, true, wait)
}

// TestHelloReplayedOnAnotherLAN: Bruno dials Mallory's host, as everybody dials everybody.
// She carries his hello to Amina on another network and Amina's answer back, at once and
// after Amina has moved. She wants a link in the place of either, or to learn that they are friends.
func TestHelloReplayedOnAnotherLAN(t *testing.T) {
	forAmina, forBruno := friends('a', 'b')
	amina, at := startQuiet(t, forAmina)
	mallory := newCarrier(t)
	bruno := startAmong(t, Both, []sighting{mallory.at()}, forBruno)

	var s network.Stream
	select {
	case s = <-mallory.streams:
	case <-time.After(wait):
		t.Fatal("Bruno did not dial")
	}
	cell := mallory.hello(s)
	name := func(c *carrier) []byte { return hostName(c.ID) }
	dialler := hostName(s.Conn().RemotePeer())
	if _, _, ok := identity.MatchHello(cell, forAmina.Accept, dialler, name(mallory)); !ok {
		t.Fatal("Bruno does not look for Amina: there is nothing to carry")
	}
	toAmina, answer := mallory.say(at, cell)
	for _, ends := range [][2][]byte{{dialler, name(mallory)}, {dialler, hostName(at.id)}, {name(mallory), hostName(at.id)}} {
		if _, ok := identity.CheckAnswer(answer, forBruno.Dial, ends[0], ends[1]); ok {
			t.Error("Amina proves herself to a hello that was carried to her")
		}
	}
	awaitClosed(t, toAmina, helloTime)
	if _, err := s.Write(answer[:]); err != nil {
		t.Fatal(err)
	}
	awaitClosed(t, s, helloTime)

	amina.stop()
	moved, later := startQuiet(t, forAmina)
	_, again := mallory.say(later, cell)
	if again == answer {
		t.Error("the same hello gets the same answer")
	}
	if _, ok := identity.CheckAnswer(again, forBruno.Dial, dialler, hostName(later.id)); ok {
		t.Error("Amina proves herself to an old hello")
	}
	for name, n := range map[string]*node{"Amina": amina, "Bruno": bruno, "Amina, moved": moved} {
		if reached, _ := n.in.links(); len(reached) > 0 {
			t.Errorf("%s was reached: %v", name, reached)
		}
	}
}
