package netlab

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// street is a public computer, and one at home behind a router of a kind.
type street struct {
	t            *testing.T
	net          *Net
	hub          *Segment
	public, home *Host
}

const (
	publicIP = "192.31.196.10"
	routerIP = "192.31.196.21"
)

func newStreet(t *testing.T, nat NAT) *street {
	t.Helper()
	n, err := New(t.Context())
	if errors.Is(err, ErrRefused) {
		t.Skip(err)
	}
	t.Cleanup(n.Close)
	hub, err := n.Segment("hub")
	house, err2 := n.Segment("house")
	public, err3 := n.Host("public")
	home, err4 := n.Host("home")
	if err := errors.Join(err, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		public.Join(hub, "eth0", netip.MustParsePrefix(publicIP+"/24")),
		home.Join(house, "eth0", netip.MustParsePrefix("10.0.1.2/24")),
		n.Router("router", nat, hub, netip.MustParsePrefix(routerIP+"/24"), house, netip.MustParsePrefix("10.0.1.1/24")),
		home.Route(netip.MustParseAddr("10.0.1.1"))); err != nil {
		t.Fatal(err)
	}
	return &street{t, n, hub, public, home}
}

// listen opens a UDP socket on a computer of the network. The thread that goes there is not
// used again.
func (s *street) listen(h *Host, addr string) *net.UDPConn {
	s.t.Helper()
	type result struct {
		conn net.PacketConn
		err  error
	}
	opened := make(chan result)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		ns, err := os.Open("/run/netns/" + h.Namespace())
		if err == nil {
			err = unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET)
			ns.Close()
		}
		if err != nil {
			opened <- result{nil, err}
			return
		}
		conn, err := net.ListenPacket("udp4", addr)
		opened <- result{conn, err}
	}()
	r := <-opened
	if r.err != nil {
		s.t.Fatal(r.err)
	}
	s.t.Cleanup(func() { r.conn.Close() })
	return r.conn.(*net.UDPConn)
}

func (s *street) send(from *net.UDPConn, to string) {
	s.t.Helper()
	if _, err := from.WriteToUDPAddrPort([]byte("x"), netip.MustParseAddrPort(to)); err != nil {
		s.t.Fatal(err)
	}
}

// hear returns the sender of the next packet, none where none comes.
func (s *street) hear(at *net.UDPConn, within time.Duration) netip.AddrPort {
	s.t.Helper()
	at.SetReadDeadline(time.Now().Add(within))
	_, from, err := at.ReadFromUDPAddrPort(make([]byte, 9))
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
}

const long, short = 5 * time.Second, 200 * time.Millisecond

// TestRouters: one kind shows the same port to all, the other another one to each; neither
// lets in what was not asked for.
func TestRouters(t *testing.T) {
	for _, nat := range []NAT{KeepPorts, RandomPorts} {
		t.Run(string(nat), func(t *testing.T) {
			s := newStreet(t, nat)
			first, second, stranger := s.listen(s.public, publicIP+":4000"), s.listen(s.public, publicIP+":4001"), s.listen(s.public, publicIP+":4002")
			home := s.listen(s.home, "10.0.1.2:5000")
			s.send(home, publicIP+":4000")
			s.send(home, publicIP+":4001")
			a, b := s.hear(first, long), s.hear(second, long)
			if a.Addr().String() != routerIP || b.Addr().String() != routerIP {
				t.Fatalf("from %v and %v", a, b)
			}
			if kept := a.Port() == 5000 && b.Port() == 5000; kept != (nat == KeepPorts) {
				t.Errorf("the ports are %d and %d", a.Port(), b.Port())
			}
			s.send(stranger, a.String())
			if from := s.hear(home, short); from.IsValid() {
				t.Errorf("a stranger gets in")
			}
			s.send(first, a.String())
			if from := s.hear(home, long); from.Port() != 4000 {
				t.Errorf("the answer is from %v", from)
			}
		})
	}
}

// TestLose: of a thousand packets about as many are lost as were to be.
func TestLose(t *testing.T) {
	s := newStreet(t, KeepPorts)
	public, home := s.listen(s.public, publicIP+":4000"), s.listen(s.home, "10.0.1.2:5000")
	for _, percent := range []int{0, 30, 0} {
		if err := s.hub.Lose(percent); err != nil {
			t.Fatal(err)
		}
		got := 0
		for range 50 {
			for range 20 { // fewer than a socket holds
				s.send(home, publicIP+":4000")
			}
			for wait := long; s.hear(public, wait).IsValid(); wait = 20 * time.Millisecond {
				if got++; got%20 == 0 && percent == 0 {
					break
				}
			}
		}
		if want := 10 * (100 - percent); got < want-80 || got > want+80 || percent == 0 && got != want {
			t.Errorf("%d %% lost: %d of 1000 came", percent, got)
		}
	}
}

// TestCount counts what a computer sends to one address, and to no other.
func TestCount(t *testing.T) {
	s := newStreet(t, KeepPorts)
	home := s.listen(s.home, "10.0.1.2:5000")
	if err := s.home.Count(publicIP); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{publicIP, routerIP, publicIP} {
		s.send(home, to+":4000")
	}
	if n, err := s.home.Counted(); n != 2 || err != nil {
		t.Errorf("%d packets, %v", n, err)
	}
}

// TestNothingStays: with the network, its namespaces go.
func TestNothingStays(t *testing.T) {
	s := newStreet(t, KeepPorts)
	prefix := s.net.prefix
	list := func() string {
		out, err := exec.Command("ip", "netns", "list").Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if !strings.Contains(list(), prefix) {
		t.Error("there are none")
	}
	s.net.Close()
	if strings.Contains(list(), prefix) {
		t.Error("some are left")
	}
}
