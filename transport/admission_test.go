package transport

import (
	"net/netip"
	"testing"
)

func TestAdmissionCountsStrangers(t *testing.T) {
	a := newAdmission[int]()
	for i := range 2 * maxUnprovenPerAddr {
		if got, want := a.accept(i, home, planStart), i < maxUnprovenPerAddr; got != want {
			t.Fatalf("connection %d accepted: %v, want %v", i, got, want)
		}
	}
	// One proves itself and makes room for another; so does one that leaves.
	if !a.beginHello(0) {
		t.Fatal("no hello allowed")
	}
	a.endHello(0, false, true)
	if !a.accept(100, home, planStart) || a.accept(101, home, planStart) {
		t.Error("a proven connection must make room for one")
	}
	a.forget(1)
	if !a.accept(102, home, planStart) || a.accept(103, home, planStart) {
		t.Error("a closed connection must make room for one")
	}
}

func TestAdmissionTotal(t *testing.T) {
	a := newAdmission[int]()
	accepted := 0
	for i := range 1000 {
		if a.accept(i, netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), planStart) {
			accepted++
		}
	}
	if accepted != maxUnproven {
		t.Errorf("%d strangers, want %d", accepted, maxUnproven)
	}
	for i := range 1000 {
		a.forget(i)
	}
	if a.total != 0 || len(a.byAddr) != 0 || len(a.conns) != 0 {
		t.Errorf("left over: %d, %v, %v", a.total, a.byAddr, a.conns)
	}
}

func TestAdmissionHellos(t *testing.T) {
	a := newAdmission[int]()
	if a.beginHello(1) {
		t.Error("a hello on an unknown connection")
	}
	a.accept(1, home, planStart)
	if !a.beginHello(1) || a.beginHello(1) {
		t.Error("a stranger has one hello at a time")
	}
	if a.endHello(1, false, true) || a.isStranger(1) {
		t.Error("a proven connection is of use")
	}
	for range maxHellosPerLinked {
		if !a.beginHello(1) {
			t.Error("a proven connection has several hellos at a time")
		}
	}
	if a.beginHello(1) {
		t.Error("but not without limit")
	}
	for range maxHellosPerLinked {
		if a.endHello(1, false, false) {
			t.Error("a failed hello does not end a linked connection")
		}
	}
	a.beginOwnHello(1)
	if a.endLink(1) {
		t.Error("an own hello is under way")
	}
	if !a.endHello(1, true, false) {
		t.Error("nothing is left")
	}
}

// TestAdmissionOfADialledStranger: on a connection that this side made, somebody who
// proves nothing has few hellos, one at a time, and cannot hold it by overlapping them.
func TestAdmissionOfADialledStranger(t *testing.T) {
	a := newAdmission[int]()
	a.beginOwnHello(1)
	if !a.beginHello(1) || a.beginHello(1) {
		t.Error("not one hello at a time")
	}
	if a.endHello(1, true, false) {
		t.Error("their hello is under way")
	}
	if !a.endHello(1, false, false) {
		t.Error("nothing is left")
	}
	a.beginOwnHello(2)
	for range maxHellosUnlinked {
		if !a.beginHello(2) {
			t.Fatal("refused too early")
		}
		a.endHello(2, false, false)
	}
	if a.beginHello(2) {
		t.Error("a stranger has hellos without end")
	}
	a.endHello(2, true, true)
	if !a.beginHello(2) {
		t.Error("a proven connection has hellos")
	}
}

func TestAdmissionOverdue(t *testing.T) {
	a := newAdmission[int]()
	a.accept(1, home, planStart)
	a.accept(2, home, planStart)
	a.accept(3, home, planStart.Add(helloTime))
	a.beginHello(2)
	a.endHello(2, false, true)
	if got := a.overdue(planStart.Add(helloTime - 1)); len(got) != 0 {
		t.Errorf("overdue too early: %v", got)
	}
	if got := a.overdue(planStart.Add(helloTime)); len(got) != 1 || got[0] != 1 {
		t.Errorf("overdue: %v, want 1", got)
	}
}
