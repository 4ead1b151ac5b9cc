package envelope

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tacit/identity"
)

// TestDocumentedLimits holds the limits of this package to section 16 of docs/protocol.md.
func TestDocumentedLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"grant":              fmt.Sprintf("%d tokens, %v days, %d accepted", GrantCount, GrantLife.Hours()/24, maxIssued),
		"reserve of a grant": fmt.Sprintf("%d tokens", ReservedTokens),
		"file":               fmt.Sprintf("2^%d B", bits.TrailingZeros(MaxFile)),
	} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (.+?) \| `).FindSubmatch(page)
		if row == nil || string(row[1]) != value {
			t.Errorf("%s: documented %q, is %q", name, row, value)
		}
	}
}

// A content is in the smallest cell that holds it: 1588 bytes in the large one are malformed.
func TestUnpadTakesTheSmallestCellOnly(t *testing.T) {
	for n, want := range map[uint32]error{SmallContent: ErrMalformed, SmallContent + 1: nil, MaxContent: nil, MaxContent + 1: ErrMalformed} {
		padded := make([]byte, largePadded)
		binary.BigEndian.PutUint32(padded, n)
		if content, err := Unpad(padded); err != want || err == nil && len(content) != int(n) {
			t.Errorf("%d bytes in the large cell: %v, want %v", n, err, want)
		}
	}
}

// A mailbox is a hint, of 64 bytes at most.
func TestMailboxIsBounded(t *testing.T) {
	b, err := identity.Hint{Port: 1, Name: strings.Repeat("a", 29)}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	g := NewSpareGrant([32]byte{1}, [16]byte{2}, b, start)
	if got, err := UnmarshalGrant(g.Marshal()); err != nil || !bytes.Equal(got.Mailbox, b) {
		t.Errorf("%d bytes: %v", len(b), err)
	}
	g.Mailbox = append(b, 'a')
	if _, err := UnmarshalGrant(g.Marshal()); err != ErrMalformed {
		t.Errorf("%d bytes: %v", len(g.Mailbox), err)
	}
}

// A grant is renewed from the last quarter of its life on.
func TestRenewDue(t *testing.T) {
	if !(Issued{}).RenewDue(start) {
		t.Error("a contact without a grant gets none")
	}
	_, w := Issued{}.Issue(start)
	due := start.Add(GrantLife * 3 / 4)
	if w.RenewDue(due.Add(-time.Second)) {
		t.Error("due before the last quarter")
	}
	if !w.RenewDue(due) {
		t.Error("not due in the last quarter")
	}
}

// The zero Held has no grant, another one has.
func TestHeldGrant(t *testing.T) {
	if _, ok := (Held{}).Grant(); ok {
		t.Error("there is a grant in none")
	}
	g := NewGrant(start)
	g.Count = 1
	if got, ok := Hold(g).Grant(); !ok || got.Seed != g.Seed {
		t.Error("the grant is not there")
	}
}

// All tokens of a grant can be used, and not one more.
func TestHeldIsUsedUpToItsCount(t *testing.T) {
	g := NewGrant(start)
	for next, want := range map[uint32]error{g.Count: nil, g.Count + 1: ErrMalformed} {
		if _, err := UnmarshalHeld(walletVersion, Held{g, next, 0}.Marshal()); err != want {
			t.Errorf("%d of %d used: %v, want %v", next, g.Count, err, want)
		}
	}
}
