package fold

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzFind: what a query marks is in the text, and is there exactly where the query matches;
// an index finds whatever matches; folding ends after one time.
func FuzzFind(f *testing.F) {
	f.Fuzz(func(t *testing.T, text, query string) {
		folded := Text(text)
		if again := Text(folded); again != folded {
			t.Fatalf("%q folds to %q and that to %q", text, folded, again)
		}
		q := Parse(query)
		match, found := q.Match(text)
		if found && (match.Whole > MaxPieces || match.Hits < 1 || match.Hits > maxHits) {
			t.Fatalf("match %+v", match)
		}
		terms := strings.Fields(Terms(text))
		for _, term := range q.Terms(false) {
			in := slices.ContainsFunc(terms, func(s string) bool {
				return s == term.Text || term.Prefix && strings.HasPrefix(s, term.Text)
			})
			if found && !in {
				t.Fatalf("%q is found, and %q is not in its terms %q", text, term.Text, terms)
			}
		}
		ranges, last := Find(text, query), -1
		if found && len(ranges) == 0 {
			t.Fatalf("%q matches %q, and nothing is marked", query, text)
		}
		for _, r := range ranges {
			if r.From <= last || r.To <= r.From || r.To > utf8.RuneCountInString(text) {
				t.Fatalf("ranges %v of %d runes", ranges, utf8.RuneCountInString(text))
			}
			last = r.To
		}
	})
}
