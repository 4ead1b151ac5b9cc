package transport

import (
	"bytes"
	"encoding/binary"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// TestTwoStartsShareNothing captures all frames of two starts of one computer and looks
// for anything that an eavesdropper could link them by, its hardware and IP address
// aside, which the operating system shows.
func TestTwoStartsShareNothing(t *testing.T) {
	l := newLab(t)
	first, others := captureStart(t, l)
	second, _ := captureStart(t, l)

	// Multicast DNS, label by label: nothing is said twice but the name of the service.
	said, repeated := labels(t, first), labels(t, second)
	if len(said) < 8 {
		t.Errorf("found only %q in the announcements", slices.Collect(maps.Keys(said)))
	}
	for label := range repeated {
		if said[label] && !slices.Contains([]string{"_tacit", "_udp", "local", "_services", "_dns-sd"}, label) {
			t.Errorf("said in both starts: %q", label)
		}
	}
	// The links, blindly: whatever stretch of bytes both starts have in common, the other
	// computer must have sent as well, so that it is the protocol's. Nor does anything that
	// an announcement named appear there.
	common, seen := windows(others), windows(first)
	for w := range windows(second) {
		if seen[w] && !common[w] {
			t.Errorf("both starts, and nobody else, sent %q", w)
		}
	}
	for _, p := range second {
		for label := range said {
			if len(label) >= 10 && !isMDNS(p) && bytes.Contains(p, []byte(label)) {
				t.Errorf("a name of the first start appears in the second: %q", label)
			}
		}
	}
}

// TestNothingLeavesWhileSwitchedOff: no packet of this computer but the system's own, though
// the other one goes on looking for it; and all of it is back when switched on.
func TestNothingLeavesWhileSwitchedOff(t *testing.T) {
	l := newLab(t)
	a, b := l.start(0, 'a', Both), l.start(1, 'b', Both)
	a.await("reached", wait)
	b.await("reached", wait)
	a.tell("shut")
	a.await("shut", wait)
	b.await("lost", wait)
	finish := l.capture(0)
	b.stop()
	b = l.start(1, 'b', Both) // its beacon asks who is there, and it dials whom it hears
	select {
	case line := <-b.lines:
		t.Errorf("the other computer says %q", line)
	case <-time.After(4 * time.Second):
	}
	if own, others := sentOnLAN(finish()); own > 0 || others == 0 {
		t.Errorf("%d packets left while switched off; the other computer sent %d", own, others)
	}
	a.tell("open")
	a.await("reached", wait)
	b.await("reached", wait)
	a.send()
	b.await("cell", wait)
}

// sentOnLAN counts the UDP and TCP packets with a payload that the first computer of a lab
// sent, by IPv4 and IPv6, and those of the others.
func sentOnLAN(frames [][]byte) (own, others int) {
	const ethernet, ipv6Header, ipv6UDP, ipv6TCP = 14, 40, 17, 6
	var other []byte // address of the other computer's interface
	for _, f := range frames {
		if from, _, ok := payloadOf(f); ok && from == netip.MustParsePrefix(labIP(1)).Addr() {
			other = f[6:12]
		}
	}
	for _, f := range frames {
		_, _, ok := payloadOf(f)
		if len(f) > ethernet+ipv6Header && binary.BigEndian.Uint16(f[12:]) == 0x86dd {
			ok = f[ethernet+6] == ipv6UDP || f[ethernet+6] == ipv6TCP
		}
		switch {
		case !ok:
		case bytes.Equal(f[6:12], other):
			others++
		default:
			own++
		}
	}
	return own, others
}

// captureStart starts both peers, has them exchange cells, stops them, and returns the
// payloads that a sent, and those that b sent.
func captureStart(t *testing.T, l *lab) (own, others [][]byte) {
	t.Helper()
	finish := l.capture(0)
	a, b := l.start(0, 'a', Both), l.start(1, 'b', Both)
	a.await("reached", wait)
	b.await("reached", wait)
	a.send()
	a.await("ack", wait)
	b.send()
	b.await("ack", wait)
	a.stop()
	b.await("lost", wait)
	b.stop()
	for _, f := range finish() {
		from, payload, ok := payloadOf(f)
		switch {
		case !ok:
		case from == netip.MustParsePrefix(labIP(0)).Addr():
			own = append(own, payload)
		default:
			others = append(others, payload)
		}
	}
	if len(own) < 10 || len(others) < 10 {
		t.Fatalf("captured %d and %d packets", len(own), len(others))
	}
	return own, others
}

// payloadOf returns the sender and the payload of an IPv4 packet in an Ethernet frame,
// with the addresses that the system gave the computers blanked.
func payloadOf(frame []byte) (from netip.Addr, payload []byte, ok bool) {
	const ethernet, udpHeader = 14, 8
	if len(frame) < ethernet+20 || binary.BigEndian.Uint16(frame[12:]) != 0x0800 {
		return from, nil, false
	}
	ip := frame[ethernet:]
	header := int(ip[0]&15) * 4
	total := min(int(binary.BigEndian.Uint16(ip[2:])), len(ip))
	from = netip.AddrFrom4([4]byte(ip[12:16]))
	segment := ip[header:total]
	switch ip[9] {
	case 17:
		payload = segment[udpHeader:]
	case 6:
		payload = segment[int(segment[12]>>4)*4:]
	}
	payload = bytes.Clone(payload)
	for side := range 2 {
		raw := netip.MustParsePrefix(labIP(side)).Addr().As4()
		payload = bytes.ReplaceAll(payload, raw[:], []byte{0, 0, 0, 0})
	}
	mac := frame[6:12]
	linkLocal := []byte{mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]}
	payload = bytes.ReplaceAll(payload, linkLocal, make([]byte, 8))
	return from, payload, len(payload) > 0
}

func isMDNS(payload []byte) bool {
	var m dnsmessage.Message
	return m.Unpack(payload) == nil
}

// windows returns all stretches of 12 bytes, long enough not to repeat by chance, of what
// is not multicast DNS.
func windows(payloads [][]byte) map[string]bool {
	const size = 12
	out := make(map[string]bool)
	for _, p := range payloads {
		if isMDNS(p) {
			continue
		}
		for i := 0; i+size <= len(p); i++ {
			out[string(p[i:i+size])] = true
		}
	}
	return out
}

// labels returns every label and every text, the ports aside, in multicast DNS packets.
func labels(t *testing.T, payloads [][]byte) map[string]bool {
	t.Helper()
	found := make(map[string]bool)
	name := func(n dnsmessage.Name) {
		for _, label := range strings.Split(strings.TrimSuffix(n.String(), "."), ".") {
			found[label] = true
		}
	}
	for _, p := range payloads {
		var m dnsmessage.Message
		if m.Unpack(p) != nil {
			continue
		}
		for _, q := range m.Questions {
			name(q.Name)
		}
		for _, r := range slices.Concat(m.Answers, m.Authorities, m.Additionals) {
			name(r.Header.Name)
			switch body := r.Body.(type) {
			case *dnsmessage.SRVResource:
				name(body.Target)
			case *dnsmessage.PTRResource:
				name(body.PTR)
			case *dnsmessage.TXTResource:
				a, err := parseAnnouncement(body.TXT)
				if err != nil {
					t.Errorf("the TXT record says something else: %q", body.TXT)
				}
				found[a.id.String()] = true
			case *dnsmessage.AResource, *dnsmessage.AAAAResource:
			default:
				t.Errorf("an unexpected record: %v", r.Header.Type)
			}
		}
	}
	return found
}
