package transport

import (
	"syscall"
	"testing"
	"time"
)

func TestExchangeOnLAN(t *testing.T) {
	t.Parallel()
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			a, b := l.start(0, 'a', only), l.start(1, 'b', only)
			a.await("reached", wait)
			b.await("reached", wait)
			a.send()
			b.await("cell", wait)
			a.await("ack", wait)
			b.send()
			a.await("cell", wait)
			b.await("ack", wait)
			b.stop()
			a.await("lost", wait)
		})
	}
}

// TestIPv6Only: a network where computers have unique local addresses and no others.
func TestIPv6Only(t *testing.T) {
	t.Parallel()
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			for side, addr := range []string{"fd00:7::1/64", "fd00:7::2/64"} {
				l.in(side, "addr", "del", labIP(side), "dev", labNIC)
				l.in(side, "addr", "add", addr, "dev", labNIC, "nodad")
			}
			a, b := l.start(0, 'a', only), l.start(1, 'b', only)
			a.await("reached", wait)
			a.send()
			b.await("cell", wait)
		})
	}
}

// TestDiscoveryTime: both have seen each other within a second of the second start, though
// the peer ID that may dial first is as often on one side as on the other.
func TestDiscoveryTime(t *testing.T) {
	l := newLab(t)
	a := l.start(0, 'a', Both)
	b := l.start(1, 'b', Both)
	a.await("reached", wait)
	for range 8 {
		b.stop()
		a.await("lost", wait)
		b = l.start(1, 'b', Both)
		here := b.await("reached", time.Second)
		there := a.await("reached", time.Second)
		t.Logf("b reached a after %v, a knew after another %v", here, there)
	}
}

// TestCrashedPeerComesBack: the new process is met at once, before the link to the dead
// one is known to be silent.
func TestCrashedPeerComesBack(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	a, b := l.start(0, 'a', QUIC), l.start(1, 'b', QUIC)
	a.await("reached", wait)
	b.await("reached", wait)
	b.kill()
	b = l.start(1, 'b', QUIC)
	took := a.await("lost", 2*time.Second)
	a.await("reached", 2*time.Second)
	t.Logf("lost and reached again after %v", took)
	a.send()
	b.await("cell", wait)
}

// TestFrozenPeer: a process that stands still is known to be away within ten seconds.
func TestFrozenPeer(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	a, b := l.start(0, 'a', Both), l.start(1, 'b', Both)
	a.await("reached", wait)
	b.await("reached", wait)
	b.signal(syscall.SIGSTOP)
	defer b.signal(syscall.SIGCONT)
	t.Logf("noticed after %v", a.await("lost", 10*time.Second))
}

func TestAddressChange(t *testing.T) {
	t.Parallel()
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			a, b := l.start(0, 'a', only), l.start(1, 'b', only)
			a.await("reached", wait)
			b.await("reached", wait)
			l.in(1, "addr", "del", labIP(1), "dev", labNIC)
			l.in(1, "addr", "add", labIP(2), "dev", labNIC)
			took := b.await("lost", wait) + b.await("reached", wait)
			t.Logf("recovered after %v", took)
			b.sendUntil(a, "cell", wait)
		})
	}
}

// TestCableOut: while there is no network nothing works, and afterwards all does.
func TestCableOut(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	a, b := l.start(0, 'a', Both), l.start(1, 'b', Both)
	a.await("reached", wait)
	b.await("reached", wait)
	l.in(1, "link", "set", labNIC, "down")
	a.await("lost", wait)
	b.await("lost", wait)
	l.in(1, "link", "set", labNIC, "up")
	took := b.await("reached", 2*wait)
	t.Logf("recovered after %v", took)
	b.sendUntil(a, "cell", wait)
}
