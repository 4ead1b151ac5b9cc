package memory_test

import (
	"testing"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
	"tacit/transport/mailbox/depot/memory"
)

func TestDepot(t *testing.T) {
	depottest.Suite(t, func(t *testing.T, o depot.Options) depottest.Opened {
		return depottest.Opened{Depot: memory.New(o)}
	})
}
