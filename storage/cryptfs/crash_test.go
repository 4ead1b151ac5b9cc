package cryptfs

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"
)

var testKey = [32]byte{1, 2, 3}

// testDB is a database on a disk, as the store opens it.
type testDB struct {
	fs   *FS
	db   *sql.DB
	conn *sql.Conn
}

func openDB(disk Disk, key [32]byte) (*testDB, error) {
	f, err := Mount(disk, key)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", f.DSN("db", "_synchronous=FULL", "_cache_size=10"))
	if err != nil {
		f.Unmount()
		return nil, err
	}
	t := &testDB{fs: f, db: db}
	if t.conn, err = db.Conn(context.Background()); err != nil {
		t.close()
		return nil, err
	}
	err = t.conn.Raw(func(c any) error {
		return c.(*sqlite3.SQLiteConn).SetFileControlInt("main", sqlite3.SQLITE_FCNTL_RESERVE_BYTES, ReservedBytes)
	})
	if err != nil {
		t.close()
		return nil, err
	}
	var mode string
	err = t.conn.QueryRowContext(context.Background(), "PRAGMA journal_mode = WAL").Scan(&mode)
	if err == nil && mode != "wal" {
		err = fmt.Errorf("journal mode %q", mode)
	}
	if err == nil {
		err = t.exec("PRAGMA wal_autocheckpoint = 12")
	}
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *testDB) exec(query string, args ...any) error {
	_, err := t.conn.ExecContext(context.Background(), query, args...)
	return err
}

func (t *testDB) text(query string) (v string, err error) {
	err = t.conn.QueryRowContext(context.Background(), query).Scan(&v)
	return v, err
}

func (t *testDB) close() error {
	if t.conn != nil {
		t.conn.Close()
	}
	err := t.db.Close()
	t.fs.Unmount()
	return err
}

// kill leaves the database as a power cut does: nothing more is written.
func (t *testDB) kill() {
	t.fs.Freeze()
	_ = t.close()
}

// baseDisk returns a disk with an empty table.
func baseDisk(t *testing.T) *memDisk {
	t.Helper()
	disk := newMemDisk()
	db, err := openDB(disk, testKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.exec("CREATE TABLE log (n INTEGER PRIMARY KEY, data BLOB); CREATE TABLE sum (one INTEGER PRIMARY KEY, n INTEGER); INSERT INTO sum VALUES (1, 0)"); err != nil {
		t.Fatal(err)
	}
	if err := db.close(); err != nil {
		t.Fatal(err)
	}
	return disk
}

const commits = 8

// commit makes the changes of commit n: rows of several pages and one that all rewrite.
func commit(db *testDB, n int) error {
	return db.exec(fmt.Sprintf(`BEGIN IMMEDIATE;
		INSERT INTO log VALUES (%d, randomblob(%d)); UPDATE sum SET n = %d; COMMIT`, n, 100+n*1777%9000, n))
}

// commitTo runs commits on disk until one fails, and returns how many were acknowledged.
func commitTo(disk *memDisk, commits int) (acknowledged int) {
	db, err := openDB(disk, testKey)
	if err != nil {
		return 0
	}
	defer db.kill()
	for n := 1; n <= commits; n++ {
		if err := commit(db, n); err != nil {
			return n - 1
		}
	}
	return commits
}

// TestPowerCut cuts the power at every write of a series of commits and checkpoints.
// What was acknowledged must be there, whatever became of the writes that were not synced.
func TestPowerCut(t *testing.T) {
	base := baseDisk(t)
	whole := base.clone()
	if got := commitTo(whole, commits); got != commits {
		t.Fatalf("%d commits without a fault", got)
	}
	if whole.ops < 100 {
		t.Fatalf("only %d operations to fail", whole.ops)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for failAt := range whole.ops {
		disk := base.clone()
		disk.failAt = failAt
		acknowledged := commitTo(disk, commits)
		checkAfterCut(t, disk.afterPowerCut(rnd), acknowledged, failAt)
	}
}

func checkAfterCut(t *testing.T, disk *memDisk, acknowledged, failAt int) {
	t.Helper()
	db, err := openDB(disk, testKey)
	if err != nil {
		t.Fatalf("power cut at operation %d: the database does not open: %v", failAt, err)
	}
	defer db.close()
	if ok, err := db.text("PRAGMA integrity_check"); err != nil || ok != "ok" {
		t.Fatalf("power cut at operation %d: integrity %q, %v", failAt, ok, err)
	}
	var rows, last, sum int
	err = db.conn.QueryRowContext(context.Background(), "SELECT count(*), coalesce(max(n), 0), (SELECT n FROM sum) FROM log").Scan(&rows, &last, &sum)
	if err != nil {
		t.Fatalf("power cut at operation %d: %v", failAt, err)
	}
	if rows != last || sum != last || last < acknowledged || last > acknowledged+1 {
		t.Fatalf("power cut at operation %d: %d rows, last %d, sum %d, but %d were acknowledged", failAt, rows, last, sum, acknowledged)
	}
	if err := commit(db, last+1); err != nil {
		t.Fatalf("power cut at operation %d: no commit afterwards: %v", failAt, err)
	}
}

// TestHotJournal leaves a rollback journal behind and expects it to be rolled back.
// CheckReservedLock must answer true for that: see there.
func TestHotJournal(t *testing.T) {
	disk := baseDisk(t)
	db, err := openDB(disk, testKey)
	if err != nil {
		t.Fatal(err)
	}
	if mode, err := db.text("PRAGMA journal_mode = DELETE"); err != nil || mode != "delete" {
		t.Fatalf("%q, %v", mode, err)
	}
	if err := commit(db, 1); err != nil {
		t.Fatal(err)
	}
	// The cache of ten pages spills, so the journal is synced and the database half changed.
	if err := db.exec("BEGIN IMMEDIATE; UPDATE sum SET n = 99; INSERT INTO log SELECT value, randomblob(9000) FROM json_each('[2,3,4,5,6,7,8,9,10,11]')"); err != nil {
		t.Fatal(err)
	}
	left := disk.afterPowerCut(rand.New(rand.NewPCG(3, 4)))
	db.kill()
	if left.files["db-journal"] == nil {
		t.Fatal("no journal was left")
	}
	db, err = openDB(left, testKey)
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	if n, err := db.text("SELECT n || '/' || (SELECT count(*) FROM log) FROM sum"); err != nil || n != "1/1" {
		t.Fatalf("after the rollback: %q, %v", n, err)
	}
}

// TestOneConnection: a second connection to the same database is refused.
func TestOneConnection(t *testing.T) {
	db, err := openDB(newMemDisk(), testKey)
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	again, err := sql.Open("sqlite3", db.fs.DSN("db"))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if err := again.Ping(); err == nil || !strings.Contains(err.Error(), "locked") {
		t.Fatalf("second connection: %v", err)
	}
}
