package swarm

import (
	"crypto/rand"
	"fmt"
	"net/netip"

	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/quic-go/quic-go"
)

// newSockets returns what QUIC sends and receives through.
func newSockets() (*quicreuse.ConnManager, error) {
	var reset quic.StatelessResetKey
	var token quic.TokenGeneratorKey
	rand.Read(reset[:])
	rand.Read(token[:])
	m, err := quicreuse.NewConnManager(reset, token)
	if err != nil {
		return nil, fmt.Errorf("quic: %w", err)
	}
	return m, nil
}

func (h *Host) addTransports(o Options, sockets *quicreuse.ConnManager) error {
	if sockets != nil {
		t, err := libp2pquic.NewTransport(o.Key, sockets, nil, nil, o.Limits)
		if err != nil {
			return fmt.Errorf("quic: %w", err)
		}
		if err := h.Swarm.AddTransport(t); err != nil {
			return fmt.Errorf("quic: %w", err)
		}
	}
	if err := h.newUpgrader(o); err != nil {
		return err
	}
	if o.Protocol == QUIC {
		return nil
	}
	options := []tcp.Option{tcp.WithConnectionTimeout(o.DialTime)}
	if !o.Reuse || h.names != nil {
		options = append(options, tcp.DisableReuseport())
	}
	if h.names != nil {
		options = append(options, tcp.WithDialerForAddr(h.names.dialer))
	}
	t, err := tcp.NewTCPTransport(h.upgrader, o.Limits, nil, options...)
	if err != nil {
		return fmt.Errorf("tcp: %w", err)
	}
	if err := h.Swarm.AddTransport(t); err != nil {
		return fmt.Errorf("tcp: %w", err)
	}
	return nil
}

// newUpgrader makes what puts Noise and yamux on a stream of bytes.
func (h *Host) newUpgrader(o Options) error {
	muxers := []upgrader.StreamMuxer{{ID: yamux.ID, Muxer: yamux.DefaultTransport}}
	secure, err := noise.New(noise.ID, o.Key, muxers)
	if err != nil {
		return fmt.Errorf("noise: %w", err)
	}
	h.upgrader, err = upgrader.New([]sec.SecureTransport{secure}, muxers, nil, o.Limits, nil, upgrader.WithAcceptTimeout(o.HandshakeTime))
	if err != nil {
		return fmt.Errorf("upgrader: %w", err)
	}
	return nil
}

// listen opens the listeners. Where all of IPv4 is listened on, it tries the same ports on
// IPv6, so that one number says both; a network without IPv6, or another program on such a
// port, leaves IPv4 alone.
func (h *Host) listen(addrs []ma.Multiaddr) error {
	everywhere := false
	for _, a := range addrs {
		if h.Swarm.TransportForListening(a) == nil {
			continue
		}
		if err := h.Swarm.Listen(a); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		everywhere = everywhere || IPOf(a) == netip.IPv4Unspecified()
	}
	if !everywhere {
		return nil
	}
	quicPort, tcpPort := h.Ports()
	if quicPort != 0 {
		h.Swarm.Listen(QUICAddr(netip.IPv6Unspecified(), quicPort))
	}
	if tcpPort != 0 {
		h.Swarm.Listen(TCPAddr(netip.IPv6Unspecified(), tcpPort))
	}
	return nil
}

// Ports returns the ports of the IPv4 listeners, 0 for a protocol that is off.
func (h *Host) Ports() (quicPort, tcpPort uint16) {
	for _, a := range h.Swarm.ListenAddresses() {
		if _, err := a.ValueForProtocol(ma.P_IP4); err != nil {
			continue
		}
		if p := PortOf(a, ma.P_UDP); p != 0 {
			quicPort = p
		}
		if p := PortOf(a, ma.P_TCP); p != 0 {
			tcpPort = p
		}
	}
	return quicPort, tcpPort
}
