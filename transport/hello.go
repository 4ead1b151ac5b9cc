package transport

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
)

// protocolID is all that a host answers to.
const protocolID protocol.ID = "/tacit/1"

func (g *greeter) newLink(h identity.Handle, k identity.LinkKey, stream network.Stream, dialled bool) *link {
	c := stream.Conn()
	l := newLink(h, k, stream, c.RemotePeer(), dialled, c)
	l.prove = func() (wire, error) { return g.proveLane(c, k) }
	return l
}

// proveLane opens a stream beside a link and makes a hello of its own there.
func (g *greeter) proveLane(c network.Conn, k identity.LinkKey) (wire, error) {
	ctx, cancel := context.WithTimeout(g.ctx, helloTime)
	defer cancel()
	g.admission.beginOwnHello(c)
	stream, err := c.NewStream(ctx)
	if err != nil {
		g.fail(c, nil, true)
		return nil, fmt.Errorf("stream: %w", err)
	}
	_, proven, err := g.show(stream, []identity.LinkKey{laneKey(k)})
	if err == nil && !proven {
		err = errLaneRefused
	}
	if err != nil {
		g.fail(c, stream, true)
		return nil, err
	}
	if g.admission.endHello(c, true, false) {
		c.Close() // the link has ended meanwhile
	}
	return stream, nil
}

// show is the dialler's half of a hello on a new stream. It returns which of the keys the
// other side proved.
func (g *greeter) show(stream network.Stream, keys []identity.LinkKey) (i int, proven bool, err error) {
	if err := stream.SetDeadline(time.Now().Add(helloTime)); err != nil {
		return 0, false, fmt.Errorf("deadline: %w", err)
	}
	if err := stream.SetProtocol(protocolID); err != nil {
		return 0, false, fmt.Errorf("protocol: %w", err)
	}
	us, them := hostName(g.host.ID), hostName(stream.Conn().RemotePeer())
	cell := identity.NewHello(keys, us, them)
	rw := multistream.NewMSSelect(stream, protocolID) // sends the cell along, saving a round trip
	if _, err := rw.Write(cell[:]); err != nil {
		return 0, false, fmt.Errorf("hello: %w", err)
	}
	var answer [identity.AnswerSize]byte
	if _, err := io.ReadFull(rw, answer[:]); err != nil {
		return 0, false, fmt.Errorf("answer: %w", err)
	}
	i, ok := identity.CheckAnswer(answer, keys, us, them)
	if !ok {
		return 0, false, nil
	}
	return i, true, stream.SetDeadline(time.Time{})
}

// answer is the listener's half of a hello on an accepted stream, which beginHello has
// counted, and serves what is proven.
func (g *greeter) answer(stream network.Stream) {
	c := stream.Conn()
	by, proven := g.match(stream)
	switch {
	case !proven:
		g.fail(c, stream, false)
	case by.lane != nil:
		if g.admission.endHello(c, false, false) {
			c.Close() // the link has ended meanwhile
		}
		g.parties.receiveFiles(g.in, by.lane, stream)
	default:
		g.admission.endHello(c, false, true)
		g.serve(g.newLink(by.owner, by.key, stream, false), c)
	}
}

// match reads the hello and answers it: with a proof, or with random bytes, after which
// it waits for the dialler to leave so that they arrive.
func (g *greeter) match(stream network.Stream) (by claim, proven bool) {
	if err := stream.SetDeadline(time.Now().Add(helloTime)); err != nil {
		return by, false
	}
	mux := multistream.NewMultistreamMuxer[protocol.ID]()
	mux.AddHandler(protocolID, nil)
	if _, _, err := mux.Negotiate(stream); err != nil {
		return by, false
	}
	if err := stream.SetProtocol(protocolID); err != nil {
		return by, false
	}
	var cell [identity.HelloSize]byte
	if _, err := io.ReadFull(stream, cell[:]); err != nil {
		return by, false
	}
	far := stream.Conn().RemotePeer()
	keys, claims := g.parties.acceptKeys(far, stream.Conn())
	i, answer, ok := identity.MatchHello(cell, keys, hostName(far), hostName(g.host.ID))
	ok = ok && i < len(claims)
	if _, err := stream.Write(answer[:]); err != nil {
		return by, false
	}
	if !ok {
		stream.CloseWrite()
		stream.Read(make([]byte, 1))
		return by, false
	}
	return claims[i], stream.SetDeadline(time.Time{}) == nil
}
