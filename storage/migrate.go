package storage

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
)

// migrations are applied in order of their names; user_version counts them. One that
// was released is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date, one transaction for each step.
func (s *Store) migrate() error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	version, err := one(s, scanInt, "PRAGMA user_version")
	if err != nil {
		return err
	}
	if version > int64(len(names)) {
		return fmt.Errorf("storage: the profile is of a newer version (schema %d, known %d)", version, len(names))
	}
	for i := version; i < int64(len(names)); i++ {
		step, err := migrations.ReadFile(names[i])
		if err != nil {
			return err
		}
		script := "BEGIN IMMEDIATE;\n" + string(step) + "\nPRAGMA user_version = " + strconv.FormatInt(i+1, 10) + ";\nCOMMIT;"
		if _, err := s.conn.ExecContext(context.Background(), script); err != nil {
			s.rollback()
			return fmt.Errorf("storage: %s: %w", names[i], err)
		}
	}
	return nil
}
