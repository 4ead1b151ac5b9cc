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
		})
	}
}
