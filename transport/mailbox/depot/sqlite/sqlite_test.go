package sqlite

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	goleak.VerifyTestMain(m)
}

// opened opens a depot in dir for as long as the test runs.
func opened(t *testing.T, dir string, o depot.Options) *Depot {
	t.Helper()
	d, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() }) // a test may have closed it, or damaged it
	return d
}

func TestDepot(t *testing.T) {
	depottest.Suite(t, func(t *testing.T, o depot.Options) depottest.Opened {
		dir := t.TempDir()
		return depottest.Opened{Depot: opened(t, dir, o), Crash: func(t *testing.T) depot.Depot {
			dir = snapshot(t, dir)
			return opened(t, dir, o)
		}}
	})
}

// TestOneConnection: a database that can have one connection only, as over encrypted files.
func TestOneConnection(t *testing.T) {
	depottest.Suite(t, func(t *testing.T, o depot.Options) depottest.Opened {
		db, err := sql.Open(driver, strings.Replace(writerDSN(filepath.Join(t.TempDir(), "one.db")), "mode=rw", "mode=rwc&_locking_mode=EXCLUSIVE", 1))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		db.SetMaxOpenConns(1)
		d, err := New(t.Context(), db, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		return depottest.Opened{Depot: d}
	})
}

// snapshot copies the files of a running depot: what a killed process leaves.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{fileName, fileName + "-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
