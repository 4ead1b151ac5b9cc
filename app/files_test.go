package app_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/identity/envelope"
)

// noise returns bytes that no two files of a test share.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	rng := rand.New(rand.NewPCG(seed, 7))
	for i := 0; i+8 <= n; i += 8 {
		binary.LittleEndian.PutUint64(b[i:], rng.Uint64())
	}
	return b
}

func attachment(name string, data []byte) *app.Attachment {
	return &app.Attachment{Name: name, Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

func postFile(t *testing.T, p *apptest.Person, c app.ContactID, text string, a *app.Attachment) app.Message {
	t.Helper()
	m, err := p.Post(ctx, c, app.Outgoing{Text: text, File: a})()
	if err != nil {
		t.Fatalf("%s: post: %v", p.Name, err)
	}
	return m
}

// withFile returns the messages of a chat that bear a file, oldest first.
func withFile(t *testing.T, p *apptest.Person, c app.ContactID) (out []app.Message) {
	t.Helper()
	ms, err := p.MessagesAfter(ctx, c, 0, app.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ms {
		if m.File != nil {
			out = append(out, m)
		}
	}
	return out
}

// awaitFile waits until the newest file of a chat is in a state and returns its message.
func awaitFile(t *testing.T, p *apptest.Person, c app.ContactID, want app.FileState) (m app.Message) {
	t.Helper()
	var last app.File
	defer func() {
		if t.Failed() {
			t.Logf("%s: the file is %s %s, %d of %d", p.Name, last.State, last.Reason, last.Done, last.Size)
		}
	}()
	p.Await("file "+string(want), func() bool {
		ms := withFile(t, p, c)
		if len(ms) == 0 {
			return false
		}
		m = ms[len(ms)-1]
		last = *m.File
		return m.File.State == want
	})
	return m
}

func readFile(t *testing.T, p *apptest.Person, id app.MessageID) []byte {
	t.Helper()
	r, err := p.OpenFile(ctx, id)
	if err != nil {
		t.Fatalf("%s: open: %v", p.Name, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != r.Size() {
		t.Fatalf("%s: %d of %d bytes read, %v", p.Name, len(b), r.Size(), err)
	}
	return b
}

func wantFile(t *testing.T, p *apptest.Person, id app.MessageID, want []byte) {
	t.Helper()
	if got := readFile(t, p, id); !bytes.Equal(got, want) {
		t.Errorf("%s has another file: %d bytes, want %d", p.Name, len(got), len(want))
	}
}

// wantBlobs waits until a person's store holds n blobs.
func wantBlobs(t *testing.T, p *apptest.Person, n int) {
	t.Helper()
	p.Await(fmt.Sprint(n, " blobs"), func() bool {
		ids, err := p.Store.BlobIDs(ctx)
		return err == nil && len(ids) == n
	})
}

const chunk = envelope.FileChunk

func TestFileGoesTheWholeWay(t *testing.T) {
	for _, size := range []int{0, 1, chunk - 1, chunk, chunk + 1, 9*chunk + 5, 70 * chunk} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				data := noise(uint64(size), size)
				sent := postFile(t, alice, bobOfAlice, "look", attachment("../a/plan.pdf", data))
				if sent.File == nil || sent.File.Name != "plan.pdf" || sent.File.Size != int64(size) || sent.File.State != app.FileWaiting {
					t.Fatalf("posted %+v", sent.File)
				}
				got := awaitFile(t, bob, aliceOfBob, app.FileDone)
				if got.Text != "look" || got.File.Name != "plan.pdf" || got.File.Done != int64(size) {
					t.Errorf("received %q, %+v", got.Text, got.File)
				}
				wantFile(t, bob, got.ID, data)
				done := awaitFile(t, alice, bobOfAlice, app.FileDone)
				if done.File.Done != int64(size) || done.State != app.StateDelivered {
					t.Errorf("sent: %+v, %s", done.File, done.State)
				}
				wantFile(t, alice, sent.ID, data)
				apptest.Settle(time.Minute)
				if n := len(withFile(t, bob, aliceOfBob)); n != 1 {
					t.Errorf("%d files came", n)
				}
				wantBlobs(t, bob, 1)
			})
		})
	}
}

