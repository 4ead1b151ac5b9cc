// Package sqlite keeps a depot in plain files: one SQLite database, for a node on one computer.
//
// What a node stores is ciphertext and hashes, so its files are not encrypted again. One
// goroutine writes: what comes while a commit is synced is committed together next. Readers have
// connections of their own, where the database can have several.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/internal/batch"
	"tacit/transport/mailbox/depot/internal/watch"
)

// fileName of the database in its directory; SQLite puts its log beside it.
const fileName = "mailbox.db"

// Depot is a depot in a SQLite database. Open or New begins its one goroutine, Close ends it.
type Depot struct {
	options depot.Options
	write   *sql.DB // used by the goroutine of queue, and before it began
	read    *sql.DB
	owned   []*sql.DB // to be closed
	board   watch.Board[depot.Account]
	queue   *batch.Queue[work]
	room    *room // nil where the files are somebody else's

	// committed is called after each commit, before anybody hears of it. Tests set it, before the first call.
	committed func()

	writing, reading []*sql.Stmt // all statements, for write and for read
}

var _ depot.Depot = (*Depot)(nil)

// Open opens the depot in a directory, and makes both where there is none. A second process
// may do so to add invites or to back up: nothing is remembered between commits, and each waits
// for the other's. ErrDamaged, ErrNewer.
func Open(ctx context.Context, dir string, o depot.Options) (*Depot, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("depot: make the directory: %w", err)
	}
	path := filepath.Join(dir, fileName)
	// SQLite would make it readable for all that the umask allows.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("depot: open the database: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	write, err := sql.Open(driver, writerDSN(path))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open(driver, readerDSN(path))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	d := &Depot{options: o.WithDefaults(), write: write, read: read, owned: []*sql.DB{read, write}, room: &room{free: func() (uint64, error) { return freeBytes(dir) }}}
	if err := d.begin(ctx); err != nil {
		return nil, errors.Join(err, d.closeDatabases())
	}
	return d, nil
}

// New keeps a depot in a database that is open already and belongs to the caller: in
// write-ahead mode, with synchronous FULL and secure_delete ON, and used by nobody else. It may be
// limited to one connection. Close leaves it open.
func New(ctx context.Context, db *sql.DB, o depot.Options) (*Depot, error) {
	d := &Depot{options: o.WithDefaults(), write: db, read: db}
	if err := d.begin(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Depot) begin(ctx context.Context) error {
	if err := migrate(ctx, d.write); err != nil {
		return translate(err)
	}
	if err := check(ctx, d.write); err != nil {
		return translate(err)
	}
	var err error
	if d.writing, err = prepare(ctx, d.write); err != nil {
		return translate(err)
	}
	if d.reading = d.writing; d.read != d.write {
		if d.reading, err = prepare(ctx, d.read); err != nil {
			return translate(err)
		}
	}
	d.queue = batch.New(1, batchMost, d.commit)
	return nil
}

// Close implements depot.Depot.
func (d *Depot) Close() error {
	d.queue.Close()
	var errs []error
	for _, s := range slices.Concat(d.writing, d.reading) {
		errs = append(errs, s.Close()) // a second time does nothing
	}
	return errors.Join(append(errs, d.closeDatabases())...)
}

func (d *Depot) closeDatabases() error {
	var errs []error
	for _, db := range d.owned {
		errs = append(errs, db.Close())
	}
	return errors.Join(errs...)
}
