package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"tacit/app"
	"tacit/storage/vault"
)

// convert turns an error of SQLite, the vault or the system into one of app's, keeping
// it as the cause. disk is what the disk said meanwhile, or nil.
func convert(err, disk error) error {
	if err == nil {
		return nil
	}
	if meant := meaning(err, disk); meant != nil {
		return fmt.Errorf("storage: %w: %w", meant, err)
	}
	if disk != nil {
		return fmt.Errorf("%w: %w", err, disk)
	}
	return err
}

// meaning returns the error of app that err stands for, nil where there is none.
func meaning(err, disk error) error {
	switch {
	case errors.Is(err, vault.ErrPassphrase):
		return app.ErrPassphrase
	case errors.Is(err, vault.ErrDamaged), errors.Is(err, vault.ErrForeign), errors.Is(err, vault.ErrCost), errors.Is(err, errUnsound):
		return app.ErrDamaged
	case errors.Is(err, errLocked):
		return app.ErrInUse
	}
	for _, cause := range []error{disk, err} {
		if meant := diskMeaning(cause); meant != nil {
			return meant
		}
	}
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return nil
	}
	return sqliteMeaning(e, disk)
}

func diskMeaning(err error) error {
	for _, full := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return app.ErrDiskFull
		}
	}
	if errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) {
		return app.ErrDiskReadOnly
	}
	return nil
}

func sqliteMeaning(e sqlite3.Error, disk error) error {
	switch e.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return app.ErrDamaged
	case sqlite3.ErrFull:
		return app.ErrDiskFull
	case sqlite3.ErrReadonly:
		return app.ErrDiskReadOnly
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return app.ErrInUse
	case sqlite3.ErrIoErr:
		if e.ExtendedCode == sqlite3.ErrIoErrShortRead {
			return app.ErrDamaged
		}
	case sqlite3.ErrCantOpen:
		if errors.Is(disk, fs.ErrNotExist) {
			return app.ErrDamaged // a vault without its database
		}
	case sqlite3.ErrConstraint:
		if e.ExtendedCode == sqlite3.ErrConstraintForeignKey {
			return app.ErrNotFound
		}
	}
	return nil
}
