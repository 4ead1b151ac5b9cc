package transport

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"

	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"tacit/transport/swarm"
)

// offerStep is what an offer is for.
type offerStep byte

const (
	offerAsk    offerStep = 1 // these are my addresses: tell yours
	offerAnswer offerStep = 2 // these are mine
	offerDial   offerStep = 3 // now: you dial, and I open my side
	offerOpen   offerStep = 4 // now: I dial, and you open your side
)

// offer is what two sides of a relayed link tell each other to meet straight.
type offer struct {
	step  offerStep
	addrs []ma.Multiaddr
}

var errOffer = errors.New("transport: malformed offer")

// append appends the frame: type, step, length of the rest 2, and for each address its
// length 1 and its bytes.
func (o offer) append(dst []byte) []byte {
	var list []byte
	for _, a := range o.addrs {
		list = append(append(list, byte(len(a.Bytes()))), a.Bytes()...)
	}
	dst = append(dst, frameOffer, byte(o.step))
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(list)))
	return append(dst, list...)
}

// readOffer reads a frame behind its type. Addresses that this side would not dial are
// left out by whoever dials.
func readOffer(r *bufio.Reader) (*offer, error) {
	var head [3]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	o := &offer{step: offerStep(head[0])}
	n := binary.BigEndian.Uint16(head[1:])
	if o.step < offerAsk || o.step > offerOpen || n > maxOffer {
		return nil, errOffer
	}
	list := make([]byte, n)
	if _, err := io.ReadFull(r, list); err == io.EOF {
		return nil, io.ErrUnexpectedEOF
	} else if err != nil {
		return nil, err
	}
	for len(list) > 0 {
		size := 1 + int(list[0])
		if size > len(list) || len(o.addrs) == maxAddrs {
			return nil, errOffer
		}
		a, err := ma.NewMultiaddrBytes(list[1:size])
		if err != nil {
			return nil, errOffer
		}
		o.addrs, list = append(o.addrs, a), list[size:]
	}
	return o, nil
}

// straight keeps the addresses that may be told and dialled, each once, at most maxAddrs:
// QUIC and TCP at an IP address that allowed lets through, and at ports where no service
// of a system is.
func straight(addrs []ma.Multiaddr, allowed func(netip.Addr) bool) []ma.Multiaddr {
	var out []ma.Multiaddr
	for _, a := range addrs {
		ip := swarm.IPOf(a)
		plain := plainOf(a, ip)
		if plain != nil && allowed(ip) && !ma.Contains(out, plain) && len(out) < maxAddrs {
			out = append(out, plain)
		}
	}
	return out
}

// plainOf returns the QUIC or TCP address that a is, and nil if it is anything else.
func plainOf(a ma.Multiaddr, ip netip.Addr) ma.Multiaddr {
	if !ip.IsValid() {
		return nil
	}
	if port := swarm.PortOf(a, ma.P_UDP); port >= minPort && a.Equal(swarm.QUICAddr(ip, port)) {
		return a
	}
	if port := swarm.PortOf(a, ma.P_TCP); port >= minPort && a.Equal(swarm.TCPAddr(ip, port)) {
		return a
	}
	return nil
}

// public reports whether an address is one of the internet.
func public(ip netip.Addr) bool {
	if !ip.IsValid() || !ip.IsGlobalUnicast() {
		return false
	}
	return manet.IsPublicAddr(swarm.TCPAddr(ip, minPort))
}
