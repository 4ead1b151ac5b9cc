package transport

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func nicAt(name string, prefixes ...string) nic {
	n := nic{Interface: net.Interface{Name: name}}
	for _, p := range prefixes {
		n.prefixes = append(n.prefixes, netip.MustParsePrefix(p))
	}
	return n
}

func TestWatchWaitsForTheEndOfAChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		w := newWatch(func() []nic {
			switch now := time.Since(begin); {
			case now < time.Minute:
				return []nic{nicAt("eth0", "192.168.1.7/24")}
			case now < time.Minute+4*settleTime: // it comes up step by step
				return []nic{nicAt("eth0", "10.0.0."+string('1'+byte(now/settleTime%9))+"/24")}
			default:
				return []nic{nicAt("eth0", "10.0.0.9/24"), nicAt("eth1", "10.1.0.1/16")}
			}
		})
		if !w.changed(t.Context()) {
			t.Fatal("not noticed")
		}
		took := time.Since(begin) - time.Minute
		if took < 4*settleTime || took > 4*settleTime+pollTime+2*settleTime {
			t.Errorf("reported %v after the beginning of the change", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if w.changed(ctx) {
			t.Error("reported a change that never was")
		}
	})
}

func TestSlept(t *testing.T) {
	last := time.Now()
	for _, tt := range []struct {
		name string
		now  time.Time
		want bool
	}{
		{"the next poll", last.Add(pollTime), false},
		{"a busy machine", last.Add(pollTime + 5*time.Second), false},
		{"both clocks ran on", last.Add(time.Hour), true},
	} {
		if got := slept(last, tt.now); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	if !gap(pollTime, time.Hour) || !gap(pollTime, -time.Hour) || gap(pollTime, pollTime+time.Second) {
		t.Error("the wall clock's jumps are not told from its drift")
	}
}

func TestWatchSeesResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatch(func() []nic { return nil })
		w.last = w.last.Add(-time.Hour) // nobody polled for an hour
		begin := time.Now()
		if !w.changed(t.Context()) || time.Since(begin) > pollTime+settleTime {
			t.Errorf("noticed after %v", time.Since(begin))
		}
	})
}

func TestFingerprint(t *testing.T) {
	base := []nic{nicAt("eth0", "192.168.1.7/24", "2001:db8::1/64"), nicAt("wlan0", "10.0.0.2/8")}
	same := [][]nic{
		{nicAt("wlan0", "10.0.0.2/8"), nicAt("eth0", "2001:db8::1/64", "192.168.1.7/24")},
		{nicAt("eth0", "192.168.1.7/24", "2001:db8::99/64", "2001:db8::1/64"), nicAt("wlan0", "10.0.0.2/8")},
	}
	other := [][]nic{
		{nicAt("eth0", "192.168.1.7/24", "2001:db8::1/64")},
		{nicAt("eth0", "192.168.1.8/24", "2001:db8::1/64"), nicAt("wlan0", "10.0.0.2/8")},
		{nicAt("eth0", "192.168.1.7/24", "2001:db8:1::1/64"), nicAt("wlan0", "10.0.0.2/8")},
		{nicAt("eth1", "192.168.1.7/24", "2001:db8::1/64"), nicAt("wlan0", "10.0.0.2/8")},
	}
	for _, n := range same {
		if fingerprint(n) != fingerprint(base) {
			t.Errorf("another network: %v", n)
		}
	}
	for _, n := range other {
		if fingerprint(n) == fingerprint(base) {
			t.Errorf("the same network: %v", n)
		}
	}
}

func TestOnLink(t *testing.T) {
	nics := []nic{nicAt("eth0", "192.168.1.7/24", "2001:db8::1/64")}
	for addr, want := range map[string]bool{
		"192.168.1.8": true, "2001:db8::2": true,
		"192.168.1.7": false, // itself
		"192.168.2.8": false, "8.8.8.8": false, "2001:db8:1::2": false, "127.0.0.1": false, "fe80::1": false,
	} {
		if got := onLink(nics, netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v, want %v", addr, got, want)
		}
	}
}
