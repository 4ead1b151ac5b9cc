package files

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func at(t *testing.T) (dir string, run Run) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"b.png", "A.JPG", "notes.txt", ".hidden.png"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "trip"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir, func(w func(context.Context) func()) { w(t.Context())() }
}

func TestOpen(t *testing.T) {
	dir, run := at(t)
	c := NewOpen(dir, run)
	chosen := ""
	c.OnChosen = func(path string) { chosen = path }
	c.Start()
	if want := []Entry{{"trip", true}, {"A.JPG", false}, {"b.png", false}}; !slices.Equal(c.Entries, want) {
		t.Fatalf("entries %v", c.Entries)
	}
	c.Pick(c.Entries[0])
	if c.Dir != filepath.Join(dir, "trip") || len(c.Entries) != 0 {
		t.Fatalf("folder %q with %v", c.Dir, c.Entries)
	}
	c.Up()
	if c.Dir != dir {
		t.Fatalf("folder %q", c.Dir)
	}
	c.Type("missing.png")
	c.Submit()
	if !errors.Is(c.Err, ErrUnreadable) || chosen != "" {
		t.Fatalf("error %v, chosen %q", c.Err, chosen)
	}
	c.Type("file://" + filepath.Join(dir, "b.png"))
	c.Submit()
	if chosen != filepath.Join(dir, "b.png") {
		t.Errorf("chosen %q", chosen)
	}
	chosen = ""
	c.Submit()
	if chosen != "" {
		t.Error("chosen twice")
	}
}

func TestSave(t *testing.T) {
	dir, run := at(t)
	c := NewSave(dir, "b.png", run)
	chosen := ""
	c.OnChosen = func(path string) { chosen = path }
	c.Start()
	if want := []Entry{{"trip", true}}; !slices.Equal(c.Entries, want) {
		t.Fatalf("entries %v", c.Entries)
	}
	c.Submit()
	if !errors.Is(c.Err, ErrExists) || chosen != "" {
		t.Fatalf("error %v, chosen %q", c.Err, chosen)
	}
	c.Pick(c.Entries[0])
	c.Submit()
	if chosen != filepath.Join(dir, "trip", "b.png") {
		t.Errorf("chosen %q", chosen)
	}
}

func TestUnreadableFolder(t *testing.T) {
	dir, run := at(t)
	c := NewOpen(filepath.Join(dir, "gone"), run)
	c.Start()
	if !errors.Is(c.Err, ErrUnreadable) {
		t.Errorf("error %v", c.Err)
	}
}

func TestOpenAny(t *testing.T) {
	dir, run := at(t)
	c := NewOpenAny(dir, run)
	c.Start()
	if want := []Entry{{"trip", true}, {"A.JPG", false}, {"b.png", false}, {"notes.txt", false}}; !slices.Equal(c.Entries, want) {
		t.Errorf("entries %v", c.Entries)
	}
}
