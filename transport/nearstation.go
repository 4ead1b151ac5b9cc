package transport

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/transport/near"
	"tacit/transport/swarm"
)

// nearProtocol is all that a host of those who pair nearby answers to.
const nearProtocol protocol.ID = "/tacit/near/1"

// nearStation is one life of a peer key among those who pair nearby. It borrows from a
// greeter what keeps strangers few: whoever has a stream counts as proven.
type nearStation struct {
	*greeter
	beacon beacon
	in     NearbyInbound
	news   chan struct{} // something is to be told

	talks sync.WaitGroup // of streams; no Add once ctx has ended and mu was held

	mu      sync.Mutex              // of what follows; that of the greeter is another
	machine *near.Machine           // guarded by mu
	streams map[near.ID]*nearStream // guarded by mu
	hosts   map[peer.ID]netip.Addr  // that are dialled; guarded by mu
	changed bool                    // NearbyChanged is due; guarded by mu
	agreed  near.ID                 // NearbyAgreed is due; guarded by mu
	from    near.ID                 // NearbyCard is due; guarded by mu
	card    string                  // what it says; guarded by mu
}

// nearStream is the stream with one peer.
type nearStream struct {
	out  chan []byte   // frames; only the holder of nearStation.mu sends
	over chan struct{} // closed by the holder of nearStation.mu: what waits is written, and no more
}

// newNearStation opens the host of a station.
func newNearStation(listen []ma.Multiaddr, only Protocol, b beacon, in NearbyInbound, log *slog.Logger) (*nearStation, error) {
	limits, err := newResources()
	if err != nil {
		return nil, err
	}
	h, err := swarm.Open(swarm.Options{Listen: listen, Protocol: only, Limits: limits, DialTime: dialTime, HandshakeTime: helloTime})
	if err != nil {
		return nil, err
	}
	return &nearStation{
		greeter: newGreeter(h, newParties(), nil, log), beacon: b, in: in, news: make(chan struct{}, 1),
		machine: near.New(near.ID(h.ID), drawName), changed: true,
		streams: make(map[near.ID]*nearStream), hosts: make(map[peer.ID]netip.Addr),
	}, nil
}

// run serves until ctx ends. When it returns, nothing it started is left and nothing more
// is told.
func (s *nearStation) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	s.ctx = ctx
	s.host.Swarm.Notify(&network.NotifyBundle{ConnectedF: s.connected, DisconnectedF: s.disconnected})
	s.host.Swarm.SetStreamHandler(s.accepted)
	s.spawn(func() { s.announce(ctx) })
	s.spawn(func() { s.sweep(ctx) })
	s.spawn(func() { s.tick(ctx) })
	s.tell(ctx)
	cancel()
	s.part()
	s.close()
}

// step has the machine take a step, and does what it asks for.
func (s *nearStation) step(f func(*near.Machine) near.Out) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carryOut(f(s.machine))
}

// carryOut does what the machine asks for. The caller holds mu.
func (s *nearStation) carryOut(out near.Out) {
	for _, m := range out.Send {
		st := s.streams[m.To]
		if st == nil {
			continue
		}
		select {
		case st.out <- m.Frame.Bytes():
		default: // it does not read
			out.Changed = s.machine.Left(m.To).Changed || out.Changed
			out.End = append(out.End, m.To)
		}
	}
	for _, id := range out.End {
		if st := s.streams[id]; st != nil {
			delete(s.streams, id)
			close(st.over)
		}
	}
	s.changed = s.changed || out.Changed
	if out.Agreed != "" {
		s.agreed = out.Agreed
	}
	if out.Card != "" {
		s.from, s.card = out.From, out.Card
	}
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// tell makes the calls that are due until ctx ends.
func (s *nearStation) tell(ctx context.Context) {
	for {
		s.mu.Lock()
		changed, agreed, from, card := s.changed, s.agreed, s.from, s.card
		s.changed, s.agreed, s.from, s.card = false, "", "", ""
		name, partners := s.machine.Name(), s.machine.Partners()
		s.mu.Unlock()
		if changed {
			s.in.NearbyChanged(name.Animal, name.Number, nearPeers(partners))
		}
		if agreed != "" {
			s.in.NearbyAgreed(peer.ID(agreed).String())
		}
		if card != "" {
			s.in.NearbyCard(peer.ID(from).String(), card)
		}
		select {
		case <-s.news:
		case <-ctx.Done():
			return
		}
	}
}

func nearPeers(partners []near.Partner) []NearbyPeer {
	peers := make([]NearbyPeer, 0, len(partners))
	for _, p := range partners {
		peers = append(peers, NearbyPeer{ID: peer.ID(p.ID).String(), Animal: p.Name.Animal, Number: p.Name.Number, Picks: p.Picks})
	}
	return peers
}

// tick lets the machine know that time passes.
func (s *nearStation) tick(ctx context.Context) {
	tick := time.NewTicker(nearTick)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			s.step(func(m *near.Machine) near.Out { return m.Tick(now) })
		case <-ctx.Done():
			return
		}
	}
}

// part says good-bye and ends every stream, within about nearPartTime.
func (s *nearStation) part() {
	s.step(func(m *near.Machine) near.Out {
		out := m.Bye()
		for id := range s.streams {
			m.Left(id)
			out.End = append(out.End, id)
		}
		return out
	})
	s.talks.Wait()
}

