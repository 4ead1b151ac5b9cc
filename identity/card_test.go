package identity

import (
	"bytes"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func hint(t testing.TB, h Hint) []byte {
	t.Helper()
	b, err := h.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCardRoundTrip(t *testing.T) {
	longest := hint(t, Hint{Port: 1, Name: strings.Repeat("a", maxHintName)})
	rapid.Check(t, func(t *rapid.T) {
		c := Card{
			Shown:       rapid.Bool().Draw(t, "shown"),
			Fingerprint: Fingerprint(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "fp")),
			Invite:      [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "inv")),
			Expiry:      time.Unix(int64(rapid.Uint32().Draw(t, "expiry")), 0),
			Hint:        rapid.SampledFrom([][]byte{nil, longest}).Draw(t, "hint"),
		}
		s := c.String()
		const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" // of a QR code
		if strings.Trim(s, alphanumeric) != "" {
			t.Fatal("a QR code would not be alphanumeric")
		}
		got, err := ParseCard(" \n" + s + "\t")
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Fatalf("%v: got %v, want %v", err, got, c)
		}
		// One character differs: it is another card, or none.
		at := rapid.IntRange(len(cardPrefix), len(s)-1).Draw(t, "at")
		other := s[:at] + string(rapid.SampledFrom([]rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")).Draw(t, "letter")) + s[at+1:]
		if got, err := ParseCard(other); err == nil && (got.String() == s) != (other == s) {
			t.Fatal("two spellings of one card")
		}
	})
}

func TestNewCard(t *testing.T) {
	fp := Fingerprint{9}
	now := start.Add(500 * time.Millisecond)
	a, b := NewCard(fp, ScreenCardLife, true, now), NewCard(fp, time.Hour, false, now)
	if a.Invite == b.Invite || a.LinkKey() == b.LinkKey() {
		t.Error("invitations repeat")
	}
	if !a.Expiry.Equal(start.Add(2*time.Minute)) || !a.GoodUntil().Equal(start.Add(3*time.Minute)) {
		t.Errorf("screen card: %v, good until %v", a.Expiry, a.GoodUntil())
	}
	if !b.GoodUntil().Equal(start.Add(time.Hour)) {
		t.Errorf("link: good until %v", b.GoodUntil())
	}
	want := Derive(a.Invite[:], nil, "lan", 32)
	if got := a.LinkKey(); !bytes.Equal(got[:], want) {
		t.Error("kb is not HKDF(inv, lan)")
	}
	if a.InviteHash() != Hash([]byte("invite"), a.Invite[:]) {
		t.Error("a card is not remembered by H(invite, inv)")
	}
}

func TestParseCardRefuses(t *testing.T) {
	good := NewCard(Fingerprint{1}, time.Hour, false, start)
	b := good.Marshal()
	text := func(b []byte) string { return cardPrefix + cardEncoding.EncodeToString(b) }
	with := func(at int, to byte) string {
		changed := bytes.Clone(b)
		changed[at] = to
		return text(changed)
	}
	s := good.String()
	// 54 bytes are 87 characters with 3 bits to spare, which must be zero.
	spare := s[:len(s)-1] + string(s[len(s)-1]+1)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":            {"", ErrCardMalformed},
		"prefix only":        {"TACIT1:", ErrCardMalformed},
		"no prefix":          {s[len(cardPrefix):], ErrCardMalformed},
		"another prefix":     {"HTTP:" + s, ErrCardMalformed},
		"lower case":         {strings.ToLower(s), ErrCardMalformed},
		"padding":            {s + "=", ErrCardMalformed},
		"blank inside":       {s[:20] + " " + s[20:], ErrCardMalformed},
		"line break inside":  {s[:20] + "\n" + s[20:], ErrCardMalformed},
		"line break at end":  {s[:len(s)-1] + "\n" + s[len(s)-1:], ErrCardMalformed},
		"digit 1":            {s[:20] + "1" + s[21:], ErrCardMalformed},
		"spare bits":         {spare, ErrCardMalformed},
		"huge":               {s + strings.Repeat("A", 1<<20), ErrCardMalformed},
		"short":              {text(b[:cardFixed-1]), ErrCardMalformed},
		"long":               {text(append(bytes.Clone(b), make([]byte, MaxHint+1)...)), ErrCardMalformed},
		"hint of no kind":    {text(append(bytes.Clone(b), make([]byte, 40)...)), ErrCardMalformed},
		"hint cut":           {text(append(bytes.Clone(b), 1)), ErrCardMalformed},
		"version 0":          {with(0, 0), ErrCardMalformed},
		"version 2":          {with(0, 2), ErrCardNewer},
		"version 2, longer":  {text(append([]byte{2}, make([]byte, 200)...)), ErrCardNewer},
		"unknown flag":       {with(1, 2), ErrCardNewer},
		"newer hint":         {text(append(bytes.Clone(b), append([]byte{4}, bytes.Repeat([]byte{1}, 38)...)...)), ErrCardNewer},
		"newer scheme":       {"TACIT2:" + s[len(cardPrefix):], ErrCardNewer},
		"scheme 10":          {"TACIT10:ABC", ErrCardNewer},
		"scheme 0":           {"TACIT0:ABC", ErrCardMalformed},
		"scheme of no digit": {"TACITX:ABC", ErrCardMalformed},
		"scheme alone":       {"TACIT:ABC", ErrCardMalformed},
		"no colon":           {"TACIT2", ErrCardMalformed},
	} {
		if _, err := ParseCard(c.text); err != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for n := range b {
		if _, err := UnmarshalCard(b[:n]); err != ErrCardMalformed {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestHintRoundTrip(t *testing.T) {
	node := [32]byte{1, 2, 3}
	for name, c := range map[string]struct {
		hint Hint
		size int
	}{
		"IPv4":         {Hint{node, 443, netip.MustParseAddr("192.31.196.1"), ""}, 39},
		"IPv6":         {Hint{node, 65535, netip.MustParseAddr("2001:db8::1"), ""}, 51},
		"name":         {Hint{node, 1, netip.Addr{}, "n-1.example.org"}, 50},
		"longest name": {Hint{node, 1, netip.Addr{}, strings.Repeat("a", 29)}, 64},
	} {
		b, err := c.hint.Marshal()
		if err != nil || len(b) != c.size {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
			continue
		}
		if got, err := ParseHint(b); err != nil || got != c.hint {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		card := NewCard(Fingerprint{}, time.Hour, false, start)
		card.Hint = b
		if got, err := ParseCard(card.String()); err != nil || !bytes.Equal(got.Hint, b) {
			t.Errorf("%s in a card: %v", name, err)
		}
	}
}

func TestBadHints(t *testing.T) {
	addr := netip.MustParseAddr("192.31.196.1")
	for name, h := range map[string]Hint{
		"nothing":         {},
		"no host":         {Port: 1},
		"no port":         {Addr: addr},
		"name and addr":   {Port: 1, Addr: addr, Name: "a"},
		"zone":            {Port: 1, Addr: netip.MustParseAddr("fe80::1%eth0")},
		"mapped":          {Port: 1, Addr: netip.MustParseAddr("::ffff:192.31.196.1")},
		"name too long":   {Port: 1, Name: strings.Repeat("a", 30)},
		"upper case":      {Port: 1, Name: "Example.org"},
		"empty label":     {Port: 1, Name: "a..b"},
		"trailing dot":    {Port: 1, Name: "a."},
		"leading hyphen":  {Port: 1, Name: "-a"},
		"trailing hyphen": {Port: 1, Name: "a-.b"},
		"underscore":      {Port: 1, Name: "a_b"},
		"not ASCII":       {Port: 1, Name: "é"},
	} {
		if _, err := h.Marshal(); err != ErrCardMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := hint(t, Hint{Port: 1, Addr: addr})
	for n := range good {
		if _, err := ParseHint(good[:n]); err != ErrCardMalformed {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	for name, b := range map[string][]byte{
		"trailing byte": append(bytes.Clone(good), 0),
		"IPv4 as IPv6":  append([]byte{hintIPv6}, good[1:]...),
		"IPv6 as IPv4":  append([]byte{hintIPv4}, hint(t, Hint{Port: 1, Addr: netip.MustParseAddr("::1")})[1:]...),
	} {
		if _, err := ParseHint(b); err != ErrCardMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}
