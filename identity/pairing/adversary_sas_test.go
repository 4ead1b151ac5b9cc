package pairing

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"testing"
	"testing/cryptotest"
	"time"

	"tacit/identity"
)

// grindDigits is what is left of a code of six digits, so that a test can see somebody win.
const (
	grindDigits  = 3
	grindModulus = 1000
)

// grinder has swapped the link on its way: Søren has a card of hers, and she has Rosa's.
// She wants both to see the same digits, and may begin, wait, restart and give up as she likes.
type grinder struct {
	mallory
	idR, idS *identity.Identity
}

// last returns the digits of a state that this game is played for.
func last(digits [2 * codeDigits]byte) [grindDigits]byte {
	return [grindDigits]byte(digits[2*codeDigits-grindDigits:])
}

// draw pairs with Søren in Rosa's place. His code is then fixed: he takes one M2, and
// opens his nonce only in the M3 that answers it.
func (g grinder) draw() [grindDigits]byte {
	g.t.Helper()
	card := identity.NewCard(g.id.Fingerprint(), time.Hour, false, start)
	søren, err := Scan(g.idS, "Søren", card, false)
	if err != nil {
		g.t.Fatal(err)
	}
	hers, err := Present(g.id, "Rosa", card, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	m3 := take(g.t, g.idS, &søren, take(g.t, g.id, &hers, søren.Last()))
	take(g.t, g.id, &hers, m3)
	return last(hers.digits)
}

// play then goes to Rosa in Søren's place. After each M2 Mallory knows what Rosa would
// show, and need not go on: that is the best she can do. It returns how often she drew,
// and whether one of them fits.
func (g grinder) play() (draws int, won bool) {
	g.t.Helper()
	want := g.draw()
	card := identity.NewCard(g.idR.Fingerprint(), 24*time.Hour, false, start)
	rosa, err := Present(g.idR, "Rosa", card, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	now := start
	for range 2 * MaxFirstMessages {
		hers, err := Scan(g.id, "Søren", card, false)
		if err != nil {
			g.t.Fatal(err)
		}
		m1 := hers.Last()
		result, next, err := rosa.Receive(g.idR, m1, now)
		if err != nil { // also after a restart that lost the session
			if rosa, err = Present(g.idR, "Rosa", card, rosa.FirstMessages()); err != nil {
				g.t.Fatal(err)
			}
			now = now.Add(sessionLife)
			continue
		}
		draws, rosa = draws+1, next
		c, k1, t2 := g.read(hers, result.Reply)
		code := transcript{t2: t2, bundleS: g.id.Bundle(), bundleR: c.bundle, profileS: profile("Søren"), nonceS: hers.nonce, nonceR: c.nonce}.shortString()
		if last(code) == want {
			own := claim{bundle: g.id.Bundle(), name: "Søren", nonce: hers.nonce}
			ctR, ss, err := c.bundle.Encapsulate(infoR(t2))
			if err != nil {
				g.t.Fatal(err)
			}
			take(g.t, g.idR, &rosa, cell(ctR, hers.sealClaim(deriveK2(ss, k1, t2, c.bundle, ctR), own)))
			if last(rosa.digits) != want {
				g.t.Error("Rosa shows other digits than Mallory computed")
			}
			return draws, true
		}
		now = now.Add(sessionLife)
	}
	return draws, false
}

// TestSASGrinding: Mallory stands between the two and draws codes until one of Rosa's
// fits the one that Søren has, in a game with three digits instead of six a side. Her
// draws are three a card, so she wins three games in a thousand.
func TestSASGrinding(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 2026) // the same games in every run
	g := grinder{mallory{t, identity.New()}, identity.New(), identity.New()}
	const games = 500
	wins := 0
	for range games {
		draws, won := g.play()
		if won {
			wins++
		} else if draws != MaxFirstMessages {
			t.Fatalf("%d draws from one card", draws)
		}
	}
	// Binomial, 500 games at 3/1000: 1.5 on the average, and more than 9 in one run of 100,000.
	if wins > 9 {
		t.Errorf("%d of %d games won", wins, games)
	}
	t.Logf("%d of %d games won, at most %d/%d expected", wins, games, MaxFirstMessages, grindModulus)
}

// chosenCode is the code as it must not be: a value that S chooses after the nonces are
// known enters it. The real one is the same without the value.
func chosenCode(t transcript, chosen []byte) [grindDigits]byte {
	info := identity.Join([]byte("sas"), t.bundleS[:], t.profileS, t.bundleR[:], chosen)
	b := identity.Derive(append(bytes.Clone(t.nonceS[:]), t.nonceR[:]...), t.t2[:], string(info), 16)
	_, n := bits.Div64(binary.BigEndian.Uint64(b)%grindModulus, binary.BigEndian.Uint64(b[8:]), grindModulus)
	return [grindDigits]byte{'0' + byte(n/100), '0' + byte(n/10%10), '0' + byte(n%10)}
}

// TestSASGrindingWinsWhereAChosenValueEnters is the control of TestSASGrinding: with one
// M1 and one M2, Mallory tries values for her M3 until the digits are those she wants.
func TestSASGrindingWinsWhereAChosenValueEnters(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 2026)
	g := grinder{mallory{t, identity.New()}, identity.New(), identity.New()}
	const games = 20
	for range games {
		m := newMeeting(t)
		hers := g.m1(m.card, g.id.Bundle())
		c, _, t2 := g.read(hers, take(t, m.idR, &m.r, hers.last))
		code := transcript{t2: t2, bundleS: g.id.Bundle(), bundleR: c.bundle, profileS: profile("Søren"), nonceS: hers.nonce, nonceR: c.nonce}
		want, tries := g.draw(), uint32(0)
		for chosenCode(code, binary.BigEndian.AppendUint32(nil, tries)) != want {
			if tries++; tries == 20*grindModulus { // e^-20
				t.Fatal("a game is lost although a chosen value enters the code")
			}
		}
	}
}
