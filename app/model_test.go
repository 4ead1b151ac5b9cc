package app_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// The model is three people, contacts of one another, each with a program that crashes,
// is put back to a copy and has a clock that jumps, on a network that loses, repeats,
// swaps and changes cells. A history is a list of incidents, so that rapid can shrink it.

const people = 3

// incident is one of the things that happen. Which of its numbers matter depends on what it is.
type incident struct {
	What      string
	Who, Whom int
	N         int
	Flag      bool
}

var incidents = []string{
	"say", "say", "say", "say", "wait", "wait", "crash", "break", "lose", "double", "swap", "tamper",
	"restart", "clock", "renew", "copy", "restore", "meet",
}

func (i incident) String() string {
	return fmt.Sprintf("%s %d %d n=%d %t", i.What, i.Who, i.Whom, i.N, i.Flag)
}

// TestModel: whatever happens, each text that was sent is shown once, in the order of its
// sender, to whom it was sent, unchanged; what a copy did not know may be missing, and
// nothing else. Cells have one of two lengths, and what is stored stays small.
func TestModel(t *testing.T) {
	var friends acquaintance
	synctest.Test(t, func(t *testing.T) { friends = acquainted(t) })
	rapid.Check(t, func(rt *rapid.T) {
		history := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) incident {
			who := rapid.IntRange(0, people-1).Draw(rt, "who")
			return incident{
				What: rapid.SampledFrom(incidents).Draw(rt, "what"),
				Who:  who, Whom: (who + rapid.IntRange(1, people-1).Draw(rt, "whom")) % people,
				N: rapid.IntRange(1, 6).Draw(rt, "n"), Flag: rapid.Bool().Draw(rt, "flag"),
			}
		}), 1, 20).Draw(rt, "history")
		var failure string
		synctest.Test(t, func(t *testing.T) { failure = newWorld(t, friends).run(history) })
		if failure != "" {
			rt.Fatal(failure)
		}
	})
}

// acquaintance is three people who met, made once for all histories.
type acquaintance struct {
	stores [people]*apptest.Store
	ids    [people][people]app.ContactID // of another one at one of them
}

var names = [people]string{"Alice", "Bob", "Carol"}

func acquainted(t *testing.T) (a acquaintance) {
	u := apptest.NewUniverse(t)
	var all [people]*apptest.Person
	for i, name := range names {
		all[i] = u.Person(name)
	}
	for i := range people {
		for j := range i {
			a.ids[i][j], a.ids[j][i] = u.Pair(all[i], all[j])
		}
	}
	apptest.Settle(10 * time.Minute)
	for i, p := range all {
		p.Stop()
		a.stores[i] = p.Store.Copy()
	}
	return a
}

// world is one history.
type world struct {
	t   *testing.T
	u   *apptest.Universe
	ids [people][people]app.ContactID
	all [people]*apptest.Person

	said     int
	sent     [people][people][]string // in order; also those of which a crash left it open
	accepted [people][people][]string // of these, those that a program said are kept
	copies   [people]*apptest.Store
	since    [people][people]int // how many of sent there were at the copy
	restored [people]bool
	verdict  func(i, j int) string // judge, or judgeRemarks

	mu   sync.Mutex
	harm harm
	held []byte // a cell that waits for the next one, of whichever link
	bad  string
}

// harm is what the network does to the next cells.
type harm struct {
	what string
	left int
}

func newWorld(t *testing.T, a acquaintance) *world {
	w := &world{t: t, u: apptest.NewUniverse(t), ids: a.ids}
	w.verdict = w.judge
	w.u.Net.Filter(w.pass)
	for i, name := range names {
		w.all[i] = w.u.Comes(name, a.stores[i].Copy())
	}
	return w
}

// pass is the network.
func (w *world) pass(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(cell); n != 4096 && n != 16384 {
		w.bad = fmt.Sprintf("a cell of %d bytes", n)
	}
	if w.harm.left == 0 {
		return [][]byte{cell}
	}
	w.harm.left--
	switch w.harm.what {
	case "lose":
		return nil
	case "double":
		return [][]byte{cell, cell, cell}
	case "tamper":
		changed := slices.Clone(cell)
		changed[16+w.harm.left*600] ^= 1
		return [][]byte{changed, cell}
	case "swap":
		before := w.held
		if w.held = cell; before == nil {
			return nil
		}
		w.held = nil
		return [][]byte{cell, before}
	}
	return [][]byte{cell}
}

// run plays a history and returns what went wrong, or "".
func (w *world) run(history []incident) string {
	for _, i := range history {
		w.happens(i)
		w.revive()
		if failure := w.sane(); failure != "" {
			return failure
		}
	}
	return w.settle()
}

