package text

import (
	"iter"
	"unicode"

	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/unicodedata"
)

// graphemes gives the bounds of each grapheme (UAX #29) of rs, with which seg was
// initialised. Of two emoji joined by zero width joiners that touch, the segmenter takes
// the second one apart (it looks for a picture only where no sequence has begun), so what
// rule GB11 holds together is put together here.
func graphemes(seg *segmenter.Segmenter, rs []rune) iter.Seq2[int, int] {
	return func(yield func(a, b int) bool) {
		a, b := 0, 0
		for it := seg.GraphemeIterator(); it.Next(); {
			g := it.Grapheme()
			if b > a && !(endsJoining(rs[a:b]) && isPictograph(g.Text[0])) {
				if !yield(a, b) {
					return
				}
				a = b
			}
			b = g.Offset + len(g.Text)
		}
		if b > a {
			yield(a, b)
		}
	}
}

// endsJoining reports whether g ends with a picture, what extends it, and a joiner.
func endsJoining(g []rune) bool {
	i := len(g) - 1
	if g[i] != joiner {
		return false
	}
	for i--; i > 0 && unicodedata.LookupGraphemeBreakClass(g[i]) == unicodedata.GraphemeBreakExtend; i-- {
	}
	return i >= 0 && isPictograph(g[i])
}

func isPictograph(c rune) bool { return unicode.Is(unicodedata.Extended_Pictographic, c) }
