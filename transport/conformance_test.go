package transport_test

import (
	"testing"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/transport"
)

var _ app.InternetTransport = (*transport.Network)(nil)

func TestConformance(t *testing.T) {
	for name, p := range map[string]transport.Protocol{"quic": transport.QUIC, "tcp": transport.TCP} {
		t.Run(name, func(t *testing.T) {
			apptest.TransportSuite(t, func(t *testing.T) (pair [2]app.Transport) {
				for i := range pair {
					n, err := transport.New(transport.Options{Listen: transport.Loopback, Protocol: p})
					if err != nil {
						t.Fatal(err)
					}
					pair[i] = n
				}
				return pair
			})
		})
	}
}
