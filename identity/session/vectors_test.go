package session

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"testing/cryptotest"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

// TestVectors fixes the randomness and compares what goes over the wire, and what
// both sides hold in the end, with what it was when this was written: a change
// here means that two versions no longer understand each other.
func TestVectors(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	idR, idS := identity.FromRoot([32]byte{1}), identity.FromRoot([32]byte{2})
	card := identity.NewCard(idR.Fingerprint(), time.Hour, false, start)
	r, err := pairing.Present(idR, "Rosa", card, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pairing.Scan(idS, "Søren", card, false)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"card": digest(card.Marshal())}
	cell := s.Last()
	for n := 1; n <= 5; n++ {
		got["M"+string(rune('0'+n))] = digest(cell)
		var result pairing.Result
		if n%2 == 1 {
			result, r, err = r.Receive(idR, cell, start)
		} else {
			result, s, err = s.Receive(idS, cell, start)
		}
		if err != nil {
			t.Fatal(err)
		}
		cell = result.Reply
	}
	got["codes"] = s.Show() + r.Show()
	secrets, _ := r.Secrets()
	got["RS"] = digest(secrets.RS[:])
	atR, err := New(secrets, start)
	if err != nil {
		t.Fatal(err)
	}
	secrets, _ = s.Secrets()
	atS, err := New(secrets, start)
	if err != nil {
		t.Fatal(err)
	}
	box := seal(t, &atS, "hello")
	got["first box"] = digest(box)
	open(t, &atR, box, "hello")
	got["reply"] = digest(seal(t, &atR, "hello yourself"))
	got["session"] = digest(atR.Marshal())
	grant := envelope.NewGrant(start)
	got["grant"] = digest(grant.Marshal())
	token := grant.Token(255)
	got["token"] = hex.EncodeToString(token[:])

	for name, want := range pinned {
		if got[name] != want {
			t.Errorf("%q: %q, want %q", name, got[name], want)
		}
	}
	if len(got) != len(pinned) {
		t.Errorf("%d values, %d vectors", len(got), len(pinned))
	}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

var pinned = map[string]string{
	"card":      "910de1deca992855",
	"M1":        "1dbfc09be86586b4",
	"M2":        "bb3cca34e63f0952",
	"M3":        "063b74f6b2aa3614",
	"M4":        "1216ffb7591846cf",
	"M5":        "52f8bafc183e0867",
	"codes":     "336234206414",
	"RS":        "92b48efad26a17e6",
	"first box": "e4b926f060e3b166",
	"reply":     "a765e6e84f55e5cd",
	"session":   "c3c1246063bae3b5",
	"grant":     "3a26de6357cfc4a3",
	"token":     "207d07d0a8df4fd9ddcf05e43df0558b",
}
