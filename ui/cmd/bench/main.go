// Bench measures what Tacit promises of its speed and size and prints one figure a
// line: name, value, unit. Times are of whole runs on this machine as it is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A part is a group of figures that share their preparation.
type part struct {
	name string
	run  func(context.Context, *bench) error
}

var parts = []part{
	{"crypto", crypto},
	{"vault", unlock},
	{"store", store},
	{"receiving", receiving},
	{"lan", lan},
	{"delivery", delivery},
	{"file", file},
	{"busyhour", busyHour},
	{"idle", idle},
	{"node", node},
	{"window", window},
	{"depot", depots},
}

func main() {
	only := flag.String("only", "", "parts to run, separated by commas (default: all)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tacit-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{dir: dir, bin: filepath.Dir(exe)}
	if err := os.WriteFile(b.pass(), []byte(passphrase+"\n"), 0o600); err != nil {
		return err
	}
	for _, p := range parts {
		if only != "" && !slices.Contains(strings.Split(only, ","), p.name) {
			continue
		}
		if err := p.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// passphrase of all profiles that are measured.
const passphrase = "only for this measurement"

type bench struct{ dir, bin string }

func (b *bench) program(name string) string { return filepath.Join(b.bin, name) }
func (b *bench) path(name string) string    { return filepath.Join(b.dir, name) }
func (b *bench) pass() string               { return b.path("passphrase") }

func print(name string, value float64, unit string) {
	fmt.Printf("%-44s %12.4g %s\n", name, value, unit)
}

// quantiles prints chosen quantiles of durations in milliseconds.
func quantiles(name string, ds []time.Duration, qs ...int) {
	slices.Sort(ds)
	for _, q := range qs {
		d := ds[min(len(ds)*q/100, len(ds)-1)]
		print(fmt.Sprintf("%s_p%d", name, q), milliseconds(d), "ms")
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
