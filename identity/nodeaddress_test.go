package identity

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

func nodeAddress(t testing.TB, h Hint, invite [16]byte) string {
	t.Helper()
	s := NodeAddress{h, invite}.String()
	if s == "" {
		t.Fatal("no address")
	}
	return s
}

func TestNodeAddressRoundTrip(t *testing.T) {
	for _, h := range []Hint{
		{Node: [32]byte{1}, Port: 443, Addr: netip.MustParseAddr("192.0.2.1")},
		{Node: [32]byte{2}, Port: 1, Addr: netip.MustParseAddr("2001:db8::1")},
		{Node: [32]byte{3}, Port: 65535, Name: strings.Repeat("n", maxHintName)},
	} {
		for _, invite := range [][16]byte{{}, {15: 1}} {
			s := nodeAddress(t, h, invite)
			got, err := ParseNodeAddress(" \t" + s + "\n")
			if err != nil || got != (NodeAddress{h, invite}) {
				t.Errorf("%q: %v", s, err)
			}
			if _, err := ParseCard(s); err != ErrCardMalformed {
				t.Errorf("as a card: %v", err)
			}
		}
	}
	s := nodeAddress(t, Hint{Port: 1, Name: "a"}, [16]byte{})
	for length, want := range map[int]error{maxCardText: nil, maxCardText + 1: ErrNodeMalformed} {
		if _, err := ParseNodeAddress(s + strings.Repeat(" ", length-len(s))); err != want {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
	if s := (NodeAddress{}).String(); s != "" {
		t.Errorf("the address of no node is %q", s)
	}
}

func TestNodeAddressRefused(t *testing.T) {
	h := Hint{Node: [32]byte{1}, Port: 443, Name: "example.org"}
	good, err := NodeAddress{h, [16]byte{1}}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	text := func(change func([]byte) []byte) string {
		return nodePrefix + cardEncoding.EncodeToString(change(append([]byte(nil), good...)))
	}
	at := func(i int, c byte) string { return text(func(b []byte) []byte { b[i] = c; return b }) }
	s := nodeAddress(t, h, [16]byte{1})
	for name, c := range map[string]struct {
		s    string
		want error
	}{
		"nothing":                 {"", ErrNodeMalformed},
		"a book":                  {strings.Repeat(" ", maxCardText) + s, ErrNodeMalformed},
		"a card":                  {"TACIT1:AAAA", ErrNodeMalformed},
		"version 0 of the text":   {"TACITNODE0:" + s[len(nodePrefix):], ErrNodeMalformed},
		"version 2 of the text":   {"TACITNODE2:what", ErrNodeNewer},
		"lower case":              {nodePrefix + strings.ToLower(s[len(nodePrefix):]), ErrNodeMalformed},
		"a line break within":     {s[:30] + "\n" + s[30:], ErrNodeMalformed},
		"no byte":                 {nodePrefix, ErrNodeMalformed},
		"version 0":               {at(0, 0), ErrNodeMalformed},
		"version 2":               {at(0, 2), ErrNodeNewer},
		"the version alone":       {text(func(b []byte) []byte { return b[:1] }), ErrNodeMalformed},
		"a hint that is too long": {at(1, 200), ErrNodeMalformed},
		"a hint without a port":   {text(func(b []byte) []byte { b[nodeHint+hintPort], b[nodeHint+hintPort+1] = 0, 0; return b }), ErrNodeMalformed},
		"a hint of a new type":    {at(nodeHint, 4), ErrNodeNewer},
		"an invite of 15 bytes":   {text(func(b []byte) []byte { return b[:len(b)-1] }), ErrNodeMalformed},
		"an invite of 17 bytes":   {text(func(b []byte) []byte { return append(b, 1) }), ErrNodeMalformed},
		"an invite of zeros":      {text(func(b []byte) []byte { return append(b[:len(b)-16], make([]byte, 16)...) }), ErrNodeMalformed},
	} {
		if a, err := ParseNodeAddress(c.s); err != c.want || a != (NodeAddress{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNodeAddressIsRedacted(t *testing.T) {
	a := NodeAddress{Hint{Port: 4, Name: "example.org"}, [16]byte{7}}
	for _, v := range []any{a, &a, Home{Invite: [16]byte{7}}, Internet{Homes: []Home{{}}}, Lot{}, Deposit{}} {
		if s := fmt.Sprintf("%v %+v %#v %x", v, v, v, v); strings.Trim(s, " ") != strings.Join([]string{Redacted, Redacted, Redacted, Redacted}, " ") {
			t.Errorf("%T prints %s", v, s)
		}
	}
	if b, err := a.MarshalText(); err != nil || string(b) != Redacted {
		t.Errorf("%s, %v", b, err)
	}
}

// TestSlotsAreApart: no two cells of a pairing wait under one name.
func TestSlotsAreApart(t *testing.T) {
	seen := map[[16]byte]bool{}
	for _, c := range []Card{{}, {Invite: [16]byte{1}}} {
		for n := range 10 {
			seen[c.Slot(n)] = true
		}
	}
	if len(seen) != 20 {
		t.Errorf("%d names", len(seen))
	}
}

func FuzzParseNodeAddress(f *testing.F) {
	f.Add(nodeAddress(f, Hint{Port: 443, Name: "example.org"}, [16]byte{1}))
	f.Add(nodeAddress(f, Hint{Port: 443, Addr: netip.MustParseAddr("192.0.2.1")}, [16]byte{}))
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseNodeAddress(s)
		if err != nil {
			if err != ErrNodeMalformed && err != ErrNodeNewer || a != (NodeAddress{}) {
				t.Fatalf("%v", err)
			}
			return
		}
		if a.String() != strings.TrimSpace(s) {
			t.Fatal("two spellings of one address")
		}
	})
}
