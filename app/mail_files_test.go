package app_test

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// TestFileWhileNeverBothOnline: a voice note or a small picture comes as its message does,
// padding and all, and its sender learns that it did.
func TestFileWhileNeverBothOnline(t *testing.T) {
	for name, size := range map[string]int{"empty": 0, "three cells": 2*chunk + 9, "with padding": 9 * chunk, "the largest": 12 * chunk} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, a apart) {
				a.bob.Stop()
				data := noise(1, size)
				sent := postFile(t, a.alice, a.bobOfAlice, "hear me", attachment("voice.ogg", data))
				apptest.Settle(30 * time.Second)
				if m := message(t, a.alice, sent.ID); m.State != app.StateHeld {
					t.Fatalf("the message is %q", m.State)
				}
				a.alice.Stop()
				a.bob.Start()
				apptest.Settle(10 * time.Second)
				got := awaitFile(t, a.bob, a.aliceOfBob, app.FileDone)
				wantFile(t, a.bob, got.ID, data)
				apptest.Settle(time.Hour)
				if n := a.u.Nodes.Cells("node of Bob"); n != 0 {
					t.Errorf("%d cells stay at the node", n)
				}
				a.bob.Stop()
				a.alice.Start()
				apptest.Settle(10 * time.Second)
				if m := message(t, a.alice, sent.ID); m.File.State != app.FileDone {
					t.Errorf("Alice's file is %s", m.File.State)
				}
			})
		})
	}
}

// TestLargeFileWaitsForALink: what the tokens do not pay for is not left in part.
func TestLargeFileWaitsForALink(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Stop()
		left := a.count()
		data := noise(2, 12*chunk+1)
		postFile(t, a.alice, a.bobOfAlice, "too large", attachment("film", data))
		for range 2 { // one whole grant pays for one of these
			postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", noise(3, 12*chunk)))
		}
		apptest.Settle(time.Hour)
		if n := left("Alice"); n != 3+12 {
			t.Errorf("%d cells were left, want three messages and one file", n)
		}
		a.alice.Say(a.bobOfAlice, "and words still go")
		apptest.Settle(time.Minute)
		a.bob.Start()
		apptest.Settle(3 * time.Hour) // he fetches, gives another grant, and so the second picture can come
		a.alice.Poll()
		apptest.Settle(3 * time.Hour)
		var done []string
		for _, m := range withFile(t, a.bob, a.aliceOfBob) {
			if m.File.State == app.FileDone {
				done = append(done, m.File.Name)
			}
		}
		if !slices.Equal(done, []string{"picture", "picture"}) {
			t.Errorf("%q came", done)
		}
		a.u.Net.Close(false)
		apptest.Settle(time.Minute)
		for _, m := range withFile(t, a.bob, a.aliceOfBob) {
			if m.File.State != app.FileDone {
				t.Errorf("%s is %s over a link", m.File.Name, m.File.State)
			}
		}
	})
}

// TestMailedFileGoesOn: a node that is down, full or forgets to answer, and a program that
// is killed, delay a file and do not spoil it.
func TestMailedFileGoesOn(t *testing.T) {
	for name, fault := range map[string]apptest.NodeFaults{
		"down": {Down: true}, "full": {Full: true}, "slow": {Slow: 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, a apart) {
				a.bob.Stop()
				data := noise(4, 5*chunk)
				postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", data))
				apptest.Settle(2*time.Second + 300*time.Millisecond)
				a.u.Nodes.Fail("node of Bob", fault)
				apptest.Settle(30 * time.Second)
				a.alice.Kill()
				a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
				a.alice.Start()
				apptest.Settle(15 * time.Minute)
				a.alice.Stop()
				a.bob.Start()
				apptest.Settle(10 * time.Second)
				wantFile(t, a.bob, awaitFile(t, a.bob, a.aliceOfBob, app.FileDone).ID, data)
			})
		})
	}
}

// TestFileOfALyingNode: what a node alters or reorders does not count against the sender,
// and comes over the next link.
func TestFileOfALyingNode(t *testing.T) {
	for name, fault := range map[string]apptest.NodeFaults{
		"reordered": {Reorder: true}, "swapped": {Swap: true}, "truncated": {Truncate: true}, "junk": {Junk: true}, "altered": {Alter: true}, "repeated": {Replay: true},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, a apart) {
				a.bob.Stop()
				data := noise(5, 8*chunk)
				postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", data))
				apptest.Settle(time.Minute)
				a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Withhold: true})
				a.bob.Start()
				apptest.Settle(time.Minute)
				a.u.Nodes.Fail("node of Bob", fault)
				a.bob.Poll()
				apptest.Settle(2 * time.Hour)
				for _, m := range withFile(t, a.bob, a.aliceOfBob) {
					if m.File.State == app.FileFailed {
						t.Error("the sender is blamed")
					}
				}
				a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
				a.u.Net.Close(false)
				apptest.Settle(10 * time.Minute)
				wantFile(t, a.bob, awaitFile(t, a.bob, a.aliceOfBob, app.FileDone).ID, data)
				wantBlobs(t, a.bob, 1)
			})
		})
	}
}

