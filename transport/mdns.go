package transport

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/libp2p/zeroconf/v2"
)

const (
	mdnsService     = "_tacit._udp"
	mdnsNearService = "_tacit-near._udp" // of those who pair nearby
	mdnsDomain      = "local"
)

// mdnsBeacon announces and looks by multicast DNS. Instance and host names are random
// and live as long as the beacon; each interface is told its own addresses only.
type mdnsBeacon struct {
	service    string
	interfaces func() []nic
}

func (b mdnsBeacon) run(ctx context.Context, own announcement, found func(sighting)) error {
	nics := b.interfaces()
	if len(nics) == 0 {
		<-ctx.Done() // no network: a new beacon comes with one
		return nil
	}
	var on []net.Interface
	for _, n := range nics {
		on = append(on, n.Interface)
	}
	port := own.quic
	if port == 0 {
		port = own.tcp
	}
	server, err := zeroconf.RegisterProxy(randomLabel(), b.service, mdnsDomain, int(port), randomLabel(), nil, own.text(), on)
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	defer server.Shutdown()
	for ctx.Err() == nil {
		if err := b.browse(ctx, on, own, found); err != nil {
			return err
		}
	}
	return nil
}

// browse reports entries until ctx ends or maxSightings have come. Its first query is
// answered by the own server as well, so that a new host is known to all at once instead
// of after the second that multicast DNS probes for.
func (b mdnsBeacon) browse(ctx context.Context, on []net.Interface, own announcement, found func(sighting)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	entries := make(chan *zeroconf.ServiceEntry, maxBatch)
	failed := make(chan error, 1)
	go func() { failed <- zeroconf.Browse(ctx, b.service, mdnsDomain, entries, zeroconf.SelectIfaces(on)) }()
	seen := 0
	for {
		select {
		case e, ok := <-entries:
			if !ok {
				entries = nil // the browser has closed it and is about to return
				continue
			}
			if seen++; seen == maxSightings {
				cancel()
			}
			if s, ok := b.sighting(e); ok && s.id != own.id {
				found(s)
			}
		case err := <-failed:
			if err != nil && ctx.Err() == nil {
				return fmt.Errorf("browse: %w", err)
			}
			return nil
		}
	}
}

// sighting reads an entry. Addresses that are not on one of the own networks are left
// out: a beacon must not send anybody out of the house.
func (b mdnsBeacon) sighting(e *zeroconf.ServiceEntry) (sighting, bool) {
	a, err := parseAnnouncement(e.Text)
	if err != nil {
		return sighting{}, false
	}
	s := sighting{announcement: a}
	nics := b.interfaces()
	for _, ip := range append(e.AddrIPv4, e.AddrIPv6...) {
		addr, ok := netip.AddrFromSlice(ip)
		if addr = addr.Unmap(); ok && onLink(nics, addr) && len(s.from) < maxAddrs {
			s.from = append(s.from, addr)
		}
	}
	return s, len(s.from) > 0
}

// randomLabel returns a DNS label of 80 random bits.
func randomLabel() string {
	b := make([]byte, 10)
	rand.Read(b)
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}
