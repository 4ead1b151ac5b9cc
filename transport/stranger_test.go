package transport

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/swarm"
)

// quietBeacon tells the test what a network would announce, and nobody else.
type quietBeacon chan announcement

func (b quietBeacon) run(ctx context.Context, own announcement, _ func(sighting)) error {
	b <- own
	<-ctx.Done()
	return nil
}

// startQuiet runs a network that meets nobody by itself and returns where it is.
func startQuiet(t testing.TB, list ...identity.Party) (*node, sighting) {
	t.Helper()
	n, err := New(Options{Listen: Loopback})
	if err != nil {
		t.Fatal(err)
	}
	b := make(quietBeacon, 1)
	n.beacon = func() beacon { return b }
	n.SetParties(list)
	running := run(t, n)
	return running, sighting{announcement: <-b, from: []netip.Addr{loopbackIP}}
}

// caller is a bare host under the test's control. It limits itself in nothing.
type caller struct {
	*swarm.Host
	t testing.TB
}

func newCaller(t testing.TB, only Protocol) *caller {
	t.Helper()
	h, err := swarm.Open(swarm.Options{Listen: []ma.Multiaddr{swarm.QUICAddr(loopbackIP, 0), swarm.TCPAddr(loopbackIP, 0)}, Protocol: only})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return &caller{h, t}
}

// open connects and opens a stream; there is no other way to speak.
func (c *caller) open(to sighting) network.Stream {
	c.t.Helper()
	conn, err := c.Dial(c.t.Context(), to.id, to.addrs())
	if err != nil {
		c.t.Fatalf("dial: %v", err)
	}
	s, err := conn.NewStream(c.t.Context())
	if err != nil {
		c.t.Fatalf("stream: %v", err)
	}
	s.SetDeadline(time.Now().Add(wait))
	return s
}

// say sends a hello and returns the answer.
func (c *caller) say(to sighting, cell [identity.HelloSize]byte) (network.Stream, [identity.AnswerSize]byte) {
	c.t.Helper()
	s := c.open(to)
	rw := multistream.NewMSSelect(s, protocolID)
	if _, err := rw.Write(cell[:]); err != nil {
		c.t.Fatalf("hello: %v", err)
	}
	var answer [identity.AnswerSize]byte
	if _, err := io.ReadFull(rw, answer[:]); err != nil {
		c.t.Fatalf("answer: %v", err)
	}
	return s, answer
}

// prove shows a key and fails the test unless the answer proves it.
func (c *caller) prove(to sighting, k identity.LinkKey) network.Stream {
	c.t.Helper()
	keys := []identity.LinkKey{k}
	s, answer := c.say(to, identity.NewHello(keys, hostName(c.ID), hostName(to.id)))
	if _, ok := identity.CheckAnswer(answer, keys, hostName(c.ID), hostName(to.id)); !ok {
		c.t.Fatal("the right key was not answered with a proof")
	}
	return s
}

// awaitClosed waits until the stream has ended.
func awaitClosed(t testing.TB, s network.Stream, within time.Duration) {
	t.Helper()
	begin := time.Now()
	s.SetReadDeadline(begin.Add(within))
	if _, err := io.Copy(io.Discard, s); err != nil {
		var timeout interface{ Timeout() bool }
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Fatalf("still open after %v", time.Since(begin))
		}
	}
}

// TestStrangerLearnsNothing: what a libp2p host with everything switched on finds out.
func TestStrangerLearnsNothing(t *testing.T) {
	forA, _ := friends('a', 'b')
	_, at := startQuiet(t, forA)
	for _, addr := range at.addrs() {
		t.Run(addr.Protocols()[1].Name, func(t *testing.T) {
			h, err := libp2p.New(libp2p.NoListenAddrs)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			done, err := h.EventBus().Subscribe([]any{new(event.EvtPeerIdentificationCompleted), new(event.EvtPeerIdentificationFailed)})
			if err != nil {
				t.Fatal(err)
			}
			defer done.Close()
			if err := h.Connect(t.Context(), peer.AddrInfo{ID: at.id, Addrs: []ma.Multiaddr{addr}}); err != nil {
				t.Fatalf("connect: %v", err)
			}
			select {
			case e := <-done.Out():
				if _, ok := e.(event.EvtPeerIdentificationFailed); !ok {
					t.Errorf("identified: %+v", e)
				}
			case <-time.After(wait):
				t.Fatal("identification neither failed nor succeeded")
			}
			if list, _ := h.Peerstore().GetProtocols(at.id); len(list) > 0 {
				t.Errorf("protocols: %v", list)
			}
			for _, what := range []string{"AgentVersion", "ProtocolVersion"} {
				if v, err := h.Peerstore().Get(at.id, what); err == nil {
					t.Errorf("%s: %v", what, v)
				}
			}
			for _, a := range h.Peerstore().Addrs(at.id) {
				if !a.Equal(addr) {
					t.Errorf("an address that it did not know: %v", a)
				}
			}
			for _, id := range []protocol.ID{"/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0",
				"/libp2p/circuit/relay/0.2.0/hop", "/libp2p/dcutr", "/libp2p/autonat/1.0.0", "/tacit/2"} {
				if s, err := h.NewStream(t.Context(), at.id, id); err == nil {
					t.Errorf("speaks %s", s.Protocol())
				}
			}
		})
	}
}

