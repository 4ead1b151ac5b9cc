package apptest_test

import (
	"testing"

	"go.uber.org/goleak"

	"tacit/app"
	"tacit/app/apptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	apptest.StoreSuite(t, func(*testing.T) app.Store { return apptest.NewStore() })
}

func TestTransport(t *testing.T) {
	apptest.TransportSuite(t, func(*testing.T) [2]app.Transport {
		n := apptest.NewNetwork()
		return [2]app.Transport{n.NewTransport(), n.NewTransport()}
	})
}

func TestNearby(t *testing.T) {
	apptest.NearbySuite(t, func(*testing.T) (three [3]app.Transport) {
		n := apptest.NewNetwork()
		for i := range three {
			three[i] = n.NewTransport()
		}
		return three
	})
}
