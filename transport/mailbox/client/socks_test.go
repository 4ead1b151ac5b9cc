package client

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/node"
)

// socks is a SOCKS5 proxy (RFC 1928, 1929) on loopback that notes what it is asked.
type socks struct {
	at    string
	names map[string]netip.Addr // what it resolves
	from  netip.Addr            // its own address towards nodes

	listener net.Listener
	serving  sync.WaitGroup

	mu    sync.Mutex
	asked []string // "host:port" of each connection; guarded by mu
	users []string // guarded by mu
	conns []net.Conn
}

func startSocks(t *testing.T, names map[string]netip.Addr) *socks {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &socks{at: l.Addr().String(), names: names, from: netip.AddrFrom4([4]byte{127, 0, 0, 2}), listener: l}
	p.serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.hold(c)
			p.serving.Go(func() {
				defer c.Close()
				p.serve(c)
			})
		}
	})
	t.Cleanup(p.stop)
	return p
}

func (p *socks) hold(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = append(p.conns, c)
}

func (p *socks) stop() {
	p.listener.Close()
	p.mu.Lock()
	for _, c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.serving.Wait()
}

func (p *socks) serve(c net.Conn) {
	user, host, port, err := p.negotiate(c)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.asked, p.users = append(p.asked, net.JoinHostPort(host, fmt.Sprint(port))), append(p.users, user)
	p.mu.Unlock()
	ip, ok := p.names[host]
	if !ok {
		if ip, err = netip.ParseAddr(host); err != nil {
			c.Write([]byte{5, 4, 0, 1, 0, 0, 0, 0, 0, 0}) // host unreachable
			return
		}
	}
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: p.from.AsSlice()}}
	far, err := d.Dial("tcp", netip.AddrPortFrom(ip, port).String())
	if err != nil {
		c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0}) // connection refused
		return
	}
	p.hold(far)
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	p.serving.Go(func() {
		io.Copy(c, far)
		c.Close()
	})
	io.Copy(far, c)
	far.Close()
}

// negotiate takes user and password, and reads where to connect.
func (p *socks) negotiate(c net.Conn) (user, host string, port uint16, err error) {
	head := make([]byte, 2)
	if _, err = io.ReadFull(c, head); err != nil {
		return
	}
	if _, err = io.ReadFull(c, make([]byte, head[1])); err != nil {
		return
	}
	c.Write([]byte{5, 2})
	if _, err = io.ReadFull(c, head[:1]); err != nil {
		return
	}
	name, err := readString(c)
	if err != nil {
		return
	}
	if _, err = readString(c); err != nil {
		return
	}
	c.Write([]byte{1, 0})
	request := make([]byte, 4)
	if _, err = io.ReadFull(c, request); err != nil {
		return
	}
	switch request[3] {
	case 1, 4:
		b := make([]byte, map[byte]int{1: 4, 4: 16}[request[3]])
		_, err = io.ReadFull(c, b)
		ip, _ := netip.AddrFromSlice(b)
		host = ip.String()
	case 3:
		host, err = readString(c)
	}
	if err != nil {
		return
	}
	_, err = io.ReadFull(c, head)
	return name, host, binary.BigEndian.Uint16(head), err
}

func readString(r io.Reader) (string, error) {
	var n [1]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return "", err
	}
	b := make([]byte, n[0])
	_, err := io.ReadFull(r, b)
	return string(b), err
}

// TestEverythingGoesThroughTheProxy: deposits, fetches, and names, each conversation under
// a name of its own; and nothing where the proxy is away.
func TestEverythingGoesThroughTheProxy(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	named := at
	named.Addr, named.Name = netip.Addr{}, "node.example"
	p := startSocks(t, map[string]netip.Addr{"node.example": loopback})
	home := newHome(named)
	check := watchSockets(t, p, at)
	c := newClient(t, identity.Internet{Proxy: p.at, Hide: true, Homes: []identity.Home{home}})
	ctx := within(t, 20*time.Second)
	l := newTokens()
	if err := c.PutLot(ctx, home, l.lot); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if v, err := c.Put(ctx, at, []identity.Deposit{l.deposit(mailbox.Small)}); err != nil || v[0] != identity.DepositKept {
			t.Fatalf("%v, %v", v, err)
		}
	}
	if page, err := c.Fetch(ctx, home, nil, 0); err != nil || len(page.Cells) != 2 {
		t.Errorf("%d cells, %v", len(page.Cells), err)
	}
	for _, w := range c.Connections() {
		if w.Remote != "tcp "+p.at {
			t.Errorf("a connection beside the proxy: %s", w.Kind)
		}
	}
	check()
	p.mu.Lock()
	asked, users := slices.Clone(p.asked), slices.Clone(p.users)
	p.mu.Unlock()
	port := fmt.Sprint(at.Port)
	if want := []string{"node.example:" + port, "127.0.0.1:" + port, "127.0.0.1:" + port}; !slices.Equal(asked, want) {
		t.Errorf("the proxy was asked for %q", asked)
	}
	slices.Sort(users)
	if len(slices.Compact(users)) != 3 {
		t.Error("conversations under one name at the proxy")
	}

	p.stop()
	if _, err := c.Look(ctx, at, [16]byte{1}, false); err != identity.ErrNodeUnreachable {
		t.Errorf("without the proxy: %v", err)
	}
	c.SetInternet(identity.Internet{Open: true, Proxy: "by.name.example:1080"})
	if _, err := c.Look(ctx, at, [16]byte{1}, false); err != identity.ErrNodeUnreachable {
		t.Errorf("a proxy whose name would have to be asked for: %v", err)
	}
	check()
}

// TestProxyClosesWhatWentStraight: what was open before there was a proxy ends.
func TestProxyClosesWhatWentStraight(t *testing.T) {
	at, _ := startNode(t, node.Options{})
	home := newHome(at)
	c := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for _, n := range []identity.Internet{{Proxy: "127.0.0.1:9"}, {Hide: true}, {HideFrom: [][32]byte{at.Node}}} {
		c.SetInternet(identity.Internet{Open: true, Homes: n.Homes})
		if _, err := c.Standing(ctx, home); err != nil || len(c.Connections()) != 1 {
			t.Fatalf("%d connections, %v", len(c.Connections()), err)
		}
		c.SetInternet(identity.Internet{Open: true, Homes: []identity.Home{home}})
		if len(c.Connections()) != 1 {
			t.Error("closed for nothing")
		}
		n.Open = true
		c.SetInternet(n)
		if len(c.Connections()) != 0 {
			t.Errorf("still open")
		}
	}
}
