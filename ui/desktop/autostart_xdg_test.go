//go:build !windows && !darwin

package desktop

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tacit/app"
)

func TestAutostart(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	a := NewAutostart("/opt/a b/tacit", "--minimised", "--profile", `/home/x/50% "$p`)
	if a.On() {
		t.Fatal("on before it was chosen")
	}
	if err := a.Set(true); err != nil || !a.On() {
		t.Fatalf("on: %t, %v", a.On(), err)
	}
	path := filepath.Join(home, "autostart", "tacit.desktop")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const want = `Exec="/opt/a b/tacit" "--minimised" "--profile" "/home/x/50%% \\"\\$p"`
	if !strings.Contains(string(b), "\n"+want+"\n") || !strings.HasPrefix(string(b), "[Desktop Entry]\nType=Application\n") {
		t.Errorf("the entry reads\n%s", b)
	}
	for _, other := range []*Autostart{NewAutostart("/usr/bin/tacit", "--minimised"), NewAutostart("/opt/a b/tacit")} {
		if other.On() {
			t.Error("the entry of another program counts")
		}
	}
	for _, off := range []string{"Hidden=true\n", "X-GNOME-Autostart-enabled=false\n"} { // by the settings of a desktop
		if err := os.WriteFile(path, append(b, off...), 0o600); err != nil {
			t.Fatal(err)
		}
		if a.On() {
			t.Errorf("on with %q", off)
		}
	}
	for range 2 {
		if err := a.Set(false); err != nil || a.On() {
			t.Errorf("off: %t, %v", !a.On(), err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAutostartThatCannotBeKept: a place that cannot be written to is said.
func TestAutostartThatCannotBeKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", file)
	a := NewAutostart("/usr/bin/tacit")
	if err := a.Set(true); !errors.Is(err, app.ErrDiskReadOnly) || a.On() {
		t.Errorf("%v, on: %t", err, a.On())
	}
	t.Setenv("XDG_CONFIG_HOME", "not/absolute")
	if NewAutostart("/usr/bin/tacit") != nil {
		t.Error("there is a place that the system does not look at")
	}
}
