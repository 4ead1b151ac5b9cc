package text

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"tacit/ui/theme"
)

// visualOrder is the first runes of a line's graphemes from left to right,
// without what takes no room and without the white space at its end.
func visualOrder(b *Block, l *Line) []int {
	var out []int
	for _, r := range l.runs {
		var run []int
		for i := r.start; i < min(r.end, l.End); i = b.Next(i) {
			if b.adv[i] > 0 {
				run = append(run, i)
			}
		}
		if r.level.RTL() {
			slices.Reverse(run)
		}
		out = append(out, run...)
	}
	return withoutHanging(b.runes, out)
}

// withoutHanging drops from a line the white space that ends it logically.
func withoutHanging(rs []rune, line []int) []int {
	if len(line) == 0 {
		return line
	}
	end := slices.Max(line)
	for end > 0 && isHanging(rs[end]) {
		line = slices.DeleteFunc(line, func(i int) bool { return i == end })
		end--
	}
	return line
}

// TestOrder compares lines and the order on them with those of a browser. All
// of the hard strings are among them, whole and wrapped.
func TestOrder(t *testing.T) {
	data, err := os.ReadFile("testdata/order.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text  string
		Width float32
		Lines [][]int
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 32 {
		t.Fatalf("%d cases", len(cases))
	}
	seen := map[string]int{}
	for _, c := range cases {
		seen[c.Text]++
		b := Layout(c.Text, theme.Body, Options{Width: c.Width})
		if len(b.Lines) != len(c.Lines) {
			t.Errorf("%q at %v: %d lines, want %d", c.Text, c.Width, len(b.Lines), len(c.Lines))
			continue
		}
		for n := range b.Lines {
			got, want := visualOrder(b, &b.Lines[n]), withoutHanging(b.runes, c.Lines[n])
			if !slices.Equal(got, want) {
				t.Errorf("%q at %v, line %d:\n got %v\nwant %v", c.Text, c.Width, n, got, want)
			}
		}
	}
	for _, s := range hard {
		if seen[s] != 2 {
			t.Errorf("%q: %d cases, want 2", s, seen[s])
		}
	}
}