// TestNodeThatRepeatsFileCells: a node that hands out again and again a cell that is of no
// use is not asked without a pause.
func TestNodeThatRepeatsFileCells(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Stop()
		postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", noise(9, 6*chunk)))
		apptest.Settle(time.Minute)
		lies := apptest.NodeFaults{Alter: true, Slow: time.Second}
		a.u.Nodes.Fail("node of Bob", lies)
		kept := a.u.Nodes.Cells("node of Bob")
		a.bob.Start()
		a.bob.Watch(true)
		for a.u.Nodes.Cells("node of Bob") == kept { // the message
			apptest.Settle(100 * time.Millisecond)
		}
		lies.Replay = true
		a.u.Nodes.Fail("node of Bob", lies)
		apptest.Settle(time.Minute)
		since := time.Now()
		apptest.Settle(6 * time.Hour)
		if n := len(a.asked(since)); n < 10 || n > 200 {
			t.Errorf("asked %d times in six hours", n)
		}
	})
}

// TestWordsBehindCellsOfNoUse: what lies at a node behind cells that a link brought in time
// does not wait for a pause at each of them.
func TestWordsBehindCellsOfNoUse(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Watch(true)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Withhold: true})
		postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", noise(11, 9*chunk)))
		apptest.Settle(time.Minute)
		a.u.Net.Close(false)
		apptest.Settle(time.Minute)
		awaitFile(t, a.bob, a.aliceOfBob, app.FileDone)
		a.u.Net.Close(true)
		apptest.Settle(time.Minute)
		a.alice.Say(a.bobOfAlice, "later")
		apptest.Settle(time.Minute)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		a.bob.Poll()
		apptest.Settle(30 * time.Second)
		if got := a.bob.Heard(a.aliceOfBob); !slices.Contains(got, "later") {
			t.Errorf("heard %q, and %d cells lie at the node", got, a.u.Nodes.Cells("node of Bob"))
		}
	})
}

// TestNodeThatRefusesFileCells: a node that takes the first cells of a file and refuses the
// rest gets few tokens for it at once, and in the end those stay that are for words.
func TestNodeThatRefusesFileCells(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Stop()
		left := a.count()
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Slow: time.Second})
		postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", noise(10, 5*chunk)))
		for left("Alice") < 1+4 { // the message, and the first cells
			apptest.Settle(100 * time.Millisecond)
		}
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{NoFiles: true})
		apptest.Settle(10 * time.Second)
		if n := left("Alice") - 5; n > 3 {
			t.Errorf("%d cells were refused at once", n)
		}
		apptest.Settle(5 * time.Hour)
		for range 40 {
			a.alice.Say(a.bobOfAlice, "word")
		}
		apptest.Settle(2 * time.Hour)
		if held := a.alice.Said(a.bobOfAlice, app.StateHeld); len(held) != 41 {
			t.Errorf("%d messages are held", len(held))
		}
	})
}

// TestNodeKeepsFileUntilItIsDurable: a node forgets the cells of a file only when the disk
// has them.
func TestNodeKeepsFileUntilItIsDurable(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Stop()
		data := noise(8, 6*chunk)
		postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", data))
		apptest.Settle(time.Minute)
		a.bob.Start()
		synced, kept := 0, true
		a.bob.Store.FailBlobs(func(op apptest.BlobOp) error {
			if op.Name == "sync" {
				for range 1000 { // whoever does not wait goes on
					runtime.Gosched()
				}
				synced++
				kept = kept && a.u.Nodes.Cells("node of Bob") > 0
			}
			return nil
		})
		wantFile(t, a.bob, awaitFile(t, a.bob, a.aliceOfBob, app.FileDone).ID, data)
		if a.bob.Store.FailBlobs(nil); synced == 0 || !kept {
			t.Errorf("synced %d times; the node had it until then: %t", synced, kept)
		}
	})
}

// TestFileTakenBackBeforeItWasLeft: of a message that was deleted no further cell goes.
func TestFileTakenBackBeforeItWasLeft(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		a.bob.Stop()
		left := a.count()
		sent := postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", noise(6, 8*chunk)))
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Slow: 10 * time.Second})
		apptest.Settle(15 * time.Second) // the message is there, the first cells are on their way
		must(t, a.alice.Delete(ctx, sent.ID, true))
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		apptest.Settle(time.Hour)
		if n := left("Alice"); n > 4+3 { // the first cells, the message, and two words that end it
			t.Errorf("%d cells were left", n)
		}
		a.bob.Start()
		apptest.Settle(time.Hour)
		wantBlobs(t, a.bob, 0)
	})
}

// TestLinkTakesAMailedFileOver: what a link brings is not left at a node any more, and what
// a node brings is not asked for again.
func TestLinkTakesAMailedFileOver(t *testing.T) {
	inBubble(t, func(t *testing.T, a apart) {
		data := noise(7, 12*chunk)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{Later: true})
		postFile(t, a.alice, a.bobOfAlice, "", attachment("picture", data))
		apptest.Settle(10 * time.Second)
		left := a.count()
		a.u.Net.Close(false)
		apptest.Settle(time.Minute)
		wantFile(t, a.bob, awaitFile(t, a.bob, a.aliceOfBob, app.FileDone).ID, data)
		a.u.Net.Close(true)
		a.u.Nodes.Fail("node of Bob", apptest.NodeFaults{})
		apptest.Settle(2 * time.Hour)
		if n := left("Alice"); n > 2 {
			t.Errorf("%d cells were left behind a link", n)
		}
	})
}
