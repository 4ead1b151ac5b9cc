package fold

import (
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// kind is what a rune makes a piece of.
type kind uint8

const (
	gap     kind = iota // separates pieces
	nothing             // as if it were not there
	word
	run
	symbol
)

// variants are letters that stand for others and are not decomposed to them.
var variants = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'þ': "th",
	'ı': "i", // Turkish: so both of its letters are found by either, as by those who have neither
	'ٱ': "ا", 'ٲ': "ا", 'ٳ': "ا", 'ى': "ي", 'ی': "ي", 'ې': "ي", 'ة': "ه", 'ە': "ه", 'ہ': "ه", 'ھ': "ه", 'ۃ': "ه",
	'ک': "ك", 'ڪ': "ك",
}

// unspaced are the scripts that put no space between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// pointed are the scripts whose marks may be left out; in others a mark is a vowel.
var pointed = []*unicode.RangeTable{
	unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Armenian,
}

// ranges of code points that are dealt with before the tables of Unicode are asked.
const (
	firstMark      = 0x0300 // below are letters of Latin only
	firstUnspaced  = 0x0E00
	kanaLengthMark = 'ー' // of no script, and part of words
	tatweel        = 'ـ' // stretches Arabic words
	zeroSpace      = 0x200B
	skinFirst      = 0x1F3FB
	skinLast       = 0x1F3FF
	hanFirst       = 0x4E00
	hanLast        = 0x9FFF
)

// classify says what r is, once it is decomposed and folded.
func classify(r rune) kind {
	switch {
	case r < firstMark:
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return word
		}
		if r == 0xAD { // a hyphen that shows only at the end of a line
			return nothing
		}
		return symbolOrGap(r)
	case r == tatweel, r >= skinFirst && r <= skinLast:
		return nothing
	case unicode.Is(unicode.Cf, r):
		if r == zeroSpace {
			return gap
		}
		return nothing
	case unicode.Is(unicode.M, r):
		if !unicode.Is(unicode.Mc, r) && unicode.In(r, pointed...) {
			return nothing
		}
	case !unicode.IsLetter(r) && !unicode.IsNumber(r):
		return symbolOrGap(r)
	}
	if r >= firstUnspaced && (r == kanaLengthMark || unicode.In(r, unspaced...)) {
		return run
	}
	return word
}

func symbolOrGap(r rune) kind {
	if unicode.Is(unicode.So, r) && r != unicode.ReplacementChar {
		return symbol
	}
	return gap
}

// part is one rune of what a rune folds to.
type part struct {
	r rune
	k kind
}

// tabled is up to which rune what they fold to is kept: the alphabets of Europe and the Near East.
const tabled = 0x0700

var table = sync.OnceValue(func() *[tabled][]part {
	var t [tabled][]part
	for r := range rune(tabled) {
		t[r] = parts(nil, r)
	}
	return &t
})

// parts appends what r folds to.
func parts(dst []part, r rune) []part {
	if hanFirst <= r && r <= hanLast {
		return append(dst, part{r, run})
	}
	for _, d := range decomposed(r) {
		d = lower(d)
		if v, ok := variants[d]; ok {
			for _, l := range v {
				dst = append(dst, part{l, word})
			}
			continue
		}
		dst = append(dst, part{d, classify(d)})
	}
	return dst
}

// decomposed returns what r consists of.
func decomposed(r rune) string {
	if unicode.Is(unicode.So, r) {
		return string(r) // a sign for a trade mark is no letter
	}
	return norm.NFKD.String(string(r))
}

// lower returns r in the one case that counts, and a digit of any script as one of ours.
func lower(r rune) rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	if unicode.Is(unicode.Nd, r) {
		return digit(r)
	}
	return unicode.ToLower(unicode.ToUpper(r)) // by way of the upper case: there is one sigma in it
}

// digit returns the digit that r of unicode.Nd is. Its ranges hold whole sets from zero to nine.
func digit(r rune) rune {
	for _, s := range unicode.Nd.R16 {
		if rune(s.Lo) <= r && r <= rune(s.Hi) {
			return '0' + (r-rune(s.Lo))%10
		}
	}
	for _, s := range unicode.Nd.R32 {
		if rune(s.Lo) <= r && r <= rune(s.Hi) {
			return '0' + (r-rune(s.Lo))%10
		}
	}
	return r
}
