package sqlite

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/load"
)

// TestSize fills a depot and says how it behaves. By default it is small, and holds the rest
// of the program to the same steps; -size.accounts 100000 -size.cells 10000000 -size.print is
// what a large node has, and takes some minutes and 20 GB of -size.dir.
var (
	sizeAccounts = flag.Int("size.accounts", 50, "accounts")
	sizeCells    = flag.Int("size.cells", 5000, "cells that wait")
	sizeDir      = flag.String("size.dir", "", "where the files go; default: a temporary directory")
	sizeHoles    = flag.Bool("size.holes", false, "cells of zeros become holes in the file (fallocate of util-linux), so that it needs no room for them")
	sizePrint    = flag.Bool("size.print", false, "say each figure as name, value, unit")
)

// sizeTokens of each lot are real, the rest is as random as hashes are.
const sizeTokens = 16

func say(name string, value float64, unit string) {
	if *sizePrint {
		fmt.Printf("%-44s %12.4g %s\n", name, value, unit)
	}
}

func TestSize(t *testing.T) {
	dir := *sizeDir
	if dir == "" {
		dir = t.TempDir()
	}
	d := opened(t, dir, depot.Options{})
	if err := (&filling{Depot: d, cells: *sizeCells / *sizeAccounts}).fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	say("depot_size_file", float64(f.Size())/1e9, "GB")

	began := time.Now()
	d = opened(t, dir, depot.Options{})
	c := load.Crowd{Depot: d, Now: depotNow, Accounts: *sizeAccounts}
	page, err := d.Fetch(t.Context(), depotNow, load.Account(*sizeAccounts/2), nil)
	if err != nil || len(page.Cells) != depot.PagePlaces || page.Left != *sizeCells / *sizeAccounts - depot.PagePlaces {
		t.Fatalf("%d cells, %d left, %v", len(page.Cells), page.Left, err)
	}
	say("depot_size_restart_and_first_fetch", time.Since(began).Seconds(), "s")
	r, err := c.Deposit(t.Context(), 128, min(*sizeAccounts*3, 30_000))
	if err != nil {
		t.Fatal(err)
	}
	say("depot_size_deposits", r.Rate(), "/s")
	say("depot_size_deposit_p99", r.Quantile(99).Seconds()*1e3, "ms")
	if r, err = c.Drain(t.Context(), 32, min(*sizeCells/2, 100_000)); err != nil {
		t.Fatal(err)
	}
	say("depot_size_fetched", r.Rate(), "cells/s")
	say("depot_size_fetch_p99", r.Quantile(99).Seconds()*1e3, "ms")
	began = time.Now()
	stats, err := d.Stats(t.Context())
	if err != nil || stats.Accounts != int64(*sizeAccounts) {
		t.Fatal(stats, err)
	}
	say("depot_size_stats", time.Since(began).Seconds()*1e3, "ms")
	say("depot_size_resident", resident(t), "MiB")
}

var depotNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// resident is the memory of this process; 0 where the system does not tell.
func resident(t *testing.T) float64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	_, line, found := strings.Cut(string(b), "VmRSS:")
	var kib float64
	if _, err := fmt.Sscanf(line, "%f", &kib); err != nil || !found {
		t.Fatal(err)
	}
	return kib / 1024
}

// filling writes accounts, lots, cells and spent tokens straight into the tables, in their
// order: what deposits would take hours for.
type filling struct {
	*Depot
	cells int   // of each account
	dug   int64 // up to where the file has holes
}

// fillStep accounts are written by one transaction.
const fillStep = 20

func (f *filling) fill(ctx context.Context) error {
	if _, err := f.write.ExecContext(ctx, "PRAGMA synchronous = OFF"); err != nil {
		return err
	}
	began := time.Now()
	for n := 0; n < *sizeAccounts; n += fillStep {
		_, err := f.transaction(f.write, f.writing, func(t *tx) error {
			for i := n; i < min(n+fillStep, *sizeAccounts); i++ {
				if err := f.account(t, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if n%2000 == 0 {
			if err := f.dig(ctx); err != nil {
				return err
			}
			if *sizePrint {
				fmt.Fprintf(os.Stderr, "%d accounts after %v\n", n, time.Since(began).Round(time.Second))
			}
		}
	}
	return f.dig(ctx)
}

// dig makes holes of what was written since the last time and is zero. Nobody writes meanwhile.
func (f *filling) dig(ctx context.Context) error {
	if !*sizeHoles {
		return nil
	}
	if err := f.clearLog(ctx); err != nil {
		return err
	}
	path := filepath.Join(*sizeDir, fileName)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "fallocate", "--dig-holes", "--offset", fmt.Sprint(f.dug), "--length", fmt.Sprint(info.Size()-f.dug), path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("fallocate: %w: %s", err, out)
	}
	f.dug = info.Size() &^ 4095
	return nil
}

// All but a few bytes of a cell are zeros; their days are the last thirty.
var (
	sumCells   = text(`UPDATE accounts SET seq = ?2, cells = ?2, used = ?2 * 4096, oldest = ?3 WHERE id = ?1`)
	fillHashes = text(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 127)
		INSERT INTO hashes (id, hashes) SELECT ?1 << 7 | i, randomblob(512) FROM n`)
	fillToken = text(`UPDATE hashes SET hashes = hashes || ?2 WHERE id = ?1`)
	fillSpent = text(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
		INSERT INTO spent (lot, hash, cell, day) SELECT ?1, randomblob(16), randomblob(16), ?3 FROM n`)
	fillCells = text(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?2 - 1)
		INSERT INTO cells (id, day, places, tag, cell) SELECT ?1 << 32 | i, ?3 - 29 + i * 29 / ?2, 1, i, randomblob(64) || zeroblob(4032) FROM n`)
)

func (f *filling) account(t *tx, n int) error {
	key, name := load.Account(n), load.Lot(n)
	today := depot.DayOf(depotNow)
	if _, err := t.exec(insertAccount, key[:], today); err != nil {
		return err
	}
	a, err := t.account(key)
	if err != nil {
		return err
	}
	var lot int64
	if err := t.row(insertLot, name[:], a.id, depotNow.Add(200*depot.Day).Unix()).Scan(&lot); err != nil {
		return err
	}
	if _, err := t.exec(fillHashes, lot); err != nil {
		return err
	}
	if _, err := t.exec(fillSpent, lot, f.cells, today); err != nil {
		return err
	}
	for i := range sizeTokens {
		h := depot.TokenHash(load.Token(n, uint32(i)))
		if _, err := t.exec(fillToken, partOf(lot, h), h[:]); err != nil {
			return err
		}
	}
	if _, err := t.exec(fillCells, a.id, f.cells, today); err != nil {
		return err
	}
	_, err = t.exec(sumCells, a.id, f.cells, today-29)
	return err
}
