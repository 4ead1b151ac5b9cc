package identity

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestDocumentedLimits holds the limits of this package to section 16 of docs/protocol.md.
func TestDocumentedLimits(t *testing.T) {
	page, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"hint":                  fmt.Sprintf("%d B", MaxHint),
		"text pasted as a card": fmt.Sprintf("%d B", maxCardText),
		"card on a screen":      fmt.Sprintf("%v min and %v s", ScreenCardLife.Minutes(), ScreenCardGrace.Seconds()),
		"card as a link":        fmt.Sprintf("%v days", MaxLinkTTL.Hours()/24),
		"tags in a hello":       fmt.Sprint(HelloTags),
	} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (.+?) \| `).FindSubmatch(page)
		if row == nil || string(row[1]) != value {
			t.Errorf("%s: documented %q, is %q", name, row, value)
		}
	}
}

// A text of 512 bytes is read, a longer one is not (section 16).
func TestCardTextIsBounded(t *testing.T) {
	s := NewCard(Fingerprint{1}, time.Hour, false, start).String()
	s += strings.Repeat(" ", 512-len(s))
	if _, err := ParseCard(s); err != nil {
		t.Errorf("512 bytes: %v", err)
	}
	if _, err := ParseCard(s + " "); err != ErrCardMalformed {
		t.Errorf("513 bytes: %v", err)
	}
}

// A hint without a host is malformed, whatever its type says: a newer one has a host, too.
func TestHintWithoutHost(t *testing.T) {
	for kind := range byte(6) {
		b := make([]byte, hintHost)
		b[0], b[hintHost-1] = kind, 1
		if _, err := ParseHint(b); err != ErrCardMalformed {
			t.Errorf("type %d: %v", kind, err)
		}
	}
}

// The zero keys, and no others, say that they are none.
func TestZeroKeys(t *testing.T) {
	private := NewPrivateKey([KEMSeedSize]byte{1})
	public, err := ParsePublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	if private.IsZero() || public.IsZero() {
		t.Error("a key says that it is none")
	}
	if !(PrivateKey{}).IsZero() || !(PublicKey{}).IsZero() {
		t.Error("no key says that it is one")
	}
}
