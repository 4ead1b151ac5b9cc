package app_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
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
