package ratchet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"regexp"
	"testing"

	"tacit/identity"
)

// TestDocumentedLimits holds the limits of this package to section 16 of docs/protocol.md.
func TestDocumentedLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"skip in a step":           fmt.Sprint(maxSkip),
		"skipped keys, old chains": fmt.Sprintf("%d for %v days, %d", maxSkipped, skippedLife.Hours()/24, maxOldChains),
	} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (.+?) \| `).FindSubmatch(page)
		if row == nil || string(row[1]) != value {
			t.Errorf("%s: documented %q, is %q", name, row, value)
		}
	}
}

// What is stored begins with version 1 and the number of the stage: a session of today is
// read by every later program.
func TestStoredNumbers(t *testing.T) {
	all := states(t)
	for name, stage := range map[string]byte{"bob": 1, "alice": 2, "turn with missing": 2, "sending first": 3} {
		if b := all[name].Marshal(); b[0] != 1 || b[1] != stage {
			t.Errorf("%s is stored as %d, %d", name, b[0], b[1])
		}
	}
}

// Before the first message there is no receiving chain: who knows AD and seals under zeros,
// where the keys of one would stand, is not heard.
func TestNoChainIsNotAChainOfZeros(t *testing.T) {
	_, bob := pair(t)
	var zeros key
	public := identity.NewPrivateKey(zeros).Public()
	h := append(public, make([]byte, identity.KEMCiphertextSize)...)
	h = binary.BigEndian.AppendUint64(h, 0) // PN and N
	box := identity.Seal(zeros[:], h, bob.ad[:])
	message, _ := kdfChain(zeros)
	box = append(box, identity.Seal(message[:], []byte("forged"), append(bob.ad[:], box...))...)
	if plain, _, err := bob.Open(box, start); err != ErrUnknown {
		t.Errorf("%q, %v", plain, err)
	}
}

// Eight ended chains with messages missing are kept, and a ninth is not read.
func TestUnmarshalBoundsOldChains(t *testing.T) {
	alice, _ := pair(t)
	for n, want := range map[uint32]error{8: nil, 9: ErrMalformed} {
		s := alice
		s.epoch = n + 1
		for epoch := range n {
			s.old = append(s.old, oldChain{epoch: epoch + 1})
			s.skipped = append(s.skipped, skippedKey{epoch: epoch + 1})
		}
		if _, err := Unmarshal(s.Marshal()); err != want {
			t.Errorf("%d old chains: %v, want %v", n, err, want)
		}
	}
}

// Chains are counted from 1, and an old one is before the current one.
func TestUnmarshalRefusesOldChainsOfNoTime(t *testing.T) {
	alice, _ := pair(t)
	alice.epoch = 2
	for epoch, want := range map[uint32]error{0: ErrMalformed, 1: nil, 2: ErrMalformed, 3: ErrMalformed} {
		s := alice
		s.old, s.skipped = []oldChain{{epoch: epoch}}, []skippedKey{{epoch: epoch}}
		if _, err := Unmarshal(s.Marshal()); err != want {
			t.Errorf("old chain %d before chain 2: %v, want %v", epoch, err, want)
		}
	}
}

// Bob has sent and received nothing while he waits for Alice.
func TestUnmarshalRefusesWhoWaitsAndHasSpoken(t *testing.T) {
	_, bob := pair(t)
	for name, change := range map[string]func(*State){
		"chain":   func(s *State) { s.epoch = 1 },
		"sent":    func(s *State) { s.ns = 1 },
		"sent PN": func(s *State) { s.pn = 1 },
	} {
		s := bob
		change(&s)
		if _, err := Unmarshal(s.Marshal()); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Keys are parsed when they are needed: a stored one that is none ends in an error then, and
// changes nothing.
func TestSealWithAStoredKeyThatIsNone(t *testing.T) {
	alice, _ := pair(t)
	alice.peer = bytes.Repeat([]byte{255}, identity.KEMPublicSize)
	s, err := Unmarshal(alice.Marshal())
	if err != nil {
		t.Fatal(err)
	}
	if box, next, err := s.Seal([]byte("x"), start); err == nil || box != nil || !bytes.Equal(next.Marshal(), s.Marshal()) {
		t.Errorf("%d bytes, %v", len(box), err)
	}
}
