package emoji

import (
	"strings"
	"testing"
)

func TestAll(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range All() {
		if seen[e.Text] || e.Name == "" || strings.HasPrefix(e.Name, "<") {
			t.Errorf("%q is there twice or has no name: %q", e.Text, e.Name)
		}
		seen[e.Text] = true
	}
	if len(seen) < 1000 {
		t.Errorf("%d emoji", len(seen))
	}
	for _, want := range []string{"😀", "👍", "❤️", "☀️", "🎉", "🥺"} {
		if !seen[want] {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestSearch(t *testing.T) {
	for query, want := range map[string]string{
		"thumbs up": "👍", "Heart": "💓", "red heart": "❤️", "tears joy": "😂", "thanks": "🙏", "part": "🥳", "umbrella": "☂️", "coff": "☕", "smile": "😄", "hearts": "💕", "kiss": "😘",
	} {
		found := false
		for _, e := range Search(query) {
			found = found || e.Text == want
		}
		if !found {
			t.Errorf("%q does not find %s", query, want)
		}
	}
	if hits := Search("cat"); len(hits) == 0 || hits[0].Name != "cat" && !strings.Contains(hits[0].Name, "cat ") {
		t.Errorf("a whole word does not come first: %v", hits)
	}
	for _, none := range []string{"", "   ", "zzzz", "\x00"} {
		if hits := Search(none); len(hits) != 0 {
			t.Errorf("%q finds %d", none, len(hits))
		}
	}
	if n := len(Search("a")); n != Most {
		t.Errorf("a letter finds %d", n)
	}
}

func BenchmarkSearch(b *testing.B) {
	All()
	for b.Loop() {
		Search("face with")
	}
}
