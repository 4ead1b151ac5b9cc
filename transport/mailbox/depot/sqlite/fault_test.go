package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
)

// childDir makes this binary a depot in that directory, to be killed.
const childDir = "TACIT_DEPOT_DIR"

// killedAfter deposits were answered, the child is killed.
const killedAfter = 200

// child deposits from several goroutines and says what was answered. After killedAfter
// answers it stops for ever between a commit and its answers.
func child(dir string) int {
	ctx := context.Background()
	d, err := Open(ctx, dir, depot.Options{})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	var answered atomic.Int32
	d.committed = func() {
		if answered.Load() >= killedAfter {
			fmt.Println("committed")
			select {}
		}
	}
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for i := range 4096 {
				v, err := d.Deposit(ctx, depottest.Start, []identity.Deposit{depottest.Fixture(n).Deposit(i)})
				if err != nil || v[0] != identity.DepositKept {
					fmt.Println("failed", v, err)
					return
				}
				fmt.Println("kept", n, i)
				answered.Add(1)
			}
		})
	}
	wg.Wait()
	return 1
}

// TestKilled kills a process between a commit and its answers. What was answered is there, and
// what was not is there or can be deposited again, and nothing comes twice.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	d := opened(t, dir, depot.Options{})
	for n := range 4 {
		if err := depottest.Fixture(n).Admit(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	kept := [4]int{}
	for range 3 {
		for n, more := range killChild(t, dir) {
			kept[n] = max(kept[n], more)
		}
	}
	d = opened(t, dir, depot.Options{})
	for n := range 4 {
		f := depottest.Fixture(n)
		for i := range kept[n] + 1 { // the last one was on its way
			v, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(i)})
			if err != nil || v[0] != identity.DepositKept {
				t.Fatalf("again: %v, %v", v, err)
			}
		}
		came, err := f.Drain(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		for i := range kept[n] {
			if came[i] != 1 {
				t.Fatalf("cell %d of %d, which was answered, came %d times", i, n, came[i])
			}
		}
		if came[kept[n]] != 1 || len(came) != kept[n]+1 {
			t.Fatalf("%d cells came, %d were answered", len(came), kept[n])
		}
	}
}

// killChild returns how many deposits of each fixture it answered.
func killChild(t *testing.T, dir string) (kept [4]int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	committed := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var n, i int
		if lines.Text() == "committed" {
			committed = true
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		} else if _, err := fmt.Sscanf(lines.Text(), "kept %d %d", &n, &i); err != nil {
			t.Fatalf("the child says: %s", lines.Text())
		} else {
			kept[n] = i + 1
		}
	}
	_ = cmd.Wait() // it was killed
	if !committed {
		t.Fatal("the child ended before it was killed")
	}
	return kept
}

// TestDiskFull: what is there stays and can be fetched, and tokens are not spent.
func TestDiskFull(t *testing.T) {
	d := opened(t, t.TempDir(), depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	limit := func(expression string) {
		t.Helper()
		if _, err := d.write.Exec("PRAGMA max_page_count = " + expression); err != nil {
			t.Fatal(err)
		}
	}
	limit("200")
	put := func(i int) identity.Verdict {
		t.Helper()
		v, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(i)})
		if err != nil {
			t.Fatal(err)
		}
		return v[0]
	}
	kept := 0
	for put(kept) == identity.DepositKept {
		kept++
	}
	if v := put(kept); v != identity.DepositLater || kept == 0 {
		t.Fatalf("%d were kept, then %d", kept, v)
	}
	if err := depottest.Fixture(1).Admit(t.Context(), d); !errors.Is(err, depot.ErrFull) {
		t.Fatalf("a lot on a full disk: %v, want %v", err, depot.ErrFull)
	}
	if v := put(0); v != identity.DepositKept {
		t.Fatalf("one that is there: %d", v)
	}
	limit("100000")
	if v := put(kept); v != identity.DepositKept {
		t.Fatalf("with room again: %d", v)
	}
	came, err := f.Drain(t.Context(), d)
	if err != nil || len(came) != kept+1 || came[-1] != 0 {
		t.Fatalf("%d cells came, %v, want %d", len(came), err, kept+1)
	}
}

// TestLittleRoom: deposits stop while there still is room for deleting.
func TestLittleRoom(t *testing.T) {
	d := opened(t, t.TempDir(), depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	left := uint64(minFree)
	d.room = &room{free: func() (uint64, error) { return left, nil }}
	for i, want := range []identity.Verdict{identity.DepositKept, identity.DepositLater} {
		d.room.asked = d.room.asked.Add(-freeEvery)
		v, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(i)})
		if err != nil || v[0] != want {
			t.Fatalf("with %d bytes: %v, %v, want %d", left, v, err, want)
		}
		left--
	}
	if came, err := f.Drain(t.Context(), d); err != nil || len(came) != 1 {
		t.Fatalf("%d cells came, %v", len(came), err)
	}
}

// TestDamaged: a file that is no database, or a damaged one, gives an error that says so.
func TestDamaged(t *testing.T) {
	whole := t.TempDir()
	d := opened(t, whole, depot.Options{})
	if err := depottest.Fixture(0).Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(filepath.Join(whole, fileName))
	if err != nil {
		t.Fatal(err)
	}
	garbage := bytes.Repeat([]byte{0xA5}, 4096)
	for name, damage := range map[string]func(b []byte) []byte{
		"another file":     func([]byte) []byte { return garbage },
		"the first page":   func(b []byte) []byte { copy(b[100:4096], garbage); return b },
		"a page within":    func(b []byte) []byte { copy(b[3*4096:], garbage); return b },
		"cut in the midst": func(b []byte) []byte { return b[:len(b)/2] },
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName), damage(bytes.Clone(good)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir, depot.Options{}); !errors.Is(err, depot.ErrDamaged) {
			t.Errorf("%s: %v, want %v", name, err, depot.ErrDamaged)
		}
	}
	// Damage that is met only later.
	d = opened(t, whole, depot.Options{})
	f, err := os.OpenFile(filepath.Join(whole, fileName), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at := int64(4096); at < int64(len(good)); at += 4096 {
		if _, err := f.WriteAt(garbage, at); err != nil {
			t.Fatal(err)
		}
	}
	d.write.SetMaxIdleConns(0) // what it has cached is good
	d.write.SetMaxIdleConns(1)
	if _, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{depottest.Fixture(0).Deposit(0)}); !errors.Is(err, depot.ErrDamaged) {
		t.Errorf("met later: %v, want %v", err, depot.ErrDamaged)
	}
}

// TestDeletedLeaves: what was fetched is in none of the files after the next Expire.
func TestDeletedLeaves(t *testing.T) {
	dir := t.TempDir()
	d := opened(t, dir, depot.Options{})
	f := depottest.Fixture(0)
	if err := f.Admit(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if _, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{f.Deposit(i)}); err != nil {
			t.Fatal(err)
		}
	}
	found := func() (n int) {
		for i := range 50 {
			for _, name := range []string{fileName, fileName + "-wal"} {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				// The head of a cell and its tail, which lie on different pages.
				cell := f.Deposit(i).Cell
				n += bytes.Count(b, cell[16:48]) + bytes.Count(b, cell[depot.CellSize-32:])
			}
		}
		return n
	}
	if n := found(); n < 100 {
		t.Fatalf("only %d parts of the cells are in the files: this test looks for the wrong thing", n)
	}
	if _, err := f.Drain(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := d.Expire(t.Context(), depottest.Start); err != nil {
		t.Fatal(err)
	}
	if n := found(); n != 0 {
		t.Errorf("%d parts of deleted cells are in the files", n)
	}
}
