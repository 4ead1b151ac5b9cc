package app_test

import (
	"bytes"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

var posted = []string{
	"say", "say", "say", "wait", "wait", "rest", "off", "on", "link", "part", "crash", "restart", "node", "node", "honest", "watch",
	"poll", "delete", "edit",
}

// copied adds to what happens that a profile is put back, and that keys are renewed.
var copied = append([]string{"copy", "restore", "restore", "renew"}, posted...)

// nodeFaults are what a node does in the model.
var nodeFaults = []apptest.NodeFaults{
	{Down: true}, {Later: true}, {Full: true}, {Withhold: true}, {Replay: true}, {Reorder: true}, {Slow: 3 * time.Second}, {Refusing: true}, {False: true},
	{Reorder: true, Slow: 10 * time.Second}, {Replay: true, Reorder: true},
}

// TestModelOfMail: whoever is on when, whichever links there are, whatever crashes and
// however nodes fail: each text is shown once, in order, and in the end all of them are and
// their senders know. No message goes from a better state to a worse one, and no token pays
// for two cells.
func TestModelOfMail(t *testing.T) {
	var start mailStart
	synctest.Test(t, func(t *testing.T) { start = newMailStart(t) })
	fewer(t, 2)
	rapid.Check(t, func(rt *rapid.T) { start.check(t, rt, posted) })
}

// TestModelOfMailAndCopies: the same where profiles are put back to copies, noticed or not.
// What a copy does not know may be missing, or be said again; what is said from then on
// comes, and nothing is shown twice.
func TestModelOfMailAndCopies(t *testing.T) {
	var start mailStart
	synctest.Test(t, func(t *testing.T) { start = newMailStart(t) })
	fewer(t, 5)
	rapid.Check(t, func(rt *rapid.T) { start.check(t, rt, copied) })
}

// fewer has rapid try only so many of the histories that it was told to: each is days long.
func fewer(t *testing.T, part int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	n, err := strconv.Atoi(before)
	must(t, err)
	must(t, checks.Value.Set(strconv.Itoa(max(n/part, 1))))
	t.Cleanup(func() { checks.Value.Set(before) })
}

// check plays one history of such incidents.
func (s mailStart) check(t *testing.T, rt *rapid.T, what []string) {
	history := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) incident {
		who := rapid.IntRange(0, 1).Draw(rt, "who")
		return incident{
			What: rapid.SampledFrom(what).Draw(rt, "what"),
			Who:  who, Whom: 1 - who,
			N: rapid.IntRange(1, len(nodeFaults)).Draw(rt, "n"), Flag: rapid.Bool().Draw(rt, "flag"),
		}
	}), 1, 25).Draw(rt, "history")
	var failure string
	synctest.Test(t, func(t *testing.T) { failure = newMailWorld(t, s).run(history) })
	if failure != "" {
		rt.Fatal(failure)
	}
}

// mailStart is two people who met and parted, made once for all histories.
type mailStart struct {
	nodes  *apptest.Nodes
	stores [2]*apptest.Store
	ids    [2]app.ContactID // of the other one
}

func newMailStart(t *testing.T) (s mailStart) {
	a := meetAndPart(t)
	for i, p := range []*apptest.Person{a.alice, a.bob} {
		p.Stop()
		s.stores[i] = p.Store.Copy()
	}
	s.ids = [2]app.ContactID{a.bobOfAlice, a.aliceOfBob}
	s.nodes = a.u.Nodes.Copy()
	return s
}

// mailWorld is one history.
type mailWorld struct {
	u    *apptest.Universe
	ids  [2]app.ContactID
	all  [2]*apptest.Person
	off  [2]bool
	said int

	sent     [2][]string // by each, in order; also those of which a crash left it open
	accepted [2][]string // of these, those that the program said are kept
	deleted  map[string]bool
	copies   [2]*apptest.Store
	since    [2]int // how many of sent there were at the copy
	restored [2]bool
	renewed  bool
	edits    map[string]string // by the text that was said

	mu     sync.Mutex
	cells  map[[16]byte][]byte // by token; guarded by mu
	states map[app.Ref]app.State
	bad    string // guarded by mu
}

func newMailWorld(t *testing.T, s mailStart) *mailWorld {
	w := &mailWorld{
		u: apptest.NewUniverse(t), ids: s.ids, deleted: map[string]bool{}, edits: map[string]string{},
		cells: map[[16]byte][]byte{}, states: map[app.Ref]app.State{},
	}
	w.u.Nodes = s.nodes.Copy()
	w.u.Nodes.Tap(w.saw)
	w.u.Net.Close(true)
	for i, name := range names[:2] {
		w.all[i] = w.u.Comes(name, s.stores[i].Copy())
	}
	return w
}

