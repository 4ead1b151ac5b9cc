package markup

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// shape writes a text as what is shown with the kinds of its spans around it.
func shape(t Text) string {
	names := map[Kind]string{Bold: "b", Italic: "i", Strike: "s", Code: "c", Block: "B", Quote: "q", Link: "l"}
	rs := []rune(t.Shown)
	var b strings.Builder
	for i := range len(rs) + 1 {
		for k := len(t.Spans) - 1; k >= 0; k-- {
			if t.Spans[k].To == i {
				b.WriteString("}")
			}
		}
		for _, s := range t.Spans {
			if s.From == i {
				b.WriteString(names[s.Kind] + "{")
			}
		}
		if i < len(rs) {
			b.WriteRune(rs[i])
		}
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for typed, want := range map[string]string{
		"plain":                              "plain",
		"**bold** and *italic* and _so_":     "b{bold} and i{italic} and i{so}",
		"***both***":                         "b{i{both}}",
		"~~gone~~ ~not~":                     "s{gone} ~not~",
		"`code *is* it`":                     "c{code *is* it}",
		"``a ` b``":                          "c{a ` b}",
		"```one line```":                     "c{one line}",
		"**a *b* c**":                        "b{a i{b} c}",
		"*a **b* c**":                        "i{a **b} c**",
		"**not\nover lines**":                "**not\nover lines**",
		"2*3*4 snake_case_name 2**3**4":      "2*3*4 snake_case_name 2**3**4",
		"* item\n* item":                     "* item\n* item",
		"- item\n1. item":                    "- item\n1. item",
		"# as typed":                         "# as typed",
		"¯\\_(ツ)_/¯":                         "¯\\_(ツ)_/¯",
		"\\*as typed\\*":                     "\\*as typed\\*",
		"و**هذا** نص":                        "وb{هذا} نص",
		"كت**اب**ة":                          "كتb{اب}ة",
		"****":                               "****",
		"** a **":                            "** a **",
		"a `b":                               "a `b",
		"> one\n> two\nthree":                "q{one\ntwo}\nthree",
		"> **loud**":                         "q{b{loud}}",
		"> > twice":                          "q{> twice}",
		">:( no\n>> no":                      ">:( no\n>> no",
		"```go\nx := 1\n\ty()\n```\nafter":   "B{x := 1\n\ty()}\nafter",
		"before\n```\n*raw* http://x.y\n```": "before\nB{*raw* http://x.y}",
		"```\nno end":                        "```\nno end",
		"```\n```":                           "```\n```",
		"see https://a.org/x.":               "see l{https://a.org/x}.",
		"(https://a.org/wiki/X_(y))":         "(l{https://a.org/wiki/X_(y)})",
		"HTTPS://A.org, mailto:a@b.c!":       "l{HTTPS://A.org}, l{mailto:a@b.c}!",
		"**https://a.org/b_c_d**":            "b{l{https://a.org/b_c_d}}",
		"«https://a.org»، https://b.org؟":    "«l{https://a.org}»، l{https://b.org}؟",
		"xhttp://a.org https:// mailto:x":    "xhttp://a.org https:// mailto:x",
		"javascript:alert(1) file:///etc":    "javascript:alert(1) file:///etc",
		"https://a.org\\@b.org":              "l{https://a.org}\\@b.org",
		"https://a.org/\u202egpj.exe":        "l{https://a.org/}\u202egpj.exe",
		"[a](https://b.org)":                 "[a](l{https://b.org})",
	} {
		if got := shape(Parse(typed)); got != want {
			t.Errorf("%q:\n got %q\nwant %q", typed, got, want)
		}
	}
}

// TestRaw: what is copied is what was typed, with the signs of what is copied whole.
func TestRaw(t *testing.T) {
	doc := Parse("say **very *loud* things**\n> quoted\n```go\nx\n```\nend")
	shown := []rune(doc.Shown)
	if string(shown) != "say very loud things\nquoted\nx\nend" {
		t.Fatalf("shown %q", doc.Shown)
	}
	at := func(part string) (int, int) {
		i := strings.Index(doc.Shown, part) // all ASCII
		return i, i + len(part)
	}
	for part, want := range map[string]string{
		"very":             "very",
		"loud":             "*loud*",
		"very loud":        "very *loud*",
		"very loud things": "**very *loud* things**",
		"ery loud things":  "ery *loud* things",
		"quoted":           "> quoted",
		"uoted":            "uoted",
		"quoted\nx\nend":   "> quoted\n```go\nx\n```\nend",
		"":                 "",
	} {
		a, b := at(part)
		if got := doc.Raw(a, b); got != want {
			t.Errorf("%q: copied %q, want %q", part, got, want)
		}
	}
	if got := Parse("plain").Raw(1, 3); got != "la" {
		t.Errorf("plain: %q", got)
	}
}

func TestRange(t *testing.T) {
	doc := Parse("a **bc** d") // typed places: b is 4, c is 5
	for _, c := range []struct{ a, b, from, to int }{{4, 6, 2, 4}, {0, 10, 0, 6}, {2, 4, 2, 2}, {5, 9, 3, 5}} {
		if from, to := doc.Range(c.a, c.b); from != c.from || to != c.to {
			t.Errorf("typed %d..%d is shown at %d..%d, want %d..%d", c.a, c.b, from, to, c.from, c.to)
		}
	}
}

func TestHost(t *testing.T) {
	for _, c := range []struct {
		link, host string
		strange    bool
	}{
		{"https://example.org/a?b#c", "example.org", false},
		{"https://google.com@evil.org/login", "evil.org", false},
		{"https://google.com:443@evil.org", "evil.org", false},
		{"http://EXAMPLE.org:8080", "example.org", false},
		{"https://münchen.de", "xn--mnchen-3ya.de", false},
		{"https://пример.com", "xn--e1afmkfd.com", false},
		{"https://аpple.com", "xn--pple-43d.com", true},   // Cyrillic а
		{"https://аррӏе.com", "xn--80ak6aa92e.com", true}, // all Cyrillic
		{"https://xn--80ak6aa92e.com", "xn--80ak6aa92e.com", true},
		{"https://日本の例.jp", "xn--u9j994gokpnfb.jp", false},
		{"https://مثال.com", "xn--mgbh0fb.com", false},
		{"http://192.168.0.1/x", "192.168.0.1", false},
		{"http://[::1]/", "::1", false},
		{"mailto:x@Example.org?subject=a", "example.org", false},
		{"https://", "", true},
		{"mailto:nobody", "", true},
		{"https://" + strings.Repeat("a", 300) + ".org", "", true},
	} {
		host, strange := Host(c.link)
		if host != c.host || strange != c.strange {
			t.Errorf("%s leads to %q (%v), want %q (%v)", c.link, host, strange, c.host, c.strange)
		}
	}
}

// hard are 12 KiB of each sign, and of what could be read again and again.
func hard() map[string]string {
	const size = 12 << 10
	out := map[string]string{}
	for _, unit := range []string{
		"*", "**", "***", "_", "~~", "`", "> ", ">", "```\n", "```go\n", "```\n```\n", "*a ", "**a ", "_a ", "~~a ", "`a ", "``a ` ",
		"* ", "http://", "https://a", "http://(", "mailto:", "mailto:a@", "https://a.b)", "*a **b* c** ", "***a** ", "\n", "> *\n", "```\na\n",
		"[", "(", ")", "h", "\\*", "*_~`",
	} {
		out[unit] = strings.Repeat(unit, size/len(unit))
	}
	nested := strings.Repeat("*_~~`> ", 10_000)
	out["nested"] = nested + "x" + nested
	runs := ""
	for n := 1; len(runs) < size; n++ {
		runs += strings.Repeat("`", n) + " "
	}
	out["runs"] = runs
	return out
}

// TestLinear: thirty times as much takes some thirty times as long. A reader that goes
// over what it has read would take nine hundred times.
func TestLinear(t *testing.T) {
	for name, s := range hard() {
		check(t, s)
		short, long := steps(s), steps(strings.Repeat(s, 30))
		if long > 150*short+50e6 {
			t.Errorf("%q: %v ns, thirty times as much %v ns", name, short, long)
		}
	}
}

// steps returns the shortest time of several readings, in nanoseconds.
func steps(s string) int64 {
	best := int64(math.MaxInt64)
	for range 3 {
		start := time.Now()
		Parse(s)
		best = min(best, time.Since(start).Nanoseconds())
	}
	return best
}

// check fails where the parts of a reading contradict each other.
func check(t *testing.T, typed string) {
	t.Helper()
	doc := Parse(typed)
	n := len([]rune(doc.Shown))
	if got, want := doc.Raw(0, n), string([]rune(typed)); got != want && n > 0 {
		t.Fatalf("all of it is %q, typed was %q", got, want)
	}
	before := 0
	for _, s := range doc.Spans {
		if s.From < before || s.From >= s.To || s.To > n {
			t.Fatalf("span %+v of %d runes after one at %d", s, n, before)
		}
		before = s.From
		if (s.Kind == Link) != (s.URL != "") {
			t.Fatalf("span %+v", s)
		}
		if s.Kind == Link && string([]rune(doc.Shown)[s.From:s.To]) != s.URL {
			t.Fatalf("%q is shown for the link %q", string([]rune(doc.Shown)[s.From:s.To]), s.URL)
		}
	}
	from, to := doc.Range(0, len([]rune(typed)))
	if from != 0 || to != n {
		t.Fatalf("all that was typed is shown at %d..%d of %d", from, to, n)
	}
	part := doc.Raw(n/3, 2*n/3)
	if !contained(part, typed) {
		t.Fatalf("%q was copied from %q", part, typed)
	}
}

// contained reports whether part is typed with something left out.
func contained(part, typed string) bool {
	rest := []rune(typed)
	for _, r := range part {
		for len(rest) > 0 && rest[0] != r {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return false
		}
		rest = rest[1:]
	}
	return true
}

func FuzzParse(f *testing.F) {
	for _, s := range hard() {
		f.Add(s[:min(len(s), 100)])
	}
	f.Add("say **very *loud* things**\n> quoted\n```go\nx\n```\nhttps://a.org/(b)")
	f.Fuzz(func(t *testing.T, s string) {
		check(t, s)
		for _, span := range Parse(s).Spans {
			if span.Kind != Link {
				continue
			}
			if host, strange := Host(span.URL); host == "" && !strange || !ascii(host) && host != "" {
				t.Fatalf("%q leads to %q", span.URL, host)
			}
		}
	})
}

func BenchmarkPlain(b *testing.B) {
	for b.Loop() {
		Parse("Bonjour. I put the draft in the folder; page 4 still needs your eye, at 10:30 or so.")
	}
}

func ExampleParse() {
	t := Parse("**now**, see https://example.org.")
	fmt.Println(t.Shown, len(t.Spans))
	// Output: now, see https://example.org. 2
}
