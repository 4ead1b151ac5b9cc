package session

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"pgregory.net/rapid"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// The model is three people, each the contact of the two others, on a network that loses,
// repeats, delays, swaps, changes and misdirects whatever it likes. Everything is a
// value, so that rapid can shrink a history.

const people = 3

// parcel is a cell on its way, or one that was.
type parcel struct {
	from, to int
	cell     []byte
	content  string // "" for one of a reset
	grant    *envelope.Grant

	line   [32]byte // the ratchet that sealed it
	heard  int      // what its sender had heard of the other by then
	clocks int      // how often the receiver's clock had jumped far
}

// person has one end with each of the others.
type person struct {
	id     *identity.Identity
	now    time.Time
	clocks int // far jumps
	ends   [people]*contactEnd
	inbox  []parcel
	index  Index[int]
}

// contactEnd is what is kept of a contact, and what a copy of it is.
type contactEnd struct {
	state  State
	reset  Reset
	grants Grants

	heard    int // contents taken from the contact
	old      *contactEnd
	restored bool // held tokens may have been used after the copy was made
}

// meeting is what two got from a pairing, made once for all histories.
type meeting [people]pairing.Secrets

// world is one history.
type world struct {
	people   [people]*person
	meetings map[[2]int][]meeting // not yet used, by the two
	said     int
	taken    map[string]bool         // contents that were accepted
	tokens   map[envelope.Token]bool // used
	sent     []parcel                // all of them, as a recorder has them
	calm     bool                    // nobody crashes any more
}

// TestModel: whatever the network and the computers do, no content is accepted twice, or
// changed, or from somebody else; what does not open changes nothing; tokens do not
// repeat; cells have two lengths; states stay small; and in the end everybody can talk.
func TestModel(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	ids, meetings := manyMeetings(t)
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, ids, meetings)
		two := func(f func(*rapid.T, int, int)) func(*rapid.T) {
			return func(t *rapid.T) {
				from := rapid.IntRange(0, people-1).Draw(t, "from")
				f(t, from, (from+rapid.IntRange(1, people-1).Draw(t, "to"))%people)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"":    w.bounded,
			"say": two(w.say), "say more": two(w.say), "issue": two(w.issue),
			"deliver": two(w.deliver), "deliver more": two(w.deliver), "deliver most": two(w.deliver),
			"lose": two(w.lose), "replay": two(w.replay), "tamper": two(w.tamper), "misdirect": two(w.misdirect),
			"crash": two(w.crash), "save": two(w.save), "restore": two(w.restore), "pass time": two(w.passTime),
			"renew": two(w.renew), "resend": two(w.resend), "meet again": two(w.meetAgain),
		})
		w.settle(t)
	})
}

// manyMeetings pairs each two several times, in both roles.
func manyMeetings(t *testing.T) (ids [people]*identity.Identity, all map[[2]int][]meeting) {
	for i := range ids {
		ids[i] = identity.New()
	}
	all = map[[2]int][]meeting{}
	for i := range people {
		for j := range i {
			for n := range 5 {
				var m meeting
				if n%2 == 0 {
					m[i], m[j] = meet(t, ids[i], ids[j])
				} else {
					m[j], m[i] = meet(t, ids[j], ids[i])
				}
				all[[2]int{j, i}] = append(all[[2]int{j, i}], m)
			}
		}
	}
	return ids, all
}

func newWorld(t *rapid.T, ids [people]*identity.Identity, meetings map[[2]int][]meeting) *world {
	w := &world{meetings: map[[2]int][]meeting{}, taken: map[string]bool{}, tokens: map[envelope.Token]bool{}}
	for i := range w.people {
		w.people[i] = &person{id: ids[i], now: start}
		for j := range people {
			w.people[i].ends[j] = &contactEnd{}
		}
	}
	for two, all := range meetings {
		w.meetings[two] = slices.Clone(all)
	}
	for i := range people {
		for j := range i {
			w.meetAgain(t, i, j)
		}
	}
	return w
}

// end returns what from keeps of to.
func (w *world) end(from, to int) *contactEnd { return w.people[from].ends[to] }