// saw is what the nodes see of deposits.
func (w *mailWorld) saw(owner, _ string, d identity.Deposit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, token := range d.Tokens {
		if w.copied() { // a copy spends some again, and so does who was given a grant again by one
			break
		}
		if before, used := w.cells[token]; used && !bytes.Equal(before, d.Cell) {
			w.bad = fmt.Sprintf("%s paid for two cells with one token", owner)
		}
		w.cells[token] = bytes.Clone(d.Cell)
	}
	if n := len(d.Cell); n != 4096 && n != 16384 || len(d.Tokens) != n/4096 {
		w.bad = fmt.Sprintf("%s left a cell of %d bytes for %d tokens", owner, n, len(d.Tokens))
	}
}

func (w *mailWorld) run(history []incident) string {
	for _, i := range history {
		w.happens(i)
		w.revive()
		if failure := w.sane(); failure != "" {
			return failure
		}
	}
	return w.settle()
}

func nodeOf(i int) string { return "node of " + names[i] }

func (w *mailWorld) happens(i incident) {
	p := w.all[i.Who]
	switch i.What {
	case "wait":
		time.Sleep(time.Duration(i.N) * time.Second)
	case "rest":
		time.Sleep(time.Duration(i.N) * 5 * time.Minute)
	case "link", "part":
		w.u.Net.Close(i.What == "part")
	case "node":
		w.u.Nodes.Fail(nodeOf(i.Who), nodeFaults[i.N-1])
	case "honest":
		w.u.Nodes.Fail(nodeOf(i.Who), apptest.NodeFaults{})
	case "on":
		w.start(i.Who)
	}
	if w.off[i.Who] {
		return
	}
	switch i.What {
	case "say":
		for range (i.N + 2) / 3 {
			w.say(i.Who, i.Flag)
		}
	case "off":
		p.Stop()
		w.off[i.Who] = true
	case "crash":
		p.Store.Inject(func(n int) apptest.Fault { return apptest.Fault{Kill: n%i.N == 0, After: i.Flag} })
	case "restart":
		p.Restart()
	case "watch":
		p.Watch(i.Flag)
	case "poll":
		p.Poll()
	case "delete", "edit":
		w.remark(i)
	case "copy":
		w.copies[i.Who], w.since[i.Who] = p.Store.Copy(), len(w.sent[i.Who])
	case "restore":
		w.restore(i.Who, i.Flag)
	case "renew":
		w.renewed = true
		p.RenewSession(ctx, w.ids[i.Who])
	}
}

func (w *mailWorld) start(i int) {
	if w.off[i] {
		w.off[i] = false
		w.all[i].Start()
	}
}

// restore puts the last copy back. The program may notice it, or not.
func (w *mailWorld) restore(at int, noticed bool) {
	if w.copies[at] == nil {
		return
	}
	p := w.all[at]
	p.Kill()
	if p.Store = w.copies[at].Copy(); noticed {
		p.Store.SetRolledBack()
	}
	w.mu.Lock()
	w.restored[at] = true
	w.mu.Unlock()
	p.Start()
	known := w.sent[at][:w.since[at]]
	w.accepted[at] = slices.DeleteFunc(slices.Clone(w.accepted[at]), func(text string) bool { return !slices.Contains(known, text) })
}

func (w *mailWorld) say(from int, long bool) {
	w.said++
	text := fmt.Sprintf("from %d, number %d", from, w.said)
	if long && w.said%3 == 0 {
		text += string(bytes.Repeat([]byte(" and so on"), 300))
	}
	w.sent[from] = append(w.sent[from], text)
	if _, err := w.all[from].Send(ctx, w.ids[from], text); err == nil {
		w.accepted[from] = append(w.accepted[from], text)
	}
}

// remark deletes or edits one of the latest own messages.
func (w *mailWorld) remark(i incident) {
	p := w.all[i.Who]
	ms, err := p.Messages(ctx, w.ids[i.Who], 0, 2*i.N)
	if err != nil {
		return
	}
	ms = slices.DeleteFunc(ms, func(m app.Message) bool { return !m.Own || m.Notice != app.NoticeNone || m.Deleted })
	if len(ms) == 0 {
		return
	}
	m := ms[min(i.N, len(ms)-1)]
	if i.What == "delete" {
		w.deleted[m.Text] = true // also where that was cut short
		p.Delete(ctx, m.ID, true)
		return
	}
	w.said++
	text := fmt.Sprintf("from %d, edit %d", i.Who, w.said)
	if at := slices.Index(w.sent[i.Who], m.Text); at >= 0 { // the text is found under either
		w.edits[text] = m.Text
	} else {
		w.edits[text] = w.edits[m.Text]
	}
	if w.deleted[m.Text] {
		w.deleted[text] = true
	}
	p.Edit(ctx, m.ID, text)
}