// TestFilesPassOneAnother: many files both ways, and messages that wait for none of them.
func TestFilesPassOneAnother(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		const n = 40 // more than are asked for at a time
		for i := range n {
			postFile(t, alice, bobOfAlice, "", attachment("a", noise(uint64(i), 3*chunk+i)))
			postFile(t, bob, aliceOfBob, "", attachment("b", noise(uint64(1000+i), chunk+i)))
		}
		alice.Say(bobOfAlice, "between")
		bob.Await("the text", func() bool { return slices.Contains(bob.Heard(aliceOfBob), "between") })
		for _, w := range []struct {
			p    *apptest.Person
			c    app.ContactID
			seed int
			size int
		}{{bob, aliceOfBob, 0, 3 * chunk}, {alice, bobOfAlice, 1000, chunk}} {
			w.p.Await("all files", func() bool {
				done := 0
				for _, m := range withFile(t, w.p, w.c) {
					if m.File.State == app.FileDone {
						done++
					}
				}
				return done == 2*n
			})
			i := 0
			for _, m := range withFile(t, w.p, w.c) {
				if !m.Own {
					wantFile(t, w.p, m.ID, noise(uint64(w.seed+i), w.size+i))
					i++
				}
			}
		}
	})
}

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
		postFile(t, alice, bobOfAlice, "", attachment("f", noise(2, 30*chunk)))
		for i := range 3 {
			alice.Await("cells", func() bool { return sent.Load() > int64(5+8*i) })
			u.Net.Break(alice.Transport, bob.Transport)
			apptest.Settle(500 * time.Millisecond)
			awaitFile(t, bob, aliceOfBob, app.FileMoving)
		}
		apptest.Settle(4 * time.Second)
		if f := withFile(t, bob, aliceOfBob)[0].File; f.State != app.FileDone {
			t.Errorf("%+v", f)
		}
	})
}

// lie changes what an own message says of its file, before the contact can hear it.
func lie(t *testing.T, p *apptest.Person, id app.MessageID, f func(*app.FileRecord)) {
	t.Helper()
	err := p.Store.Update(ctx, func(tx app.Tx) error {
		rec, err := tx.File(id)
		if err != nil {
			return err
		}
		f(&rec)
		return tx.SetFile(rec)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFilesThatLie: about their tree, and about their length in either direction.
func TestFilesThatLie(t *testing.T) {
	for name, tt := range map[string]struct {
		lie  func(*app.FileRecord)
		want app.FileState
	}{
		"tree":            {func(r *app.FileRecord) { r.File.Tree[31] ^= 1 }, app.FileFailed},
		"a byte shorter":  {func(r *app.FileRecord) { r.File.Length-- }, app.FileFailed},
		"a chunk shorter": {func(r *app.FileRecord) { r.File.Length -= chunk }, app.FileFailed},
		"a byte longer":   {func(r *app.FileRecord) { r.File.Length++ }, app.FileFailed},
		"much longer":     {func(r *app.FileRecord) { r.File.Length = app.MaxFileSize }, app.FileCancelled},
		"another key":     {func(r *app.FileRecord) { r.File.Key[0] ^= 1 }, app.FileFailed},
	} {
		t.Run(name, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				u.Net.Cut(alice.Transport, bob.Transport, true)
				alice.Say(bobOfAlice, "first") // what is said next waits unsealed
				data := noise(30, 4*chunk+77)
				for range 500 {
					alice.Say(bobOfAlice, "more")
				}
				m := postFile(t, alice, bobOfAlice, "look", attachment("f", data))
				lie(t, alice, m.ID, tt.lie)
				u.Net.Cut(alice.Transport, bob.Transport, false)
				got := awaitFile(t, bob, aliceOfBob, tt.want)
				apptest.Settle(time.Hour)
				got = awaitFile(t, bob, aliceOfBob, tt.want)
				if _, err := bob.OpenFile(ctx, got.ID); !errors.Is(err, app.ErrFileNotHere) {
					t.Errorf("it opens: %v", err)
				}
				if got.Text != "look" {
					t.Errorf("the text is %q", got.Text)
				}
				wantBlobs(t, bob, 0)
			})
		})
	}
}

