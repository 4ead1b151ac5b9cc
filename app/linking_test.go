package app_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
)

// linkedUsers and linkedPairs are who uses a node for a day.
var linkedUsers, linkedPairs = 50, 200

func init() {
	if underRace { // a look for races needs no crowd
		linkedUsers, linkedPairs = 12, 24
	}
}

const (
	// linkedBound is what docs/security.md promises of a node that knows no addresses: of as
	// many pairs as there are, guessed from its complete log, at most this part is right.
	linkedBound = 0.45
	// linkedSaid is what a pair says in the day. Each of it may be answered by a receipt, which
	// nothing answers.
	linkedSaid = 2 * 3
)

// TestNodeCannotLinkContacts has fifty people with two hundred pairs of contacts write for
// a day over one node, forwarded by another, and guesses from all that the node saw who
// talks with whom.
func TestNodeCannotLinkContacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(t)
		from := time.Now()
		v.day()
		to := time.Now()
		log := slices.DeleteFunc(v.u.Nodes.Log("one"), func(s apptest.Sight) bool { return s.At.Before(from) || s.At.After(to) })
		hits, base := v.guess(log)
		t.Logf("%d entries, %d deposits; of %d guesses %d are right: %.3f, by chance %.3f",
			len(log), v.deposits(log), linkedPairs, hits, float64(hits)/float64(linkedPairs), base)
		if got := float64(hits) / float64(linkedPairs); got > linkedBound && !underRace {
			t.Errorf("%.3f of the guesses are right, the bound is %.2f", got, linkedBound)
		}
		if n, most := v.deposits(log), 2*linkedSaid*linkedPairs; n > most {
			t.Errorf("%d deposits for %d messages, at most %d", n, linkedSaid*linkedPairs, most)
		}
		for _, s := range log {
			if s.Op == "put" && s.Peer != v.forwarder {
				t.Fatal("the node saw who deposits")
			}
		}
	})
}

// village is people who all use node "one", and node "two" to forward.
type village struct {
	t         *testing.T
	u         *apptest.Universe
	people    []*apptest.Person
	pairs     map[[2]int][2]app.ContactID // by the numbers of the two, ascending
	accounts  map[string]int              // at node "one"
	forwarder string
	rnd       *rand.Rand
}

func newVillage(t *testing.T) *village {
	t.Helper()
	v := &village{
		t: t, u: apptest.NewUniverse(t), pairs: map[[2]int][2]app.ContactID{}, accounts: map[string]int{},
		rnd: rand.New(rand.NewPCG(1, 2)),
	}
	for i := range linkedUsers {
		v.people = append(v.people, v.u.Person(fmt.Sprintf("Person %d", i)))
	}
	for len(v.pairs) < linkedPairs {
		a, b := v.rnd.IntN(linkedUsers), v.rnd.IntN(linkedUsers)
		if _, there := v.pairs[[2]int{a, b}]; a >= b || there {
			continue
		}
		ab, ba := v.u.Pair(v.people[a], v.people[b])
		v.pairs[[2]int{a, b}] = [2]app.ContactID{ab, ba}
	}
	for _, p := range v.people {
		for _, node := range []string{"one", "two"} {
			_, err := p.AddNode(ctx, v.u.Nodes.Node(node).String())
			must(t, err)
		}
	}
	v.forwarder = v.u.Nodes.Node("two").Addr.String()
	apptest.Settle(2 * time.Hour)
	v.u.Net.Close(true)
	apptest.Settle(2 * time.Hour)
	for _, s := range v.u.Nodes.Log("one") {
		if s.Account != "" && s.Op == "fetch" {
			var n int
			fmt.Sscanf(s.Owner, "Person %d", &n)
			v.accounts[s.Account] = n
		}
	}
	return v
}

