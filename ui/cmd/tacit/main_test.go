package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tacit/ui/cmd/internal/build"
	"tacit/ui/cmd/internal/profile"
)

// TestMain lets the test binary be the program itself, for what only a process shows.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

func runMain(t *testing.T, env []string, args ...string) (output string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append([]string{"RUN_MAIN=1", "HOME=" + t.TempDir(), "LANG=C"}, env...)
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("it ran: %s", out)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"--nonsense"}, {"--listen", "everywhere"}, {"--size", "big"}, {"extra"}, {"--profile", ""}} {
		out, code := runMain(t, nil, args...)
		if code != 2 || !strings.Contains(out, "--profile DIR") {
			t.Errorf("%v: exit %d, %q", args, code, out)
		}
	}
}

// TestVersion: it is printed where there is no display, too.
func TestVersion(t *testing.T) {
	cmd := exec.Command(os.Args[0], "--version")
	cmd.Env = []string{"RUN_MAIN=1", "HOME=" + t.TempDir()}
	out, err := cmd.Output()
	if want := build.This().Line("tacit") + "\n"; err != nil || string(out) != want {
		t.Errorf("%q, %v; want %q", out, err, want)
	}
}

func TestParse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	o, err := parse([]string{"--profile", dir, "--listen", "loopback", "--size", "900x700", "--title", "Amina", "--name", "A", "--trace-start"})
	if err != nil {
		t.Fatal(err)
	}
	if !o.single || o.profile != dir || o.listen != profile.Loopback || o.window.Size != fyne.NewSize(900, 700) || o.window.Title != "Amina" || !o.traceStart {
		t.Errorf("options %+v", o)
	}
	if o, err := parse(nil); err != nil || o.single || o.listen != profile.LAN || filepath.Base(o.profile) != "tacit" {
		t.Errorf("options %+v, %v", o, err)
	}
}

// TestNamedFolder: what is opened by --profile is that one profile, whatever lies in its
// folder beside it.
func TestNamedFolder(t *testing.T) {
	root := t.TempDir()
	all := roster{profile.NewRoster(root), false, profile.Loopback}
	const passphrase = "grumbly tulip anchor marble winter pine"
	for n := 1; n <= 2; n++ {
		if err := profile.Create(t.Context(), all.of.Dir(n), "Amina", passphrase); err != nil {
			t.Fatal(err)
		}
	}
	if got := all.List(); len(got) != 2 {
		t.Errorf("listed %v", got)
	}
	if n, ok := all.Next(); n != 3 || !ok {
		t.Errorf("next %d, %t", n, ok)
	}
	named := roster{profile.NewRoster(root), true, profile.Loopback}
	if got := named.List(); len(got) != 1 || got[0].Number != 1 {
		t.Errorf("listed %v", got)
	}
	if n, ok := named.Next(); ok {
		t.Errorf("another one, %d, can be made", n)
	}
	if first, err := size(all.of.Dir(1)); err != nil || first < 10_000 {
		t.Errorf("the first takes %d, %v", first, err)
	}
	r, err := named.Open(t.Context(), 1, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if r.Folder != root {
		t.Errorf("folder %s", r.Folder)
	}
	if err := r.CheckPassphrase(t.Context(), passphrase); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
