package postgres

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
)

// childURL makes this binary a front end of that database, to be killed.
const childURL = "TACIT_DEPOT_URL"

const (
	killedFixtures = 4
	killedAfter    = 300 // answers of the child
	killedCells    = 1000
)

// child deposits for all fixtures at once, and says what was answered. After killedAfter
// answers it stops for ever between a commit and its answers.
func child() int {
	ctx := context.Background()
	d, err := Open(ctx, os.Getenv(childURL), depot.Options{})
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
	for n := range killedFixtures {
		wg.Go(func() {
			for i := 0; ; i++ {
				v, err := d.Deposit(ctx, depottest.Start, []identity.Deposit{depottest.Fixture(n).Deposit(i % killedCells)})
				if err != nil || v[0] != identity.DepositKept {
					fmt.Println("failed", v, err)
					return
				}
				fmt.Println("kept", n, i%killedCells)
				answered.Add(1)
			}
		})
	}
	wg.Wait()
	return 1
}

// TestFrontEndKilled: two front ends take the same deposits from different ends, and one is
// killed between a commit and its answers. What either answered is there, and nothing twice.
func TestFrontEndKilled(t *testing.T) {
	url := database(t)
	d := frontEnd(t, url, depot.Options{})
	for n := range killedFixtures {
		if err := depottest.Fixture(n).Admit(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for n := range killedFixtures {
		wg.Go(func() {
			for i := killedCells - 1; i >= 0; i-- {
				if !keeps(t, d, depottest.Fixture(n).Deposit(i)) {
					return
				}
			}
		})
	}
	kept := killChild(t, url)
	wg.Wait()
	for n := range killedFixtures {
		f := depottest.Fixture(n)
		for i := range kept[n] {
			if !keeps(t, d, f.Deposit(i)) {
				t.Fatal("what the killed one answered is not known")
			}
		}
		came, err := f.Drain(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		for i := range killedCells {
			if came[i] != 1 {
				t.Fatalf("cell %d of %d came %d times", i, n, came[i])
			}
		}
		if len(came) != killedCells {
			t.Fatalf("%d different cells came, want %d", len(came), killedCells)
		}
	}
}

// keeps deposits one cell and wants it kept.
func keeps(t *testing.T, d depot.Depot, one identity.Deposit) bool {
	t.Helper()
	v, err := d.Deposit(t.Context(), depottest.Start, []identity.Deposit{one})
	if err != nil || v[0] != identity.DepositKept {
		t.Errorf("a deposit: %v, %v", v, err)
		return false
	}
	return true
}

// killChild kills a front end and returns which deposits it answered, by fixture.
func killChild(t *testing.T, url string) (kept [killedFixtures]map[int]bool) {
	t.Helper()
	for n := range kept {
		kept[n] = map[int]bool{}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childURL+"="+url)
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
			kept[n][i] = true
		}
	}
	_ = cmd.Wait() // it was killed
	if !committed {
		t.Fatal("the child ended before it was killed")
	}
	return kept
}
