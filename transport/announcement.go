package transport

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"tacit/transport/swarm"
)

// announcement is all that a beacon says: the throw-away peer ID and the ports.
type announcement struct {
	id   peer.ID
	quic uint16 // 0: not spoken
	tcp  uint16 // 0: not spoken
}

// sighting is an announcement and where it says that it comes from.
type sighting struct {
	announcement
	from []netip.Addr
}

var errAnnouncement = errors.New("transport: malformed announcement")

// Keys of the TXT strings.
const (
	textPeer = "e="
	textQUIC = "q="
	textTCP  = "t="
)

// text returns the announcement as TXT strings.
func (a announcement) text() []string {
	return []string{
		textPeer + a.id.String(),
		textQUIC + strconv.Itoa(int(a.quic)),
		textTCP + strconv.Itoa(int(a.tcp)),
	}
}

// parseAnnouncement reads what text returned. Strings in another order or number are
// refused, so that an announcement has one form.
func parseAnnouncement(text []string) (announcement, error) {
	if len(text) != 3 {
		return announcement{}, errAnnouncement
	}
	name, ok := strings.CutPrefix(text[0], textPeer)
	q, okQ := strings.CutPrefix(text[1], textQUIC)
	t, okT := strings.CutPrefix(text[2], textTCP)
	if !ok || !okQ || !okT || len(name) > 64 {
		return announcement{}, errAnnouncement
	}
	id, err := peer.Decode(name)
	if err != nil {
		return announcement{}, errAnnouncement
	}
	quicPort, errQ := strconv.ParseUint(q, 10, 16)
	tcpPort, errT := strconv.ParseUint(t, 10, 16)
	if errQ != nil || errT != nil || quicPort == 0 && tcpPort == 0 {
		return announcement{}, errAnnouncement
	}
	a := announcement{id: id, quic: uint16(quicPort), tcp: uint16(tcpPort)}
	if !slices.Equal(a.text(), text) {
		return announcement{}, errAnnouncement // a port with zeros before it
	}
	return a, nil
}

// addrs returns where to dial a sighted host, QUIC first.
func (s sighting) addrs() []ma.Multiaddr {
	var out []ma.Multiaddr
	for _, ip := range s.from[:min(len(s.from), maxAddrs)] {
		if s.quic != 0 {
			out = append(out, swarm.QUICAddr(ip, s.quic))
		}
		if s.tcp != 0 {
			out = append(out, swarm.TCPAddr(ip, s.tcp))
		}
	}
	return out
}
