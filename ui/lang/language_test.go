package lang

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// speak uses a language for the time of a test.
func speak(t *testing.T, l *language) {
	t.Helper()
	before := spoken.Swap(l)
	t.Cleanup(func() { spoken.Store(before) })
}

func TestMatch(t *testing.T) {
	for locale, want := range map[string]string{
		"": "en", "C": "en", "C.UTF-8": "en", "POSIX": "en", "garbage": "en", "_": "en", "..": "en", "fr\x00": "en", "\xff": "en", "xx_YY": "en",
		"en_US.UTF-8": "en", "de_DE.UTF-8": "en", "fry_NL": "en", "ara": "en",
		"de:fr_CA:ar": "fr", "::": "en", "de:es": "en", "en:fr": "en", "C:ar": "ar",
	} {
		if got := Match(locale); got != want {
			t.Errorf("%q gives %q, want %q", locale, got, want)
		}
	}
	for _, l := range languages {
		for _, rest := range []string{"", "_TN", "-TN", ".UTF-8", "_TN.UTF-8@euro", "@latin"} {
			if got := Match(l.tag + rest); got != l.tag {
				t.Errorf("%q gives %q", l.tag+rest, got)
			}
		}
	}
}

func TestUse(t *testing.T) {
	t.Cleanup(func() { spoken.Store(nil) })
	for _, l := range Languages() {
		if Use(l.Tag); Tag() != l.Tag || RTL() != (l.Tag == "ar") || l.Name == "" {
			t.Errorf("%+v: speaks %q, from right to left %t", l, Tag(), RTL())
		}
	}
	if Use("no such"); Tag() != "en" {
		t.Errorf("an unknown language gives %q", Tag())
	}
}

// TestEnglishStandsIn: a language whose file lacks a text, or does not parse, says it in
// English, with the forms of English.
func TestEnglishStandsIn(t *testing.T) {
	speak(t, &language{tag: "ar", form: pluralArabic, texts: nil, calendar: inArabic})
	if got := T("unlock.primary"); got != "Unlock" {
		t.Errorf("got %q", got)
	}
	if got := Plain(N("duration.hours", 1)); got != "1 hour" {
		t.Errorf("got %q", got)
	}
	if got := T("no.such"); got != "no.such" {
		t.Errorf("got %q", got)
	}
}

func TestPluralFormsAreChosen(t *testing.T) {
	speak(t, &language{form: pluralArabic, texts: map[string]message{"duration.days": {
		"zero": "0", "one": "1", "two": "2", "few": "{n} f", "many": "{n} m", "other": "{n} o",
	}}})
	for n, want := range map[int]string{0: "0", 1: "1", 2: "2", 3: "3 f", 11: "11 m", 100: "100 o", 103: "103 f"} {
		if got := Plain(N("duration.days", n)); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestDatesFollowTheLanguage(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	now := at("2026-11-22 08:00")
	for _, c := range []struct {
		in                                       calendar
		point                                    string
		day, year, week, short, numbers, written string
		number                                   string
	}{
		{inEnglish, ".", "Sunday 1 November", "Wednesday 1 January 2025", "Sat", "1 Nov", "01/02/2025", "1 November 2026, 15:04", "3.2"},
		{inFrench, ",", "Dimanche 1er novembre", "Mercredi 1er janvier 2025", "sam.", "1er nov.", "01/02/2025", "1er novembre 2026 à 15:04", "3,2"},
		{inArabic, ".", "الأحد، 1 نوفمبر", "الأربعاء، 1 يناير 2025", "السبت", "1 نوفمبر", "01\u200f/02\u200f/2025", "1 نوفمبر 2026، 15:04", "3.2"},
	} {
		speak(t, &language{calendar: c.in, point: c.point})
		for what, pair := range map[string][2]string{
			"day":     {Day(at("2026-11-01 09:00"), now), c.day},
			"year":    {Day(at("2025-01-01 09:00"), now), c.year},
			"week":    {Short(at("2026-11-21 09:00"), now), c.week},
			"short":   {Short(at("2026-11-01 09:00"), now), c.short},
			"numbers": {Short(at("2025-02-01 09:00"), now), c.numbers},
			"written": {DateTime(at("2026-11-01 15:04")), c.written},
			"decimal": {Decimal(3.21, 1), c.number},
			"clock":   {Clock(at("2026-11-01 15:04")), "15:04"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s is %q, want %q", what, pair[0], pair[1])
			}
		}
	}
}

// TestBrokenFiles: a language whose file is missing or broken is not on offer, what asks for
// it is answered in English, and the log gets a sentence. Nothing panics, not even without
// the file of English.
func TestBrokenFiles(t *testing.T) {
	good := &fstest.MapFile{Data: []byte(`{"unlock": {"primary": "good"}}`)}
	for what, bad := range map[string]*fstest.MapFile{
		"missing": nil, "empty": {}, "cut": {Data: []byte(`{"unlock": {"primary": "go`)},
		"another shape": {Data: []byte(`{"unlock": {"primary": 7}}`)}, "not UTF-8": {Data: []byte("\xff\xfe\x00")},
	} {
		for _, broken := range []string{"en", "ar"} {
			folder := fstest.MapFS{"en.json": good, "ar.json": good}
			if folder[broken+".json"] = bad; bad == nil {
				delete(folder, broken+".json")
			}
			have, faults := known(folder, &language{tag: "en", form: pluralEnglish}, &language{tag: "ar", form: pluralArabic})
			if len(have) == 0 || have[0].tag != "en" || len(faults) != 1 || !strings.Contains(faults[0].Error(), "the texts of "+broken) {
				t.Errorf("%s, %s: %d languages, %v", broken, what, len(have), faults)
			}
			if offered := len(have) == 2; offered != (broken == "en") {
				t.Errorf("%s, %s: Arabic is on offer: %t", broken, what, offered)
			}
			speak(t, have[0])
			if T("unlock.primary") == "" || N("duration.days", 2) == "" {
				t.Errorf("%s, %s: silent", broken, what)
			}
		}
	}
	if len(Faults()) > 0 {
		t.Errorf("the files in the program: %v", Faults())
	}
}
