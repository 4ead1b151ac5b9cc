// Demo shows Tacit at work on one machine: two fresh profiles, paired by the real
// protocol over loopback, as two windows side by side or as a transcript.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// patience bounds each step; a step that takes longer has failed.
const patience = 30 * time.Second

func main() {
	headless := flag.Bool("headless", false, "a transcript of two processes in place of two windows")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *headless); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, headless bool) error {
	s, err := newStage()
	if err != nil {
		return err
	}
	defer os.RemoveAll(s.dir)
	if headless {
		return s.transcript(ctx)
	}
	return s.windows(ctx)
}

// stage is a temporary folder with two profiles.
type stage struct {
	dir, bin, pass string
}

var cast = []string{"Amina", "Claire"}

func newStage() (*stage, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tacit-demo-")
	if err != nil {
		return nil, err
	}
	s := &stage{dir: dir, bin: filepath.Dir(exe), pass: filepath.Join(dir, "passphrase")}
	// Both profiles are thrown away with the folder, so their passphrase need not be secret.
	if err := os.WriteFile(s.pass, []byte("only for this demonstration\n"), 0o600); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *stage) program(name string) string { return filepath.Join(s.bin, name) }
func (s *stage) profile(name string) string { return filepath.Join(s.dir, name) }

func (s *stage) init(ctx context.Context, name string) error {
	return drive.Init(ctx, os.Stderr, s.program("tacitd"), s.profile(name), name, s.pass)
}

func (s *stage) start(name string) (*drive.Process, error) {
	log, err := os.OpenFile(filepath.Join(s.dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the child has its own copy
	return drive.Start(log, s.program("tacitd"), "run", "--profile", s.profile(name), "--passphrase-file", s.pass, "--listen", "loopback")
}