// TestUnknownKeyGetsRandomBytes: two wrong guesses get different answers, that fit no
// key, and the connection ends.
func TestUnknownKeyGetsRandomBytes(t *testing.T) {
	forA, _ := friends('a', 'b')
	a, at := startQuiet(t, forA)
	c := newCaller(t, Both)
	guess := []identity.LinkKey{key('x')}
	us, them := hostName(c.ID), hostName(at.id)
	var answers [2][identity.AnswerSize]byte
	for i := range answers {
		s, answer := c.say(at, identity.NewHello(guess, us, them))
		answers[i] = answer
		if _, ok := identity.CheckAnswer(answer, []identity.LinkKey{guess[0], key('a'), key('b')}, us, them); ok {
			t.Error("a wrong guess got a proof")
		}
		awaitClosed(t, s, time.Second)
		s.Conn().Close()
	}
	if answers[0] == answers[1] {
		t.Error("the same answer twice")
	}
	if reached, _ := a.in.links(); reached[forA.Handle] {
		t.Error("a stranger was taken for a party")
	}
}

// TestReplayedHello: the bytes of somebody's good hello are worth nothing on another
// connection.
func TestReplayedHello(t *testing.T) {
	forA, forB := friends('a', 'b')
	a, at := startQuiet(t, forA)
	b, thief := newCaller(t, Both), newCaller(t, Both)
	good := identity.NewHello(forB.Dial, hostName(b.ID), hostName(at.id))
	_, answer := b.say(at, good)
	if _, ok := identity.CheckAnswer(answer, forB.Dial, hostName(b.ID), hostName(at.id)); !ok {
		t.Fatal("the good hello was not answered with a proof")
	}
	a.in.awaitReached(t, forA.Handle, true, wait)

	s, again := thief.say(at, good)
	for _, name := range [][]byte{hostName(b.ID), hostName(thief.ID)} {
		if _, ok := identity.CheckAnswer(again, forB.Dial, name, hostName(at.id)); ok {
			t.Error("the replayed hello got a proof")
		}
	}
	awaitClosed(t, s, time.Second)
	a.in.awaitReached(t, forA.Handle, true, wait)
	if _, lost := a.in.links(); lost > 0 {
		t.Error("the replay broke the link of the party")
	}
}

// TestHalfOpenHello: whoever does not finish is put out after helloTime.
func TestHalfOpenHello(t *testing.T) {
	_, at := startQuiet(t)
	for name, begin := range map[string]func(s network.Stream){
		"nothing":     func(network.Stream) {},
		"negotiation": func(s network.Stream) { s.Write([]byte("\x13/multistream/1.0.0\n")) },
		"half a cell": func(s network.Stream) {
			multistream.NewMSSelect(s, protocolID).Write(make([]byte, identity.HelloSize/2))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newCaller(t, Both).open(at)
			begin(s)
			awaitConnClosed(t, s.Conn(), helloTime+2*time.Second)
		})
	}
	t.Run("no stream", func(t *testing.T) {
		t.Parallel()
		c := newCaller(t, TCP)
		conn, err := c.Dial(t.Context(), at.id, at.addrs())
		if err != nil {
			t.Fatal(err)
		}
		awaitConnClosed(t, conn, helloTime+2*time.Second)
	})
}

func awaitConnClosed(t testing.TB, c network.Conn, within time.Duration) {
	t.Helper()
	poll(t, "the connection is closed", within, c.IsClosed)
}