// TestTwoFilesOfOneName: a contact that gives two files one name gets the first across.
func TestTwoFilesOfOneName(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(31, 3*chunk)
		first := postFile(t, alice, bobOfAlice, "", attachment("f", data))
		awaitFile(t, bob, aliceOfBob, app.FileDone)
		u.Net.Cut(alice.Transport, bob.Transport, true)
		for range 501 {
			alice.Say(bobOfAlice, "more")
		}
		second := postFile(t, alice, bobOfAlice, "again", attachment("g", data))
		var id envelope.FileID
		lie(t, alice, first.ID, func(r *app.FileRecord) { id = r.File.ID })
		lie(t, alice, second.ID, func(r *app.FileRecord) { r.File.ID = id })
		u.Net.Cut(alice.Transport, bob.Transport, false)
		bob.Await("both", func() bool { return len(withFile(t, bob, aliceOfBob)) == 2 })
		if f := awaitFile(t, bob, aliceOfBob, app.FileFailed).File; f.Reason != app.ReasonAltered {
			t.Errorf("%+v", f)
		}
		wantFile(t, bob, withFile(t, bob, aliceOfBob)[0].ID, data)
		wantBlobs(t, bob, 1)
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

// TestAlteredCell: one bit of one cell, and the file fails on both sides; on the person's
// word it comes again, from its beginning.
func TestAlteredCell(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		u.Net.FilterFiles(func(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			if _, _, i, _ := envelope.SplitFile(cell); i == 3 {
				cell[40000] ^= 1
			}
			return [][]byte{cell}
		})
		data := noise(4, 6*chunk)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		got := awaitFile(t, bob, aliceOfBob, app.FileFailed)
		if got.File.Reason != app.ReasonAltered || got.File.Done != 0 {
			t.Errorf("%+v", got.File)
		}
		if _, err := bob.OpenFile(ctx, got.ID); !errors.Is(err, app.ErrFileNotHere) {
			t.Errorf("an altered file opens: %v", err)
		}
		if f := awaitFile(t, alice, bobOfAlice, app.FileFailed).File; f.Reason != app.ReasonAltered {
			t.Errorf("sender: %+v", f)
		}
		wantBlobs(t, bob, 0)
		u.Net.FilterFiles(nil)
		if err := bob.FetchFile(ctx, got.ID); err != nil {
			t.Fatal(err)
		}
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
		awaitFile(t, alice, bobOfAlice, app.FileDone)
	})
}

func TestPauseAndResume(t *testing.T) {
	for _, who := range []string{"receiver", "sender"} {
		t.Run(who, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				data := noise(5, 30*chunk)
				sent := slowly(u, time.Second)
				own := postFile(t, alice, bobOfAlice, "", attachment("f", data))
				alice.Await("cells", func() bool { return sent.Load() > 8 })
				theirs := awaitFile(t, bob, aliceOfBob, app.FileMoving)
				p, id, c, peer, of := bob, theirs.ID, aliceOfBob, alice, bobOfAlice
				if who == "sender" {
					p, id, c, peer, of = alice, own.ID, bobOfAlice, bob, aliceOfBob
				}
				if err := p.PauseFile(ctx, id); err != nil {
					t.Fatal(err)
				}
				awaitFile(t, p, c, app.FilePaused)
				awaitFile(t, peer, of, app.FileWaiting)
				apptest.Settle(20 * time.Second) // what was on its way
				n := sent.Load()
				u.Net.Break(alice.Transport, bob.Transport)
				apptest.Settle(time.Minute)
				var words atomic.Int64
				u.Net.Tap(func(*apptest.Transport, []byte) { words.Add(1) })
				apptest.Settle(time.Hour)
				if n := words.Load(); n > 0 {
					t.Errorf("%d words about it in an hour of pause", n)
				}
				p.Restart()
				apptest.Settle(time.Hour)
				if more := sent.Load() - n; more > 0 {
					t.Errorf("%d cells moved in the pause", more)
				}
				awaitFile(t, p, c, app.FilePaused)
				alice.Say(bobOfAlice, "meanwhile")
				if err := p.FetchFile(ctx, id); err != nil {
					t.Fatal(err)
				}
				apptest.Settle(40 * time.Second)
				wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
				awaitFile(t, alice, bobOfAlice, app.FileDone)
				if n := sent.Load(); n > 45 {
					t.Errorf("%d cells were sent", n)
				}
			})
		})
	}
}

