package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func ms(values ...int) (times []time.Duration) {
	for _, v := range values {
		times = append(times, time.Duration(v)*time.Millisecond)
	}
	return times
}

func TestPercentile(t *testing.T) {
	for _, c := range []struct {
		times []time.Duration
		p     int
		want  time.Duration
	}{
		{nil, 95, 0},
		{ms(7), 95, 7 * time.Millisecond},
		{ms(3, 1, 2), 50, 2 * time.Millisecond},
		{ms(4, 3, 2, 1), 50, 2 * time.Millisecond},
		{ms(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20), 95, 19 * time.Millisecond},
		{ms(1, 2, 3), 100, 3 * time.Millisecond},
	} {
		if got := percentile(c.times, c.p); got != c.want {
			t.Errorf("percentile %d of %v is %v, want %v", c.p, c.times, got, c.want)
		}
	}
}

func TestRow(t *testing.T) {
	r := result{trial: trial{"punched", "quic", 10}, sent: 3, times: ms(900, 20, 30), ways: []string{"relay", "direct", "direct"}}
	if want := "punched    quic    10 %        3/3    0.900 s    0.030 s  relay, then direct"; r.row() != want {
		t.Errorf("row\n%s, want\n%s", r.row(), want)
	}
	r = result{trial: trial{"lan", "tcp", 0}, sent: 3, err: errors.New("nobody came")}
	if want := "lan        tcp      0 %        0/3          -          -  nobody came"; r.row() != want {
		t.Errorf("row\n%s, want\n%s", r.row(), want)
	}
	if strings.Index(header(), "delivered") != strings.Index(r.row(), "      0/3") {
		t.Errorf("the columns are not below their names:\n%s\n%s", header(), r.row())
	}
}

func TestSummary(t *testing.T) {
	all := []result{{sent: 2, times: ms(1, 2)}, {sent: 2, times: ms(1)}, {sent: 2, times: ms(1, 2), err: errors.New("later")}}
	if got, want := summary(all), "5 of 6 texts delivered; 1 of 3 trials without a loss"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLine(t *testing.T) {
	x := target{name: "quick", limit: time.Second}
	if got := x.line(ms(100, 200), 2, nil); !strings.Contains(got, "kept") || !strings.Contains(got, "2 of 2") {
		t.Errorf("line %q", got)
	}
	for _, got := range []string{x.line(ms(100, 2000), 2, nil), x.line(ms(100), 2, errors.New("broke")), x.line(nil, 2, nil)} {
		if !strings.Contains(got, "MISSED") {
			t.Errorf("line %q", got)
		}
	}
}

func TestPlan(t *testing.T) {
	p, err := readPlan(nil)
	if err != nil || !slices.Equal(p.paths, pathNames) || !slices.Equal(p.losses, []int{0, 10, 30}) || len(p.protocols) != 2 {
		t.Errorf("the whole matrix is %+v, %v", p, err)
	}
	p, err = readPlan([]string{"-paths", "lan, mailbox", "-protocols", "tcp", "-loss", "5", "-messages", "2", "-tries", "0"})
	if err != nil || !slices.Equal(p.paths, []string{"lan", "mailbox"}) || p.losses[0] != 5 || p.messages != 2 || p.tries != 0 {
		t.Errorf("plan %+v, %v", p, err)
	}
	for _, args := range [][]string{{"-paths", "moon"}, {"-protocols", "udp"}, {"-loss", "91"}, {"-loss", "x"}, {"-messages", "0"}, {"-tries", "-1"}} {
		if _, err := readPlan(args); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}

// TestPlaces: everybody has a place on every path, and no two homes the same network.
func TestPlaces(t *testing.T) {
	known := map[string]bool{"open": true}
	numbers := map[int]bool{}
	for _, h := range append(slices.Clone(homes), elsewhere) {
		if numbers[h.number] {
			t.Errorf("%s shares its network", h.name)
		}
		numbers[h.number] = true
		for _, name := range h.hosts {
			known[name] = true
		}
	}
	for _, path := range pathNames {
		at, ok := places[path]
		if !ok || !known[at[0]] || !known[at[1]] {
			t.Errorf("%s: %v", path, at)
		}
	}
}
