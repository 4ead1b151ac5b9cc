package main

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"

	"tacit/ui/cmd/internal/drive"
	"tacit/ui/cmd/internal/netlab"
)

// TestNearbyOnALAN: three computers on one switch find one another by multicast DNS.
func TestNearbyOnALAN(t *testing.T) {
	w := newWorld(t)
	lab, err := netlab.New(w.ctx)
	if errors.Is(err, netlab.ErrRefused) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	home, err := lab.Segment("home")
	if err != nil {
		t.Fatal(err)
	}
	var ps [3]*drive.Process
	for i, name := range []string{"a", "b", "c"} {
		w.init(name)
		host, err := lab.Host(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := host.Join(home, labNIC, netip.MustParsePrefix(fmt.Sprintf("10.79.0.%d/24", i+1))); err != nil {
			t.Fatal(err)
		}
		args := host.Command(w.exe, "run", "--profile", w.path(name), "--passphrase-file", w.path("pass"), "--listen", "lan")
		if ps[i], err = drive.Start(t.Output(), args[0], args[1:]...); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(ps[i].Kill)
	}
	w.pairNearby(ps[0], ps[1], ps[2])
}
