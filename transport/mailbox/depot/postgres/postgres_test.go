package postgres

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
	"tacit/transport/mailbox/depot/pgtest"
)

// server is the PostgreSQL of all tests here; each has a database of its own.
var (
	server    *pgtest.Cluster
	databases atomic.Int32
)

func TestMain(m *testing.M) {
	if os.Getenv(childURL) != "" {
		os.Exit(child())
	}
	ctx := context.Background()
	var err error
	if server, err = pgtest.Start(ctx, "recovery_init_sync_method = syncfs"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	if err := server.Remove(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	if status == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

// database makes an empty one.
func database(t testing.TB) string {
	t.Helper()
	url, err := server.Create(t.Context(), fmt.Sprintf("test%d", databases.Add(1)))
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// frontEnd opens the depot in a database for as long as the test runs.
func frontEnd(t testing.TB, url string, o depot.Options) *Depot {
	t.Helper()
	d, err := Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestDepot(t *testing.T) {
	depottest.Suite(t, func(t *testing.T, o depot.Options) depottest.Opened {
		url := database(t)
		return depottest.Opened{
			Depot: frontEnd(t, url, o),
			Crash: func(t *testing.T) depot.Depot {
				restart(t, true)
				return frontEnd(t, url, o)
			},
			Other: func(t *testing.T) depot.Depot { return frontEnd(t, url, o) },
		}
	})
}

// restart stops the server and starts it again.
func restart(t *testing.T, atOnce bool) {
	t.Helper()
	if err := server.Stop(t.Context(), atOnce); err != nil {
		t.Fatal(err)
	}
	if err := server.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
}
