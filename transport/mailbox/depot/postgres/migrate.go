package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"tacit/transport/mailbox/depot"
)

// migrations are applied in order of their names; the table tacit_schema counts them. One
// that was released is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to date in one transaction. Front ends that start together do it one by one.
func migrate(ctx context.Context, conn *pgx.Conn) error {
	return migrateFrom(ctx, conn, migrations)
}

func migrateFrom(ctx context.Context, conn *pgx.Conn, steps fs.FS) error {
	names, err := fs.Glob(steps, "migrations/*.sql")
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockMigrate)); err != nil {
			return err
		}
		const table = `CREATE TABLE IF NOT EXISTS tacit_schema (one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL);
			INSERT INTO tacit_schema (version) VALUES (0) ON CONFLICT DO NOTHING`
		if err := script(ctx, tx, table); err != nil {
			return err
		}
		var version int
		if err := tx.QueryRow(ctx, "SELECT version FROM tacit_schema").Scan(&version); err != nil {
			return err
		}
		if version > len(names) {
			return fmt.Errorf("depot: schema %d, known %d: %w", version, len(names), depot.ErrNewer)
		}
		for _, name := range names[version:] {
			step, err := fs.ReadFile(steps, name)
			if err != nil {
				return err
			}
			if err := script(ctx, tx, string(step)); err != nil {
				return fmt.Errorf("depot: %s: %w", name, err)
			}
		}
		_, err := tx.Exec(ctx, "UPDATE tacit_schema SET version = $1", len(names))
		return err
	})
}

// script executes several statements without parameters.
func script(ctx context.Context, tx pgx.Tx, text string) error {
	_, err := tx.Conn().PgConn().Exec(ctx, text).ReadAll()
	return err
}
