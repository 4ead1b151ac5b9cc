package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
)

// waitMost for what another process does.
const waitMost = 30 * time.Second

// TestAway: while the database is stopped everything says ErrAway at once, and afterwards
// everything goes on, with the same front ends.
func TestAway(t *testing.T) {
	url := database(t)
	d, other := frontEnd(t, url, depot.Options{}), frontEnd(t, url, depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if !keeps(t, d, f.Deposit(0)) || !keeps(t, other, f.Deposit(1)) {
		t.Fatal("nothing goes")
	}
	arrived, stop := other.Watch(f.Account())
	defer stop()
	if err := server.Stop(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	away := map[string]error{}
	_, away["deposit"] = d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(2)})
	_, away["fetch"] = d.Fetch(t.Context(), depottest.Start, f.Account(), nil)
	_, away["look"] = d.Look(t.Context(), depottest.Start, [16]byte{1})
	_, away["keys"] = d.SetKeys(t.Context(), nil, []byte("keys"))
	away["lot"] = f.Admit(t.Context(), d)
	_, away["open"] = Open(t.Context(), url, depot.Options{})
	if err := server.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, err := range away {
		if !errors.Is(err, depot.ErrAway) {
			t.Errorf("%s: %v, want %v", name, err, depot.ErrAway)
		}
	}
	for i := range 3 {
		if !keeps(t, d, f.Deposit(i)) {
			t.Fatal("it does not go on")
		}
	}
	// Who waited at the other front end is woken, at the latest when that listens again.
	select {
	case <-arrived:
	case <-time.After(waitMost):
		t.Fatal("nobody said that a cell arrived")
	}
	if came, err := f.Drain(t.Context(), other); err != nil || len(came) != 3 {
		t.Fatalf("%d cells came, %v", len(came), err)
	}
}

// TestPartitions: days are dropped whole; not while somebody reads one for long, and then the
// next time. Nobody waits for that.
func TestPartitions(t *testing.T) {
	url := database(t)
	d := frontEnd(t, url, depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		at := depottest.Start.Add(time.Duration(i) * depot.Day)
		if v, err := d.Deposit(t.Context(), at, []identity.Deposit{f.Deposit(i)}); err != nil || v[0] != identity.DepositKept {
			t.Fatal(v, err)
		}
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	tables := func() (names []string) {
		t.Helper()
		rows, err := conn.Query(t.Context(), `SELECT relname::text FROM pg_class WHERE relname LIKE 'cells\___%' AND relkind = 'r' ORDER BY 1`)
		if err != nil {
			t.Fatal(err)
		}
		if names, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			t.Fatal(err)
		}
		return names
	}
	first := depot.DayOf(depottest.Start)
	if got := tables(); len(got) != 3 || got[0] != partition(first) {
		t.Fatalf("partitions %v", got)
	}
	if _, err := conn.Exec(t.Context(), "BEGIN; SELECT count(*) FROM cells;"); err != nil { // as a dump does
		t.Fatal(err)
	}
	later := depottest.Start.Add(depot.CellLife)
	if err := d.Expire(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	page, err := d.Fetch(t.Context(), later, f.Account(), nil)
	if err != nil || len(page.Cells) != 2 || page.Left != 0 || page.Used != 2*depot.CellSize {
		t.Fatalf("%d cells, %d left, %d bytes, %v", len(page.Cells), page.Left, page.Used, err)
	}
	if !keeps(t, d, f.Deposit(3)) {
		t.Fatal("nothing goes meanwhile")
	}
	if _, err := conn.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := d.Expire(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	for _, name := range tables() {
		if name == partition(first) {
			t.Errorf("%s is still there", name)
		}
	}
	// What another front end dropped is made again when it is needed: here by a clock of before.
	other := frontEnd(t, url, depot.Options{})
	other.days.add(first)
	fresh := depottest.Fixture(1)
	if err := fresh.Admit(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if !keeps(t, other, fresh.Deposit(0)) {
		t.Fatal("a day that was dropped takes nothing")
	}
}

// TestStartTogether: front ends that meet an empty database make the tables once.
func TestStartTogether(t *testing.T) {
	url := database(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			d, err := Open(t.Context(), url, depot.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			d.Close()
		})
	}
	wg.Wait()
}

// TestUpgrade: a later version's step keeps all cells, a broken one changes nothing, and an
// older version does not touch what is newer.
func TestUpgrade(t *testing.T) {
	url := database(t)
	d := frontEnd(t, url, depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if !keeps(t, d, f.Deposit(i)) {
			return
		}
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	steps := fstest.MapFS{}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: b}
	}
	steps["migrations/998.sql"] = &fstest.MapFile{Data: []byte(`ALTER TABLE cells ADD COLUMN later integer; CREATE INDEX cells_tag ON cells (tag);`)}
	steps["migrations/999.sql"] = &fstest.MapFile{Data: []byte(`CREATE TABLE half (a integer); INSERT INTO nowhere VALUES (1);`)}
	if err := migrateFrom(t.Context(), conn, steps); err == nil {
		t.Fatal("a broken step went through")
	}
	delete(steps, "migrations/999.sql")
	if err := migrateFrom(t.Context(), conn, steps); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url, depot.Options{}); !errors.Is(err, depot.ErrNewer) {
		t.Fatalf("opened by an older version: %v, want %v", err, depot.ErrNewer)
	}
	if came, err := f.Drain(t.Context(), d); err != nil || len(came) != 50 {
		t.Fatalf("%d cells came, %v", len(came), err)
	}
}

// TestNoSync: a database that does not sync cannot keep what this package promises.
func TestNoSync(t *testing.T) {
	url := database(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	set := func(value string) {
		t.Helper()
		for _, statement := range []string{"ALTER SYSTEM SET fsync = " + value, "SELECT pg_reload_conf()"} {
			if _, err := conn.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		// The server reads its settings when its signal comes; new connections have what it read.
		for deadline := time.Now().Add(waitMost); ; {
			fresh, err := pgx.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			var now string
			if err := fresh.QueryRow(t.Context(), "SHOW fsync").Scan(&now); err != nil {
				t.Fatal(err)
			}
			fresh.Close(t.Context())
			if now == value {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal("the setting is not taken")
			}
		}
	}
	set("off")
	_, err = Open(t.Context(), url, depot.Options{})
	set("on")
	if err == nil || !strings.Contains(err.Error(), "fsync") {
		t.Errorf("opened without syncs: %v", err)
	}
}

// TestErrors holds the translation to the port's errors, and to saying nothing of what is stored.
func TestErrors(t *testing.T) {
	for state, want := range map[string]error{
		"53100": depot.ErrFull, "53300": depot.ErrAway, "57P01": depot.ErrAway, "57P03": depot.ErrAway, "08006": depot.ErrAway,
		"58030": depot.ErrAway, "25006": depot.ErrAway, "XX001": depot.ErrDamaged, "XX002": depot.ErrDamaged,
	} {
		err := translate(t.Context(), fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: state, Message: "secret", Detail: "secret"}))
		if !errors.Is(err, want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %v", state, err, want)
		}
	}
	for _, state := range []string{"42703", "XX000", "23505"} {
		err := translate(t.Context(), &pgconn.PgError{Code: state, Message: "secret"})
		if errors.Is(err, depot.ErrAway) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", state, err)
		}
	}
	if err := translate(t.Context(), context.DeadlineExceeded); !errors.Is(err, depot.ErrAway) {
		t.Errorf("no answer: %v", err)
	}
	_, err := Open(t.Context(), "postgres://user:secret@[bad", depot.Options{})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a bad address: %v", err)
	}
}
