package identity

import (
	"bytes"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func TestIdentityFollowsFromRoot(t *testing.T) {
	id := New()
	again := FromRoot(id.Root())
	if again.Bundle() != id.Bundle() || again.Fingerprint() != id.Fingerprint() {
		t.Error("the same root gives another identity")
	}
	if New().Root() == id.Root() {
		t.Error("roots repeat")
	}
	bundle := id.Bundle()
	ct, ss, err := bundle.Encapsulate([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Decapsulate(ct, []byte("x")); err != nil || !bytes.Equal(got, ss) {
		t.Errorf("the bundle is not of the identity: %v", err)
	}
}

// A change of these values is a change of everybody's identity.
func TestIdentityIsAsEver(t *testing.T) {
	const want = "faf1a460029359bbb18b232fbf024294fb75ba3635957a788746446fd2b1a9c7"
	if got := fmt.Sprintf("%x", FromRoot([32]byte{1}).Fingerprint()); got != want {
		t.Errorf("fingerprint %s, want %s", got, want)
	}
}

func TestParseBundle(t *testing.T) {
	good := New().Bundle()
	if got, err := ParseBundle(good[:]); err != nil || got != good {
		t.Fatalf("good bundle: %v", err)
	}
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good[:])
		b[at] = to
		return b
	}
	outOfRange := bytes.Clone(good[:])
	copy(outOfRange[bundleKEM:], bytes.Repeat([]byte{255}, 100))
	for name, b := range map[string][]byte{
		"nothing":     nil,
		"short":       good[:BundleSize-1],
		"long":        append(bytes.Clone(good[:]), 0),
		"version 0":   change(0, 0),
		"version 2":   change(0, 2),
		"bad KEM key": outOfRange,
	} {
		if _, err := ParseBundle(b); err != ErrBundle {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSafetyNumber(t *testing.T) {
	a, b := Fingerprint{1}, Fingerprint{2}
	number := SafetyNumber(a, b)
	if number != SafetyNumber(b, a) {
		t.Error("the two sides see different numbers")
	}
	if len(number) != 60 || strings.Trim(number, "0123456789") != "" {
		t.Errorf("not 60 digits: %q", number)
	}
	sum := sha512.Sum512(append([]byte("tacit/1/sn"), a[:]...))
	first := binary.BigEndian.Uint64(append(make([]byte, 3), sum[:5]...)) % 100000
	if got := number[:5]; got != fmt.Sprintf("%05d", first) {
		t.Errorf("begins with %s, want %05d", got, first)
	}
	sum = sha512.Sum512(append([]byte("tacit/1/sn"), b[:]...))
	last := binary.BigEndian.Uint64(append(make([]byte, 3), sum[25:30]...)) % 100000
	if got := number[55:]; got != fmt.Sprintf("%05d", last) {
		t.Errorf("ends with %s, want %05d", got, last)
	}
	if SafetyNumber(a, Fingerprint{3}) == number {
		t.Error("another contact has the same number")
	}
}

func TestCardIsAsEver(t *testing.T) {
	fp, err := hex.DecodeString(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	c := Card{Shown: true, Fingerprint: Fingerprint(fp), Invite: [16]byte{1, 2, 3}, Expiry: start}
	const want = "TACIT1:AEA2XK5LVOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5LVOV2XKYBAIBQAAAAAAAAAAAAAAAAAAAANMAYPQA"
	if got := c.String(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
