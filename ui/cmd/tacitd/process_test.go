package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// childEnv makes the test binary run as tacitd, so that the processes under test
// carry the race detector too.
const childEnv = "TACITD_TEST_CHILD"

func TestMain(m *testing.M) {
	fuzzing := slices.Contains(os.Args, "-test.fuzzworker") // a child of the tests too, with their environment
	if os.Getenv(childEnv) == "1" && !fuzzing {
		main()
		os.Exit(0)
	}
	os.Setenv(childEnv, "1")
	var err error
	if made, err = os.MkdirTemp("", "tacitd-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(made)
	os.Exit(code)
}

// made holds a new profile of each name. Making one takes most of a second, so a test
// begins with a copy.
var made string

// patience bounds each test: real processes, with the race detector, on a busy machine.
const patience = 2 * time.Minute

type world struct {
	t   *testing.T
	ctx context.Context
	dir string
	exe string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	w := &world{t: t, ctx: ctx, dir: t.TempDir(), exe: exe}
	w.write("pass", "correct horse battery staple\n")
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// init gives the world a new profile of that name.
func (w *world) init(name string) {
	w.t.Helper()
	from := filepath.Join(made, name)
	if _, err := os.Stat(from); err != nil {
		if err := drive.Init(w.ctx, os.Stderr, w.exe, from, name, w.path("pass")); err != nil {
			w.t.Fatalf("init: %v", err)
		}
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.MkdirAll(w.path(name), 0o700); err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			w.t.Fatal(err)
		}
		w.write(filepath.Join(name, e.Name()), string(content))
	}
}

func (w *world) start(name string) *drive.Process {
	w.t.Helper()
	p, err := drive.Start(w.t.Output(), w.exe, "run", "--profile", w.path(name),
		"--passphrase-file", w.path("pass"), "--listen", "loopback")
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(p.Kill)
	return p
}

// fails runs tacitd, expects it to refuse, and returns what it said.
func (w *world) fails(args ...string) string {
	w.t.Helper()
	cmd := exec.CommandContext(w.ctx, w.exe, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err == nil {
		w.t.Fatalf("tacitd %s succeeded", args[0])
	}
	return said.String()
}

// pair makes and pairs two profiles.
func (w *world) pair(a, b string) (pa, pb *drive.Process, m drive.Meeting) {
	w.t.Helper()
	w.init(a)
	w.init(b)
	pa, pb = w.start(a), w.start(b)
	m, err := drive.Pair(w.ctx, pa, pb, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return pa, pb, m
}

func (w *world) send(p *drive.Process, contact, text string) string {
	w.t.Helper()
	id, err := p.Send(w.ctx, contact, text)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) awaitText(p *drive.Process, text string) {
	w.t.Helper()
	_, err := p.Await(w.ctx, "a message", func(e drive.Event) bool {
		return e.Type() == "message.received" && e.Text("text") == text
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) awaitState(p *drive.Process, id, state string) {
	w.t.Helper()
	_, err := p.Await(w.ctx, "state "+state, func(e drive.Event) bool {
		return e.Type() == "message.state" && e.Text("message") == id && e.Text("state") == state
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// texts returns a whole chat, oldest first.
func (w *world) texts(p *drive.Process, contact string) []string {
	w.t.Helper()
	var all []string
	before := "0"
	for {
		var r struct{ Messages []struct{ ID, Text string } }
		if err := p.Call(w.ctx, "message.list", map[string]any{"contact": contact, "before": before, "limit": 100}, &r); err != nil {
			w.t.Fatal(err)
		}
		if len(r.Messages) == 0 {
			break
		}
		for _, m := range r.Messages {
			all = append(all, m.Text)
			before = m.ID
		}
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

func (w *world) shutdown(p *drive.Process) {
	w.t.Helper()
	if err := p.Shutdown(w.ctx); err != nil {
		w.t.Fatalf("shutdown: %v", err)
	}
}
