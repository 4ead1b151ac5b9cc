package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/mattn/go-sqlite3"

	"tacit/app"
	"tacit/storage/cryptfs"
)

// MailboxAside is the database in which a desktop holds messages for its contacts.
const MailboxAside = "mailbox"

// asideFiles are the databases that may lie aside.
var asideFiles = []string{MailboxAside}

// asides are databases beside that of the profile: what is held for others is not mixed
// with what its person says. Each is encrypted under a key of its own.
type asides struct {
	files func(name string) (*cryptfs.FS, string, error) // mounts a database and returns its DSN; fixed by connect

	mu     sync.Mutex
	open   map[string]aside // guarded by mu
	closed bool             // guarded by mu
}

type aside struct {
	db *sql.DB
	fs *cryptfs.FS // nil for a plain store
}

// Aside opens a database of its own in the folder of the profile, which it makes where
// there is none: empty at first, with a write-ahead log, durable at each commit, what is
// deleted overwritten, encrypted as the profile is and of a length that tells no more. It
// has one connection, so whoever leaves rows open keeps all others waiting. It belongs to
// the caller until the store is closed, which closes it; another call for the same name
// closes it, too. Errors are those of Open.
func (s *Store) Aside(ctx context.Context, name string) (*sql.DB, error) {
	if !slices.Contains(asideFiles, name) {
		return nil, fmt.Errorf("storage: open %q aside: %w", name, app.ErrNotFound)
	}
	a := &s.asides
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, app.ErrClosed
	}
	if err := a.open[name].close(); err != nil {
		return nil, convertOpen(err, nil)
	}
	delete(a.open, name)
	fs, dsn, err := a.files(name)
	if err != nil {
		return nil, convertOpen(err, nil)
	}
	opened := aside{db: sql.OpenDB(connector{dsn: dsn, encrypted: fs != nil}), fs: fs}
	opened.db.SetMaxOpenConns(1)
	if err := opened.db.PingContext(ctx); err != nil {
		err = convertOpen(err, opened.fault())
		_ = opened.close() // the first error says more
		return nil, err
	}
	a.open[name] = opened
	return opened.db, nil
}

func (a *asides) close() (err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for _, opened := range a.open {
		if e := opened.close(); err == nil {
			err = e
		}
	}
	clear(a.open)
	return err
}

func (a aside) close() (err error) {
	if a.db != nil {
		err = a.db.Close()
	}
	if a.fs != nil {
		a.fs.Unmount()
	}
	return err
}

func (a aside) fault() error {
	if a.fs == nil {
		return nil
	}
	return a.fs.TakeFault()
}

// asideFS says where the databases aside are: on disk, under keys of their own, or in dir
// for a plain store.
func asideFS(dir string, disk cryptfs.Disk, key func(purpose string) [32]byte) func(name string) (*cryptfs.FS, string, error) {
	settings := []string{"mode=rwc", "_synchronous=FULL", "_foreign_keys=on", "_cache_size=-" + strconv.Itoa(asideCacheKiB)}
	return func(name string) (*cryptfs.FS, string, error) {
		if key == nil {
			u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Join(dir, name)}).EscapedPath(), RawQuery: "_locking_mode=EXCLUSIVE"}
			for _, v := range settings {
				u.RawQuery += "&" + v
			}
			return nil, u.String(), nil
		}
		fs, err := cryptfs.Mount(disk, key("aside/"+name))
		if err != nil {
			return nil, "", err
		}
		return fs, fs.DSN(name, settings...), nil
	}
}

// connector makes connections whose settings hold from their first access.
type connector struct {
	dsn       string
	encrypted bool
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(c.dsn) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{ConnectHook: c.settle} }

func (c connector) settle(conn *sqlite3.SQLiteConn) error {
	if c.encrypted { // counts only before the first page is written
		if err := conn.SetFileControlInt("main", sqlite3.SQLITE_FCNTL_RESERVE_BYTES, cryptfs.ReservedBytes); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		pragma string
		want   driver.Value // nil: whatever it says
	}{
		{"PRAGMA journal_mode = WAL", "wal"},
		{"PRAGMA secure_delete = ON", int64(1)},
		{"PRAGMA temp_store = MEMORY", nil},
		{"PRAGMA wal_autocheckpoint = " + strconv.Itoa(checkpointPages), nil},
	} {
		got, err := ask(conn, p.pragma)
		if err == nil && p.want != nil && got != p.want {
			err = fmt.Errorf("storage: %s: %v", p.pragma, got)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask runs a statement and returns the first column of its first row, nil where there is none.
func ask(conn *sqlite3.SQLiteConn, query string) (driver.Value, error) {
	rows, err := conn.Query(query, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if len(rows.Columns()) == 0 {
		return nil, nil
	}
	row := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return row[0], nil
}
