package node

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
)

// service answers conversations. It knows no sockets: a stream is bytes with deadlines.
type service struct {
	keys    *keyring
	depot   depot.Depot
	closed  bool // new accounts need an invite
	clock   func() time.Time
	lobby   *lobby
	guests  *guests
	admits  *buckets[netip.Prefix] // new accounts
	forward *forwarder
	metrics *metrics
	trouble *trouble
	frames  room
	crypto  chan struct{} // holds a token for each opening that is worked on
}

func newService(keys *keyring, o Options) *service {
	l := newLobby()
	return &service{
		keys: keys, depot: o.Depot, closed: o.Closed, clock: o.Clock,
		lobby: l, guests: newGuests(!o.Closed, l),
		admits:  newBuckets[netip.Prefix](admitRate, maxAddrs),
		forward: newForwarder(keys.public(), o.AllowPrivate),
		metrics: newMetrics(), trouble: &trouble{log: o.Logger},
		crypto: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
}

// caller is what is known of the other side of a stream.
type caller struct {
	peer peer.ID
	from netip.Addr
	addr string // multiaddr, as it is told to those who ask for it
}

// talk is one stream.
type talk struct {
	*service
	caller
	stream  stream
	served  *mailbox.Served
	account depot.Account
	proved  bool // account is who talks
}

// How a talk ended, for the operator's figures.
const (
	endClosed   = "closed"   // by the other side, between requests
	endIdle     = "idle"     // it said nothing for too long
	endSlow     = "slow"     // it did not read or write in time
	endFalse    = "false"    // it broke the protocol
	endBusy     = "busy"     // there was no room for its frame
	endTunnel   = "tunnel"   // it became a tunnel, which ended
	endShutdown = "shutdown" // this node ends
)

// errEnd is an end of a talk.
type errEnd string

func (e errEnd) Error() string { return "talk: " + string(e) }

// serve answers one stream until it ends, and closes it.
func (s *service) serve(ctx context.Context, st stream, c caller) {
	defer st.Close()
	// The deadlines are those of steps; what ends is noticed by closing.
	stop := context.AfterFunc(ctx, func() { st.Close() })
	defer stop()
	if !s.lobby.begin(c.peer, time.Now()) {
		s.metrics.refused.WithLabelValues("talks").Inc()
		return
	}
	defer func() { s.lobby.end(c.peer, time.Now()) }()

	t := &talk{service: s, caller: c, stream: st}
	err := t.openings(ctx)
	if err == nil {
		err = t.requests(ctx)
	}
	end := errEnd(endShutdown)
	if ctx.Err() == nil {
		errors.As(err, &end)
	}
	s.metrics.talks.WithLabelValues(string(end)).Inc()
}

// openings answers openings up to the one of a talk.
func (t *talk) openings(ctx context.Context) error {
	var first [1]byte
	for {
		if err := t.read(first[:], idleTime, endIdle); err != nil {
			return err
		}
		if !pause(ctx, t.lobby.ask(t.peer, t.from, time.Now())) {
			return errEnd(endShutdown)
		}
		switch first[0] {
		case mailbox.OpenKey:
			_, record := t.keys.current()
			if err := t.write(record); err != nil {
				return err
			}
		case mailbox.OpenWhence:
			if err := t.whence(); err != nil {
				return err
			}
		case mailbox.OpenTalk:
			return t.accept(ctx)
		default:
			return errEnd(endFalse)
		}
	}
}

func (t *talk) whence() error {
	t.stream.SetWriteDeadline(time.Now().Add(frameTime))
	if err := mailbox.WriteWhence(t.stream, t.addr); err != nil {
		return errEnd(endSlow)
	}
	return nil
}

// accept opens a talk.
func (t *talk) accept(ctx context.Context) error {
	var opening [mailbox.OpeningSize]byte
	if err := t.read(opening[:], openingTime, endSlow); err != nil {
		return err
	}
	if !pause(ctx, t.lobby.open(t.peer, t.from, time.Now())) {
		return errEnd(endShutdown)
	}
	served, ok := t.unseal(ctx, opening)
	if !ok {
		t.write([]byte{mailbox.TalkRefused})
		return errEnd(endClosed)
	}
	t.served = served
	return t.write([]byte{mailbox.TalkAccepted})
}

// unseal finds the keys of a talk, as many talks at once as there are processors. It does
// so on a goroutine of its own: the stack that it needs would stay with a talk that waits.
func (t *talk) unseal(ctx context.Context, opening [mailbox.OpeningSize]byte) (served *mailbox.Served, ok bool) {
	select {
	case t.crypto <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	done := make(chan struct{})
	go func() {
		keys, _ := t.keys.current()
		served, ok = mailbox.Accept(t.keys.public(), keys, opening)
		<-t.crypto
		close(done)
	}()
	<-done
	return served, ok
}

// requests answers the requests of a talk.
func (t *talk) requests(ctx context.Context) error {
	for range maxRequestsOnTalk {
		if err := t.request(ctx); err != nil {
			return err
		}
	}
	return errEnd(endClosed)
}

// request answers one request.
func (t *talk) request(ctx context.Context) error {
	q, release, err := t.hear(ctx)
	if err != nil {
		return err
	}
	if f, ok := q.(*mailbox.Forward); ok {
		release()
		return t.tunnel(ctx, f)
	}
	if _, ok := q.(*mailbox.Fetch); ok {
		release() // it may wait for minutes, and holds marks only
	}
	a, err := t.answer(ctx, q)
	release()
	if err != nil {
		return err
	}
	return t.say(q, a)
}

// hear reads the next request. There is no room held until its first byte is there; what
// the request itself takes is held until release is called, since a database that hangs
// would let them pile up. release may be called again.
func (t *talk) hear(ctx context.Context) (q mailbox.Request, release func(), err error) {
	var first [1]byte
	if err := t.read(first[:], idleTime, endIdle); err != nil {
		return nil, nil, err
	}
	size := mailbox.Class(first[0]).FrameSize()
	if mailbox.Class(first[0]).PayloadSize() == 0 {
		return nil, nil, errEnd(endFalse)
	}
	if !pause(ctx, t.lobby.ask(t.peer, t.from, time.Now())) {
		return nil, nil, errEnd(endShutdown)
	}
	if !t.frames.take(whole(t.from), 2*size) {
		return nil, nil, errEnd(endBusy)
	}
	free := sync.OnceFunc(func() { t.frames.give(whole(t.from), size) })
	defer func() {
		t.frames.give(whole(t.from), size) // the frame, which nobody holds any more
		if err != nil {
			free()
		}
	}()
	frame := make([]byte, size)
	frame[0] = first[0]
	if err := t.read(frame[1:], frameTime, endSlow); err != nil {
		return nil, nil, err
	}
	q, err = t.served.Open(frame)
	if err != nil {
		return nil, nil, errEnd(endFalse)
	}
	return q, free, nil
}

// say writes the answer to a request.
func (t *talk) say(q mailbox.Request, a mailbox.Answer) error {
	size := 2 * mailbox.Small.FrameSize()
	if _, ok := q.(*mailbox.Fetch); ok {
		size = 2 * mailbox.Page.FrameSize()
	}
	if !t.frames.take(whole(t.from), size) {
		return errEnd(endBusy)
	}
	defer t.frames.give(whole(t.from), size)
	frame, err := t.served.Answer(a)
	if err != nil {
		return errEnd(endFalse)
	}
	t.metrics.answered(q, a)
	return t.write(frame)
}

// read fills b within d; an end before its first byte is an end between two requests.
func (t *talk) read(b []byte, d time.Duration, late errEnd) error {
	t.stream.SetReadDeadline(time.Now().Add(d))
	n, err := io.ReadFull(t.stream, b)
	switch {
	case err == nil:
		return nil
	case timedOut(err):
		return late
	case n == 0 && late == endIdle:
		return errEnd(endClosed)
	}
	return errEnd(endSlow)
}

// timedOut reports whether a deadline ended a read or a write.
func timedOut(err error) bool {
	var timed interface{ Timeout() bool }
	return errors.As(err, &timed) && timed.Timeout()
}

func (t *talk) write(b []byte) error {
	t.stream.SetWriteDeadline(time.Now().Add(frameTime))
	if _, err := t.stream.Write(b); err != nil {
		return errEnd(endSlow)
	}
	return nil
}
