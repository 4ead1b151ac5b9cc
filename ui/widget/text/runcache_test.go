package text

import (
	"slices"
	"strings"
	"testing"

	"tacit/ui/theme"
)

// TestKeptRunsAreAsShaped: the letters of a long paragraph look as they do in a short
// one, whatever was typed into it before, and where a weight begins inside a word.
func TestKeptRunsAreAsShaped(t *testing.T) {
	const unit = "mot كلمة لا office fi المستندات 12:30 ب كبك "
	n := len([]rune(unit))
	at := n - 6 // the same letter twice, alone and within a word
	bold := func(periods int) (out []Span) {
		for k := range periods {
			out = append(out, Span{k*n + 6, k*n + 8, Bold}, Span{k*n + 22, k*n + 23, Slanted}, Span{at + k*n, at + k*n + 1, Bold}, Span{at + k*n + 3, at + k*n + 4, Bold})
		}
		return out
	}
	for _, spans := range []bool{false, true} {
		lay := func(s string) *Block {
			o := Options{Width: 500}
			if spans {
				o.Spans = bold(len([]rune(s)) / n)
			}
			return Layout(s, theme.Body, o)
		}
		want := shapes(lay(strings.Repeat(unit, 3)))
		const periods = 60
		for range 3 { // the second time all runs are kept ones
			long := lay(strings.Repeat(unit, periods))
			got := shapes(long)
			for i := n; i < (periods-1)*n; i++ {
				if got[i] != want[n+i%n] {
					t.Fatalf("spans %v: rune %d (%c) has glyph %d, in a short text %d", spans, i, long.Runes()[i], got[i], want[n+i%n])
				}
			}
			lay(strings.Repeat(unit, 20) + "x" + strings.Repeat(unit, 40))
		}
	}
}

func TestKeptRunsAreBounded(t *testing.T) {
	var c runCache
	for i := range 5 * cacheRuns {
		c.key = append(c.key[:0], byte(i), byte(i>>8), byte(i>>16))
		c.keep(0, nil)
		if len(c.young) > cacheRuns || len(c.old) > cacheRuns {
			t.Fatalf("%d and %d runs are kept", len(c.young), len(c.old))
		}
	}
}

// TestLongParagraphsKeepTheirWidth: cutting runs between words moves no letter.
func TestLongParagraphsKeepTheirWidth(t *testing.T) {
	words := strings.Repeat("AV To fi الكلمة Wave ", 100)
	short := Layout(words[:strings.Index(words, "Wave ")+5], theme.Body, Options{})
	long := Layout(words, theme.Body, Options{})
	x, _ := long.Caret(len(short.Runes()))
	if d := x - short.Width; d > 5 || d < -5 { // the space at the end hangs over
		t.Errorf("%v wide, in a long text %v", short.Width, x)
	}
	if !slices.Equal(short.Runes(), long.Runes()[:len(short.Runes())]) {
		t.Error("not the same text")
	}
}