func TestCancel(t *testing.T) {
	for _, who := range []string{"receiver", "sender"} {
		t.Run(who, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				data := noise(6, 30*chunk)
				sent := slowly(u, time.Second)
				own := postFile(t, alice, bobOfAlice, "", attachment("f", data))
				alice.Await("cells", func() bool { return sent.Load() > 8 })
				theirs := awaitFile(t, bob, aliceOfBob, app.FileMoving)
				if who == "sender" {
					if err := alice.CancelFile(ctx, own.ID); err != nil {
						t.Fatal(err)
					}
				} else if err := bob.CancelFile(ctx, theirs.ID); err != nil {
					t.Fatal(err)
				}
				awaitFile(t, alice, bobOfAlice, app.FileCancelled)
				awaitFile(t, bob, aliceOfBob, app.FileCancelled)
				wantBlobs(t, bob, 0)
				apptest.Settle(time.Hour)
				if n := sent.Load(); n > 30 {
					t.Errorf("%d cells were sent", n)
				}
				err := bob.FetchFile(ctx, theirs.ID)
				if who == "sender" {
					wantErr(t, "fetch what its sender cancelled", err, app.ErrFileNotHere)
					wantErr(t, "open it", errOf(alice.OpenFile(ctx, own.ID)), app.ErrFileNotHere)
					wantBlobs(t, alice, 0)
					return
				}
				wantErr(t, "fetch again", err, nil)
				apptest.Settle(40 * time.Second)
				wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
			})
		})
	}
}

func errOf[T any](_ T, err error) error { return err }

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

// TestSendersBlobIsGone: the disk of the sender lost the file.
func TestSendersBlobIsGone(t *testing.T) {
	for _, lost := range []string{"blob", "box"} {
		t.Run(lost, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				u.Net.Cut(alice.Transport, bob.Transport, true)
				postFile(t, alice, bobOfAlice, "", attachment("f", noise(8, 5*chunk)))
				if lost == "blob" {
					ids, _ := alice.Store.BlobIDs(ctx)
					alice.Store.RemoveBlob(ctx, ids[0])
				} else {
					alice.Store.FailBlobs(func(op apptest.BlobOp) error {
						if op.Name == "read" && op.Box == 2 {
							return app.ErrDamaged
						}
						return nil
					})
				}
				u.Net.Cut(alice.Transport, bob.Transport, false)
				got := awaitFile(t, bob, aliceOfBob, app.FileCancelled)
				if got.File.Reason != app.ReasonGone {
					t.Errorf("%+v", got.File)
				}
				awaitFile(t, alice, bobOfAlice, app.FileCancelled)
				wantBlobs(t, bob, 0)
				wantBlobs(t, alice, 0)
			})
		})
	}
}

// TestReceiversBlobIsGone: the disk of the receiver lost what was here of a file, or a part
// of it. It comes again, as far as it has to.
func TestReceiversBlobIsGone(t *testing.T) {
	for _, how := range []string{"blob", "blob and restart", "box"} {
		t.Run(how, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				sent := slowly(u, 500*time.Millisecond)
				data := noise(33, 40*chunk)
				postFile(t, alice, bobOfAlice, "", attachment("f", data))
				alice.Await("cells", func() bool { return sent.Load() > 20 })
				if how == "box" {
					bob.Kill()
					ids, _ := bob.Store.BlobIDs(ctx)
					if err := bob.Store.WriteBlob(ids[0], 7, make([]byte, app.BoxSize)); err != nil {
						t.Fatal(err)
					}
					bob.Start()
				} else {
					ids, _ := bob.Store.BlobIDs(ctx)
					bob.Store.RemoveBlob(ctx, ids[0])
				}
				if how == "blob and restart" {
					bob.Restart()
				}
				apptest.Settle(time.Minute)
				wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
				wantBlobs(t, bob, 1)
			})
		})
	}
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

// TestDiskFull: no room for the rest of a file, here or in the database. The chat goes on.
func TestDiskFull(t *testing.T) {
	for _, op := range []string{"create", "write", "sync"} {
		t.Run(op, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				var calls int
				bob.Store.FailBlobs(func(o apptest.BlobOp) error {
					if o.Name != op {
						return nil
					}
					if calls++; calls > 1 || op == "create" {
						return app.ErrDiskFull
					}
					return nil
				})
				slowly(u, 700*time.Millisecond)
				data := noise(10, 20*chunk)
				postFile(t, alice, bobOfAlice, "", attachment("f", data))
				got := awaitFile(t, bob, aliceOfBob, app.FilePaused)
				if got.File.Reason != app.ReasonDiskFull {
					t.Errorf("%+v", got.File)
				}
				alice.Say(bobOfAlice, "hello")
				bob.Await("the chat", func() bool { return slices.Contains(bob.Heard(aliceOfBob), "hello") })
				awaitFile(t, alice, bobOfAlice, app.FileWaiting)
				bob.Store.FailBlobs(nil)
				bob.Restart()
				awaitFile(t, bob, aliceOfBob, app.FilePaused)
				if err := bob.FetchFile(ctx, got.ID); err != nil {
					t.Fatal(err)
				}
				wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
			})
		})
	}
}

