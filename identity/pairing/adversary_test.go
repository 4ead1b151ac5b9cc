package pairing

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"tacit/identity"
)

// mallory is on the network between Rosa, who presents a card, and Søren, who has it or
// one like it. She speaks the protocol with whatever keys she likes and checks nothing.
type mallory struct {
	t  testing.TB
	id *identity.Identity
}

// claiming returns a bundle of Mallory's own with somebody else's KEM key in it.
func (m mallory) claiming(victim *identity.Identity) identity.Bundle {
	bundle, theirs := m.id.Bundle(), victim.Bundle()
	kem := len(bundle) - identity.KEMPublicSize
	copy(bundle[kem:], theirs[kem:])
	return bundle
}

// m1 begins as S who claims a bundle.
func (m mallory) m1(card identity.Card, bundle identity.Bundle) State {
	s := State{phase: Searching, card: card, name: "Søren"}
	rand.Read(s.seed[:])
	rand.Read(s.nonce[:])
	ephemeral := identity.NewPrivateKey(s.seed).Public()
	c := commit(bundle, profile(s.name), s.nonce, ephemeral)
	s.last = cell(ephemeral, c[:])
	return s
}

// m2 answers somebody's M1 as R who makes a claim, and returns k1 and T2 with it.
func (m mallory) m2(m1 []byte, invite [16]byte, c claim) (m2 []byte, k1, t2 key) {
	m.t.Helper()
	ephemeral, err := identity.ParsePublicKey(m1[:m1Commitment])
	if err != nil {
		m.t.Fatal(err)
	}
	ctE, ss, err := ephemeral.Encapsulate(infoE(m1))
	if err != nil {
		m.t.Fatal(err)
	}
	k1 = deriveK1(ss, invite, m1, ctE)
	x2 := (&State{}).sealClaim(k1, c)
	return cell(ctE, x2), k1, identity.Hash(m1, ctE, x2)
}

