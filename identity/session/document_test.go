package session

import (
	"bytes"
	"encoding/hex"
	"os"
	"regexp"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// TestDocumentedVectors holds the last table of docs/protocol.md, from which others
// implement the protocol, to the code.
func TestDocumentedVectors(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (.+?) \\| `(.+?)` \\|$").FindAllSubmatch(page, -1) {
		documented[string(row[1])] = string(row[2])
	}
	counting := func(n int, from byte) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = from + byte(i)
		}
		return b
	}
	at := time.Unix(1_800_000_000, 0)
	one, two := identity.FromRoot([32]byte{1}), identity.FromRoot([32]byte{2})
	fp1, fp2 := one.Fingerprint(), two.Fingerprint()
	bundle := one.Bundle()
	card := identity.Card{Shown: true, Fingerprint: fp1, Invite: [16]byte(counting(16, 0)), Expiry: at}
	kb := card.LinkKey()
	tag := identity.MAC(kb[:], identity.Join([]byte("d"), []byte("D"), []byte("L")))
	hello := identity.NewHello([]identity.LinkKey{kb}, []byte("D"), []byte("L"))
	if !bytes.Contains(hello[:], tag[:16]) {
		t.Error("the tag is not in the hello")
	}
	_, answer, _ := identity.MatchHello(hello, []identity.LinkKey{kb}, []byte("D"), []byte("L"))
	grant := envelope.Grant{
		Seed: [32]byte(counting(32, 0)), Count: envelope.GrantCount, NotAfter: at, LinkKey: identity.LinkKey(counting(32, 32)),
	}
	token := grant.Token(255)
	hash := identity.Hash([]byte("a"), []byte("bc"))
	for name, want := range map[string]string{
		`H("a", "bc")`:                          hex.EncodeToString(hash[:]),
		"Ed25519 key of root_1":                 hex.EncodeToString(bundle[1:33]),
		"first 32 bytes of root_1's X-Wing key": hex.EncodeToString(bundle[33:65]),
		"fp of root_1":                          hex.EncodeToString(fp1[:]),
		"fp of root_2":                          hex.EncodeToString(fp2[:]),
		"safety number of the two":              identity.SafetyNumber(fp1, fp2),
		"card":                                  card.String(),
		"kb of the card":                        hex.EncodeToString(kb[:]),
		"tag":                                   hex.EncodeToString(tag[:16]),
		"answer":                                hex.EncodeToString(answer[:]),
		"grant":                                 hex.EncodeToString(grant.Marshal()),
		"token 255":                             hex.EncodeToString(token[:]),
	} {
		if documented[name] != want {
			t.Errorf("%s: documented %q, is %q", name, documented[name], want)
		}
	}
	box, err := hex.DecodeString(documented["cAEAD box"])
	if err != nil {
		t.Fatal(err)
	}
	plain, err := identity.Open(counting(32, 0), box, []byte("ad"))
	if err != nil || string(plain) != "hello" {
		t.Errorf("cAEAD box: %q, %v", plain, err)
	}
}
