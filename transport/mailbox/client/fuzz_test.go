package client

import (
	"net/netip"
	"testing"

	"tacit/transport/mailbox"
)

func FuzzWhence(f *testing.F) {
	f.Fuzz(func(t *testing.T, said string) {
		at, err := plainWhence(said)
		if err != nil {
			if err != mailbox.ErrMalformed || at != "" {
				t.Fatalf("%v, and %q", err, at)
			}
			return
		}
		if a, err := netip.ParseAddrPort(at); err != nil || a.Port() == 0 || a.Addr().Is4In6() {
			t.Fatalf("%q: %v", at, err)
		}
	})
}
