package text

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tacit/ui/theme"
)

// orderWidths are where the hard strings are wrapped, in dp; 0 is nowhere.
var orderWidths = []float32{0, 320, 220, 140}

// A reference is how a browser set one of the hard strings.
type reference struct {
	Text string `json:"text"`
	// Graphemes are the lengths of its graphemes, in runes.
	Graphemes []int `json:"graphemes"`
	// Lines has, for each of orderWidths, the lines from the top, each with the indices of
	// its graphemes from left to right: "0-3 7-4" is 0 1 2 3 7 6 5 4.
	Lines [][]string `json:"lines"`
}

const referenceFile = "testdata/order.json"

func references(t *testing.T) map[string]reference {
	t.Helper()
	data, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	var all []reference
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]reference{}
	for _, r := range all {
		out[r.Text] = r
	}
	return out
}

// Why a browser is not followed in each line that it breaks.
const (
	afterSlash = "An address breaks after a slash, a question mark or an ampersand where UAX #14 lets it, before it is cut inside a word. " +
		"Chromium never breaks ASCII after a slash, and so cuts addresses anywhere."
	numbersWhole = "Rule LB25 keeps a number whole: a date, a telephone number or a part number is not cut after its hyphen. Chromium cuts ASCII after each hyphen."
	hebrewPrefix = "Rule LB21a keeps a Hebrew prefix, its hyphen and the word after it together. Chromium cuts ASCII after each hyphen."
	acrossSpaces = "Rules LB13 and LB14 keep a mark or a bracket with what it belongs to, a space between them or not: French high marks written " +
		"with an ordinary space never begin a line. Chromium breaks ASCII at every space."
	noFont = "No bundled font has these letters: a box stands for each, which is narrower or wider than the letter. Chromium borrows a font of its system. The order is the same."
)

// A departure is a string and the widths at which a browser is not followed.
type departure struct {
	what   string
	why    string
	widths []float32
}

// departures are all of them; one that is no more fails the test.
var departures = []departure{
	{"an address of the web in Arabic", afterSlash, []float32{320, 220, 140}},
	{"an address of the web in Hebrew", afterSlash, []float32{220, 140}},
	{"a path of Unix", afterSlash, []float32{220}},
	{"a date in numbers", numbersWhole, []float32{220}},
	{"a telephone number in Hebrew", numbersWhole, []float32{320, 140}},
	{"an override to the left", numbersWhole, []float32{140}},
	{"Hebrew, a time and a name", hebrewPrefix, []float32{220}},
	{"smileys", acrossSpaces, []float32{140}},
	{"code", acrossSpaces, []float32{220, 140}},
	{"Chinese and Japanese", noFont, []float32{320, 220, 140}},
	{"Korean and Thai", noFont, []float32{140}},
}

func departs(what string, width float32) (why string, ok bool) {
	i := slices.IndexFunc(departures, func(d departure) bool { return d.what == what && slices.Contains(d.widths, width) })
	if i < 0 {
		return "", false
	}
	return departures[i].why, true
}

// TestOrder compares graphemes, lines and the order on them with a browser's, for each of
// the hard strings at each width.
func TestOrder(t *testing.T) {
	all := references(t)
	if len(hardStrings) < 60 || len(all) != len(hardStrings) {
		t.Fatalf("%d strings, %d in the reference: make run-order", len(hardStrings), len(all))
	}
	for _, s := range hardStrings {
		r, ok := all[s.text]
		if !ok || len(r.Lines) != len(orderWidths) {
			t.Errorf("%s: not in the reference: make run-order", s.what)
			continue
		}
		if got := graphemesOf(s.text); !slices.Equal(got, r.Graphemes) {
			t.Errorf("%s: graphemes of %d runes, want %d", s.what, got, r.Graphemes)
			continue
		}
		for i, width := range orderWidths {
			got, want := linesSet(s.text, width), r.Lines[i]
			why, departs := departs(s.what, width)
			switch same := slices.Equal(got, want); {
			case !same && !departs:
				t.Errorf("%s at %v: %q\n got %q\nwant %q", s.what, width, s.text, got, want)
			case same && departs:
				t.Errorf("%s at %v: is as in a browser, but explained by %q", s.what, width, why)
			}
		}
	}
}

// graphemesOf returns the lengths of the graphemes of s.
func graphemesOf(s string) (out []int) {
	b := Layout(s, theme.Body, Options{})
	for i := 0; i < len(b.runes); {
		next := b.Next(i)
		out = append(out, next-i)
		i = next
	}
	return out
}

// linesSet lays s out and writes its lines as a reference has them. White space at the end
// of a line, what takes no room and empty lines are left out.
func linesSet(s string, width float32) (out []string) {
	b := Layout(s, theme.Body, Options{Width: width})
	index := make([]int, len(b.runes)+1)
	for i, n := 0, 0; i < len(b.runes); n++ {
		next := b.Next(i)
		for k := i; k < next; k++ {
			index[k] = n
		}
		i = next
	}
	for n := range b.Lines {
		var line []int
		for _, i := range visualOrder(b, &b.Lines[n]) {
			line = append(line, index[i])
		}
		if len(line) > 0 {
			out = append(out, spell(line))
		}
	}
	return out
}

// visualOrder is the first runes of a line's graphemes from left to right,
// without what takes no room and without the white space at its end.
func visualOrder(b *Block, l *Line) []int {
	end := l.End
	for end > l.Start && (isHanging(b.runes[end-1]) || isInvisible(b.runes[end-1])) {
		end--
	}
	var out []int
	for _, r := range l.runs {
		var run []int
		for i := b.Stop(r.start); i < min(r.end, end); i = b.Next(i) {
			if i >= r.start && b.adv[i] > 0 {
				run = append(run, i)
			}
		}
		if r.level.RTL() {
			slices.Reverse(run)
		}
		out = append(out, run...)
	}
	return out
}

// spell writes indices as spans of neighbours.
func spell(line []int) string {
	var out []string
	for i := 0; i < len(line); {
		j := i
		step := 0
		if i+1 < len(line) && (line[i+1] == line[i]+1 || line[i+1] == line[i]-1) {
			step = line[i+1] - line[i]
		}
		for step != 0 && j+1 < len(line) && line[j+1] == line[j]+step {
			j++
		}
		if i == j {
			out = append(out, fmt.Sprint(line[i]))
		} else {
			out = append(out, fmt.Sprintf("%d-%d", line[i], line[j]))
		}
		i = j + 1
	}
	return strings.Join(out, " ")
}

func TestSpell(t *testing.T) {
	for want, line := range map[string][]int{
		"": nil, "4": {4}, "0-3 7-4": {0, 1, 2, 3, 7, 6, 5, 4}, "2 0 9": {2, 0, 9}, "1-0 5-6": {1, 0, 5, 6},
	} {
		if got := spell(line); got != want {
			t.Errorf("%v is %q, want %q", line, got, want)
		}
	}
}
