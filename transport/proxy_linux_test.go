package transport

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"tacit/identity"
)

// labName is a name that nobody but the proxy of a lab can resolve.
const labName = "node.example"

// runLabProxy is a SOCKS5 proxy (RFC 1928) that takes everybody, for TCP.
func runLabProxy(at string) {
	l, err := net.Listen("tcp", at)
	if err != nil {
		panic(err)
	}
	fmt.Println("listening")
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go func() {
			defer c.Close()
			if to, err := socksGreet(c); err == nil {
				socksCarry(c, to)
			}
		}()
	}
}

// socksGreet reads where a client wants to go.
func socksGreet(c net.Conn) (to string, err error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(c, head); err != nil {
		return "", err
	}
	if _, err := io.CopyN(io.Discard, c, int64(head[1])); err != nil {
		return "", err
	}
	c.Write([]byte{5, 0})
	request := make([]byte, 4)
	if _, err := io.ReadFull(c, request); err != nil {
		return "", err
	}
	size := map[byte]int{1: 4, 4: 16}[request[3]]
	if request[3] == 3 {
		n := make([]byte, 1)
		if _, err := io.ReadFull(c, n); err != nil {
			return "", err
		}
		size = int(n[0])
	}
	rest := make([]byte, size+2)
	if _, err := io.ReadFull(c, rest); err != nil {
		return "", err
	}
	host := string(rest[:size])
	switch {
	case host == labName:
		host = nodeIP
	case request[3] != 3:
		ip, _ := netip.AddrFromSlice(rest[:size])
		host = ip.String()
	}
	return net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(rest[size:])))), nil
}

func socksCarry(c net.Conn, to string) {
	far, err := net.Dial("tcp", to)
	if err != nil {
		c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	defer far.Close()
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go func() {
		io.Copy(far, c)
		far.Close()
	}()
	io.Copy(c, far)
}

// destinations returns whom a computer sent IPv4 packets to, by its own address.
func destinations(frames [][]byte, from string) map[netip.Addr]int {
	out := make(map[netip.Addr]int)
	self := netip.MustParseAddr(from).As4()
	for _, f := range frames {
		if len(f) >= 34 && binary.BigEndian.Uint16(f[12:]) == 0x0800 && [4]byte(f[26:30]) == self {
			out[netip.AddrFrom4([4]byte(f[30:34]))]++
		}
	}
	return out
}

// sentIPv6 counts the UDP and TCP packets over IPv6 that a computer sent, by its own IPv4
// address. Those of others come to it as well: whatever else runs here asks by multicast DNS.
func sentIPv6(frames [][]byte, from string) (n int) {
	self := netip.MustParseAddr(from).As4()
	var card []byte
	for _, f := range frames {
		if len(f) >= 34 && binary.BigEndian.Uint16(f[12:]) == 0x0800 && [4]byte(f[26:30]) == self {
			card = f[6:12]
		}
	}
	for _, f := range frames {
		if len(f) >= 54 && binary.BigEndian.Uint16(f[12:]) == 0x86dd && (f[20] == 6 || f[20] == 17) && bytes.Equal(f[6:12], card) {
			n++
		}
	}
	return n
}

// TestProxy: with a proxy, nothing leaves but to it: no beacon, no question for a name, no
// packet to a node or a friend.
func TestProxy(t *testing.T) {
	n := newInet(t)
	homeA, homeB := n.home('a', noNAT), n.home('b', noNAT)
	_, at := n.node("n1", nodeIP)
	p := startIn(t, n.ns("n2"), labSpec{Who: 'p', At: nodeIP2 + ":1080"})
	p.await("listening", wait)
	hint := labHint(at)
	named := identity.NodeAddress{Hint: identity.Hint{Node: hint.Node, Port: hint.Port, Name: labName}}.String()

	finish := captureIn(t, homeA)
	a := startIn(t, homeA, labSpec{Who: 'a', LAN: true, Homes: []string{named}, Node: named, Proxy: nodeIP2 + ":1080"})
	b := startIn(t, homeB, labSpec{Who: 'b', LAN: true, Homes: []string{at}, Node: at})
	a.await("path relay", 2*wait)
	b.await("path relay", wait)
	a.send()
	b.await("cell", wait)
	b.send()
	a.await("cell", wait)
	a.stop()
	frames := finish()
	to := destinations(frames, homeIP('a'))
	proxy := netip.MustParseAddr(nodeIP2)
	if to[proxy] == 0 {
		t.Errorf("nothing went to the proxy: %v", to)
	}
	delete(to, proxy)
	if len(to) > 0 || sentIPv6(frames, homeIP('a')) > 0 {
		t.Errorf("packets left past the proxy: %v, %d over IPv6", to, sentIPv6(frames, homeIP('a')))
	}
}

// TestHidden: who hides sends no packet to the friend, nor to a node that is the friend's,
// nor a beacon, and is met at the own node.
func TestHidden(t *testing.T) {
	for name, spec := range map[string]labSpec{
		"from all": {Hide: true, LAN: true},
		"from one": {Veil: true}, // on a local network everybody is dialled, whoever it may be
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newInet(t)
			homeA, homeB := n.home('a', noNAT), n.home('b', noNAT)
			_, ours := n.node("n1", nodeIP)
			_, theirs := n.node("n2", nodeIP2)
			finish := captureIn(t, homeA)
			spec.Who, spec.Homes, spec.Node = 'a', []string{ours}, theirs
			a := startIn(t, homeA, spec)
			a.await("homes 1", wait)
			b := startIn(t, homeB, labSpec{Who: 'b', LAN: true, Homes: []string{theirs}, Node: ours})
			b.await("path relay", 2*wait)
			a.await("path relay", wait)
			b.send()
			a.await("cell", wait)
			a.send()
			b.await("cell", wait)
			select { // long enough for both to try to meet straight
			case line := <-b.lines:
				if line != "ack" {
					t.Errorf("the friend says %q", line)
				}
			case <-time.After(punchTime + offerTime):
			}
			a.stop()
			frames := finish()
			to := destinations(frames, homeIP('a'))
			for _, never := range []string{homeIP('b'), nodeIP2} {
				if to[netip.MustParseAddr(never)] > 0 {
					t.Errorf("packets went to %s: %v", never, to)
				}
			}
			if to[netip.MustParseAddr(nodeIP)] == 0 {
				t.Errorf("nothing went to the own node: %v", to)
			}
			if beacon := to[netip.MustParseAddr("224.0.0.251")]; beacon > 0 {
				t.Errorf("%d beacons", beacon)
			}
		})
	}
}
