package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"tacit/transport/mailbox/depot"
)

// migrations are applied in order of their names; user_version counts them. One that
// was released is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date, one transaction for each step.
func migrate(ctx context.Context, db *sql.DB) error {
	return migrateFrom(ctx, db, migrations)
}

func migrateFrom(ctx context.Context, db *sql.DB, steps fs.FS) error {
	names, err := fs.Glob(steps, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(names) {
		return fmt.Errorf("depot: schema %d, known %d: %w", version, len(names), depot.ErrNewer)
	}
	for i := version; i < len(names); i++ {
		step, err := fs.ReadFile(steps, names[i])
		if err != nil {
			return err
		}
		if err := apply(ctx, db, string(step), i+1); err != nil {
			return fmt.Errorf("depot: %s: %w", names[i], err)
		}
	}
	return nil
}

func apply(ctx context.Context, db *sql.DB, step string, version int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, step+fmt.Sprintf("\nPRAGMA user_version = %d;", version)); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