func (w *mailWorld) revive() {
	for i, p := range w.all {
		if !w.off[i] && p.Store.Killed() {
			p.Restart()
		}
	}
}

// rank orders the states of an own message.
var rank = map[app.State]int{app.StateQueued: 1, app.StateHeld: 2, app.StateDelivered: 3, app.StateRead: 4}

// sane checks what must hold at every moment.
func (w *mailWorld) sane() string {
	for i, p := range w.all {
		if w.off[i] || p.Store.Killed() {
			continue
		}
		ms, err := p.MessagesAfter(ctx, w.ids[i], 0, app.MaxPage)
		if err != nil {
			continue
		}
		for _, m := range ms {
			if !m.Own || m.Notice != app.NoticeNone {
				continue
			}
			before := w.states[m.Ref]
			worse := rank[m.State] < rank[before] && !(w.renewed && before == app.StateHeld) // sealed anew
			if !w.copied() && (worse || m.State == app.StateFailed) {
				return fmt.Sprintf("a message of %s went from %s to %s", names[i], before, m.State)
			}
			w.states[m.Ref] = m.State
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bad
}

// copied reports whether anybody was put back.
func (w *mailWorld) copied() bool { return w.restored[0] || w.restored[1] }

// settle lets honest nodes carry everything, without a link, and judges.
func (w *mailWorld) settle() string {
	for i, p := range w.all {
		w.start(i)
		p.Store.Inject(nil)
		w.u.Nodes.Fail(nodeOf(i), apptest.NodeFaults{})
	}
	w.revive()
	w.u.Net.Close(true)
	span, rounds := 2*time.Hour, 3
	if w.copied() || w.renewed {
		span = 26 * time.Hour // a message of a reset that was lost is said again after a day
	}
	if w.copied() {
		rounds = 6 // and of two who are at different places each may have to be told
	}
	for range rounds { // what was said last is known to have come by what is said next
		apptest.Settle(span)
		for i := range w.all {
			w.say(i, false)
		}
	}
	apptest.Settle(span + time.Hour)
	if failure := w.sane(); failure != "" {
		return failure
	}
	for i := range w.all {
		if failure := w.judge(i); failure != "" {
			return failure
		}
	}
	return ""
}

// judge compares what i said with what the other shows.
func (w *mailWorld) judge(i int) string {
	p, q := w.all[i], w.all[1-i]
	heard, at := q.Heard(w.ids[1-i]), -1
	first := func(text string) string { // what it was before it was edited
		if before, edited := w.edits[text]; edited {
			return before
		}
		return text
	}
	var shown []string
	for _, text := range heard {
		if text == "" { // deleted
			continue
		}
		text = first(text)
		k := slices.Index(w.sent[i], text)
		if k < 0 || slices.Contains(shown, text) || k < at && !w.copied() {
			return fmt.Sprintf("%s shows %q, which is foreign, a repeat or too late: %q", q.Name, text, heard)
		}
		shown, at = append(shown, text), k
	}
	gone := map[string]bool{}
	for text := range w.deleted {
		gone[first(text)] = true
	}
	for _, text := range w.accepted[i] {
		if !slices.Contains(shown, text) && !gone[text] && !w.restored[1-i] {
			return fmt.Sprintf("%q was accepted by %s and never shown by %s: %q", text, p.Name, q.Name, heard)
		}
	}
	if last := w.sent[i][len(w.sent[i])-2:]; w.copied() && !slices.Contains(shown, last[0]) {
		return fmt.Sprintf("%q, said in the end, is not shown by %s: %q", last[0], q.Name, heard)
	}
	if waiting := append(p.Said(w.ids[i], app.StateQueued), p.Said(w.ids[i], app.StateHeld)...); len(waiting) > 1 && !w.restored[1-i] {
		return fmt.Sprintf("%s does not know that %q arrived", p.Name, waiting)
	}
	n := 0
	p.Store.View(ctx, func(tx app.ReadTx) (err error) { n, err = tx.OutboxCount(w.ids[i]); return err })
	if n > 3 && !w.copied() {
		return fmt.Sprintf("the outbox of %s still holds %d boxes", p.Name, n)
	}
	return ""
}
