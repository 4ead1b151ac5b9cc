package bidi

import (
	"slices"
	"strings"
	"testing"
)

func levels(p Paragraph) []Level { return p.Line(nil, 0, p.Len()) }

// TestLine: a line's trailing white space falls back to the paragraph's level,
// wherever the line ends, and its letters keep what the paragraph gave them.
func TestLine(t *testing.T) {
	p := Resolve([]rune("אב cd ef"), Auto)
	if p.Base != 1 || !slices.Equal(levels(p), []Level{1, 1, 1, 2, 2, 2, 2, 2}) {
		t.Fatalf("base %d, levels %v", p.Base, levels(p))
	}
	if got := p.Line(nil, 3, 6); !slices.Equal(got, []Level{2, 2, 1}) {
		t.Errorf("a line that begins in English: %v", got)
	}
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		levels []Level
		want   []int
	}{
		{nil, []int{}},
		{[]Level{0, 0}, []int{0, 1}},
		{[]Level{1, 1}, []int{1, 0}},
		{[]Level{0, 1, 2, 1, 0}, []int{0, 3, 2, 1, 4}},
		{[]Level{1, 2, 2, 1}, []int{3, 1, 2, 0}},
		{[]Level{2, 4, 3}, []int{0, 2, 1}},
	} {
		if got := Order(c.levels); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.levels, got, c.want)
		}
	}
}

func TestFirstStrong(t *testing.T) {
	for _, c := range []struct {
		text string
		want Level
		ok   bool
	}{
		{"", 0, false}, {"12 !", 0, false}, {"1 a", 0, true}, {"(א", 1, true}, {"م", 1, true},
		{"\u2067אב\u2069 a", 0, true}, {"\u2068a", 0, false}, {"\u2069א", 1, true}, {"\u202Aא", 1, true},
	} {
		v, ok := FirstStrong([]rune(c.text))
		if v != c.want || ok != c.ok {
			t.Errorf("%+q: %d, %t", c.text, v, ok)
		}
		if p := Resolve([]rune(c.text), Auto); p.Base != v {
			t.Errorf("%+q resolves at %d", c.text, p.Base)
		}
	}
}

// TestCut: what is left of a paragraph keeps its levels, and the ellipsis has
// the paragraph's.
func TestCut(t *testing.T) {
	p := Resolve([]rune("ab \u202Ecd אב"), Auto)
	cut := p.Cut(3, 6)
	if !slices.Equal(levels(cut), []Level{0, 1, 1, 0}) {
		t.Errorf("levels %v", levels(cut))
	}
}

// TestDepth: nesting beyond what the algorithm counts neither fails nor leaves
// its bounds.
func TestDepth(t *testing.T) {
	for _, opener := range []string{"\u202A", "\u202B", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u202A\u2067", "(", "(\u202E["} {
		p := Resolve([]rune(strings.Repeat(opener, 500)+"aא1"+strings.Repeat("\u2069\u202C)]", 600)), Auto)
		for i, v := range levels(p) {
			if v < 0 || v > maxDepth+1 {
				t.Fatalf("%+q: level %d at %d", opener, v, i)
			}
		}
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("abc אבג (1) \u202Ex\u2069", int8(-1))
	f.Add("\u2067\u0301\n\u2029[", int8(1))
	f.Fuzz(func(t *testing.T, s string, base int8) {
		text := []rune(s)
		p := Resolve(text, Level(max(-1, min(base, 1))))
		got := levels(p)
		if len(got) != len(text) || p.Base < 0 || p.Base > 1 {
			t.Fatalf("%d levels for %d characters, base %d", len(got), len(text), p.Base)
		}
		order := Order(got)
		slices.Sort(order)
		for i, v := range order {
			if i != v {
				t.Fatal("the order is no permutation")
			}
		}
	})
}
