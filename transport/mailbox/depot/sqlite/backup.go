package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes what the depot has at one instant into a new file, which is a database of
// its own; deposits go on meanwhile. A file of that name is not replaced. The directory that
// Open takes has it as fileName.
func (d *Depot) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("depot: back up: %w", errors.Join(os.ErrExist, err))
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("depot: back up: %w", err)
	}
	if err := d.vacuum(ctx, part); err != nil {
		return errors.Join(translate(err), os.RemoveAll(part))
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("depot: back up: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("depot: back up: %w", err)
	}
	if err := syncFile(filepath.Dir(path)); err != nil {
		return fmt.Errorf("depot: back up: %w", err)
	}
	return nil
}

// vacuum writes the database without gaps, from a connection that reads.
func (d *Depot) vacuum(ctx context.Context, path string) error {
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var only int
	if err := conn.QueryRowContext(ctx, "PRAGMA query_only").Scan(&only); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only = OFF"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "VACUUM INTO ?", path)
	_, again := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA query_only = %d", only))
	return errors.Join(err, again)
}

// syncFile has what was written to a file or directory on the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
