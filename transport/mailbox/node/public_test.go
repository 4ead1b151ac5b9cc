package node

import (
	"errors"
	"net/netip"
	"testing"
)

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		addrs []string
		want  string
		known bool
	}{
		{[]string{"127.0.0.1", "10.0.0.2", "192.31.196.1", "2600::1"}, "192.31.196.1", true},
		{[]string{"127.0.0.1", "10.0.0.2", "2600::1"}, "2600::1", true},
		{[]string{"127.0.0.1", "::1", "fe80::1%eth0", "fd00::2", "10.0.0.2"}, "10.0.0.2", false},
		{[]string{"127.0.0.1", "::1", "fd00::2"}, "fd00::2", false},
		{[]string{"::1", "127.0.0.1"}, "127.0.0.1", false},
		{[]string{"10.0.0.3", "10.0.0.2"}, "10.0.0.3", false},
	} {
		var addrs []netip.Addr
		for _, a := range c.addrs {
			addrs = append(addrs, netip.MustParseAddr(a))
		}
		got, known, err := Guess(addrs)
		if err != nil || got.String() != c.want || known != c.known {
			t.Errorf("of %v: %v, %v, %v; want %s, %v", c.addrs, got, known, err, c.want, c.known)
		}
	}
	if _, _, err := Guess([]netip.Addr{netip.MustParseAddr("fe80::1%eth0")}); !errors.Is(err, ErrNoPublic) {
		t.Errorf("of none: %v", err)
	}
}
