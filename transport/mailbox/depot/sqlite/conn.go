package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mattn/go-sqlite3"

	"tacit/transport/mailbox/depot"
)

const driver = "sqlite3"

func dsn(path string, settings ...string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: strings.Join(settings, "&")}
	return u.String()
}

// writerDSN opens the connection that writes. What is deleted is overwritten: see decision 181.
func writerDSN(path string) string {
	return dsn(path, "mode=rw", "_journal_mode=WAL", "_synchronous=FULL", "_secure_delete=ON", "_txlock=immediate",
		fmt.Sprintf("_busy_timeout=%d", busyTimeout.Milliseconds()), fmt.Sprintf("_cache_size=-%d", writerCacheKiB))
}

// readerDSN opens connections that only read.
func readerDSN(path string) string {
	return dsn(path, "mode=rw", "_query_only=on", "_txlock=deferred",
		fmt.Sprintf("_busy_timeout=%d", busyTimeout.Milliseconds()), fmt.Sprintf("_cache_size=-%d", readerCacheKiB))
}

// check reads enough of the database to know that it is one and durable, and all of a small one.
func check(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("depot: the journal mode is %q, not wal", mode)
	}
	for _, pragma := range []string{
		fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", checkpointPages),
		fmt.Sprintf("PRAGMA journal_size_limit = %d", logLimit),
		"PRAGMA temp_store = MEMORY",
	} {
		if _, err := db.ExecContext(ctx, pragma); err != nil {
			return err
		}
	}
	var pages int64
	if err := db.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil || pages > checkPages {
		return err
	}
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return depot.ErrDamaged
	}
	return nil
}

// translate says in the port's errors what SQLite's mean.
func translate(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return fmt.Errorf("depot: %w", depot.ErrFull)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fmt.Errorf("depot: %w (%w)", depot.ErrDamaged, err)
	}
	return fmt.Errorf("depot: %w", err)
}