func (w *world) bundle(i int) identity.Bundle { return w.people[i].id.Bundle() }

// pairs adds the ratchet of a meeting at one end.
func (e *contactEnd) pairs(t *rapid.T, p pairing.Secrets, now time.Time) {
	next, err := e.state.Replace(p, now)
	if err != nil {
		t.Fatal(err)
	}
	e.state, e.old = next, nil
	e.follow()
}

// follow keeps the reset that of the ratchet which sends.
func (e *contactEnd) follow() {
	if rs, ok := e.state.ResetSecret(); ok && rs != e.reset.rs {
		e.reset = NewReset(rs, 0)
	}
}

// meetAgain: the two meet, once or twice at the same time and then in another order on
// each side. Both clocks have moved on since they last met: which of two ratchets sends
// depends on whether they were made together, and each side asks its own clock. A copy
// from before lacks the secret of the new pairing, and could only meet again.
func (w *world) meetAgain(t *rapid.T, i, j int) {
	two := [2]int{min(i, j), max(i, j)}
	n := min(rapid.IntRange(1, 2).Draw(t, "meetings"), len(w.meetings[two]))
	now := w.meetings[two][:n]
	w.meetings[two] = w.meetings[two][n:]
	for _, k := range [][2]int{{i, j}, {j, i}} {
		for _, l := range w.end(k[0], k[1]).state.lines {
			w.people[k[0]].now = time.Unix(max(w.people[k[0]].now.Unix(), l.made+int64(2*togetherSpan/time.Second)), 0)
		}
	}
	for k, m := range now {
		w.end(i, j).pairs(t, m[i], w.people[i].now)
		w.end(j, i).pairs(t, now[n-1-k][j], w.people[j].now)
	}
}

// say seals something and hands it to the network, unless a crash comes before the commit.
func (w *world) say(t *rapid.T, from, to int) {
	w.said++
	content := fmt.Sprintf("%d to %d, number %d ", from, to, w.said)
	if rapid.Bool().Draw(t, "large") {
		content += strings.Repeat("x", envelope.SmallContent)
	}
	w.seal(t, parcel{from: from, to: to, content: content}, w.crashes(t))
}

// crashes reports whether a program dies before its next commit.
func (w *world) crashes(t *rapid.T) bool {
	return !w.calm && rapid.IntRange(0, 9).Draw(t, "crash") == 9
}

// issue gives the other side a new right to write.
func (w *world) issue(t *rapid.T, from, to int) {
	e := w.end(from, to)
	if !e.state.Ready() {
		return
	}
	w.said++
	before := e.grants.Issued()
	g, next := e.grants.Issue(w.people[from].now)
	for _, old := range before {
		if !slices.ContainsFunc(next.Issued(), func(n envelope.Grant) bool { return n.Seed == old.Seed }) {
			w.people[from].index.Remove(old)
		}
	}
	w.people[from].index.Add(to, g)
	e.grants = next
	w.seal(t, parcel{from: from, to: to, content: fmt.Sprint("grant ", w.said), grant: &g}, false)
}

func (w *world) seal(t *rapid.T, p parcel, crash bool) {
	e, now := w.end(p.from, p.to), w.people[p.from].now
	box, next, err := e.state.Seal([]byte(p.content), now)
	if err != nil {
		if !errors.Is(err, ErrNotReady) || e.state.Ready() {
			t.Fatalf("seal: %v", err)
		}
		return
	}
	token, grants := envelope.RandomToken(), e.grants
	if e.grants.Writable() && !e.restored {
		tokens, after, err := e.grants.Take(envelope.Cost(len(box)+envelope.TokenSize), now)
		if err == nil {
			token, grants = tokens[0], after
		} else if !errors.Is(err, envelope.ErrSpent) && !errors.Is(err, envelope.ErrExpired) {
			t.Fatalf("take: %v", err)
		}
		for _, spent := range tokens {
			if w.tokens[spent] {
				t.Fatal("a token is used twice")
			}
			w.tokens[spent] = !crash
		}
	}
	if crash {
		return
	}
	e.state, e.grants = next, grants
	p.line, p.heard = e.state.lines[0].t2, e.heard
	w.post(t, p, token, box)
}