// TestDatabaseFull: not even the pause can be noted. It is tried again, ever more rarely.
func TestDatabaseFull(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		sent := slowly(u, 700*time.Millisecond)
		data := noise(11, 100*chunk)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		alice.Await("cells", func() bool { return sent.Load() > 4 })
		bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		apptest.Settle(time.Minute)
		full := slices.ContainsFunc(bob.Events(), func(e app.Event) bool {
			f, ok := e.(app.StorageFailed)
			return ok && errors.Is(f.Err, app.ErrDiskFull)
		})
		if !full {
			t.Error("nobody was told")
		}
		n := 0
		for _, e := range bob.Events() {
			if _, ok := e.(app.StorageFailed); ok {
				n++
			}
		}
		if n > 8 {
			t.Errorf("%d failures were told in a minute", n)
		}
		bob.Store.Inject(nil)
		apptest.Settle(6 * time.Minute)
		ms := withFile(t, bob, aliceOfBob)
		if f := ms[0].File; f.State == app.FilePaused {
			if err := bob.FetchFile(ctx, ms[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
	})
}

func TestAskedAbove(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		prefs, err := bob.Preferences(ctx)
		if err != nil {
			t.Fatal(err)
		}
		prefs.AskAbove = 2 * chunk
		if err := bob.SetPreferences(ctx, prefs); err != nil {
			t.Fatal(err)
		}
		sent := slowly(u, 0)
		data := noise(12, 2*chunk+1)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		got := awaitFile(t, bob, aliceOfBob, app.FilePaused)
		apptest.Settle(time.Minute)
		bob.Restart()
		apptest.Settle(time.Minute)
		if got.File.Reason != app.ReasonAsk || sent.Load() > 0 {
			t.Errorf("%+v, %d cells", got.File, sent.Load())
		}
		if err := bob.FetchFile(ctx, got.ID); err != nil {
			t.Fatal(err)
		}
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
		postFile(t, alice, bobOfAlice, "", attachment("g", data[:2*chunk]))
		bob.Await("two files", func() bool { return len(withFile(t, bob, aliceOfBob)) == 2 })
		awaitFile(t, bob, aliceOfBob, app.FileDone)
	})
}

// TestDeletedWhileMoving: the message goes for one or for all, at any of the two.
func TestDeletedWhileMoving(t *testing.T) {
	for _, how := range []string{"here", "there", "all", "contact"} {
		t.Run(how, func(t *testing.T) {
			friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
				sent := slowly(u, time.Second)
				own := postFile(t, alice, bobOfAlice, "", attachment("f", noise(13, 30*chunk)))
				alice.Await("cells", func() bool { return sent.Load() > 8 })
				theirs := awaitFile(t, bob, aliceOfBob, app.FileMoving)
				var err error
				switch how {
				case "here":
					err = bob.Delete(ctx, theirs.ID, false)
				case "there":
					err = alice.Delete(ctx, own.ID, false)
				case "all":
					err = alice.Delete(ctx, own.ID, true)
				case "contact":
					err = bob.RemoveContact(ctx, aliceOfBob)
				}
				if err != nil {
					t.Fatal(err)
				}
				wantBlobs(t, bob, 0)
				if how == "there" || how == "all" {
					wantBlobs(t, alice, 0)
				}
				apptest.Settle(time.Hour)
				if n := sent.Load(); n > 30 {
					t.Errorf("%d cells were sent", n)
				}
				wantBlobs(t, bob, 0)
				if how == "there" {
					if f := awaitFile(t, bob, aliceOfBob, app.FileCancelled).File; f.Reason != app.ReasonGone {
						t.Errorf("%+v", f)
					}
				}
				if how == "here" {
					awaitFile(t, alice, bobOfAlice, app.FileCancelled)
				}
			})
		})
	}
}

// TestOrphansAreSwept: what a crash left of an import, or of a file that was given up.
func TestOrphansAreSwept(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(14, 3*chunk)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		awaitFile(t, bob, aliceOfBob, app.FileDone)
		alice.Stop()
		for range 3 {
			if _, err := alice.Store.CreateBlob(ctx, 2); err != nil {
				t.Fatal(err)
			}
		}
		wantBlobs(t, alice, 4)
		alice.Start()
		wantBlobs(t, alice, 1)
		alice.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		_, err := alice.Post(ctx, bobOfAlice, app.Outgoing{File: attachment("g", data)})()
		wantErr(t, "post on a full disk", err, app.ErrDiskFull)
		alice.Store.Inject(nil)
		wantBlobs(t, alice, 1)
	})
}

func TestForwardedFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		alice, bob, carol := u.Person("Alice"), u.Person("Bob"), u.Person("Carol")
		bobOfAlice, aliceOfBob := u.Pair(alice, bob)
		carolOfBob, bobOfCarol := u.Pair(bob, carol)
		apptest.Settle(time.Minute)
		var mu sync.Mutex
		seen := map[envelope.FileID]string{} // guarded by mu
		u.Net.FilterFiles(func(from *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			_, id, _, _ := envelope.SplitFile(cell)
			mu.Lock()
			defer mu.Unlock()
			seen[id] = from.Owner
			return [][]byte{cell}
		})
		data := noise(15, 3*chunk+9)
		postFile(t, alice, bobOfAlice, "mine", attachment("holiday.tar", data))
		got := awaitFile(t, bob, aliceOfBob, app.FileDone)
		if err := bob.Forward(ctx, got.ID, []app.ContactID{carolOfBob, aliceOfBob}); err != nil {
			t.Fatal(err)
		}
		there := awaitFile(t, carol, bobOfCarol, app.FileDone)
		if !there.Forwarded || there.Text != "mine" || there.File.Name != "holiday.tar" {
			t.Errorf("forwarded: %+v %+v", there, there.File)
		}
		wantFile(t, carol, there.ID, data)
		alice.Await("her own back", func() bool { return len(withFile(t, alice, bobOfAlice)) == 2 })
		wantFile(t, alice, awaitFile(t, alice, bobOfAlice, app.FileDone).ID, data)
		mu.Lock()
		defer mu.Unlock()
		if len(seen) != 3 {
			t.Errorf("%d names on the wire for three ways: %v", len(seen), seen)
		}
		if err := bob.Delete(ctx, got.ID, false); err != nil {
			t.Fatal(err)
		}
		wantBlobs(t, bob, 2)
		wantFile(t, bob, withFile(t, bob, carolOfBob)[0].ID, data)
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

func TestProgressIsTold(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		slowly(u, 20*time.Millisecond)
		const cells = 400
		postFile(t, alice, bobOfAlice, "", attachment("f", noise(17, cells*chunk)))
		awaitFile(t, bob, aliceOfBob, app.FileDone)
		awaitFile(t, alice, bobOfAlice, app.FileDone)
		apptest.Settle(time.Second)
		for _, p := range []*apptest.Person{alice, bob} {
			var all []app.FileProgress
			for _, e := range p.Events() {
				if f, ok := e.(app.FileProgress); ok {
					all = append(all, f)
				}
			}
			if len(all) < 10 || len(all) > 60 { // 8 s, at most 4 a second
				t.Errorf("%s: %d events", p.Name, len(all))
			}
			for i, f := range all {
				if i > 0 && f.File.Done < all[i-1].File.Done {
					t.Errorf("%s: went back from %d to %d", p.Name, all[i-1].File.Done, f.File.Done)
				}
			}
			rate := all[len(all)/2].Rate
			if rate < 40*chunk || rate > 60*chunk {
				t.Errorf("%s: %d bytes a second, want about %d", p.Name, rate, 50*chunk)
			}
			if last := all[len(all)-1]; last.File.State != app.FileDone || last.Rate != 0 || last.File.Done != cells*chunk {
				t.Errorf("%s: at last %+v", p.Name, last)
			}
		}
	})
}

// TestCancelledImport: a context that ends leaves nothing.
func TestCancelledImport(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		stop, cancel := context.WithCancel(ctx)
		a := attachment("f", noise(18, 50*chunk))
		var done int64
		a.Progress = func(n, total int64) {
			if done = n; n > 20*chunk {
				cancel()
			}
		}
		_, err := alice.Post(stop, bobOfAlice, app.Outgoing{File: a})()
		wantErr(t, "cancelled", err, context.Canceled)
		if done > 25*chunk {
			t.Errorf("%d bytes were read", done)
		}
		wantBlobs(t, alice, 0)
		if len(withFile(t, alice, bobOfAlice)) > 0 {
			t.Error("it was sent all the same")
		}
	})
}
