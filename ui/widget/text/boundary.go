package text

import "github.com/go-text/typesetting/segmenter"

// CutGraphemes returns the first n graphemes of s, or s if it has no more.
func CutGraphemes(s string, n int) string {
	rs := []rune(s)
	var seg segmenter.Segmenter
	seg.Init(rs)
	for a := range graphemes(&seg, rs) {
		if n <= 0 {
			return string(rs[:a])
		}
		n--
	}
	return s
}

// Shorten returns s, or its first n graphemes and an ellipsis.
func Shorten(s string, n int) string {
	if head := CutGraphemes(s, n); head != s {
		return head + string(ellipsisRune)
	}
	return s
}

// Graphemes returns how many graphemes s has: what a person counts as letters.
func Graphemes(s string) int {
	rs := []rune(s)
	var seg segmenter.Segmenter
	seg.Init(rs)
	n := 0
	for range graphemes(&seg, rs) {
		n++
	}
	return n
}

// A span is the runes from a up to b.
type span struct{ a, b int }

// words returns the words (UAX #29) near rune i.
func words(rs []rune, i int) []span {
	from, to := max(0, i-wordWindow), min(len(rs), i+wordWindow)
	var seg segmenter.Segmenter
	seg.Init(rs[from:to])
	var out []span
	for it := seg.WordIterator(); it.Next(); {
		w := it.Word()
		out = append(out, span{from + w.Offset, from + w.Offset + len(w.Text)})
	}
	return out
}

// WordAt returns the word that holds rune i, or the white space, or the other
// characters between two words.
func WordAt(rs []rune, i int) (a, b int) {
	if len(rs) == 0 {
		return 0, 0
	}
	i = max(0, min(i, len(rs)-1))
	lo, hi := 0, len(rs)
	for _, w := range words(rs, i) {
		switch {
		case w.a <= i && i < w.b:
			return w.a, w.b
		case w.b <= i:
			lo = w.b
		case w.a > i:
			hi = min(hi, w.a)
		}
	}
	for a = i; a > lo && isSpacing(rs[a-1]) == isSpacing(rs[i]) && separator(rs, a-1) == 0; a-- {
	}
	for b = i + 1; b < hi && isSpacing(rs[b]) == isSpacing(rs[i]) && separator(rs, b) == 0; b++ {
	}
	return a, b
}

// NextWord returns the end of the word at or after i.
func NextWord(rs []rune, i int) int {
	for _, w := range words(rs, i) {
		if w.b > i {
			return w.b
		}
	}
	return min(len(rs), i+wordWindow)
}

// PrevWord returns the beginning of the word before i.
func PrevWord(rs []rune, i int) int {
	at := max(0, i-wordWindow)
	for _, w := range words(rs, i) {
		if w.a >= i {
			break
		}
		at = w.a
	}
	return at
}
