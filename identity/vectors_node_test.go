package identity

import (
	"bytes"
	"encoding/base32"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tacit/identity/vectors"
)

type nodeAddressVector struct {
	Name   string      `json:"name"`
	Text   string      `json:"text"`
	Result string      `json:"result"`
	Bytes  vectors.Hex `json:"bytes,omitempty"`
	Node   vectors.Hex `json:"node,omitempty"`
	Port   uint16      `json:"port,omitempty"`
	Addr   string      `json:"addr,omitempty"`
	Host   string      `json:"host,omitempty"`
	Invite vectors.Hex `json:"invite,omitempty"`
}

type slotVector struct {
	Name   string      `json:"name"`
	Invite vectors.Hex `json:"invite"`
	N      int         `json:"n"`
	Slot   vectors.Hex `json:"slot"`
}

var nodeResults = map[error]string{nil: "ok", ErrNodeMalformed: "malformed", ErrNodeNewer: "newer"}

func TestVectorsOfNodes(t *testing.T) {
	key := [32]byte(counting(32, 64))
	named, invite := Hint{Node: key, Port: 4001, Name: "node.example"}, [16]byte(counting(16, 1))
	good, err := NodeAddress{named, invite}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	text := func(h Hint, invite [16]byte) string { return nodeAddress(t, h, invite) }
	raw := func(change func([]byte) []byte) string {
		return nodePrefix + cardEncoding.EncodeToString(change(slices.Clone(good)))
	}
	put := func(at int, c byte) string { return raw(func(b []byte) []byte { b[at] = c; return b }) }
	s := text(named, invite)
	var cases []nodeAddressVector
	for _, c := range [][2]string{
		{"a name and an invite", s},
		{"IPv4", text(Hint{Node: key, Port: 443, Addr: netip.MustParseAddr("192.0.2.7")}, [16]byte{})},
		{"IPv6", text(Hint{Node: key, Port: 443, Addr: netip.MustParseAddr("2001:db8::7")}, [16]byte{})},
		{"the longest", text(Hint{Node: key, Port: 1, Name: "abcdefghijklmnopqrstuvwxyz.ab"}, invite)},
		{"blanks around", " \t" + s + "\r\n"},
		{"nothing", ""},
		{"the prefix alone", nodePrefix},
		{"a card's prefix", "TACIT1:" + s[len(nodePrefix):]},
		{"lower case", nodePrefix + strings.ToLower(s[len(nodePrefix):])},
		{"a blank within", s[:20] + " " + s[20:]},
		{"padded", s + "="},
		{"version 0 in the text", "TACITNODE0:" + s[len(nodePrefix):]},
		{"version 2 in the text", "TACITNODE2:"},
		{"version 01 in the text", "TACITNODE01:" + s[len(nodePrefix):]},
		{"version 0", put(0, 0)},
		{"version 2", put(0, 2)},
		{"the version alone", raw(func(b []byte) []byte { return b[:1] })},
		{"a hint of 0 bytes", raw(func(b []byte) []byte { return append([]byte{1, 0}, b[len(b)-16:]...) })},
		{"a hint beyond the end", put(1, 200)},
		{"a hint with port 0", raw(func(b []byte) []byte { b[nodeHint+hintPort], b[nodeHint+hintPort+1] = 0, 0; return b })},
		{"an unknown type of hint", put(nodeHint, 4)},
		{"an invite of 15 bytes", raw(func(b []byte) []byte { return b[:len(b)-1] })},
		{"an invite of 17 bytes", raw(func(b []byte) []byte { return append(b, 1) })},
		{"an invite of zeros", raw(func(b []byte) []byte { clear(b[len(b)-16:]); return b })},
		{"longer than 512 bytes", s + strings.Repeat(" ", 512)},
	} {
		a, err := ParseNodeAddress(c[1])
		v := nodeAddressVector{Name: c[0], Text: c[1], Result: nodeResults[err]}
		if err == nil {
			if v.Bytes, err = a.Marshal(); err != nil {
				t.Fatal(err)
			}
			v.Node, v.Port, v.Host = a.Node[:], a.Port, a.Name
			if a.Addr.IsValid() {
				v.Addr = a.Addr.String()
			}
			if a.Invite != [16]byte{} {
				v.Invite = a.Invite[:]
			}
		}
		cases = append(cases, v)
	}
	vectors.Check(t, "node_address", "23", "text form of addresses of nodes. result malformed, or newer: of a newer version", cases)

	var slots []slotVector
	for n := 1; n <= 9; n++ {
		slot := Card{Invite: invite}.Slot(n)
		slots = append(slots, slotVector{strconv.Itoa(n), invite[:], n, slot[:]})
	}
	vectors.Check(t, "slot", "23", "slot n of the card with this invite", slots)
}

// TestReplayNodes reads the bytes by the offsets of section 23.
func TestReplayNodes(t *testing.T) {
	for _, c := range vectors.Load[nodeAddressVector](t, "identity", "node_address") {
		a, err := ParseNodeAddress(c.Text)
		if nodeResults[err] != c.Result {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimPrefix(strings.TrimSpace(c.Text), "TACITNODE1:"))
		if err != nil || !bytes.Equal(b, c.Bytes) {
			t.Errorf("%s: other bytes: %v", c.Name, err)
		}
		host := []byte(c.Host)
		if ip, err := netip.ParseAddr(c.Addr); err == nil {
			host = ip.AsSlice()
		}
		n := 35 + len(host)
		want := slices.Concat([]byte{1, byte(n), b[2]}, c.Node, []byte{byte(c.Port >> 8), byte(c.Port)}, host, c.Invite)
		if !bytes.Equal(b, want) || !bytes.Equal(a.Node[:], c.Node) || a.Port != c.Port || a.Name != c.Host ||
			a.Addr.IsValid() != (c.Addr != "") || len(c.Invite) > 0 && !bytes.Equal(a.Invite[:], c.Invite) {
			t.Errorf("%s: another address", c.Name)
		}
	}
	for _, c := range vectors.Load[slotVector](t, "identity", "slot") {
		slot := Card{Invite: [16]byte(c.Invite)}.Slot(c.N)
		if want := Derive(c.Invite, nil, "slot"+string(rune(c.N)), 16); !bytes.Equal(c.Slot, want) || !bytes.Equal(c.Slot, slot[:]) {
			t.Errorf("slot %s: another name", c.Name)
		}
	}
}
