package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/mattn/go-sqlite3"

	"tacit/storage/cryptfs"
)

// dial opens the one connection to the database.
func (s *Store) dial(ctx context.Context, path string, create bool) error {
	mode := "mode=rw"
	if create {
		mode = "mode=rwc"
	}
	settings := []string{mode, "_synchronous=FULL", "_foreign_keys=on", "_cache_size=-" + strconv.Itoa(cacheKiB)}
	var dsn string
	if s.fs != nil {
		dsn = s.fs.DSN(storeFile, settings...)
	} else {
		u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "_locking_mode=EXCLUSIVE"}
		for _, v := range settings {
			u.RawQuery += "&" + v
		}
		dsn = u.String()
	}
	var err error
	if s.db, err = sql.Open("sqlite3", dsn); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if create && s.fs != nil {
		if err := s.reserve(); err != nil {
			return err
		}
	}
	return s.settle()
}

// reserve makes SQLite leave the space that cryptfs checks. It counts only before the first page is written.
func (s *Store) reserve() error {
	return s.conn.Raw(func(c any) error {
		return c.(*sqlite3.SQLiteConn).SetFileControlInt("main", sqlite3.SQLITE_FCNTL_RESERVE_BYTES, cryptfs.ReservedBytes)
	})
}

// settle applies the settings that are statements and refuses to go on without a write-ahead log.
func (s *Store) settle() error {
	mode, err := one(s, scanText, "PRAGMA journal_mode = WAL")
	if err != nil {
		return fmt.Errorf("storage: begin the log: %w", err)
	}
	if mode != "wal" {
		return fmt.Errorf("storage: the journal mode is %q, not wal", mode)
	}
	// What is deleted is overwritten, free pages too: see eraser.
	if on, err := one(s, scanInt, "PRAGMA secure_delete = ON"); err != nil || on != 1 {
		return fmt.Errorf("storage: overwrite what is deleted: %d, %w", on, err)
	}
	for _, pragma := range []string{
		"PRAGMA temp_store = MEMORY", // nothing of a query may reach the disk in plain
		"PRAGMA wal_autocheckpoint = " + strconv.Itoa(checkpointPages),
	} {
		if _, err := s.conn.ExecContext(context.Background(), pragma); err != nil {
			return fmt.Errorf("storage: %w", err)
		}
	}
	return nil
}

// errUnsound says that SQLite found the database inconsistent.
var errUnsound = errors.New("storage: the database is inconsistent")

// check reads enough of the database to know that it is one, and all of a small one.
func (s *Store) check(create bool) error {
	if create {
		return nil
	}
	pages, err := one(s, scanInt, "PRAGMA page_count")
	if err != nil {
		return err
	}
	if pages == 0 {
		return errUnsound
	}
	if pages > checkPages {
		_, err := one(s, scanInt, "SELECT count(*) FROM sqlite_schema")
		return err
	}
	verdict, err := one(s, scanText, "PRAGMA quick_check(1)")
	if err == nil && verdict != "ok" {
		err = errUnsound
	}
	return err
}

func scanText(r *sql.Rows) (v string, err error) { err = r.Scan(&v); return v, err }
func scanInt(r *sql.Rows) (v int64, err error)   { err = r.Scan(&v); return v, err }
func scanBytes(r *sql.Rows) (v []byte, err error) {
	err = r.Scan(&v)
	return v, err
}
