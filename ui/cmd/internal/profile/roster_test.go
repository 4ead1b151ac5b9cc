package profile

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tacit/app"
)

func TestRoster(t *testing.T) {
	ctx, root := t.Context(), filepath.Join(t.TempDir(), "tacit")
	r := NewRoster(root)
	if got := r.List(); len(got) != 0 || r.Next() != 1 {
		t.Fatalf("nothing there, and %v, next %d", got, r.Next())
	}
	for n := 1; n <= 3; n++ {
		if got := r.Next(); got != n {
			t.Fatalf("next %d, want %d", got, n)
		}
		if err := Create(ctx, r.Dir(n), "Amina", passphrase); err != nil {
			t.Fatal(err)
		}
	}
	if r.Dir(1) != root {
		t.Errorf("the first lies in %s", r.Dir(1))
	}
	if err := r.SetLabel(2, "  Bureau\n de\u202e Tunis "); err != nil {
		t.Fatal(err)
	}
	want := []Entry{{1, ""}, {2, "Bureau de Tunis"}, {3, ""}}
	if got := r.List(); !reflect.DeepEqual(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	if err := r.Remove(ctx, 2, "not the passphrase"); !errors.Is(err, app.ErrPassphrase) {
		t.Errorf("removed with another passphrase: %v", err)
	}
	if err := r.Remove(ctx, 2, passphrase); err != nil {
		t.Fatal(err)
	}
	if got := r.List(); !reflect.DeepEqual(got, []Entry{{1, ""}, {3, ""}}) || r.Next() != 2 {
		t.Errorf("listed %v, next %d", got, r.Next())
	}
	if _, err := os.Stat(r.Dir(2)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its folder: %v", err)
	}
	// The first one goes as well, and the others stay.
	if err := r.Remove(ctx, 1, passphrase); err != nil {
		t.Fatal(err)
	}
	if got := r.List(); !reflect.DeepEqual(got, []Entry{{3, ""}}) || r.Next() != 1 {
		t.Errorf("listed %v, next %d", got, r.Next())
	}
}

func TestLabels(t *testing.T) {
	r := NewRoster(t.TempDir())
	if err := r.SetLabel(1, "\u202e"); !errors.Is(err, app.ErrNameEmpty) {
		t.Errorf("nothing but hidden characters: %v", err)
	}
	if err := r.SetLabel(1, strings.Repeat("x", 300)); !errors.Is(err, app.ErrNameTooLong) {
		t.Errorf("too long: %v", err)
	}
	if err := r.SetLabel(1, "Travail"); err != nil || r.label(1) != "Travail" {
		t.Errorf("label %q, %v", r.label(1), err)
	}
	if err := r.SetLabel(1, ""); err != nil || r.label(1) != "" {
		t.Errorf("label %q, %v", r.label(1), err)
	}
	// What somebody else wrote there is shown only if it can be a label.
	for _, strange := range []string{"\xff\xfe", strings.Repeat("a ", 1000), "\u202e", "a\x00b" + strings.Repeat("c", 100)} {
		if err := os.WriteFile(filepath.Join(r.Dir(1), labelFile), []byte(strange), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := r.label(1); got != "" {
			t.Errorf("%.20q became %q", strange, got)
		}
	}
}

// TestForeignFolders: what lies beside the profiles and is none is not taken for one.
func TestForeignFolders(t *testing.T) {
	r := NewRoster(t.TempDir())
	for _, name := range []string{"1", "02", "-3", "x", "2"} {
		if err := os.MkdirAll(filepath.Join(r.root, profilesDir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.List(); len(got) != 0 {
		t.Errorf("listed %v", got)
	}
}

func TestLanguageOfTheWindow(t *testing.T) {
	r := NewRoster(filepath.Join(t.TempDir(), "not there yet"))
	if got := r.Language(); got != "" {
		t.Errorf("nobody chose %q", got)
	}
	if err := r.SetLanguage(""); err != nil {
		t.Error(err)
	}
	if err := os.Mkdir(r.root, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"fr", "ar", ""} {
		if err := r.SetLanguage(tag); err != nil || r.Language() != tag {
			t.Errorf("%q is kept as %q, %v", tag, r.Language(), err)
		}
	}
	if left, err := os.ReadDir(r.root); err != nil || len(left) > 0 {
		t.Errorf("a forgotten language leaves %v, %v", left, err)
	}
	if err := os.WriteFile(filepath.Join(r.root, languageFile), make([]byte, 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := r.Language(); got != "" {
		t.Errorf("a strange file gives %q", got)
	}
}
