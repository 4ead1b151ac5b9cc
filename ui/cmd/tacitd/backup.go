package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"tacit/app"
	"tacit/storage"
	"tacit/storage/backup"
	"tacit/storage/durable"
	"tacit/storage/vault"
	"tacit/ui/cmd/internal/profile"
)

var (
	errFileExists = errors.New("a file of that name exists already")
	errNotWritten = errors.New("the file cannot be written")
	errNoFile     = errors.New("the file cannot be read")
)

// backupProfile writes the profile into a new file. The profile must be closed.
func backupProfile(ctx context.Context, args []string) error {
	flags := newFlags("backup")
	dir := flags.String("profile", "", "")
	to := flags.String("to", "", "")
	history := flags.Bool("history", false, "")
	replace := flags.Bool("replace", false, "")
	passFile := flags.String("passphrase-file", "", "")
	backupPassFile := flags.String("backup-passphrase-file", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *dir == "" || *to == "" {
		return errUsage
	}
	if !profile.Exists(*dir) {
		return errNoProfile
	}
	if _, err := os.Lstat(*to); err == nil && !*replace {
		return errFileExists // before anything is asked for
	}
	pass, err := passphrase(*passFile, ofProfile, false)
	if err != nil {
		return err
	}
	backupPass, err := passphrase(*backupPassFile, ofBackup, true)
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, *dir, pass)
	if err != nil {
		return err
	}
	err = durable.WriteNew(*to, *replace, func(w io.Writer) error {
		return writeBackup(ctx, store, w, backupPass, *history)
	})
	return errors.Join(fileError(err), store.Close())
}

// fileError says of what went wrong with the backup's file that it was that.
func fileError(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w: %w", errFileExists, err)
	case errors.As(err, &path) && app.Code(err) == "internal":
		return fmt.Errorf("%w: %w", errNotWritten, err)
	}
	return err
}

func writeBackup(ctx context.Context, store *storage.Store, w io.Writer, pass string, history bool) error {
	b, err := backup.NewWriter(w, pass, vault.DefaultCost)
	if err != nil {
		return err
	}
	if err := store.Backup(ctx, b, history); err != nil {
		return err
	}
	return b.Close()
}

// restoreProfile makes a profile of a backup. What it needs from its contacts happens when
// it is first run.
func restoreProfile(ctx context.Context, args []string) error {
	flags := newFlags("restore")
	from := flags.String("from", "", "")
	dir := flags.String("profile", "", "")
	passFile := flags.String("passphrase-file", "", "")
	backupPassFile := flags.String("backup-passphrase-file", "", "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *dir == "" || *from == "" {
		return errUsage
	}
	if profile.Exists(*dir) {
		return errProfileExists
	}
	f, err := os.Open(*from)
	if err != nil {
		return fmt.Errorf("%w: %w", errNoFile, err)
	}
	defer f.Close()
	backupPass, err := passphrase(*backupPassFile, ofBackup, false)
	if err != nil {
		return err
	}
	r, err := backup.NewReader(bufio.NewReader(f), backupPass)
	if err != nil {
		return err
	}
	pass, err := passphrase(*passFile, ofProfile, true)
	if err != nil {
		return err
	}
	return storage.Options{}.Restore(ctx, *dir, pass, r)
}
