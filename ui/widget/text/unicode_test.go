package text

import (
	"bufio"
	"compress/bzip2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/go-text/typesetting/segmenter"

	"tacit/ui/theme"
)

// eachCase calls f for every line of one of Unicode's files of boundaries with the text
// and with where it may be parted, both ends included.
func eachCase(t *testing.T, name string, f func(line int, rs []rune, at map[int]bool)) {
	t.Helper()
	file, err := os.Open("testdata/" + name + ".txt.bz2")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(bzip2.NewReader(file))
	for n := 1; sc.Scan(); n++ {
		line, _, _ := strings.Cut(sc.Text(), "#")
		var rs []rune
		at := map[int]bool{}
		for _, word := range strings.Fields(line) {
			switch word {
			case "÷":
				at[len(rs)] = true
			case "×":
			default:
				c, err := strconv.ParseUint(word, 16, 32)
				if err != nil {
					t.Fatal(err)
				}
				rs = append(rs, rune(c))
			}
		}
		if len(rs) > 0 {
			f(n, rs, at)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestGraphemeBreakTest passes all of Unicode's cases, each alone and after a family, which
// must change nothing.
func TestGraphemeBreakTest(t *testing.T) {
	cases := 0
	eachCase(t, "GraphemeBreakTest", func(line int, rs []rune, at map[int]bool) {
		cases++
		var seg segmenter.Segmenter
		seg.Init(rs)
		got := map[int]bool{0: true}
		for _, b := range graphemes(&seg, rs) {
			got[b] = true
		}
		for i := range len(rs) + 1 {
			if got[i] != at[i] {
				t.Errorf("line %d: %U: a boundary at %d: %t", line, rs, i, got[i])
			}
		}
	})
	if cases < 600 {
		t.Errorf("%d cases", cases)
	}
}

// TestLineBreakTest passes all of Unicode's cases but those that are tailored.
func TestLineBreakTest(t *testing.T) {
	cases, tailored := 0, 0
	eachCase(t, "LineBreakTest", func(line int, rs []rune, at map[int]bool) {
		for _, c := range rs {
			if separator(rs, 0) > 0 || separator([]rune{c}, 0) > 0 {
				return // paragraphs are parted before lines are
			}
		}
		cases++
		b := Layout(string(rs), theme.Body, Options{})
		for i := 1; i < len(rs); i++ {
			switch may := b.flags[i]&breakable != 0; {
			case may == at[i]:
			case !may && (holdsTogether(rs, i) || b.flags[i]&stop == 0):
				tailored++
			default:
				t.Errorf("line %d: %U: a line may end at %d: %t", line, rs, i, may)
			}
		}
	})
	t.Logf("%d cases, %d places tailored", cases, tailored)
	if cases < 6000 {
		t.Errorf("%d cases", cases)
	}
}

// TestEmojiThatTouch: each of several sequences in a row is one grapheme.
func TestEmojiThatTouch(t *testing.T) {
	sequences := []string{"👨‍👩‍👧‍👦", "👩🏽‍🚀", "👨‍💻", "🏳️‍🌈", "👍🏽", "🇫🇷", "1️⃣", "❤️‍🔥", "👩‍❤️‍💋‍👨", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🧑🏿‍🦱"}
	for _, first := range sequences {
		for _, second := range sequences {
			s := first + second + first
			b := Layout(s, theme.Body, Options{})
			var parts []string
			for i := 0; i < len(b.runes); {
				next := b.Next(i)
				parts = append(parts, string(b.runes[i:next]))
				i = next
			}
			if len(parts) != 3 || parts[0] != first || parts[1] != second || Graphemes(s) != 3 {
				t.Errorf("%q is parted into %q", s, parts)
			}
			if got := CutGraphemes(s, 2); got != first+second {
				t.Errorf("two graphemes of %q are %q", s, got)
			}
		}
	}
}
