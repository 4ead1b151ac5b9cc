package lang

import (
	"strings"
	"testing"
	"time"
)

func TestPlaceholdersAreIsolated(t *testing.T) {
	got := T("chat.composer", "name", "كلير")
	if want := "Write to \u2068كلير\u2069"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if p := Plain(got); p != "Write to كلير" {
		t.Errorf("Plain gives %q", p)
	}
}

func TestValuesCannotBreakOut(t *testing.T) {
	got := T("error.text_too_long", "n", "{max}", "max", 7)
	if !strings.Contains(got, "(\u2068{max}\u2069 of \u20687\u2069)") {
		t.Errorf("a value was taken for a placeholder: %q", got)
	}
	got = T("chat.composer", "name", "a\u2069b\u2068c")
	if want := "Write to \u2068abc\u2069"; got != want {
		t.Errorf("a name ended its isolate: %q", got)
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 hours", 1: "1 hour", 2: "2 hours"} {
		if got := Plain(N("duration.hours", n)); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestUnknownKeyShowsItself(t *testing.T) {
	if T("no.such") != "no.such" || N("no.such", 3) != "no.such" || Has("no.such") {
		t.Error("an unknown key has a text")
	}
}

func TestDays(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, paris)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ t, now, day, short string }{
		{"2026-11-22 00:00", "2026-11-22 23:59", "Today", "00:00"},
		{"2026-11-21 23:59", "2026-11-22 00:00", "Yesterday", "Sat"},
		{"2026-11-21 09:12", "2026-11-23 08:00", "Saturday 21 November", "Sat"},
		{"2026-11-16 09:12", "2026-11-22 08:00", "Monday 16 November", "Mon"},
		{"2026-11-15 09:12", "2026-11-22 08:00", "Sunday 15 November", "15 Nov"},
		{"2025-12-31 23:50", "2026-01-01 00:10", "Yesterday", "Wed"},
		{"2025-12-20 12:00", "2026-01-01 00:10", "Saturday 20 December 2025", "20/12/2025"},
		{"2026-11-23 00:10", "2026-11-22 23:59", "Monday 23 November", "23 Nov"}, // the clock was set back
		{"2026-03-28 12:00", "2026-03-29 12:00", "Yesterday", "Sat"},             // a day of 23 hours
		{"2026-10-24 23:00", "2026-10-25 23:30", "Yesterday", "Sat"},             // a day of 25 hours
	} {
		if got := Day(at(c.t), at(c.now)); got != c.day {
			t.Errorf("Day(%s) on %s is %q, want %q", c.t, c.now, got, c.day)
		}
		if got := Short(at(c.t), at(c.now)); got != c.short {
			t.Errorf("Short(%s) on %s is %q, want %q", c.t, c.now, got, c.short)
		}
	}
	if got := DateTime(at("2026-11-21 09:05")); got != "21 November 2026, 09:05" {
		t.Errorf("DateTime is %q", got)
	}
}

func TestCountdown(t *testing.T) {
	for d, want := range map[time.Duration]string{
		2 * time.Minute: "2:00", 87 * time.Second: "1:27", 86*time.Second + 1: "1:27",
		time.Millisecond: "0:01", 0: "0:00", -time.Hour: "0:00", 10 * time.Minute: "10:00",
	} {
		if got := Countdown(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "1 second", -30 * time.Second: "30 seconds", 5 * time.Minute: "5 minutes",
		3*time.Hour - time.Minute: "3 hours", -72 * time.Hour: "3 days",
	} {
		if got := Plain(Duration(d)); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
