package transport

import (
	"slices"
	"testing"
	"time"
)

// TestPunch: through NATs that keep ports on both sides, the path is straight within two
// seconds after the link over the relay.
func TestPunch(t *testing.T) {
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP, "both": Both} {
		t.Run(name, func(t *testing.T) {
			n := newInet(t)
			homeA, homeB := n.home('a', masquerade), n.home('b', masquerade)
			_, at := n.node("n1", nodeIP)
			var took []time.Duration
			for range 5 {
				a := startIn(t, homeA, labSpec{Who: 'a', Only: only, Homes: []string{at}, Node: at})
				b := startIn(t, homeB, labSpec{Who: 'b', Only: only, Homes: []string{at}, Node: at})
				a.await("reached", wait) // over the relay
				took = append(took, a.await("path direct", wait))
				b.await("path direct", wait)
				a.sendUntil(b, "cell", wait)
				a.stop()
				b.stop()
			}
			slices.Sort(took)
			t.Logf("straight after %v", took)
			if took[len(took)-2] > 2*time.Second {
				t.Error("more than one in five takes more than two seconds")
			}
		})
	}
}

// TestSymmetric: through NATs that give each connection another port no path is straight,
// and nobody waits for one: the first message is there within a second.
func TestSymmetric(t *testing.T) {
	n := newInet(t)
	homeA, homeB := n.home('a', randomPort), n.home('b', randomPort)
	_, at := n.node("n1", nodeIP)
	a := startIn(t, homeA, labSpec{Who: 'a', Homes: []string{at}, Node: at})
	a.await("homes 1", wait)
	b := startIn(t, homeB, labSpec{Who: 'b', Homes: []string{at}}) // looks for nobody
	b.await("homes 1", wait)
	deadline := time.Now().Add(wait)
	for met := false; !met; {
		begin := time.Now()
		a.tell("seek")
		select {
		case line := <-a.lines:
			if met = line == "reached"; !met {
				continue
			}
			a.send()
			b.await("cell", time.Second)
			took := time.Since(begin)
			t.Logf("first message after %v", took)
			if took > time.Second {
				t.Error("that is more than a second")
			}
		case <-time.After(2 * seekPause):
			if time.Now().After(deadline) {
				t.Fatal("never met")
			}
		}
	}
	after := time.After(2 * (punchTime + time.Second))
	for {
		select {
		case line := <-a.lines:
			if line == "path direct" {
				t.Fatal("straight through two NATs that change ports")
			}
			continue
		case <-after:
		}
		break
	}
	a.send()
	b.await("cell", wait)
}

// TestOneSideReachable: one side on the internet itself is enough, whatever the other's
// NAT does.
func TestOneSideReachable(t *testing.T) {
	for name, only := range map[string]Protocol{"quic": QUIC, "tcp": TCP} {
		t.Run(name, func(t *testing.T) {
			n := newInet(t)
			homeA, homeB := n.home('a', noNAT), n.home('b', randomPort)
			_, at := n.node("n1", nodeIP)
			a := startIn(t, homeA, labSpec{Who: 'a', Only: only, Homes: []string{at}, Node: at})
			b := startIn(t, homeB, labSpec{Who: 'b', Only: only, Homes: []string{at}, Node: at})
			a.await("reached", wait)
			t.Logf("straight after %v", a.await("path direct", wait))
			b.await("path direct", wait)
			a.sendUntil(b, "cell", wait)
		})
	}
}
