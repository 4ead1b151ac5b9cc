package transport

import (
	"syscall"
	"testing"
	"time"
)

// TestRelayDies: a relay that is gone, or stands still, is left for another within twenty
// seconds.
func TestRelayDies(t *testing.T) {
	for name, how := range map[string]syscall.Signal{"killed": syscall.SIGKILL, "frozen": syscall.SIGSTOP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newInet(t)
			homeA, homeB := n.home('a', randomPort), n.home('b', randomPort)
			first, at := n.node("n1", nodeIP)
			second, at2 := n.node("n2", nodeIP2)
			second.signal(syscall.SIGSTOP) // so that they meet at the first
			a := startIn(t, homeA, labSpec{Who: 'a', Homes: []string{at, at2}, Node: at})
			b := startIn(t, homeB, labSpec{Who: 'b', Homes: []string{at, at2}, Node: at2})
			a.await("path relay", 2*wait)
			b.await("reached", wait)
			second.signal(syscall.SIGCONT)
			a.await("homes 2", 2*wait)
			b.await("homes 2", 2*wait)
			a.drain() // what was said of the first meeting is no recovery
			first.signal(how)
			defer first.signal(syscall.SIGCONT)
			began := time.Now()
			for met := false; !met; {
				select {
				case line := <-a.lines:
					met = line == "reached"
				case <-time.After(20*time.Second - time.Since(began)):
					t.Fatal("not within 20 s")
				}
			}
			t.Logf("recovered after %v", time.Since(began))
			a.sendUntil(b, "cell", wait)
		})
	}
}

// TestMoved: on another network the friend is met again within ten seconds.
func TestMoved(t *testing.T) {
	n := newInet(t)
	homeA, homeB := n.home('a', masquerade), n.home('b', masquerade)
	_, at := n.node("n1", nodeIP)
	a := startIn(t, homeA, labSpec{Who: 'a', Homes: []string{at}, Node: at})
	b := startIn(t, homeB, labSpec{Who: 'b', Homes: []string{at}, Node: at})
	a.await("path direct", 2*wait)
	b.await("path direct", wait)
	b.drain()
	began := time.Now()
	n.in("b", "ip", "addr", "del", "10.9.0.2/24", "dev", labNIC)
	n.in("b", "ip", "addr", "add", "10.9.0.3/24", "dev", labNIC)
	n.in("b", "ip", "route", "add", "default", "via", "10.9.0.1")
	b.await("lost", wait)
	b.await("reached", wait)
	took := time.Since(began)
	t.Logf("met again after %v", took)
	if took > 10*time.Second {
		t.Error("that is more than ten seconds")
	}
	b.sendUntil(a, "cell", wait)
}
