package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/identity/envelope"
)

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

// TestLinkLostWhileTheDiskFails: the file waits all the same, and goes on from what was durable.
func TestLinkLostWhileTheDiskFails(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(33, 30*chunk)
		sent := slowly(u, time.Second)
		postFile(t, alice, bobOfAlice, "", attachment("f", data))
		alice.Await("cells", func() bool { return sent.Load() > 10 })
		bob.Store.FailBlobs(func(op apptest.BlobOp) error {
			if op.Name == "sync" {
				return errors.New("the disk does not answer")
			}
			return nil
		})
		u.Net.Cut(alice.Transport, bob.Transport, true)
		awaitFile(t, bob, aliceOfBob, app.FileWaiting)
		bob.Store.FailBlobs(nil)
		u.Net.Cut(alice.Transport, bob.Transport, false)
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
	})
}
