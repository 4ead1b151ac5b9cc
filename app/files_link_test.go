package app_test

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/identity/envelope"
)

// slowly has file cells take d each, and counts them.
func slowly(u *apptest.Universe, d time.Duration) *atomic.Int64 {
	n := new(atomic.Int64)
	u.Net.FilterFiles(func(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
		n.Add(1)
		time.Sleep(d)
		return [][]byte{cell}
	})
	return n
}

// TestResumeAtEveryCell kills one of the two, or breaks the link, after each of the cells.
func TestResumeAtEveryCell(t *testing.T) {
	const cells = 9
	data := noise(1, cells*chunk-3)
	for at := range cells + 2 {
		for _, what := range []string{"receiver", "sender", "both", "link"} {
			t.Run(fmt.Sprint(what, at), func(t *testing.T) {
				friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
					sent := slowly(u, 700*time.Millisecond)
					postFile(t, alice, bobOfAlice, "", attachment("f", data))
					alice.Await("cells", func() bool { return sent.Load() >= int64(at) })
					switch what {
					case "receiver":
						bob.Restart()
					case "sender":
						alice.Restart()
					case "both":
						alice.Kill()
						bob.Restart()
						alice.Start()
					case "link":
						u.Net.Break(alice.Transport, bob.Transport)
					}
					got := awaitFile(t, bob, aliceOfBob, app.FileDone)
					wantFile(t, bob, got.ID, data)
					awaitFile(t, alice, bobOfAlice, app.FileDone)
					if n := sent.Load(); n > 3*cells {
						t.Errorf("%d cells were sent", n)
					}
					wantBlobs(t, bob, 1)
					wantBlobs(t, alice, 1)
				})
			})
		}
	}
}

func TestLinkLostForLong(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(2, 30*chunk)
		sent := slowly(u, time.Second)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		alice.Await("cells", func() bool { return sent.Load() > 10 })
		u.Net.Cut(alice.Transport, bob.Transport, true)
		m := awaitFile(t, bob, aliceOfBob, app.FileWaiting)
		if m.File.Done < 5*chunk {
			t.Errorf("only %d bytes stayed", m.File.Done)
		}
		awaitFile(t, alice, bobOfAlice, app.FileWaiting)
		apptest.Settle(time.Hour)
		before := sent.Load()
		u.Net.Cut(alice.Transport, bob.Transport, false)
		m = awaitFile(t, bob, aliceOfBob, app.FileMoving)
		apptest.Settle(30 * time.Second)
		m = awaitFile(t, bob, aliceOfBob, app.FileDone)
		wantFile(t, bob, m.ID, data)
		if again := sent.Load() - before; again > 26 {
			t.Errorf("%d cells were sent after the break", again)
		}
	})
}

// TestResumeIsPrompt: a new link is used at once, and not when somebody grows impatient.
func TestResumeIsPrompt(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		sent := slowly(u, 100*time.Millisecond)
		postFile(t, alice, bobOfAlice, "", attachment("f", noise(2, 60*chunk)))
		for i := range 3 {
			alice.Await("cells", func() bool { return sent.Load() > int64(5+8*i) })
			u.Net.Break(alice.Transport, bob.Transport)
			apptest.Settle(time.Second)
			if f := withFile(t, bob, aliceOfBob)[0].File; f.State != app.FileMoving {
				t.Errorf("a second after break %d: %+v", i, f)
			}
		}
		apptest.Settle(8 * time.Second)
		if f := withFile(t, bob, aliceOfBob)[0].File; f.State != app.FileDone {
			t.Errorf("%+v", f)
		}
	})
}

// disorder does one thing to one cell of each row of them.
func disorder(u *apptest.Universe, what string) {
	rng := rand.New(rand.NewPCG(3, 4))
	var held []byte
	u.Net.FilterFiles(func(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
		if rng.IntN(5) > 0 {
			return [][]byte{cell}
		}
		switch what {
		case "doubled":
			return [][]byte{cell, cell}
		case "dropped":
			return nil
		case "reordered":
			if held == nil {
				held = cell
				return nil
			}
			late := held
			held = nil
			return [][]byte{cell, late}
		}
		return [][]byte{cell, noise(1, envelope.FileCell)} // another file's
	})
}

func TestCellsInDisorder(t *testing.T) {
	for _, what := range []string{"doubled", "dropped", "reordered", "strange"} {
		t.Run(what, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				disorder(u, what)
				data := noise(3, 20*chunk+1)
				postFile(t, alice, bobOfAlice, "", attachment("f", data))
				apptest.Settle(3 * time.Minute)
				got := awaitFile(t, bob, aliceOfBob, app.FileDone)
				wantFile(t, bob, got.ID, data)
				awaitFile(t, alice, bobOfAlice, app.FileDone)
			})
		})
	}
}

// TestGapIsClosedAtOnce: what is on its way behind a missing cell is all that it costs.
func TestGapIsClosedAtOnce(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		var sent atomic.Int64
		u.Net.FilterFiles(func(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			time.Sleep(100 * time.Millisecond)
			if sent.Add(1) == 3 {
				return nil
			}
			return [][]byte{cell}
		})
		data := noise(32, 100*chunk)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
		if n := sent.Load(); n > 140 {
			t.Errorf("%d cells were sent", n)
		}
	})
}

// TestSenderVanishes: nothing but time passes, the chat stays as it is, and the file comes
// when its sender does.
func TestSenderVanishes(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(7, 12*chunk)
		sent := slowly(u, time.Second)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		alice.Await("cells", func() bool { return sent.Load() > 5 })
		alice.Kill()
		awaitFile(t, bob, aliceOfBob, app.FileWaiting)
		apptest.Settle(48 * time.Hour)
		bob.Restart()
		if f := awaitFile(t, bob, aliceOfBob, app.FileWaiting).File; f.Done == 0 {
			t.Error("what was here is gone")
		}
		alice.Start()
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
	})
}

// TestTransferThatNeverEnds: the cells stop coming on a link that stands. The file waits,
// is asked for ever more rarely, and goes on when they come again.
func TestTransferThatNeverEnds(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		var sent, open atomic.Int64
		open.Store(4)
		u.Net.FilterFiles(func(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			sent.Add(1)
			if _, _, i, _ := envelope.SplitFile(cell); int64(i) >= open.Load() {
				return nil
			}
			return [][]byte{cell}
		})
		data := noise(9, 10*chunk)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		apptest.Settle(2 * time.Minute)
		got := awaitFile(t, bob, aliceOfBob, app.FileWaiting)
		if got.File.Done < 4*chunk-1 && got.File.Done != 0 {
			t.Logf("done %d", got.File.Done)
		}
		apptest.Settle(2 * time.Hour)
		if n := sent.Load(); n > 250 { // some 8 each time that they are asked for
			t.Errorf("%d cells in two hours", n)
		}
		open.Store(100)
		apptest.Settle(6 * time.Minute)
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
	})
}

// TestForgedFileCells: cells for files that nobody asked for, on links of any kind.
func TestForgedFileCells(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(16, 2*chunk)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		got := awaitFile(t, bob, aliceOfBob, app.FileDone)
		for _, h := range append(bob.Transport.Handles(), identity.Handle{1}) {
			bob.Transport.InjectFile(h, noise(1, envelope.FileCell), []byte("short"), nil, noise(2, envelope.FileCell))
		}
		wantFile(t, bob, got.ID, data)
		wantBlobs(t, bob, 1)
	})
}
