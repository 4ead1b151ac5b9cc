package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tacit/app"
	"tacit/storage"
)

func TestPassphraseOfAnOpenProfile(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, err := cheap.Create(ctx, dir, "the first")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckPassphrase(ctx, "the first"); err != nil {
		t.Errorf("its own: %v", err)
	}
	if err := s.CheckPassphrase(ctx, "another"); !errors.Is(err, app.ErrPassphrase) {
		t.Errorf("another: %v", err)
	}
	if err := s.ChangePassphrase(ctx, "another", "the second"); !errors.Is(err, app.ErrPassphrase) {
		t.Errorf("changed with another: %v", err)
	}
	if err := s.ChangePassphrase(ctx, "the first", "the second"); err != nil {
		t.Fatal(err)
	}
	if err := s.CheckPassphrase(ctx, "the first"); !errors.Is(err, app.ErrPassphrase) {
		t.Errorf("the old one still opens it: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = storage.Open(ctx, dir, "the second")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestErase(t *testing.T) {
	ctx := t.Context()
	dir := filepath.Join(t.TempDir(), "profile")
	s, err := cheap.Create(ctx, dir, "passphrase")
	if err != nil {
		t.Fatal(err)
	}
	if err := storage.Erase(ctx, dir, "passphrase"); !errors.Is(err, app.ErrInUse) {
		t.Errorf("erased while it was open: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	vault := filepath.Join(dir, "vault")
	kept := filepath.Join(t.TempDir(), "kept") // what a disk keeps of a file that is only removed
	if err := os.Link(vault, kept); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if err := storage.Erase(ctx, dir, "another"); !errors.Is(err, app.ErrPassphrase) || !storage.Exists(dir) {
		t.Fatalf("erased with another passphrase: %v", err)
	}
	if err := storage.Erase(ctx, dir, "passphrase"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		entries, _ := os.ReadDir(dir)
		t.Errorf("the folder is still there, with %v", entries)
	}
	if after, err := os.ReadFile(kept); err != nil || string(after) == string(before) {
		t.Errorf("the wrapped key was not overwritten: %v", err)
	}
	if err := storage.Erase(ctx, dir, "passphrase"); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("erased twice: %v", err)
	}
}

func TestEraseLeavesWhatIsNotTheProfiles(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, err := cheap.Create(ctx, dir, "passphrase")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"letter.txt", "store of wine.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := storage.Erase(ctx, dir, "passphrase"); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left %v, %v", entries, err)
	}
}
