package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"tacit/app"
	"tacit/storage/durable"
	"tacit/storage/vault"
)

// convertOpen turns what went wrong while a profile was created, opened or closed into
// an error of app, keeping it as the cause. disk is what the disk said meanwhile, or nil.
func convertOpen(err, disk error) error {
	var e sqlite3.Error
	var meant error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, vault.ErrPassphrase):
		meant = app.ErrPassphrase
	case errors.Is(err, vault.ErrDamaged), errors.Is(err, vault.ErrForeign), errors.Is(err, vault.ErrCost), errors.Is(err, errUnsound):
		meant = app.ErrDamaged
	case errors.Is(err, durable.ErrLocked):
		meant = app.ErrInUse
	case errors.As(err, &e):
		if e.Code == sqlite3.ErrCantOpen && errors.Is(disk, fs.ErrNotExist) {
			meant = app.ErrDamaged // a vault without its database
			break
		}
		return convert(err, disk)
	default:
		meant = diskMeaning(err)
	}
	if meant == nil {
		return fmt.Errorf("storage: %w", err)
	}
	return fmt.Errorf("storage: %w: %w", meant, err)
}

// convert turns an error of SQLite into one of app, keeping it as the cause. Any other
// error, such as one of a transaction's function, is returned as it is.
func convert(err, disk error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	if meant := sqliteMeaning(e, disk); meant != nil {
		err = fmt.Errorf("%w: %w", meant, err)
	}
	if disk != nil {
		err = fmt.Errorf("%w: %w", err, disk)
	}
	return fmt.Errorf("storage: %w", err)
}

// sqliteMeaning returns the error of app that e stands for, nil where there is none.
// The disk knows better than SQLite why it could not write.
func sqliteMeaning(e sqlite3.Error, disk error) error {
	switch e.Code {
	case sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrFull, sqlite3.ErrReadonly:
		if meant := diskMeaning(disk); meant != nil {
			return meant
		}
	}
	switch {
	case e.Code == sqlite3.ErrCorrupt, e.Code == sqlite3.ErrNotADB, e.ExtendedCode == sqlite3.ErrIoErrShortRead:
		return app.ErrDamaged
	case e.Code == sqlite3.ErrFull:
		return app.ErrDiskFull
	case e.Code == sqlite3.ErrReadonly:
		return app.ErrDiskReadOnly
	case e.ExtendedCode == sqlite3.ErrConstraintForeignKey:
		return app.ErrNotFound
	}
	return nil
}

// diskMeaning returns the error of app that an error of the system stands for, nil where there is none.
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
