package pairing

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"testing"
)

// TestDocumentedLimits holds the limits of this package to section 16 of docs/protocol.md.
func TestDocumentedLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"profile":                   fmt.Sprintf("%d B", MaxName),
		"distinct M1 for a card":    fmt.Sprint(MaxFirstMessages),
		"session of one M1":         fmt.Sprintf("%v min", sessionLife.Minutes()),
		"M1 of a number of a reset": fmt.Sprint(maxResetMessages),
	} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (.+?) \| `).FindSubmatch(page)
		if row == nil || string(row[1]) != value {
			t.Errorf("%s: documented %q, is %q", name, row, value)
		}
	}
}

// What is stored begins with version 1 and the number of the phase: a pairing of today is
// read by every later program.
func TestStoredNumbers(t *testing.T) {
	all := states(t)
	for i, names := range [][]string{
		{"offered", "reset offered"}, {"answered", "reset answered"}, {"confirming", "reset confirming"}, {"searching", "reset searching"},
		{"replied", "reset replied"}, {"S agreed", "R agreed", "S begun", "R begun", "reset S agreed", "reset R agreed"}, {"failed"},
	} {
		for _, name := range names {
			if b := all[name].Marshal(); b[0] != 1 || b[1] != byte(i+1) {
				t.Errorf("%s is stored as %d, %d", name, b[0], b[1])
			}
		}
	}
}

// A flag that this version does not know may change what a state means.
func TestUnmarshalRefusesUnknownFlags(t *testing.T) {
	good := states(t)["offered"].Marshal()
	for flag := byte(0x20); flag != 0; flag <<= 1 {
		b := bytes.Clone(good)
		b[2] |= flag
		if _, err := Unmarshal(b); err != ErrMalformed {
			t.Errorf("flag %#x: %v", flag, err)
		}
	}
}

// RS is there once both agree on it, and a reset has none of its own.
func TestResetSecretIsOfAnAgreedPairing(t *testing.T) {
	all := states(t)
	for name, s := range all {
		_, ok := s.ResetSecret()
		want := name == "S agreed" || name == "R agreed" || name == "S begun" || name == "R begun"
		if ok != want {
			t.Errorf("%s: RS is there: %v", name, ok)
		}
	}
}
