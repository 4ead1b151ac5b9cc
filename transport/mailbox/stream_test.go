package mailbox

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"

	"tacit/identity"
)

func TestReadFrame(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":        {nil, io.EOF},
		"no class":       {[]byte{0}, ErrMalformed},
		"class 4":        {append([]byte{4}, make([]byte, 1<<17)...), ErrMalformed},
		"a class alone":  {[]byte{1}, io.EOF},
		"a byte short":   {append([]byte{2}, make([]byte, Large.FrameSize()-2)...), io.ErrUnexpectedEOF},
		"a small frame":  {append([]byte{1}, make([]byte, Small.FrameSize()-1)...), nil},
		"two in a row":   {append([]byte{3}, make([]byte, Page.FrameSize())...), nil},
		"endless zeroes": {make([]byte, 1<<20), ErrMalformed},
	} {
		frame, err := ReadFrame(bytes.NewReader(c.b))
		if err != c.want || err == nil && len(frame) != Class(c.b[0]).FrameSize() {
			t.Errorf("%s: %d bytes, %v", name, len(frame), err)
		}
	}
}

func TestWhence(t *testing.T) {
	var b bytes.Buffer
	for _, addr := range []string{"", "/ip4/192.0.2.1/tcp/1", strings.Repeat("a", maxWhence)} {
		if err := WriteWhence(&b, addr); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadWhence(&b); err != nil || got != addr || b.Len() > 0 {
			t.Errorf("%q: %q, %v", addr, got, err)
		}
	}
	if err := WriteWhence(&b, strings.Repeat("a", maxWhence+1)); err != ErrTooLong || b.Len() > 0 {
		t.Errorf("too long: %v", err)
	}
	for _, short := range []string{"", "\x05abcd"} {
		if _, err := ReadWhence(strings.NewReader(short)); err == nil {
			t.Errorf("%q is read", short)
		}
	}
}

// TestNeedsLogin: what leaves and reads for others names no account.
func TestNeedsLogin(t *testing.T) {
	free := map[string]bool{"*mailbox.Put": true, "*mailbox.Look": true, "*mailbox.LeaveCell": true, "*mailbox.ReadCell": true, "*mailbox.Login": true}
	for _, x := range exchanges() {
		if name := fmt.Sprintf("%T", x.q); NeedsLogin(x.q) == free[name] {
			t.Errorf("%s: login needed: %t", name, NeedsLogin(x.q))
		}
	}
}

// TestNothingSaidIsPrinted: tokens, cells, names and keys stay out of every log.
func TestNothingSaidIsPrinted(t *testing.T) {
	client, served := newNode(1).talk(t)
	kb := identity.LinkKey{9}
	slot, err := SealPresence(kb, Presence{Until: start.Unix() + 1})
	if err != nil {
		t.Fatal(err)
	}
	all := []any{client, served, *client, *served, NewKey(start), newNode(1).record(t), KeyID{1}, slot, Presence{Peer: [32]byte{1}}}
	for _, x := range exchanges() {
		all = append(all, x.q)
		for _, a := range x.answers {
			all = append(all, a)
		}
	}
	for _, v := range all {
		for _, verb := range []string{"%v", "%+v", "%#v", "%x", "%s"} {
			out := fmt.Sprintf(verb, v)
			_, notHex := hex.DecodeString(strings.Trim(out, "&{}[] "))
			if len(out) > 64 || notHex == nil && len(out) > 8 {
				t.Errorf("%T by %s prints %.80s", v, verb, out)
			}
		}
	}
}
