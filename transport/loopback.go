package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// loopbackBeacon lets processes on one machine find each other where multicast does
// not go: it sends its TXT strings in one datagram to each of a few ports of 127.0.0.1,
// and answers those it did not know.
type loopbackBeacon struct {
	first uint16 // the first of loopbackPorts ports
}

var loopbackIP = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// maxDatagram holds three TXT strings at their longest.
const maxDatagram = 256

func (b loopbackBeacon) run(ctx context.Context, own announcement, found func(sighting)) error {
	sock, err := b.open()
	if err != nil {
		return err
	}
	var sending sync.WaitGroup
	sending.Go(func() {
		b.repeat(ctx, sock, []byte(strings.Join(own.text(), "\n")))
		sock.Close()
	})
	defer sending.Wait()
	known := make(map[string]bool)
	buf := make([]byte, maxDatagram+1)
	for {
		n, from, err := sock.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			continue // some systems report that a peer's port was closed
		}
		a, err := parseAnnouncement(strings.Split(string(buf[:n]), "\n"))
		if err != nil || n > maxDatagram || a.id == own.id || from.Addr().Unmap() != loopbackIP {
			continue
		}
		found(sighting{announcement: a, from: []netip.Addr{loopbackIP}})
		if key := string(buf[:n]); !known[key] {
			if len(known) >= maxHosts {
				clear(known)
			}
			known[key] = true
			sock.WriteToUDPAddrPort([]byte(strings.Join(own.text(), "\n")), from)
		}
	}
}

// open binds the first free port of the range, or any when all are taken: then the
// others learn of this process by its repeated datagrams.
func (b loopbackBeacon) open() (*net.UDPConn, error) {
	for i := range uint16(loopbackPorts) {
		sock, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopbackIP, b.first+i)))
		if err == nil {
			return sock, nil
		}
	}
	sock, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopbackIP, 0)))
	if err != nil {
		return nil, fmt.Errorf("loopback beacon: %w", err)
	}
	return sock, nil
}

// repeat sends to the whole range at once and then every loopbackRepeat.
func (b loopbackBeacon) repeat(ctx context.Context, sock *net.UDPConn, datagram []byte) {
	tick := time.NewTicker(loopbackRepeat)
	defer tick.Stop()
	for {
		for i := range uint16(loopbackPorts) {
			sock.WriteToUDPAddrPort(datagram, netip.AddrPortFrom(loopbackIP, b.first+i))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
