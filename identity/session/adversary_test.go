package session

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"testing"

	"tacit/identity"
	"tacit/identity/envelope"
)

// recorder hears every box that two contacts exchange.
type recorder struct {
	t     testing.TB
	ends  [2]*State
	boxes [][]byte
}

// replay says every box again to both ends. None may be taken, or change anything.
func (r *recorder) replay() {
	r.t.Helper()
	for i, end := range r.ends {
		before := end.Marshal()
		for n, box := range r.boxes {
			_, next, err := end.Open(box, start)
			if !errors.Is(err, ErrUsed) && !errors.Is(err, ErrUnknown) || !bytes.Equal(next.Marshal(), before) {
				r.t.Fatalf("box %d of %d again, to end %d: %v", n, len(r.boxes), i, err)
			}
			if _, next, err := end.Adopt(box, start); err == nil || !bytes.Equal(next.Marshal(), before) {
				r.t.Fatalf("box %d of %d again, to end %d: its ratchet is brought back", n, len(r.boxes), i)
			}
		}
	}
}

// TestReplayOfEveryMessage: whoever recorded all boxes of two contacts, grants among
// them, says each again to both after every later one, also when they have met again and
// the ratchet of those boxes only receives. And a grant that comes again gives no token again.
func TestReplayOfEveryMessage(t *testing.T) {
	idR, idS := identity.New(), identity.New()
	var ofR, ofS State
	r := recorder{t: t, ends: [2]*State{&ofR, &ofS}}
	var issuer, holder Grants
	grant, _ := issuer.Issue(start)
	for range 2 { // two meetings
		secretsR, secretsS := meet(t, idR, idS)
		var errR, errS error
		ofR, errR = ofR.Replace(secretsR, start)
		if ofS, errS = ofS.Replace(secretsS, start); errR != nil || errS != nil {
			t.Fatal(errR, errS)
		}
		r.replay()
		for n := range 6 {
			// Whichever ratchet sends, S can always begin in it and R then answer.
			from, to := r.ends[1-n%2], r.ends[n%2]
			if !from.Ready() {
				continue
			}
			box := seal(t, from, string(grant.Marshal()))
			open(t, to, box, string(grant.Marshal()))
			r.boxes = append(r.boxes, box)
			r.replay()
		}
	}
	used := map[envelope.Token]bool{}
	for range 8 {
		holder = holder.Accept(grant)
		tokens, next, err := holder.Take(4, start)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range tokens {
			if used[token] {
				t.Fatal("a grant that came again gives a token again")
			}
			used[token] = true
		}
		holder = next
	}
}

// TestReflection: each side gets its own boxes back, by whichever of its ratchets they were sealed.
func TestReflection(t *testing.T) {
	r, s := pair(t)
	for n := range 4 {
		box := seal(t, &s, "there")
		refuse(t, s, box, ErrUnknown)
		if n%2 == 0 {
			open(t, &r, box, "there")
		}
		if r.Ready() {
			box = seal(t, &r, "back")
			refuse(t, r, box, ErrUnknown)
			open(t, &s, box, "back")
		}
		refuse(t, s, box, ErrUsed)
	}
}

// guesser is a contact who wants a cell to be taken for one of another contact, or for
// one of their own that they have no right to.
type guesser struct {
	own   envelope.Grant // all that they were given
	spent []envelope.Token
}

// guesses returns what can be made of a grant: tokens beyond its end, near ones, and the
// tokens of grants that look like it.
func (g guesser) guesses() []envelope.Token {
	all := append([]envelope.Token{{}}, g.spent...)
	for i := uint32(0); i < 4096; i++ {
		all = append(all, g.own.Token(g.own.Count+i))
	}
	for i := range 128 { // a token of theirs with one bit changed
		token := g.own.Token(uint32(i))
		token[i/8] ^= 1 << (i % 8)
		all = append(all, token)
	}
	for i := range 256 {
		near := g.own
		near.Seed[i/8] ^= 1 << (i % 8)
		all = append(all, near.Token(uint32(i)))
	}
	for range 50_000 {
		var token envelope.Token
		rand.Read(token[:])
		all = append(all, token)
	}
	return all
}

// TestTokenGuessing: a contact with a grant of their own guesses tokens of 199 other
// contacts, two grants each. Tokens of two bytes instead of sixteen fall at once, which
// shows that the guesses are good enough to hit something.
func TestTokenGuessing(t *testing.T) {
	const contacts = 200
	var index Index[int]
	short := map[uint16]bool{}
	var eve guesser
	for c := range contacts {
		var grants Grants
		for range 2 {
			var g envelope.Grant
			g, grants = grants.Issue(start)
			index.Add(c, g)
			for i := range g.Count {
				token := g.Token(i)
				short[binary.BigEndian.Uint16(token[:])] = true
			}
			if c == 0 {
				eve.own = g
			}
		}
	}
	ended := envelope.NewGrant(start) // hers, too, and replaced since
	index.Add(0, ended)
	index.Remove(ended)
	for i := range ended.Count {
		eve.spent = append(eve.spent, ended.Token(i))
	}
	hits := 0
	for _, token := range eve.guesses() {
		if c, _, ok := index.Find(token); ok {
			t.Errorf("a guess leads to contact %d", c)
		}
		if short[binary.BigEndian.Uint16(token[:])] {
			hits++
		}
	}
	if hits < 1000 {
		t.Errorf("only %d guesses fit two bytes", hits)
	}
	for i := range eve.own.Count {
		if c, _, ok := index.Find(eve.own.Token(i)); !ok || c != 0 {
			t.Fatalf("her own token %d leads to contact %d, %t", i, c, ok)
		}
	}
}