// read opens the M2 that answered the M1 of s.
func (m mallory) read(s State, m2 []byte) (c claim, k1, t2 key) {
	m.t.Helper()
	ctE, x2 := m2[:ctSize], m2[ctSize:]
	ss, err := identity.NewPrivateKey(s.seed).Decapsulate(ctE, infoE(s.last))
	if err != nil {
		m.t.Fatal(err)
	}
	k1 = deriveK1(ss, s.card.Invite, s.last, ctE)
	plain, err := identity.Open(k1[:], x2, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	if c, err = parseClaim(plain, identity.KEMPublicSize); err != nil {
		m.t.Fatal(err)
	}
	return c, k1, identity.Hash(s.last, ctE, x2)
}

// guesses are secrets that Mallory can try for one that was encapsulated to somebody else.
func (m mallory) guesses(stolen *identity.Identity, ct, info []byte) [][]byte {
	m.t.Helper()
	mine, err := stolen.Decapsulate(ct, info)
	if err != nil {
		m.t.Fatal(err)
	}
	return [][]byte{make([]byte, identity.KEMSecretSize), mine}
}

// cell joins the parts of a message and fills the rest with random bytes.
func cell(parts ...[]byte) []byte { return (&State{}).message(parts...) }

// take hands a cell to an end and fails unless it is taken.
func take(t testing.TB, id *identity.Identity, end *State, m []byte) (reply []byte) {
	t.Helper()
	result, next, err := end.Receive(id, m, start)
	if err != nil || !result.Changed {
		t.Fatalf("in phase %d: %v", end.phase, err)
	}
	*end = next
	return result.Reply
}

// drop hands a cell to an end and fails unless nothing comes of it.
func drop(t testing.TB, what string, id *identity.Identity, end State, m []byte) {
	t.Helper()
	result, next, err := end.Receive(id, m, start)
	if err == nil || result.Reply != nil || result.Changed || !bytes.Equal(next.Marshal(), end.Marshal()) {
		t.Errorf("%s: taken in phase %d: %v", what, end.phase, err)
	}
}

// TestUnknownKeyShare: Mallory passes Søren's KEM key off as part of her own keys. She
// wants him and Rosa to agree, while Rosa believes that what he says is said by her.
func TestUnknownKeyShare(t *testing.T) {
	m := newMeeting(t)
	eve := mallory{t, identity.New()}
	claimed := eve.claiming(m.idS)
	hers := eve.m1(m.card, claimed)
	m2 := take(t, m.idR, &m.r, hers.last)
	rosa, _, _ := eve.read(hers, m2)

	// To Søren she answers with what Rosa said: the keys are those of his card.
	forSøren, _, _ := eve.m2(m.m[1], m.card.Invite, rosa)
	m3 := take(t, m.idS, &m.s, forSøren)
	m4 := take(t, m.idR, &m.r, forgeM3(t, hers, eve.id, m2, hers.nonce, claimed))
	if peer, _, _ := m.r.Peer(); peer != claimed {
		t.Fatal("the attack does not get as far as it can")
	}
	drop(t, "Rosa's M4 for Mallory's keys", m.idS, m.s, m4)
	drop(t, "Søren's M3 for Rosa", m.idR, m.r, m3)
	if _, ok := m.s.Secrets(); ok {
		t.Error("Søren shares keys with somebody who takes them for Mallory's")
	}
}

// TestIdentityMisbinding: Mallory passes Rosa's KEM key off as part of her own keys, on a
// card with the same invitation. She wants Søren and Rosa to share keys that Søren shares,
// as he believes, with Mallory.
func TestIdentityMisbinding(t *testing.T) {
	m := newMeeting(t)
	eve := mallory{t, identity.New()}
	claimed := eve.claiming(m.idR)
	card := m.card
	card.Fingerprint = claimed.Fingerprint()
	s, err := Scan(m.idS, "Søren", card, true)
	if err != nil {
		t.Fatal(err)
	}
	m2 := take(t, m.idR, &m.r, s.Last())
	if result, next, err := s.Receive(m.idS, m2, start); err != ErrWrongPeer || result.Reply != nil || next.Phase() != Failed {
		t.Errorf("Rosa's own answer, to who has Mallory's card: %v", err)
	}
	forged, _, _ := eve.m2(s.Last(), card.Invite, claim{bundle: claimed, name: "Eve", nonce: key{1}, rest: identity.NewPrivateKey(key{2}).Public()})
	m3 := take(t, m.idS, &s, forged)
	if peer, _, _ := s.Peer(); peer != claimed {
		t.Fatal("the attack does not get as far as it can")
	}
	drop(t, "an M3 that Søren made for Mallory", m.idR, m.r, m3)
}

// TestKeyCompromiseImpersonation: Mallory has stolen the victim's own long-term key and
// wants to be somebody else towards the victim.
func TestKeyCompromiseImpersonation(t *testing.T) {
	t.Run("Rosa, to Søren", func(t *testing.T) {
		m := newMeeting(t)
		eve := mallory{t, m.idS} // stolen
		m2, k1, t2 := eve.m2(m.m[1], m.card.Invite, claim{
			bundle: m.idR.Bundle(), name: "Rosa", nonce: key{1}, rest: identity.NewPrivateKey(key{2}).Public(),
		})
		m3 := take(t, m.idS, &m.s, m2)
		ctR, x3 := m3[:ctSize], m3[ctSize:]
		for _, ssR := range eve.guesses(eve.id, ctR, infoR(t2)) {
			k2 := deriveK2(ssR, k1, t2, m.idR.Bundle(), ctR)
			ctS, ssS, err := m.idS.Bundle().Encapsulate(infoS(t2, m3))
			if err != nil {
				t.Fatal(err)
			}
			said := claim{nonce: m.s.nonce} // the state was stolen with the key
			if plain, err := identity.Open(k2[:], x3, nil); err == nil {
				said, _ = parseClaim(plain, 0)
			}
			out := transcript{
				t2: t2, bundleS: m.idS.Bundle(), bundleR: m.idR.Bundle(), profileS: profile("Søren"),
				nonceS: said.nonce, nonceR: key{1}, ctR: ctR, ctS: ctS,
			}.finish(ssS, k2)
			drop(t, "M4 of somebody without Rosa's key", m.idS, m.s, cell(ctS, out.tagR[:]))
		}
	})
	t.Run("Søren, to Rosa", func(t *testing.T) {
		m := newMeeting(t)
		eve := mallory{t, m.idR} // stolen
		hers := eve.m1(m.card, m.idS.Bundle())
		m2 := take(t, m.idR, &m.r, hers.last)
		rosa, k1, t2 := eve.read(hers, m2)
		m3 := forgeM3(t, hers, eve.id, m2, hers.nonce, m.idS.Bundle())
		m4 := take(t, m.idR, &m.r, m3)
		ctR, ctS := m3[:ctSize], m4[:ctSize]
		ssR, err := eve.id.Decapsulate(ctR, infoR(t2))
		if err != nil {
			t.Fatal(err)
		}
		k2 := deriveK2(ssR, k1, t2, m.idR.Bundle(), ctR)
		for _, ssS := range eve.guesses(eve.id, ctS, infoS(t2, m3)) {
			out := transcript{
				t2: t2, bundleS: m.idS.Bundle(), bundleR: m.idR.Bundle(), profileS: profile("Søren"),
				nonceS: hers.nonce, nonceR: rosa.nonce, ctR: ctR, ctS: ctS,
			}.finish(ssS, k2)
			drop(t, "M5 of somebody without Søren's key", m.idR, m.r, cell(out.tagS[:]))
			if secrets, _ := m.r.Secrets(); secrets.SK == out.secrets.SK {
				t.Error("the keys of the session are known to somebody without Søren's key")
			}
		}
	})
}

// TestReplayOfEveryMessage: Mallory has recorded a whole pairing of the two and says all
// of it again, to both of them in every state of a later pairing, with another card and
// with the same one; and she says every message of the later one again, too.
func TestReplayOfEveryMessage(t *testing.T) {
	old := newMeeting(t).upTo(5)
	for name, sameCard := range map[string]bool{"another card": false, "the same card": true} {
		t.Run(name, func(t *testing.T) {
			m := newMeeting(t)
			m.idR, m.idS = old.idR, old.idS
			var seen [][32]byte
			if m.card = identity.NewCard(m.idR.Fingerprint(), time.Hour, false, start); sameCard {
				m.card, seen = old.card, old.r.FirstMessages()
			}
			var err error
			if m.r, err = Present(m.idR, "Rosa", m.card, seen); err != nil {
				t.Fatal(err)
			}
			if m.s, err = Scan(m.idS, "Søren", m.card, false); err != nil {
				t.Fatal(err)
			}
			m.m[1] = m.s.Last()
			for n := 0; n <= 5; n++ {
				if n > 0 {
					m.step(n)
				}
				for i := 1; i <= 5; i++ {
					if i > 1 || n > 0 || sameCard { // to a fresh card any M1 is a first one
						drop(t, "an old message for Rosa", m.idR, m.r, old.m[i])
					}
					drop(t, "an old message for Søren", m.idS, m.s, old.m[i])
				}
				for i := 1; i <= n; i++ {
					m.repeated(i, n)
				}
			}
		})
	}
	t.Run("a fresh card", func(t *testing.T) { // is answered, but the answer can be read by nobody
		m := newMeeting(t)
		r, err := Present(old.idR, "Rosa", identity.NewCard(old.idR.Fingerprint(), time.Hour, false, start), nil)
		if err != nil {
			t.Fatal(err)
		}
		take(t, old.idR, &r, old.m[1])
		for i := 2; i <= 5; i++ {
			drop(t, "the rest of an old pairing", m.idR, r, old.m[i])
		}
	})
}

// repeated says message i again to both, after step n. It must change nothing and be
// answered, if at all, with what it was answered before.
func (m *meeting) repeated(i, n int) {
	m.t.Helper()
	for name, end := range map[string]struct {
		id *identity.Identity
		s  State
	}{"Rosa": {m.idR, m.r}, "Søren": {m.idS, m.s}} {
		result, next, _ := end.s.Receive(end.id, m.m[i], m.now)
		if result.Changed || !bytes.Equal(next.Marshal(), end.s.Marshal()) {
			m.t.Errorf("after M%d a repeated M%d changes %s", n, i, name)
		}
		if result.Reply != nil && (i == 5 || !bytes.Equal(result.Reply, m.m[i+1])) {
			m.t.Errorf("after M%d a repeated M%d gets another answer from %s", n, i, name)
		}
	}
}

// TestReplayedM1: who recorded a first message says it again and again, in every state of
// Rosa's and over her restarts. Each further answer would be one more draw of the code.
func TestReplayedM1(t *testing.T) {
	m := newMeeting(t)
	again := func(what string, r State) {
		t.Helper()
		for _, s := range []State{r, restart(t, r)} {
			for _, after := range []time.Duration{0, time.Second, sessionLife, 100 * sessionLife} {
				result, next, _ := s.Receive(m.idR, m.m[1], start.Add(after))
				if result.Reply != nil && !bytes.Equal(result.Reply, m.m[2]) || !bytes.Equal(next.Marshal(), s.Marshal()) {
					t.Errorf("%s: the first message is answered afresh after %v", what, after)
				}
			}
		}
	}
	lost := func(what string, r State) {
		t.Helper()
		s, err := Present(m.idR, "Rosa", m.card, r.FirstMessages())
		if err != nil {
			t.Fatal(err)
		}
		if result, _, err := s.Receive(m.idR, m.m[1], start); err != ErrBusy || result.Reply != nil {
			t.Errorf("%s, lost in a restart: the first message is answered: %v", what, err)
		}
	}
	m.step(1)
	again("answered", m.r)
	lost("answered", m.r)
	replaced := m.r
	replaced.card.Expiry = start.Add(time.Hour)
	result, replaced, err := replaced.Receive(m.idR, m.otherM1(), start.Add(sessionLife))
	if err != nil || result.Reply == nil {
		t.Fatal(err)
	}
	if result, _, err := replaced.Receive(m.idR, m.m[1], start.Add(2*sessionLife)); err == nil || result.Reply != nil {
		t.Errorf("a first message whose place was taken is answered: %v", err)
	}
	lost("replaced", replaced)
	for n := 2; n <= 5; n++ {
		m.step(n)
		if n%2 == 1 {
			again("later", m.r)
			lost("later", m.r)
		}
	}
	again("begun", m.r.Begun())
	wrong, err := m.r.Check(other(m.s.Show()))
	if err != ErrCodeWrong {
		t.Fatal(err)
	}
	again("failed", wrong)
}

// other returns six digits that are not code.
func other(code string) string {
	b := []byte(code)
	b[0] = '0' + (b[0]-'0'+1)%10
	return string(b)
}

// TestDowngrade: a peer who can seal every message, or change the card, offers bundles of
// other versions and flips the card's flag. Nothing of it is taken, and the flag gives
// nobody what a camera or the other side's own card would.
func TestDowngrade(t *testing.T) {
	eve := mallory{t, identity.New()}
	for _, version := range []byte{0, 2, 255} {
		m := newMeeting(t)
		bundle := m.idR.Bundle()
		bundle[0] = version
		m2, _, _ := eve.m2(m.m[1], m.card.Invite, claim{bundle: bundle, name: "Rosa", rest: identity.NewPrivateKey(key{2}).Public()})
		drop(t, "M2 with a bundle of another version", m.idS, m.s, m2)

		bundle = eve.id.Bundle()
		bundle[0] = version
		hers := eve.m1(m.card, bundle)
		m2 = take(t, m.idR, &m.r, hers.last)
		drop(t, "M3 with a bundle of another version", m.idR, m.r, forgeM3(t, hers, eve.id, m2, hers.nonce, bundle))
	}
	m := newMeeting(t)
	link := identity.NewCard(m.idR.Fingerprint(), time.Hour, false, start)
	shown := link
	shown.Shown = true // changed on its way
	r, err := Present(m.idR, "Rosa", link, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Scan(m.idS, "Søren", shown, false)
	if err != nil {
		t.Fatal(err)
	}
	if s.Scanned() || r.Card().Shown {
		t.Error("a flag in a link stands for a camera")
	}
}

// TestReflection: Mallory gives each side its own messages back, and, to somebody who has
// a pairing of each role under way, what they said in the one as if it came in the other.
func TestReflection(t *testing.T) {
	m := newMeeting(t)
	for n := 1; n <= 5; n++ {
		m.step(n)
		for i := 1; i <= n; i++ {
			id, end := m.idS, m.s // the sender of odd messages
			if i%2 == 0 {
				id, end = m.idR, m.r
			}
			drop(t, "the own message", id, end, m.m[i])
		}
	}
	// Rosa shows a card and has one of Mallory's, on which Rosa's own KEM key stands.
	eve := mallory{t, identity.New()}
	rosa := newMeeting(t)
	claimed := eve.claiming(rosa.idR)
	card := rosa.card
	card.Fingerprint = claimed.Fingerprint()
	s, err := Scan(rosa.idR, "Rosa", card, true)
	if err != nil {
		t.Fatal(err)
	}
	m2 := take(t, rosa.idR, &rosa.r, s.Last())
	if _, next, err := s.Receive(rosa.idR, m2, start); err != ErrOwn || next.Phase() != Failed {
		t.Errorf("Rosa meets herself: %v", err)
	}
	forged, _, _ := eve.m2(s.Last(), card.Invite, claim{bundle: claimed, name: "Eve", nonce: key{1}, rest: identity.NewPrivateKey(key{2}).Public()})
	m3 := take(t, rosa.idR, &s, forged)
	drop(t, "Rosa's own M3, which she made for Mallory", rosa.idR, rosa.r, m3)
}

// TestParallelPairingOnOneCard: Mallory has the same link as Søren and pairs at the same
// time, at every point of his pairing. She wants to take his place in it, or to mix hers with it.
func TestParallelPairingOnOneCard(t *testing.T) {
	for after := 1; after <= 5; after++ {
		m := newMeeting(t).upTo(after)
		eve := mallory{t, identity.New()}
		hers := eve.m1(m.card, eve.id.Bundle())
		drop(t, "Mallory's M1", m.idR, m.r, hers.last)
		// She cannot read M2, so these are the best that she can send in Søren's place.
		beside := newMeeting(t)
		beside.idR, beside.idS, beside.card = m.idR, eve.id, m.card
		var err error
		if beside.r, err = Present(m.idR, "Rosa", m.card, nil); err != nil {
			t.Fatal(err)
		}
		if beside.s, err = Scan(eve.id, "Søren", m.card, false); err != nil {
			t.Fatal(err)
		}
		beside.m[1] = beside.s.Last()
		beside.upTo(5)
		for i := 1; i <= 5; i++ {
			drop(t, "a message of a pairing beside this one, for Rosa", m.idR, m.r, beside.m[i])
			drop(t, "a message of a pairing beside this one, for Søren", m.idS, m.s, beside.m[i])
		}
		for n := after + 1; n <= 5; n++ {
			m.step(n)
		}
		if r, err := m.r.Check(m.s.Show()); err != nil || !r.Checked() {
			t.Errorf("after M%d Søren's own pairing is disturbed: %v", after, err)
		}
		if _, err := m.r.Check(beside.s.Show()); err != ErrCodeWrong {
			t.Errorf("after M%d Mallory's code is good: %v", after, err)
		}
	}
}

// TestContactRelaysAnothersCard: Mallory, who has Rosa's card and relays every cell, tells
// Søren that the card is hers. He pairs with Rosa, as his code and his keys say, and
// Mallory, who knows the invitation, has none of what the two agreed.
func TestContactRelaysAnothersCard(t *testing.T) {
	m := newMeeting(t).upTo(5)
	eve := mallory{t, identity.New()}
	if peer, _, _ := m.s.Peer(); peer != m.idR.Bundle() {
		t.Fatal("Søren's keys are not those of the card")
	}
	secrets, _ := m.s.Secrets()
	for n := 2; n <= 4; n += 2 {
		for _, ss := range eve.guesses(eve.id, m.m[n][:ctSize], infoE(m.m[1])) {
			k1 := deriveK1(ss, m.card.Invite, m.m[1], m.m[n][:ctSize])
			if _, err := identity.Open(k1[:], m.m[n][ctSize:], nil); err == nil {
				t.Errorf("Mallory reads M%d", n)
			}
		}
	}
	out := transcript{
		t2:      identity.Hash(m.m[1], m.m[2][:ctSize], m.m[2][ctSize:]), // all of it went over the network
		bundleS: m.idS.Bundle(), bundleR: m.idR.Bundle(), profileS: profile("Søren"),
		ctR: m.m[3][:ctSize], ctS: m.m[4][:ctSize],
	}.finish(make([]byte, 32), key{})
	if out.secrets.SK == secrets.SK || out.secrets.RS == secrets.RS {
		t.Error("Mallory has the keys of the session")
	}
	if string(out.digits[:]) == m.s.Show()+m.r.Show() {
		t.Error("Mallory has the codes")
	}
}

// TestM5Lost: Mallory lets everything through but M5. Rosa does not agree before she has
// heard it or the first box, nothing else stands for it, and a repeated M4 brings it again.
func TestM5Lost(t *testing.T) {
	m := newMeeting(t).upTo(4)
	for _, said := range [][]byte{make([]byte, CellSize), m.m[1], m.m[3], m.m[4], cell(make([]byte, tagSize))} {
		if _, next, _ := m.r.Receive(m.idR, said, start); next.Phase() == Agreed || next.Show() != "" {
			t.Error("Rosa agrees without M5")
		}
	}
	result, _, err := restart(t, m.s).Receive(m.idS, m.r.Last(), start)
	if err != nil || !bytes.Equal(result.Reply, m.m[5]) {
		t.Fatalf("a repeated M4 does not bring M5 again: %v", err)
	}
	if r := restart(t, m.r); take(t, m.idR, &r, result.Reply) != nil || r.Phase() != Agreed {
		t.Error("the repeated M5 is not taken")
	}
}
