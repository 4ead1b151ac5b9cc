package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

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

func TestParse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	o, err := parse([]string{"--profile", dir, "--listen", "loopback", "--size", "900x700", "--title", "Amina", "--name", "A", "--trace-start"})
	if err != nil {
		t.Fatal(err)
	}
	if o.profile != dir || o.listen != profile.Loopback || o.window.Size != fyne.NewSize(900, 700) || o.window.Title != "Amina" || !o.traceStart {
		t.Errorf("options %+v", o)
	}
	if o, err := parse(nil); err != nil || o.listen != profile.LAN || filepath.Base(o.profile) != "tacit" {
		t.Errorf("options %+v, %v", o, err)
	}
}
