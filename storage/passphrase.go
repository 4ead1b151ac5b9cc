package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tacit/app"
	"tacit/storage/durable"
	"tacit/storage/vault"
)

// dir is the folder of the profile.
func (s *Store) dir() string { return filepath.Dir(s.lock.Name()) }

// CheckPassphrase returns app.ErrPassphrase unless passphrase is that of the open
// profile. It takes as long as opening it.
func (s *Store) CheckPassphrase(ctx context.Context, passphrase string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := vault.Open(filepath.Join(s.dir(), vaultFile), passphrase)
	return convertOpen(err, nil)
}

// ChangePassphrase gives the open profile another passphrase. The data key stays, so a
// copy of the folder made before still opens with the old one. It must have returned
// before Close is called.
func (s *Store) ChangePassphrase(ctx context.Context, old, passphrase string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return convertOpen(vault.ChangePassphrase(filepath.Join(s.dir(), vaultFile), old, passphrase, vault.DefaultCost), nil)
}

// Erase removes the profile in dir for good. The profile must be closed, and passphrase
// its own; errors are those of Open. The wrapped key is overwritten and gone before
// anything else is touched: from then on nobody can read the rest, whether or not the disk
// keeps old blocks. Files that are not the profile's stay, and the folder with them.
func Erase(ctx context.Context, dir, passphrase string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !Exists(dir) {
		return app.ErrNotFound
	}
	path := filepath.Join(dir, vaultFile)
	lock, err := durable.Lock(filepath.Join(dir, lockFile))
	if err != nil {
		return convertOpen(err, nil)
	}
	if _, err := vault.Open(path, passphrase); err != nil {
		return errors.Join(convertOpen(err, nil), lock.Close())
	}
	err = eraseKey(path)
	if err == nil {
		err = removeFiles(dir)
	}
	if err = errors.Join(err, lock.Close()); err != nil {
		return convertOpen(err, nil)
	}
	if err := os.Remove(lock.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return convertOpen(err, nil)
	}
	_ = os.Remove(dir) // only if nothing else lies in it
	return nil
}

// eraseKey overwrites the vault in its place and removes it, durably.
func eraseKey(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		noise := make([]byte, info.Size())
		rand.Read(noise)
		_, err = f.WriteAt(noise, 0)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(path))
}

// removeFiles removes what a profile without its vault consists of.
func removeFiles(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		base, _, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".new"), "-") // store-wal, vault.new
		switch base {
		case vaultFile, storeFile, unlocksFile, filesFile:
			if e.Type().IsRegular() {
				err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
			}
		}
	}
	return err
}
