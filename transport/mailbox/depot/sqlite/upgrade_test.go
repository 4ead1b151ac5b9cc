package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
)

// upTo returns the first n migrations, and more as later ones.
func upTo(t *testing.T, n int, more ...string) fstest.MapFS {
	t.Helper()
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	steps := fstest.MapFS{}
	for _, name := range names[:n] {
		b, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: b}
	}
	for i, text := range more {
		steps["migrations/9"+string(rune('0'+i))+".sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	return steps
}

// TestUpgrade: from every older schema no cell is lost, and a step that fails leaves everything as it was.
func TestUpgrade(t *testing.T) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= len(names); n++ {
		dir := t.TempDir()
		f := depottest.Fixture(0)
		fillOld(t, dir, upTo(t, n), f)

		// A later version adds a column and an index; a broken one comes in between.
		db := database(t, dir)
		later := `ALTER TABLE accounts ADD COLUMN later INTEGER; CREATE INDEX cells_day ON cells (day);`
		broken := upTo(t, len(names), later, `CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);`)
		if err := migrateFrom(t.Context(), db, broken); err == nil {
			t.Fatal("a broken step went through")
		}
		if err := db.QueryRow("SELECT count(*) FROM half").Scan(new(int)); err == nil {
			t.Fatal("half a step stayed")
		}
		if err := migrateFrom(t.Context(), db, upTo(t, len(names), later)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir, depot.Options{}); !errors.Is(err, depot.ErrNewer) {
			t.Fatalf("opened by an older version: %v, want %v", err, depot.ErrNewer)
		}
		if _, err := db.Exec("PRAGMA user_version = " + string(rune('0'+len(names)))); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		wantCells(t, opened(t, dir, depot.Options{}), f, 100)
	}
}

func database(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, strings.Replace(writerDSN(filepath.Join(dir, fileName)), "mode=rw", "mode=rwc", 1))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// fillOld makes a depot of an older schema, with 100 cells.
func fillOld(t *testing.T, dir string, steps fs.FS, f depottest.Fixture) {
	t.Helper()
	db := database(t, dir)
	if err := migrateFrom(t.Context(), db, steps); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	d := opened(t, dir, depot.Options{})
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if _, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// wantCells wants the first n deposits of f, each once.
func wantCells(t *testing.T, d depot.Depot, f depottest.Fixture, n int) {
	t.Helper()
	came, err := f.Drain(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]int{}
	for i := range n {
		want[i] = 1
	}
	if !maps.Equal(came, want) {
		t.Fatalf("%d cells came, want %d", len(came), n)
	}
}

// TestBackup: a backup that is made while deposits come in has all that was answered before it
// began, nothing twice, and is a depot.
func TestBackup(t *testing.T) {
	d := opened(t, t.TempDir(), depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	put := func(ctx context.Context, i int) error {
		_, err := d.Deposit(ctx, depottest.Start, []identity.Deposit{f.Deposit(i)})
		return err
	}
	for i := range 300 {
		if err := put(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 300; i < 4096 && put(ctx, i) == nil; i++ {
		}
	})
	to := t.TempDir()
	path := filepath.Join(to, fileName)
	if err := d.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	cancel()
	wg.Wait()
	if err := d.Backup(t.Context(), path); err == nil {
		t.Fatal("a backup was overwritten")
	}
	restored := opened(t, to, depot.Options{})
	came, err := f.Drain(t.Context(), restored)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(came) {
		if came[i] != 1 {
			t.Fatalf("cell %d came %d times", i, came[i])
		}
	}
	if len(came) < 300 {
		t.Fatalf("%d cells came of 300", len(came))
	}
}

// TestRestoredMarks: after a backup was restored no mark of what is lost names what came since.
func TestRestoredMarks(t *testing.T) {
	d := opened(t, t.TempDir(), depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	if err := d.Backup(t.Context(), filepath.Join(to, fileName)); err != nil {
		t.Fatal(err)
	}
	put := func(d depot.Depot, i int) {
		t.Helper()
		if v, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(i)}); err != nil || v[0] != identity.DepositKept {
			t.Fatal(v, err)
		}
	}
	put(d, 0)
	lost, err := d.Fetch(t.Context(), depottest.Start, f.Account(), nil)
	if err != nil || len(lost.Marks) != 1 {
		t.Fatal(len(lost.Marks), err)
	}
	restored := opened(t, to, depot.Options{})
	put(restored, 1)
	page, err := restored.Fetch(t.Context(), depottest.Start, f.Account(), lost.Marks)
	if err != nil || len(page.Cells) != 1 {
		t.Fatalf("%d cells, %v: a mark of before the restored backup took another cell", len(page.Cells), err)
	}
}

// TestSecondProcess: invites are added beside a running node, which sees them at once.
func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	d := opened(t, dir, depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 500 {
			if v, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(i)}); err != nil || v[0] != identity.DepositKept {
				t.Errorf("a deposit: %v, %v", v, err)
				return
			}
		}
	})
	for i := range 10 {
		other, err := Open(t.Context(), dir, depot.Options{})
		if err != nil {
			t.Fatal(err)
		}
		code := [16]byte{1, byte(i)}
		if err := other.AddInvite(t.Context(), depottest.Start, code); err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		if err := d.Admit(t.Context(), depottest.Start, depot.Account{2, byte(i)}, depot.Ticket{Invite: code}); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	wantCells(t, d, f, 500)
}
