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
	// Its pages keep no gaps of what was deleted.
	if _, err := d.read.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
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

// syncFile has what was written to a file or directory on the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