// poll waits until the condition holds.
func poll(t testing.TB, what string, within time.Duration, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !cond(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

// TestStreamFlood: somebody opens streams as fast as can be, as a stranger and as a party.
// Few are ever served.
func TestStreamFlood(t *testing.T) {
	forA, forB := friends('a', 'b')
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP} {
		t.Run(name, func(t *testing.T) {
			a, at := startQuiet(t, forA)
			stranger, friend := newCaller(t, only), newCaller(t, only)
			friend.prove(at, forB.Dial[0])
			a.in.awaitReached(t, forA.Handle, true, wait)
			if n := flood(stranger, at, 10_000); n > 200 {
				t.Errorf("a stranger made %d goroutines", n)
			}
			if n := flood(friend, at, 2_000); n > 200 {
				t.Errorf("a party made %d goroutines", n)
			}
		})
	}
}

// flood opens streams and leaves them open, connecting again when it is put out. It
// returns how many goroutines there were at the most above those at the beginning.
func flood(c *caller, at sighting, streams int) (most int) {
	before := runtime.NumGoroutine()
	for range streams {
		ctx, cancel := context.WithTimeout(c.t.Context(), time.Millisecond)
		if conn, err := c.Dial(c.t.Context(), at.id, at.addrs()); err == nil {
			if s, err := conn.NewStream(ctx); err == nil {
				s.Write([]byte("\x13/multistream/1.0.0\n"))
			}
		}
		cancel()
		most = max(most, runtime.NumGoroutine()-before)
	}
	return most
}

// TestConnectionFlood: of a hundred strangers at one address only a few are kept, and
// they make room for a party.
func TestConnectionFlood(t *testing.T) {
	t.Parallel()
	forA, forB := friends('a', 'b')
	a, at := startQuiet(t, forA)
	var conns []network.Conn
	for range 100 {
		c := newCaller(t, TCP)
		if conn, err := c.Dial(t.Context(), at.id, at.addrs()); err == nil {
			conns = append(conns, conn)
		}
	}
	open := func() (n int) {
		for _, c := range conns {
			if !c.IsClosed() {
				n++
			}
		}
		return n
	}
	poll(t, "most are put out", time.Second, func() bool { return open() <= maxUnprovenPerAddr })
	poll(t, "all are put out", helloTime+2*time.Second, func() bool { return open() == 0 })
	newCaller(t, TCP).prove(at, forB.Dial[0])
	a.in.awaitReached(t, forA.Handle, true, wait)
}

// TestBadFrames: a party that sends what is no frame loses its link, and nothing of it
// arrives.
func TestBadFrames(t *testing.T) {
	const soon = silenceTime / 2 // before the silence of the callers here would end a link
	forA, forB := friends('a', 'b')
	a, at := startQuiet(t, forA)
	for name, bad := range map[string][]byte{
		"unknown type": {9},
		"file cell":    append([]byte{frameFile}, make([]byte, fileCellSize)...),
		"zero":         make([]byte, 100),
		"huge type":    {0xff, 0xff, 0xff, 0xff},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCaller(t, QUIC)
			s := c.prove(at, forB.Dial[0])
			a.in.awaitReached(t, forA.Handle, true, wait)
			s.Write(bad)
			a.in.awaitReached(t, forA.Handle, false, soon)
		})
	}
	t.Run("cut short", func(t *testing.T) {
		c := newCaller(t, QUIC)
		s := c.prove(at, forB.Dial[0])
		a.in.awaitReached(t, forA.Handle, true, wait)
		s.Write(append([]byte{frameCell}, make([]byte, cellSize-1)...))
		s.Close()
		a.in.awaitReached(t, forA.Handle, false, soon)
	})
	if len(a.in.cells) > 0 {
		t.Errorf("%d cells arrived", len(a.in.cells))
	}
}

func TestSendRefusesOtherSizes(t *testing.T) {
	forA, forB := friends('a', 'b')
	a, at := startQuiet(t, forA)
	newCaller(t, QUIC).prove(at, forB.Dial[0])
	a.in.awaitReached(t, forA.Handle, true, wait)
	for _, n := range []int{0, 1, cellSize - 1, cellSize + 1, largeCellSize + 1} {
		if err := a.Send(t.Context(), forA.Handle, make([]byte, n)); !errors.Is(err, ErrCellSize) {
			t.Errorf("Send of %d bytes: %v, want ErrCellSize", n, err)
		}
	}
}
