package transport

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
)

// protocolID is all that a host answers to.
const protocolID protocol.ID = "/tacit/1"

// hello dials a host and shows it a tag for each party that might be there. It returns
// the proven link, nil if the host proved nothing, or an error if there was no answer.
func (s *station) hello(ctx context.Context, t target) (*link, network.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime+helloTime)
	defer cancel()
	c, err := s.host.dial(ctx, t.id, t.addrs)
	if err != nil {
		return nil, nil, fmt.Errorf("dial: %w", err)
	}
	s.admission.beginOwnHello(c)
	stream, err := c.NewStream(ctx)
	if err != nil {
		s.fail(c, nil, true)
		return nil, nil, fmt.Errorf("stream: %w", err)
	}
	owner, proven, err := s.show(stream, t.id)
	if err != nil || !proven {
		s.fail(c, stream, true)
		return nil, nil, err
	}
	s.admission.endHello(c, true, true)
	return newLink(owner, stream, t.id, true, c), c, nil
}

// show is the dialler's half of a hello on a new stream.
func (s *station) show(stream network.Stream, far peer.ID) (owner identity.Handle, proven bool, err error) {
	if err := stream.SetDeadline(time.Now().Add(helloTime)); err != nil {
		return owner, false, fmt.Errorf("deadline: %w", err)
	}
	if err := stream.SetProtocol(protocolID); err != nil {
		return owner, false, fmt.Errorf("protocol: %w", err)
	}
	keys, owners := s.parties.dialKeys(far)
	us, them := hostName(s.host.id), hostName(far)
	cell := identity.NewHello(keys, us, them)
	rw := multistream.NewMSSelect(stream, protocolID) // sends the cell along, saving a round trip
	if _, err := rw.Write(cell[:]); err != nil {
		return owner, false, fmt.Errorf("hello: %w", err)
	}
	var answer [identity.AnswerSize]byte
	if _, err := io.ReadFull(rw, answer[:]); err != nil {
		return owner, false, fmt.Errorf("answer: %w", err)
	}
	i, ok := identity.CheckAnswer(answer, keys, us, them)
	if !ok {
		return owner, false, nil
	}
	return owners[i], true, stream.SetDeadline(time.Time{})
}

// answer is the listener's half of a hello on an accepted stream, which beginHello has
// counted. It returns the proven link or nil.
func (s *station) answer(stream network.Stream) *link {
	c := stream.Conn()
	owner, proven := s.match(stream)
	if !proven {
		s.fail(c, stream, false)
		return nil
	}
	s.admission.endHello(c, false, true)
	return newLink(owner, stream, c.RemotePeer(), false, c)
}

// match reads the hello and answers it: with a proof, or with random bytes, after which
// it waits for the dialler to leave so that they arrive.
func (s *station) match(stream network.Stream) (owner identity.Handle, proven bool) {
	if err := stream.SetDeadline(time.Now().Add(helloTime)); err != nil {
		return owner, false
	}
	mux := multistream.NewMultistreamMuxer[protocol.ID]()
	mux.AddHandler(protocolID, nil)
	if _, _, err := mux.Negotiate(stream); err != nil {
		return owner, false
	}
	if err := stream.SetProtocol(protocolID); err != nil {
		return owner, false
	}
	var cell [identity.HelloSize]byte
	if _, err := io.ReadFull(stream, cell[:]); err != nil {
		return owner, false
	}
	far := stream.Conn().RemotePeer()
	keys, owners := s.parties.acceptKeys(far)
	i, answer, ok := identity.MatchHello(cell, keys, hostName(far), hostName(s.host.id))
	ok = ok && i < len(owners)
	if _, err := stream.Write(answer[:]); err != nil {
		return owner, false
	}
	if !ok {
		stream.CloseWrite()
		stream.Read(make([]byte, 1))
		return owner, false
	}
	return owners[i], stream.SetDeadline(time.Time{}) == nil
}
