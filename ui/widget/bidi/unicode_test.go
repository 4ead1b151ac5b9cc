package bidi

import (
	"bufio"
	"compress/bzip2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	unibidi "golang.org/x/text/unicode/bidi"
)

// dataVersion is the Unicode version of the files under testdata.
const dataVersion = "15.0.0"

// eachLine calls f with every line of a data file that holds more than a comment.
func eachLine(t *testing.T, name string, f func(n int, line string)) {
	t.Helper()
	file, err := os.Open("testdata/" + name + ".txt.bz2")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(bzip2.NewReader(file))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		if n == 1 && !strings.HasSuffix(line, "-"+dataVersion+".txt") {
			t.Fatalf("%s is not of Unicode %s: %s", name, dataVersion, line)
		}
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			f(n, line)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

var classNames = map[string]Class{
	"L": l, "R": r, "AL": al, "EN": en, "ES": es, "ET": et, "AN": an, "CS": cs, "NSM": nsm, "BN": bn, "B": b, "S": s,
	"WS": ws, "ON": on, "LRE": lre, "LRO": lro, "RLE": rle, "RLO": rlo, "PDF": pdf, "LRI": lri, "RLI": rli, "FSI": fsi, "PDI": pdi,
}

// assigned is the Bidi_Class of every code point that the data files list.
func assigned(t *testing.T) map[rune]Class {
	t.Helper()
	out := map[rune]Class{}
	eachLine(t, "DerivedBidiClass", func(n int, line string) {
		span, name, _ := strings.Cut(line, ";")
		from, to, ranged := strings.Cut(strings.TrimSpace(span), "..")
		if !ranged {
			to = from
		}
		class, known := classNames[strings.TrimSpace(name)]
		if !known {
			t.Fatalf("line %d: class %q", n, name)
		}
		for c := hex(t, from); c <= hex(t, to); c++ {
			out[c] = class
		}
	})
	return out
}

func hex(t *testing.T, s string) rune {
	t.Helper()
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return rune(v)
}

// TestClasses compares the tables of x/text, which follow the Go release, with
// the Unicode version of the test files. Between equal versions no character
// may differ; a newer table may give classes to characters that were
// unassigned or reclassified, and those are counted.
func TestClasses(t *testing.T) {
	want := assigned(t)
	differing := 0
	for c, class := range want {
		if c >= 0xD800 && c <= 0xDFFF {
			continue // not a character that a Go string can hold
		}
		if ClassOf(c) != class {
			differing++
			if differing <= 5 {
				t.Logf("%U: x/text %v, data %v", c, ClassOf(c), class)
			}
		}
	}
	t.Logf("x/text %s, data %s: %d of %d characters differ", unibidi.UnicodeVersion, dataVersion, differing, len(want))
	if unibidi.UnicodeVersion == dataVersion && differing != 0 {
		t.Errorf("%d characters differ within one version", differing)
	}
	if differing > len(want)/100 {
		t.Errorf("%d characters differ: the tables cannot be of neighbouring versions", differing)
	}
}

func TestBrackets(t *testing.T) {
	n := 0
	eachLine(t, "BidiBrackets", func(line int, s string) {
		f := strings.Split(s, ";")
		c, other := hex(t, strings.TrimSpace(f[0])), hex(t, strings.TrimSpace(f[1]))
		opens := strings.TrimSpace(f[2]) == "o"
		id, opening, ok := bracket(c)
		idOther, openingOther, okOther := bracket(other)
		if !ok || !okOther || opening != opens || openingOther == opens || id != idOther {
			t.Errorf("line %d: %U and %U do not pair", line, c, other)
		}
		n++
	})
	if n != 128 {
		t.Errorf("%d brackets, want 128", n)
	}
	total := 0
	for c := rune(0); c <= 0x10FFFF; c++ {
		if _, _, ok := bracket(c); ok {
			total++
		}
	}
	if unibidi.UnicodeVersion == dataVersion && total != n {
		t.Errorf("%d characters are brackets, want %d", total, n)
	}
}

// parseLevels reads levels, x being a character without one.
func parseLevels(t *testing.T, s string) []Level {
	t.Helper()
	var out []Level
	for _, f := range strings.Fields(s) {
		if f == "x" {
			out = append(out, -1)
			continue
		}
		v, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, Level(v))
	}
	return out
}

func parseOrder(t *testing.T, s string) []int {
	t.Helper()
	out := []int{}
	for _, f := range strings.Fields(s) {
		v, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// check compares one resolved paragraph, taken as one line, with levels and
// the visual order of the characters that have one.
func check(p Paragraph, levels []Level, order []int) bool {
	got := p.Line(nil, 0, p.Len())
	visual := []int{}
	for _, i := range Order(got) {
		if levels[i] >= 0 {
			visual = append(visual, i)
		}
	}
	for i, v := range levels {
		if v >= 0 && got[i] != v {
			return false
		}
	}
	return slices.Equal(visual, order)
}

func TestBidiTest(t *testing.T) {
	var levels []Level
	var order []int
	cases, failed := 0, 0
	eachLine(t, "BidiTest", func(n int, line string) {
		if s, ok := strings.CutPrefix(line, "@Levels:"); ok {
			levels = parseLevels(t, s)
			return
		}
		if s, ok := strings.CutPrefix(line, "@Reorder:"); ok {
			order = parseOrder(t, s)
			return
		}
		names, bits, _ := strings.Cut(line, ";")
		var classes []Class
		for _, name := range strings.Fields(names) {
			classes = append(classes, classNames[name])
		}
		mask := hex(t, strings.TrimSpace(bits))
		for i, base := range []Level{Auto, 0, 1} {
			if mask&(1<<i) == 0 {
				continue
			}
			cases++
			if !check(resolve(nil, classes, base), levels, order) {
				if failed++; failed <= 10 {
					t.Errorf("line %d: %s, base %d: want %v", n, names, base, levels)
				}
			}
		}
	})
	t.Logf("%d cases, %d failed", cases, failed)
	if cases != 770241 {
		t.Errorf("%d cases, the file has 770241", cases)
	}
}

func TestBidiCharacterTest(t *testing.T) {
	recorded := assigned(t)
	cases, failed, replaced := 0, 0, 0
	eachLine(t, "BidiCharacterTest", func(n int, line string) {
		f := strings.Split(line, ";")
		var text []rune
		var classes []Class
		for _, s := range strings.Fields(f[0]) {
			c := hex(t, s)
			text, classes = append(text, c), append(classes, ClassOf(c))
			if want := recorded[c]; want != ClassOf(c) {
				classes[len(classes)-1] = want
				replaced++
			}
		}
		base := map[string]Level{"0": 0, "1": 1, "2": Auto}[f[1]]
		p := resolve(text, classes, base)
		cases++
		if want := parseLevels(t, f[2])[0]; p.Base != want || !check(p, parseLevels(t, f[3]), parseOrder(t, f[4])) {
			if failed++; failed <= 10 {
				t.Errorf("line %d: %s, base %s: want %s, got %d %v", n, f[0], f[1], f[3], p.Base, p.Line(nil, 0, p.Len()))
			}
		}
	})
	t.Logf("%d cases, %d failed; %d characters resolved with the class of Unicode %s", cases, failed, replaced, dataVersion)
	if cases != 91707 {
		t.Errorf("%d cases, the file has 91707", cases)
	}
	if unibidi.UnicodeVersion == dataVersion && replaced != 0 {
		t.Errorf("%d classes replaced within one version", replaced)
	}
}
