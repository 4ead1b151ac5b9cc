package app_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tacit/app"
)

func TestCleanName(t *testing.T) {
	for _, c := range []struct {
		name, clean string
		changed     bool
		err         error
	}{
		{"Claire Fontaine", "Claire Fontaine", false, nil},
		{"  Claire \t Fontaine\n", "Claire Fontaine", false, nil},
		{"e\u0301tienne", "étienne", false, nil},
		{"Al\u202eice\u2066", "Alice", true, nil},
		{"A\x00lice\x1b[31m", "Alice[31m", true, nil},
		{"\u200bAlice\ufeff", "Alice", true, nil},
		{"Alice\u3164", "Alice", true, nil},
		{"\u0301Alice", "Alice", true, nil},
		{"A" + strings.Repeat("\u0335", 40) + "lice", "A\u0335\u0335\u0335\u0335lice", true, nil},
		{"می\u200cخواهم", "می\u200cخواهم", false, nil}, // a joiner that Persian needs
		{"👩\u200d👧", "👩\u200d👧", false, nil},
		{"Ali\u200d\u200dce\u200d", "Ali\u200dce", true, nil},
		{"\xffAlice", "Alice", true, nil},
		{"", "", false, app.ErrNameEmpty},
		{" \u202e\u200b ", "", true, app.ErrNameEmpty},
		{strings.Repeat("x", 64), strings.Repeat("x", 64), false, nil},
		{strings.Repeat("x", 65), strings.Repeat("x", 65), false, app.ErrNameTooLong},
		{strings.Repeat("語", 67), strings.Repeat("語", 67), false, app.ErrNameTooLong},
	} {
		clean, changed, err := app.CleanName(c.name)
		if clean != c.clean || changed != c.changed || !errors.Is(err, c.err) {
			t.Errorf("CleanName(%q) = %q, %v, %v; want %q, %v, %v", c.name, clean, changed, err, c.clean, c.changed, c.err)
		}
	}
	if _, _, err := app.CleanName(strings.Repeat("x", 1<<20)); !errors.Is(err, app.ErrNameTooLong) {
		t.Errorf("a name of a million characters: %v", err)
	}
}

func TestCleanNameProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		clean, _, err := app.CleanName(rapid.String().Draw(rt, "name"))
		if err != nil {
			return
		}
		again, changed, err := app.CleanName(clean)
		if again != clean || changed || err != nil {
			rt.Fatalf("cleaning %q again gives %q, %v, %v", clean, again, changed, err)
		}
		if !utf8.ValidString(clean) || utf8.RuneCountInString(clean) > app.MaxNameRunes || len(clean) > app.MaxNameBytes {
			rt.Fatalf("unfit name %q", clean)
		}
		for _, r := range clean {
			if unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r) {
				rt.Fatalf("%q holds %U", clean, r)
			}
		}
	})
}

func TestSkeleton(t *testing.T) {
	for _, same := range [][]string{
		{"Alice", "ALICE", "A l i c e", "Àlíçe", "Аlісе" /* Cyrillic */, "A1ice", "AIice", "alιce", "A.lice", "Ａｌｉｃｅ"},
		{"Marn", "Mam", "mаrn"},
		{"Bob", "B0b", "Воb", "ВОВ"},
		{"Paypal", "раураl"},
	} {
		for _, name := range same[1:] {
			if app.Skeleton(name) != app.Skeleton(same[0]) {
				t.Errorf("%q (%q) is not taken for %q (%q)", name, app.Skeleton(name), same[0], app.Skeleton(same[0]))
			}
		}
	}
	for _, different := range [][2]string{{"Alice", "Bob"}, {"Anna", "Hanna"}, {"مريم", "كريم"}, {"李", "季"}, {"👩", "👨"}} {
		if app.Skeleton(different[0]) == app.Skeleton(different[1]) {
			t.Errorf("%q is taken for %q", different[0], different[1])
		}
	}
}