// announce runs the beacon, again when it fails, and has hosts that it shows dialled.
func (s *nearStation) announce(ctx context.Context) {
	quicPort, tcpPort := s.host.Ports()
	own := announcement{id: s.host.ID, quic: quicPort, tcp: tcpPort}
	for ctx.Err() == nil {
		if err := s.beacon.run(ctx, own, func(seen sighting) { s.see(ctx, seen) }); err != nil && ctx.Err() == nil {
			s.log.Warn("no beacon", "err", err)
			pause(ctx, pollTime)
		}
	}
}

// see has a host dialled, if it is this side that dials.
func (s *nearStation) see(ctx context.Context, seen sighting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.hosts[seen.id]; known || !s.machine.Dials(near.ID(seen.id)) || len(s.hosts) >= maxNearHosts {
		return
	}
	same := 0
	for _, at := range s.hosts {
		if at == seen.from[0] {
			same++
		}
	}
	if same >= maxHostsPerAddr && !seen.from[0].IsLoopback() {
		return
	}
	s.hosts[seen.id] = seen.from[0]
	s.spawn(func() { s.visit(ctx, seen) })
}

// visit dials a host, again when it does not answer or its stream ended, ever less often.
func (s *nearStation) visit(ctx context.Context, seen sighting) {
	for wait := nearRedialFirst; wait <= nearRedialMax && ctx.Err() == nil; wait *= 2 {
		began := time.Now()
		s.dial(ctx, seen)
		if time.Since(began) >= steadyTime {
			wait = nearRedialFirst
		}
		pause(ctx, wait)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.hosts, seen.id) // until its beacon is heard anew
}

// dial opens a stream to a host and serves it to its end.
func (s *nearStation) dial(ctx context.Context, seen sighting) {
	within, cancel := context.WithTimeout(ctx, dialTime+helloTime)
	defer cancel()
	c, err := s.host.Dial(within, seen.id, seen.addrs())
	if err != nil {
		return
	}
	s.admission.beginOwnHello(c)
	stream, err := c.NewStream(within)
	if err == nil {
		err = stream.SetProtocol(nearProtocol)
	}
	if err != nil {
		s.fail(c, stream, true)
		return
	}
	s.talk(stream, multistream.NewMSSelect(stream, nearProtocol), true)
}

// accepted is libp2p's call for each stream that the other side opens.
func (s *nearStation) accepted(stream network.Stream) {
	c := stream.Conn()
	if !s.admission.beginHello(c) {
		stream.Reset()
		if s.admission.isStranger(c) {
			s.spawn(func() { c.Close() })
		}
		return
	}
	if !s.spawn(func() { s.answer(stream) }) {
		stream.Reset()
	}
}

// answer agrees on the protocol of an accepted stream and serves it to its end.
func (s *nearStation) answer(stream network.Stream) {
	mux := multistream.NewMultistreamMuxer[protocol.ID]()
	mux.AddHandler(nearProtocol, nil)
	err := stream.SetDeadline(time.Now().Add(helloTime))
	if err == nil {
		_, _, err = mux.Negotiate(stream)
	}
	if err == nil {
		err = stream.SetProtocol(nearProtocol)
	}
	if err == nil {
		err = stream.SetDeadline(time.Time{})
	}
	if err != nil {
		s.fail(stream.Conn(), stream, false)
		return
	}
	s.talk(stream, stream, false)
}

// talk serves a stream, which rw reads and writes, to its end.
func (s *nearStation) talk(stream network.Stream, rw io.ReadWriter, ours bool) {
	c := stream.Conn()
	id := near.ID(c.RemotePeer())
	st := s.meet(id, remoteIP(c), ours)
	if st == nil {
		s.fail(c, stream, ours)
		return
	}
	defer s.talks.Done()
	s.admission.endHello(c, ours, true)
	var writing sync.WaitGroup
	writing.Go(func() { s.write(stream, rw, st) })
	for {
		f, err := near.Read(rw)
		if err != nil {
			break
		}
		s.step(func(m *near.Machine) near.Out {
			if s.streams[id] != st {
				return near.Out{}
			}
			return m.Take(id, f, time.Now())
		})
	}
	s.step(func(m *near.Machine) near.Out {
		if s.streams[id] != st {
			return near.Out{} // ended by this side
		}
		out := m.Left(id)
		out.End = append(out.End, id)
		return out
	})
	writing.Wait()
	stream.Reset()
	if s.admission.endLink(c) {
		c.Close()
	}
}

// meet gives a peer a place, or returns nil.
func (s *nearStation) meet(id near.ID, from netip.Addr, ours bool) *nearStream {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.machine.Dials(id) != ours || s.ctx.Err() != nil {
		return nil
	}
	out, ok := s.machine.Meet(id, from, time.Now())
	if !ok {
		return nil
	}
	st := &nearStream{out: make(chan []byte, nearQueue), over: make(chan struct{})}
	s.streams[id] = st
	s.talks.Add(1)
	s.carryOut(out)
	return st
}

// write writes frames until the stream is over, and then those that wait. The other side
// is given a moment to read them.
func (s *nearStation) write(stream network.Stream, w io.Writer, st *nearStream) {
	for {
		select {
		case b := <-st.out:
			if err := s.writeFrame(stream, w, b, helloTime); err != nil {
				stream.Reset()
				<-st.over
				return
			}
		case <-st.over:
			for len(st.out) > 0 {
				if s.writeFrame(stream, w, <-st.out, nearPartTime) != nil {
					break
				}
			}
			stream.CloseWrite()
			stream.SetReadDeadline(time.Now().Add(nearPartTime))
			return
		}
	}
}

func (s *nearStation) writeFrame(stream network.Stream, w io.Writer, b []byte, within time.Duration) error {
	if err := stream.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return fmt.Errorf("deadline: %w", err)
	}
	_, err := w.Write(b)
	return err
}