// post puts a box on its way.
func (w *world) post(t *rapid.T, p parcel, token envelope.Token, box []byte) {
	cell, err := envelope.NewCell(token, box)
	if err != nil {
		t.Fatal(err)
	}
	want := envelope.SmallCell
	if len(p.content) > envelope.SmallContent {
		want = envelope.LargeCell
	}
	if len(cell) != want {
		t.Fatalf("a cell of %d bytes for %d of content", len(cell), len(p.content))
	}
	p.cell, p.clocks = cell, w.people[p.to].clocks
	w.people[p.to].inbox = append(w.people[p.to].inbox, p)
	w.sent = append(w.sent, p)
}

// postReset puts a box of a reset on its way.
func (w *world) postReset(t *rapid.T, from, to int, box []byte) {
	w.post(t, parcel{from: from, to: to}, envelope.RandomToken(), box)
}

// deliver takes any parcel that is on its way to one of the two, in any order.
func (w *world) deliver(t *rapid.T, _, to int) {
	inbox := &w.people[to].inbox
	if len(*inbox) == 0 {
		return
	}
	i := rapid.IntRange(0, len(*inbox)-1).Draw(t, "parcel")
	p := (*inbox)[i]
	if rapid.IntRange(0, 3).Draw(t, "twice") < 3 {
		*inbox = slices.Delete(slices.Clone(*inbox), i, i+1)
	}
	w.receive(t, p)
}

func (w *world) lose(t *rapid.T, _, to int) {
	if inbox := &w.people[to].inbox; len(*inbox) > 0 {
		i := rapid.IntRange(0, len(*inbox)-1).Draw(t, "parcel")
		*inbox = slices.Delete(slices.Clone(*inbox), i, i+1)
	}
}

// replay says again what was ever sent, to whom it was sent, however long ago.
func (w *world) replay(t *rapid.T, _, _ int) {
	if len(w.sent) > 0 {
		w.receive(t, rapid.SampledFrom(w.sent).Draw(t, "recorded"))
	}
}

// tamper changes a parcel on its way.
func (w *world) tamper(t *rapid.T, _, to int) {
	if len(w.people[to].inbox) == 0 {
		return
	}
	p := rapid.SampledFrom(w.people[to].inbox).Draw(t, "parcel")
	box := bytes.Clone(p.cell[envelope.TokenSize:])
	box[rapid.IntRange(0, len(box)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
	w.refuses(t, "a changed box", to, p.from, box)
}

// misdirect gives a recorded parcel to its sender, and to a contact whom it is not from.
func (w *world) misdirect(t *rapid.T, _, _ int) {
	if len(w.sent) == 0 {
		return
	}
	p := rapid.SampledFrom(w.sent).Draw(t, "recorded")
	third := people - p.from - p.to
	box := p.cell[envelope.TokenSize:]
	w.refuses(t, "the own box", p.from, p.to, box)
	w.refuses(t, "a box of another contact", p.to, third, box)
	w.refuses(t, "a box for somebody else", third, p.from, box)
}

// refuses checks that at takes nothing from a box that is said to be of from.
func (w *world) refuses(t *rapid.T, what string, at, from int, box []byte) {
	e, now := w.end(at, from), w.people[at].now
	before, beforeReset := e.state.Marshal(), e.reset.Marshal()
	_, next, err := e.state.Open(box, now)
	if err == nil || !bytes.Equal(next.Marshal(), before) || !bytes.Equal(e.state.Marshal(), before) {
		t.Fatalf("%s opens, or changes the state: %v", what, err)
	}
	step, reset, err := e.reset.Receive(w.people[at].id, w.bundle(from), box, now)
	if err == nil || step.Reply != nil || step.Changed || !bytes.Equal(reset.Marshal(), beforeReset) {
		t.Fatalf("%s is taken as one of a reset: %v", what, err)
	}
}
