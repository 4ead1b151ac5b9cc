package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestWriteNew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	write := func(text string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}
	}
	want := func(text string) {
		t.Helper()
		b, err := os.ReadFile(path)
		entries, _ := os.ReadDir(dir)
		if err != nil || string(b) != text || len(entries) != 1 {
			t.Errorf("%q of %d files, %v", b, len(entries), err)
		}
	}
	if err := WriteNew(path, false, write("one")); err != nil {
		t.Fatal(err)
	}
	want("one")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := WriteNew(path, false, write("two")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
	want("one")
	broken := errors.New("broken")
	if err := WriteNew(path, true, func(w io.Writer) error { return errors.Join(write("half")(w), broken) }); !errors.Is(err, broken) {
		t.Errorf("broken off: %v", err)
	}
	want("one")
	if err := WriteNew(path, true, write("two")); err != nil {
		t.Fatal(err)
	}
	want("two")
	late := filepath.Join(dir, "late")
	err := WriteNew(late, false, func(io.Writer) error { return os.WriteFile(late, []byte("first"), 0o600) })
	if b, _ := os.ReadFile(late); !errors.Is(err, fs.ErrExist) || string(b) != "first" {
		t.Errorf("somebody came first: %v, %q", err, b)
	}
	if err := errors.Join(os.Remove(late), os.Symlink(path, late)); err != nil {
		t.Fatal(err)
	}
	if err := WriteNew(late, true, write("x")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over what is no file of its own: %v", err)
	}
}
