package fold

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a word, a run or a symbol of a folded text.
type piece struct {
	kind     kind
	from, to int // in folded.text
}

// folded is a text that was read.
type folded struct {
	text   []byte
	pieces []piece

	source bool    // the following is asked for
	at     []int32 // the rune of the source that a byte of text comes from
	silent []int32 // the runes of the source that fold to nothing, ascending
}

// read folds s. What it allocates is a few times as long as s at most.
func (f *folded) read(s string) {
	f.text = slices.Grow(f.text[:0], len(s)+len(s)/8)
	f.pieces, f.at = f.pieces[:0], f.at[:0]
	known := table()
	open := gap // the kind of the last piece, gap where it has ended
	var other []part
	i := int32(-1)
	for _, r := range s {
		i++
		list := other[:0]
		if r < tabled {
			list = known[r]
		} else {
			list = parts(list, r)
			other = list
		}
		before := len(f.text)
		for _, p := range list {
			open = f.add(open, p, i)
		}
		if f.source && len(f.text) == before && open != gap {
			f.silent = append(f.silent, i)
		}
	}
}

// add adds a folded rune to the last piece, where that is open, or begins one.
func (f *folded) add(open kind, p part, at int32) kind {
	k := p.k
	switch k {
	case gap:
		return gap
	case nothing:
		return open
	}
	if open != k || k == symbol {
		// A mark that is a vowel may stand alone, but belongs to what is before it.
		if open == run && k == word && unicode.Is(unicode.M, p.r) {
			k = run
		} else {
			f.pieces = append(f.pieces, piece{kind: k, from: len(f.text)})
		}
	}
	begin := len(f.text)
	f.text = utf8.AppendRune(f.text, p.r)
	if f.source {
		for range len(f.text) - begin {
			f.at = append(f.at, at)
		}
	}
	f.pieces[len(f.pieces)-1].to = len(f.text)
	return k
}

func (f *folded) of(p piece) []byte { return f.text[p.from:p.to] }

// Text returns the pieces of s, each after a space but the first. Of what it returns, it
// returns the same.
func Text(s string) string {
	var f folded
	f.read(s)
	var b strings.Builder
	b.Grow(len(f.text) + len(f.pieces))
	for i, p := range f.pieces {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.Write(f.of(p))
	}
	return b.String()
}

// Terms returns what an index keeps of s, each term after a space but the first: of a word
// its first MaxTerm runes, of a run each two neighbours and the last rune alone, a symbol. No
// term holds anything but letters, digits, marks and symbols.
func Terms(s string) string {
	var f folded
	f.read(s)
	b := make([]byte, 0, len(f.text)*2+len(f.pieces))
	for _, p := range f.pieces {
		switch t := f.of(p); p.kind {
		case run:
			for len(t) > 0 {
				b = append(append(b, pair(t)...), ' ')
				t = t[runeLen(t):]
			}
		default:
			b = append(append(b, short(t)...), ' ')
		}
	}
	return strings.TrimSuffix(string(b), " ")
}

func runeLen(t []byte) int {
	_, n := utf8.DecodeRune(t)
	return n
}

// pair returns the first two runes of t, or its only one.
func pair(t []byte) []byte {
	n := runeLen(t)
	return t[:n+runeLen(t[n:])]
}

// short returns the first MaxTerm runes of t.
func short(t []byte) []byte {
	if len(t) <= MaxTerm {
		return t
	}
	n := 0
	for range MaxTerm {
		n += runeLen(t[n:])
	}
	return t[:n]
}