// day has each pair talk twice: three messages each time, answered when somebody gets to
// it. Who writes has the window open for some minutes.
func (v *village) day() {
	var busy []func()
	for pair, contacts := range v.pairs {
		for range 2 {
			at := time.Duration(v.rnd.Int64N(int64(20 * time.Hour)))
			first := v.rnd.IntN(2)
			var gaps, before, after [3]time.Duration
			for i := range gaps {
				gaps[i] = time.Duration(v.rnd.ExpFloat64() * float64(20*time.Minute))
				before[i] = time.Duration(v.rnd.Int64N(int64(10 * time.Minute)))
				after[i] = time.Duration(v.rnd.Int64N(int64(20 * time.Minute)))
			}
			busy = append(busy, func() {
				time.Sleep(at)
				for i, gap := range gaps {
					side := (first + i) % 2
					v.write(v.people[pair[side]], contacts[side], before[i], after[i])
					time.Sleep(gap)
				}
			})
		}
	}
	for _, f := range busy {
		go f()
	}
	apptest.Settle(24 * time.Hour)
}

func (v *village) write(p *apptest.Person, c app.ContactID, before, after time.Duration) {
	p.Watch(true)
	time.Sleep(before)
	p.Say(c, "hello")
	time.Sleep(after)
	p.Watch(false)
}

func (v *village) deposits(log []apptest.Sight) (n int) {
	for _, s := range log {
		if s.Op == "put" {
			n++
		}
	}
	return n
}

// guess returns how many of the pairs that look likeliest are pairs, and how many would be
// by chance. Three things speak for a pair: one is awake whenever something comes for the
// other; what comes for the one is soon followed by something for the other; what the one
// fetches is.
func (v *village) guess(log []apptest.Sight) (hits int, base float64) {
	puts, seen, fetched := make([][]time.Time, linkedUsers), make([][]time.Time, linkedUsers), make([][]time.Time, linkedUsers)
	for _, s := range log {
		who, known := v.accounts[s.Account]
		switch {
		case !known:
		case s.Op == "put" && s.Verdict == identity.DepositKept:
			puts[who] = append(puts[who], s.At)
		case s.Op == "page" && s.Cells > 0:
			fetched[who] = append(fetched[who], s.At)
			fallthrough
		case s.Op == "fetch" || s.Op == "page" || s.Op == "login":
			seen[who] = append(seen[who], s.At)
		}
	}
	type guess struct {
		pair  [2]int
		score float64
	}
	var all []guess
	for a := range linkedUsers {
		for b := a + 1; b < linkedUsers; b++ {
			score := 0.0
			for _, x := range [][2]int{{a, b}, {b, a}} {
				score += excess(seen[x[0]], puts[x[1]], 0, 2*time.Minute) + excess(puts[x[0]], puts[x[1]], 0, 30*time.Minute) +
					excess(fetched[x[0]], puts[x[1]], 0, 10*time.Minute)
			}
			all = append(all, guess{[2]int{a, b}, score})
		}
	}
	slices.SortFunc(all, func(x, y guess) int { return cmp.Compare(y.score, x.score) })
	for _, g := range all[:linkedPairs] {
		if _, right := v.pairs[g.pair]; right {
			hits++
		}
	}
	return hits, float64(linkedPairs) / float64(len(all))
}

// excess returns by how many standard deviations more than by chance what is in then
// follows what is in first within a span.
func excess(first, then []time.Time, from, to time.Duration) float64 {
	if len(first) == 0 || len(then) == 0 {
		return 0
	}
	covered, found := time.Duration(0), 0
	end := time.Time{}
	for _, t := range first { // the union of the spans
		a, b := t.Add(from), t.Add(to)
		if a.Before(end) {
			a = end
		}
		if b.After(a) {
			covered += b.Sub(a)
			end = b
		}
	}
	for _, t := range then {
		i, _ := slices.BinarySearchFunc(first, t.Add(-from), func(x, y time.Time) int { return x.Compare(y) })
		if i > 0 && t.Sub(first[i-1]) < to {
			found++
		}
	}
	chance := min(1, covered.Hours()/24)
	expected := chance * float64(len(then))
	return (float64(found) - expected) / math.Sqrt(expected*(1-chance)+0.1)
}