func (w *world) happens(i incident) {
	p, q := w.all[i.Who], w.all[i.Whom]
	switch i.What {
	case "say":
		for range i.N {
			w.say(i.Who, i.Whom, i.Flag)
		}
	case "wait":
		time.Sleep(time.Duration(i.N*i.N) * time.Second)
	case "crash": // the process dies at a commit soon
		p.Store.Inject(func(n int) apptest.Fault { return apptest.Fault{Kill: n%i.N == 0, After: i.Flag} })
	case "restart":
		p.Restart()
	case "break":
		w.u.Net.Break(p.Transport, q.Transport)
	case "lose", "double", "swap", "tamper":
		w.mu.Lock()
		w.harm = harm{i.What, i.N}
		w.mu.Unlock()
	case "clock":
		p.Clock.Jump([]time.Duration{time.Minute, -time.Hour, 2 * time.Hour, 3 * 24 * time.Hour, 25 * 24 * time.Hour, 80 * 24 * time.Hour}[i.N-1])
	case "renew":
		if i.Flag { // else it may be too soon
			p.Clock.Jump(2 * time.Hour)
			q.Clock.Jump(2 * time.Hour)
		}
		p.RenewSession(ctx, w.ids[i.Who][i.Whom])
	case "copy":
		w.copies[i.Who] = p.Store.Copy()
		for j := range people {
			w.since[i.Who][j] = len(w.sent[i.Who][j])
		}
	case "restore":
		w.restore(i.Who, i.Flag)
	case "meet":
		w.meet(p, q)
	default:
		w.remark(i)
	}
}

func (w *world) say(from, to int, long bool) {
	w.said++
	text := fmt.Sprintf("%d to %d, number %d", from, to, w.said)
	if long {
		text += strings.Repeat(" and so on", 200)
	}
	w.sent[from][to] = append(w.sent[from][to], text)
	if _, err := w.all[from].Send(ctx, w.ids[from][to], text); err == nil {
		w.accepted[from][to] = append(w.accepted[from][to], text)
	}
}

// restore puts the last copy back. The program may notice it, or not.
func (w *world) restore(at int, noticed bool) {
	p := w.all[at]
	if w.copies[at] == nil {
		return
	}
	p.Kill()
	if p.Store = w.copies[at].Copy(); noticed {
		p.Store.SetRolledBack()
	}
	p.Start()
	w.restored[at] = true
	for j := range people { // what the copy does not know is not the program's to deliver
		known := w.sent[at][j][:w.since[at][j]]
		w.accepted[at][j] = slices.DeleteFunc(slices.Clone(w.accepted[at][j]), func(text string) bool { return !slices.Contains(known, text) })
	}
}

// meet makes a card and has the other accept it, and does not wait for anything.
func (w *world) meet(p, q *apptest.Person) {
	offer, err := p.CreateCard(ctx, app.CardRequest{Shown: true})
	if err != nil {
		return
	}
	q.AcceptCard(ctx, offer.Card, true)
}

// revive starts who was killed.
func (w *world) revive() {
	for _, p := range w.all {
		if p.Store.Killed() {
			p.Restart()
		}
	}
}

// sane checks what must hold at every moment.
func (w *world) sane() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, p := range w.all {
		for j := range people {
			if i == j || p.Store.Killed() {
				continue
			}
			var b []byte
			p.Store.View(ctx, func(tx app.ReadTx) (err error) { b, err = tx.Session(w.ids[i][j]); return err })
			if len(b) > 9*4<<10+len(w.sent[j][i])*200 {
				return fmt.Sprintf("%s stores %d bytes of a session", p.Name, len(b))
			}
		}
	}
	return w.bad
}

// settle lets everything work and come to rest, and judges.
func (w *world) settle() string {
	for _, p := range w.all {
		p.Store.Inject(nil)
	}
	w.revive()
	w.mu.Lock()
	w.harm = harm{}
	w.mu.Unlock()
	apptest.Settle(time.Minute)
	for range 2 { // who was put back learns it when somebody speaks, and renews its keys once an hour at most
		for i, p := range w.all {
			p.Clock.Jump(2 * time.Hour)
			for j := range people {
				if i != j {
					w.say(i, j, false)
				}
			}
		}
		apptest.Settle(10 * time.Minute)
	}
	for i := range people {
		for j := range people {
			if i == j {
				continue
			}
			if failure := w.verdict(i, j); failure != "" {
				return failure
			}
		}
	}
	return w.sane()
}

// judge compares what i said with what j shows.
func (w *world) judge(i, j int) string {
	heard := w.all[j].Heard(w.ids[j][i])
	at := 0
	for n, text := range heard {
		k := slices.Index(w.sent[i][j], text)
		if k < 0 {
			return fmt.Sprintf("%s shows %q, which %s never said", names[j], text, names[i])
		}
		if slices.Contains(heard[:n], text) {
			return fmt.Sprintf("%s shows %q twice", names[j], text)
		}
		if k < at && !w.restored[i] {
			return fmt.Sprintf("%s shows %q too late: %q", names[j], text, heard)
		}
		at = k
	}
	for _, text := range w.accepted[i][j] {
		if !slices.Contains(heard, text) && !w.restored[j] {
			return fmt.Sprintf("%q was accepted by %s and never shown by %s", text, names[i], names[j])
		}
	}
	// To who was put back behind a receipt, what follows is early for an hour, and then fails with a reason.
	if n := len(w.all[i].Said(w.ids[i][j], app.StateQueued)); n > 0 && !w.restored[j] {
		return fmt.Sprintf("%d messages of %s to %s wait without a receipt", n, names[i], names[j])
	}
	return ""
}
