package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedProfiles: a file that is not what was written is refused in words, as it is.
func TestDamagedProfiles(t *testing.T) {
	w := newWorld(t)
	w.init("Amina")
	w.init("Claire")
	for what, damage := range map[string]func([]byte) []byte{
		"truncated":   func(b []byte) []byte { return b[:len(b)/2] },
		"bit-flipped": func(b []byte) []byte { b[9*4096+4000] ^= 1; return b },
		"foreign":     func([]byte) []byte { return []byte(w.files("Claire")["store"]) },
	} {
		if err := os.CopyFS(w.path(what), os.DirFS(w.path("Amina"))); err != nil {
			t.Fatal(err)
		}
		store := filepath.Join(w.path(what), "store")
		b, err := os.ReadFile(store)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(store, damage(b), 0o600); err != nil {
			t.Fatal(err)
		}
		before := w.files(what)
		said := w.fails("run", "--profile", w.path(what), "--passphrase-file", w.path("pass"), "--listen", "loopback")
		if !strings.Contains(said, "damaged. Tacit has not changed it") {
			t.Errorf("%s: said %q", what, said)
		}
		if !maps.Equal(before, w.files(what)) {
			t.Errorf("%s: the files were changed", what)
		}
	}
}

// files returns the content of every file of a profile.
func (w *world) files(name string) map[string]string {
	w.t.Helper()
	entries, err := os.ReadDir(w.path(name))
	if err != nil {
		w.t.Fatal(err)
	}
	all := make(map[string]string)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(w.path(name), e.Name()))
		if err != nil {
			w.t.Fatal(err)
		}
		all[e.Name()] = string(b)
	}
	return all
}

// TestHiddenCharactersInANewName: what nobody sees does not become part of a name.
func TestHiddenCharactersInANewName(t *testing.T) {
	w := newWorld(t)
	w.init("Ami\u202ena\x07")
	var own struct{ Name string }
	w.call(w.start("Ami\u202ena\x07"), "profile.get", nil, &own)
	if own.Name != "Amina" {
		t.Errorf("the profile is called %q", own.Name)
	}
}
