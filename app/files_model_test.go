package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/identity/envelope"
)

// TestFilesSurviveEverything is the property of files: whatever crashes, breaks, fills up,
// is paused, cancelled, fetched and deleted in any order, a file that is done is the one
// that was sent; when all that ends, each that nobody gave up comes to its end on both
// sides, and no blob is left that no message has.
func TestFilesSurviveEverything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
			return step{
				Kind:  rapid.IntRange(0, 11).Draw(rt, "kind"),
				Who:   rapid.IntRange(0, 1).Draw(rt, "who"),
				N:     rapid.IntRange(1, 6).Draw(rt, "n"),
				After: rapid.Bool().Draw(rt, "after"),
			}
		}), 1, 25).Draw(rt, "steps")
		var failure string
		synctest.Test(t, func(t *testing.T) {
			o := newFileOrdeal(t)
			for _, s := range steps {
				o.step(s)
			}
			failure = o.end()
		})
		if failure != "" {
			rt.Fatal(failure)
		}
	})
}

// fileOrdeal is two people, and what the test knows of the files between them.
type fileOrdeal struct {
	t      *testing.T
	u      *apptest.Universe
	people [2]*apptest.Person
	peer   [2]app.ContactID
	sizes  [2][]int // of the files that each posted, in their order; their seed is the place
}

func newFileOrdeal(t *testing.T) *fileOrdeal {
	o := &fileOrdeal{t: t, u: apptest.NewUniverse(t)}
	o.people = [2]*apptest.Person{o.u.Person("Alice"), o.u.Person("Bob")}
	o.peer[0], o.peer[1] = o.u.Pair(o.people[0], o.people[1])
	o.u.Net.FilterFiles(func(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
		time.Sleep(200 * time.Millisecond)
		return [][]byte{cell}
	})
	return o
}

func (o *fileOrdeal) name(who, i int) string { return fmt.Sprint(who, ".", i) }

func (o *fileOrdeal) data(who, i int) []byte {
	return noise(uint64(1+who*100+i), o.sizes[who][i])
}

func (o *fileOrdeal) step(s step) {
	p, c := o.people[s.Who], o.peer[s.Who]
	switch s.Kind {
	case 0, 1, 2:
		o.post(s)
	case 3: // the process dies at a commit soon
		p.Store.Inject(func(n int) apptest.Fault { return apptest.Fault{Kill: n%s.N == 0, After: s.After} })
	case 4:
		o.u.Net.Cut(o.people[0].Transport, o.people[1].Transport, true)
		if s.After {
			time.Sleep(time.Duration(s.N) * time.Second)
			o.u.Net.Cut(o.people[0].Transport, o.people[1].Transport, false)
		}
	case 5:
		o.u.Net.Cut(o.people[0].Transport, o.people[1].Transport, false)
	case 6:
		o.u.Net.Double(s.After)
	case 7, 8:
		time.Sleep(time.Duration(s.N) * 3 * time.Second)
	case 9:
		p.Restart()
	case 10: // no room for some boxes
		n := 0
		p.Store.FailBlobs(func(op apptest.BlobOp) error {
			if n++; s.After && n%s.N == 0 && op.Name != "read" && op.Name != "remove" {
				return app.ErrDiskFull
			}
			return nil
		})
	case 11:
		ms, _ := p.Messages(ctx, c, 0, 10)
		for i, m := range ms {
			if m.File == nil || i%3 != s.N%3 {
				continue
			}
			switch {
			case s.N <= 2:
				p.PauseFile(ctx, m.ID)
			case s.N == 3:
				p.CancelFile(ctx, m.ID)
			case s.N == 4 && s.After:
				p.Delete(ctx, m.ID, m.Own)
			default:
				p.FetchFile(ctx, m.ID)
			}
		}
	}
	o.revive()
}

func (o *fileOrdeal) post(s step) {
	i := len(o.sizes[s.Who])
	o.sizes[s.Who] = append(o.sizes[s.Who], (s.N-1)*2*envelope.FileChunk+s.N)
	o.people[s.Who].Post(ctx, o.peer[s.Who], app.Outgoing{File: attachment(o.name(s.Who, i), o.data(s.Who, i))})()
}

func (o *fileOrdeal) revive() {
	for _, p := range o.people {
		if p.Store.Killed() {
			p.Restart()
		}
	}
}

// end takes every trouble away and reports what is not as it should be.
func (o *fileOrdeal) end() string {
	for _, p := range o.people {
		p.Store.Inject(nil)
		p.Store.FailBlobs(nil)
	}
	o.revive()
	o.u.Net.Double(false)
	o.u.Net.Cut(o.people[0].Transport, o.people[1].Transport, false)
	apptest.Settle(time.Minute)
	for i, p := range o.people {
		ms, _ := p.Messages(ctx, o.peer[i], 0, 100)
		for _, m := range ms {
			if m.File != nil {
				p.FetchFile(ctx, m.ID) // or refused: it is gone
			}
		}
	}
	apptest.Settle(15 * time.Minute)
	for i, p := range o.people {
		if failure := o.check(i, p); failure != "" {
			return p.Name + ": " + failure
		}
	}
	return ""
}

func (o *fileOrdeal) check(who int, p *apptest.Person) string {
	ms, err := p.Messages(ctx, o.peer[who], 0, 100)
	if err != nil {
		return err.Error()
	}
	blobs := 0
	for _, m := range ms {
		if m.File == nil {
			continue
		}
		var writer, i int
		if _, err := fmt.Sscanf(m.File.Name, "%d.%d", &writer, &i); err != nil {
			return "a file of the name " + m.File.Name
		}
		r, err := p.OpenFile(ctx, m.ID)
		switch {
		case errors.Is(err, app.ErrFileNotHere):
			if m.File.State != app.FileCancelled {
				return fmt.Sprintf("%s is %s %s", m.File.Name, m.File.State, m.File.Reason)
			}
			continue
		case err != nil:
			return err.Error()
		}
		blobs++
		got := make([]byte, r.Size())
		if _, err := r.ReadAt(got, 0); err != nil || !bytes.Equal(got, o.data(writer, i)) {
			return fmt.Sprintf("%s is another file: %v", m.File.Name, err)
		}
		r.Close()
		if m.File.State != app.FileDone && m.File.State != app.FileCancelled && o.wanted(who, m) {
			return fmt.Sprintf("%s is here, and %s %s", m.File.Name, m.File.State, m.File.Reason)
		}
	}
	if ids, err := p.Store.BlobIDs(ctx); err != nil || len(ids) != blobs {
		return fmt.Sprintf("%d blobs for %d files, %v", len(ids), blobs, err)
	}
	return ""
}

// wanted reports whether the other side still has the message that the own one is.
func (o *fileOrdeal) wanted(who int, m app.Message) bool {
	ms, _ := o.people[1-who].Messages(ctx, o.peer[1-who], 0, 100)
	for _, their := range ms {
		if their.File != nil && their.File.Name == m.File.Name {
			return true
		}
	}
	return false
}
