package transport

import (
	"testing"

	"tacit/app"
	"tacit/app/apptest"
)

// TestNearbyConformance: three programs on one machine. Their beacons are not those of
// programs that run beside the test.
func TestNearbyConformance(t *testing.T) {
	for name, p := range map[string]Protocol{"quic": QUIC, "tcp": TCP, "both": Both} {
		t.Run(name, func(t *testing.T) {
			apptest.NearbySuite(t, func(t *testing.T) (three [3]app.Transport) {
				for i := range three {
					three[i] = newNearby(t, 20300, p)
				}
				return three
			})
		})
	}
}

// newNearby returns a network whose beacons of those who pair nearby are at some ports.
func newNearby(t *testing.T, port uint16, only Protocol) *Network {
	t.Helper()
	n, err := New(Options{Listen: Loopback, Protocol: only})
	if err != nil {
		t.Fatal(err)
	}
	n.nearBeacon = func() beacon { return loopbackBeacon{first: port} }
	return n
}
