package session

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

func TestGrantsBothWays(t *testing.T) {
	var a, b Grants
	if a.Writable() || len(a.DialKeys()) != 0 || len(a.AcceptKeys()) != 0 || !a.RenewDue(start) {
		t.Error("fresh grants hold something")
	}
	grant, a := a.Issue(start)
	read, err := envelope.UnmarshalGrant(grant.Marshal())
	if err != nil {
		t.Fatal(err)
	}
	b = b.Accept(read)
	if !b.Writable() || a.Writable() || a.RenewDue(start) {
		t.Error("the right to write went the wrong way")
	}
	if !slices.Equal(b.DialKeys(), a.AcceptKeys()) {
		t.Error("the key that one dials with is not the one the other accepts")
	}
}

func TestPreviousLinkKeyIsAccepted(t *testing.T) {
	var g Grants
	first, g := g.Issue(start)
	second, g := g.Issue(start)
	if keys := g.AcceptKeys(); len(keys) != 2 || keys[0] != second.LinkKey || keys[1] != first.LinkKey {
		t.Error("not the current and the previous key")
	}
	third, g := g.Issue(start)
	if keys := g.AcceptKeys(); len(keys) != 2 || keys[0] != third.LinkKey || keys[1] != second.LinkKey {
		t.Error("the key before the previous is still accepted")
	}
	if len(g.Issued()) != 2 {
		t.Error("the tokens of an ended grant are still accepted")
	}
}

func TestAcceptAgainKeepsWhatIsUsed(t *testing.T) {
	var g Grants
	grant := envelope.NewGrant(start)
	g = g.Accept(grant)
	first, g, err := g.Take(4, start)
	if err != nil {
		t.Fatal(err)
	}
	g = g.Accept(grant) // the same message, once more
	second, _, err := g.Take(4, start)
	if err != nil || slices.Equal(first, second) {
		t.Errorf("tokens are used twice: %v", err)
	}
	g = g.Accept(envelope.NewGrant(start))
	if third, _, _ := g.Take(1, start); third[0] == grant.Token(4) {
		t.Error("a new grant is not used")
	}
}

func TestGrantsMarshal(t *testing.T) {
	var g Grants
	for i := range 4 {
		b := g.Marshal()
		again, err := UnmarshalGrants(b)
		if err != nil || !bytes.Equal(again.Marshal(), b) {
			t.Fatalf("step %d: %v", i, err)
		}
		for n := range b {
			// The held grant ends the bytes: without all of it there is none.
			short, err := UnmarshalGrants(b[:n])
			if err == nil && bytes.Equal(short.Marshal(), b) {
				t.Fatalf("step %d: %d of %d bytes are as good as all", i, n, len(b))
			}
			if err == nil && short.Writable() {
				t.Fatalf("step %d: %d of %d bytes hold a grant", i, n, len(b))
			}
		}
		if _, err := UnmarshalGrants(append(bytes.Clone(b), 0)); err != ErrMalformed {
			t.Errorf("step %d: a trailing byte: %v", i, err)
		}
		_, g = g.Issue(start)
		if i > 0 {
			g = g.Accept(envelope.NewGrant(start))
		}
	}
	b := g.Marshal()
	b[0]++
	if _, err := UnmarshalGrants(b); err != ErrMalformed {
		t.Errorf("another version: %v", err)
	}
}

func TestRenewWhenAQuarterIsLeft(t *testing.T) {
	_, g := Grants{}.Issue(start)
	due := start.Add(envelope.GrantLife * 3 / 4)
	if g.RenewDue(due.Add(-time.Second)) || !g.RenewDue(due) {
		t.Error("not at a quarter")
	}
}

func TestIndex(t *testing.T) {
	var x Index[int]
	a, b := envelope.NewGrant(start), envelope.NewGrant(start)
	if _, _, ok := x.Find(a.Token(0)); ok {
		t.Error("an empty index finds")
	}
	x.Add(1, a)
	x.Add(2, b)
	for _, i := range []uint32{0, 100, envelope.GrantCount - 1} {
		if k, n, ok := x.Find(a.Token(i)); !ok || k != 1 || n != i {
			t.Errorf("token %d of the first: %d, %t", i, k, ok)
		}
		if k, n, ok := x.Find(b.Token(i)); !ok || k != 2 || n != i {
			t.Errorf("token %d of the second: %d, %t", i, k, ok)
		}
	}
	if _, _, ok := x.Find(envelope.RandomToken()); ok {
		t.Error("a random token is found")
	}
	x.Remove(a)
	if _, _, ok := x.Find(a.Token(5)); ok {
		t.Error("a removed token is found")
	}
	if _, _, ok := x.Find(b.Token(5)); !ok {
		t.Error("another grant's token is removed")
	}
}

// TestGrantsOverAMailbox: what a spare is issued with arrives, and what is spent is noted.
func TestGrantsOverAMailbox(t *testing.T) {
	hint, err := identity.Hint{Port: 1, Name: "example.org"}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	grant, a := Grants{}.IssueSpare([32]byte{1}, [16]byte{2}, hint, start)
	read, err := envelope.UnmarshalGrant(grant.Marshal())
	if err != nil {
		t.Fatal(err)
	}
	b := Grants{}.Accept(read)
	if held, ok := b.Held(); !ok || held.Lot != [16]byte{2} || !bytes.Equal(held.Mailbox, hint) {
		t.Error("the mailbox or its lot did not arrive")
	}
	tokens, b, err := b.TakeReserve(1, start)
	if err != nil || b.Left() != envelope.GrantCount-envelope.ReservedTokens {
		t.Fatalf("%d left: %v", b.Left(), err)
	}
	var x Index[int]
	x.Add(1, a.Issued()[0])
	_, i, ok := x.Find(tokens[0])
	if !ok || a.RenewDue(start) {
		t.Fatalf("found %t, due %t before it came", ok, a.RenewDue(start))
	}
	a, changed := a.Spent(tokens[0], i, 1)
	if again, err := UnmarshalGrants(a.Marshal()); err != nil || !changed || !again.RenewDue(start) {
		t.Errorf("changed %t, not due, with one of the reserve spent: %v", changed, err)
	}
}

// TestGrantsOfVersion1: as profiles before kept them.
func TestGrantsOfVersion1(t *testing.T) {
	grant := envelope.NewGrant(start).Marshal()
	written := append([]byte{0, byte(len(grant))}, grant...)
	issued := append([]byte{1}, written...)
	b := slices.Concat([]byte{1, 0, byte(len(issued))}, issued, []byte{0, 0, 0, 3}, written)
	g, err := UnmarshalGrants(b)
	if err != nil || len(g.Issued()) != 1 || !g.Writable() || g.Left() != envelope.GrantCount-envelope.ReservedTokens-3 {
		t.Fatalf("%v", err)
	}
	if again, err := UnmarshalGrants(g.Marshal()); err != nil || again.Left() != g.Left() {
		t.Errorf("written anew: %v", err)
	}
}
