package lang

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func placeholders(s string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return out
}

func TestParseRefusesAMalformedFile(t *testing.T) {
	for _, file := range []string{``, `[]`, `{"a": "text"}`, `{"a": {"b": 7}}`, `{"a": {"b": {"one": 1}}}`} {
		if _, err := parse([]byte(file)); err == nil {
			t.Errorf("%q was taken", file)
		}
	}
}

func TestEveryFileParses(t *testing.T) {
	entries, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(languages) {
		t.Errorf("%d files for %d languages", len(entries), len(languages))
	}
	for _, e := range entries {
		file, err := files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(file); err != nil {
			t.Errorf("%s: %v", e.Name(), err)
		}
	}
}

// TestLanguagesAreComplete: every language has the texts of English and no others, in the
// plural forms that it has, with the same placeholders.
func TestLanguagesAreComplete(t *testing.T) {
	for _, l := range languages {
		for key := range l.texts {
			if !Has(key) {
				t.Errorf("%s: %s is no key", l.tag, key)
			}
		}
		for _, key := range Keys() {
			m, ok := l.texts[key]
			if !ok {
				t.Errorf("%s: %s is missing", l.tag, key)
				continue
			}
			sameShape(t, l, key, m)
		}
	}
}

// sameShape compares a text with the English one. One of a thing may be said without its
// number, and in Arabic none and two as well, which have forms of the word's own.
func sameShape(t *testing.T, l *language, key string, m message) {
	t.Helper()
	source := english.texts[key]
	forms := []string{"other"}
	if len(source) > 1 {
		forms = slices.Sorted(slices.Values(l.forms))
	}
	if got := slices.Sorted(maps.Keys(m)); !slices.Equal(got, forms) {
		t.Errorf("%s: %s has the forms %v, want %v", l.tag, key, got, forms)
	}
	want := placeholders(source["other"])
	for form, s := range m {
		got := placeholders(s)
		silent := form == "one" || l.tag == "ar" && (form == "zero" || form == "two")
		if len(source) > 1 && silent && !slices.Contains(got, "n") {
			got = append(got, "n")
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s (%s) has the placeholders %v, English has %v", l.tag, key, form, got, want)
		}
	}
}

func TestTextsAreInTheHouseStyle(t *testing.T) {
	for _, l := range languages {
		for key, m := range l.texts {
			for form, s := range m {
				for _, fault := range styleFaults(l.tag, key, s) {
					t.Errorf("%s: %s (%s): %q %s", l.tag, key, form, s, fault)
				}
			}
		}
	}
}

// TestFaultsAreSeen: the rules of the house are kept by a check that sees each broken.
func TestFaultsAreSeen(t *testing.T) {
	for _, c := range []struct{ tag, s string }{
		{"en", ""}, {"en", " a"}, {"en", "a  b"}, {"en", "Stop!"}, {"en", "it's"}, {"en", "wait..."}, {"en", "Oops"}, {"en", "{name"},
		{"en", "a\u202eb"}, {"fr", "l'ami"}, {"fr", "Qui ?"}, {"fr", "Qui?"}, {"fr", "Qui\u202f?"}, {"fr", "«\u00a0a »"}, {"fr", "« a\u00a0»"}, {"fr", "Type: b"},
		{"fr", "“a”"}, {"ar", "هل؟ نعم, لا"}, {"ar", "هل?"}, {"ar", "a; ب"}, {"ar", "١٢ رسالة"}, {"ar", "“ب”"}, {"ar", "no letter of it"},
	} {
		if len(styleFaults(c.tag, "", c.s)) == 0 {
			t.Errorf("%s: %q passes", c.tag, c.s)
		}
	}
	for _, c := range []struct{ tag, s string }{
		{"en", "Reads “{name}”: it’s 3…"}, {"fr", "Il a dit\u00a0: «\u00a0{name}\u00a0»"}, {"fr", "Qui\u00a0?"}, {"fr", "127.0.0.1:9050"},
		{"ar", "قال «{name}»: نعم، لا؛ هل؟"}, {"ar", "{n} %"},
	} {
		if f := styleFaults(c.tag, "", c.s); len(f) > 0 {
			t.Errorf("%s: %q %v", c.tag, c.s, f)
		}
	}
}

// French sets a no-break space before its high marks and inside its quotes: U+00A0, since
// the window's font has no U+202F.
var (
	high  = regexp.MustCompile(`[^\x{00a0}](?:[!?;»]|:(?:\s|$))`)
	quote = regexp.MustCompile(`«[^\x{00a0}]`)
)

// latinMarks is punctuation that Arabic has signs of its own for.
var latinMarks = regexp.MustCompile(`[?;]|,(?:\s|$)`)

func styleFaults(tag, key, s string) (out []string) {
	note := func(broken bool, fault string) {
		if broken {
			out = append(out, fault)
		}
	}
	low := strings.ToLower(s)
	note(s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "  "), "is empty or has stray spaces")
	note(strings.ContainsAny(s, "!'\"") || strings.Contains(s, "..."), "has an exclamation mark, a typewriter quote or three dots")
	note(strings.Contains(low, "please") || strings.Contains(low, "oops"), "begs")
	note(strings.Count(s, "{") != len(placeholder.FindAllString(s, -1)), "has a malformed placeholder")
	note(strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }), "has a bidi control: T isolates")
	switch tag {
	case "fr":
		note(high.MatchString(strings.ReplaceAll(s, "TACITNODE1:", "")), "has no no-break space before a mark")
		note(quote.MatchString(s), "has no no-break space after «")
		note(strings.ContainsAny(s, "“”"), "has quotes of English")
	case "ar":
		note(latinMarks.MatchString(s), "has a mark of another script")
		note(strings.ContainsAny(s, "“”"), "has quotes of English")
		note(strings.ContainsFunc(s, func(r rune) bool { return r >= '٠' && r <= '٩' }), "has other digits than 0 to 9")
		arabic := func(r rune) bool { return unicode.Is(unicode.Arabic, r) }
		words := placeholder.ReplaceAllString(s, "")
		note(strings.ContainsFunc(words, unicode.IsLower) && !strings.ContainsFunc(s, arabic) && !names[key], "is not translated")
	}
	return out
}

// names are texts that Arabic has in Latin letters, too: what stands on the keys of a
// keyboard, and the name of a file.
var names = map[string]bool{
	"keys.ctrl": true, "keys.alt": true, "keys.shift": true, "keys.enter": true, "keys.escape": true,
	"keys.page_up": true, "keys.page_down": true, "pairing.image_name": true,
}
