package app

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'

	// maxMarks is how many marks a letter bears (UTS 39, section 5.4): a pile of them is
	// drawn over the rows above and below, and Unicode's normal form cuts it with
	// invisible characters.
	maxMarks = 4
)

// CleanName makes a name fit to be shown beside others: NFC, without control,
// formatting and bidirectional characters, white space folded to single spaces.
// changed reports that hidden characters were removed. The error is ErrNameEmpty
// or ErrNameTooLong; clean is then what was left.
func CleanName(name string) (clean string, changed bool, err error) {
	if len(name) > 64*MaxNameBytes {
		return "", false, ErrNameTooLong
	}
	clean, changed = stripHidden(name)
	switch {
	case clean == "":
		return "", changed, ErrNameEmpty
	case utf8.RuneCountInString(clean) > MaxNameRunes || len(clean) > MaxNameBytes:
		return clean, changed, ErrNameTooLong
	}
	return clean, changed, nil
}

// peerName cleans a name that somebody else chose. It cannot be refused, so one
// that is too long is cut, and one of which nothing is left becomes fallback.
func peerName(name, fallback string) string {
	if len(name) > maxProfileBytes {
		name = name[:maxProfileBytes]
	}
	clean, _ := stripHidden(name)
	n := 0
	for i, r := range clean {
		if n == MaxNameRunes || i+utf8.RuneLen(r) > MaxNameBytes {
			clean = strings.TrimRightFunc(clean[:i], unicode.IsSpace)
			break
		}
		n++
	}
	if clean == "" {
		return fallback
	}
	return clean
}

// stripHidden returns the name in NFC without anything that draws nothing or
// reorders what is around it. A joiner stays only between two visible
// characters, where Persian words and emoji need it; a mark needs something to stand on.
func stripHidden(name string) (clean string, changed bool) {
	var b strings.Builder
	var joiner rune // waits for the character after it
	space, marks := false, 0
	for _, r := range norm.NFC.String(strings.ToValidUTF8(name, string(unicode.ReplacementChar))) {
		switch {
		case unicode.IsSpace(r):
			space, joiner = true, 0
		case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
			if b.Len() == 0 || space || joiner != 0 {
				changed = true
			} else {
				joiner = r
			}
		case hidden(r) || unicode.IsMark(r) && (b.Len() == 0 || space || marks == maxMarks):
			changed = true
		default:
			if marks++; !unicode.IsMark(r) {
				marks = 0
			}
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			if joiner != 0 {
				b.WriteRune(joiner)
			}
			b.WriteRune(r)
			space, joiner = false, 0
		}
	}
	return norm.NFC.String(b.String()), changed || joiner != 0
}

// hidden reports a character that shows nothing, or nothing that everybody sees alike.
func hidden(r rune) bool {
	switch r {
	case unicode.ReplacementChar, '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800', '\u034f', '\u17b4', '\u17b5':
		return true // fillers, the blank braille pattern, the grapheme joiner
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) || !unicode.IsGraphic(r)
}

// Skeleton folds a name to what the eye takes it for: two names with the same
// skeleton can be mistaken for each other. It is coarser than UTS 39 (case,
// accents and spaces do not count) and its table holds only the letters of
// living alphabets that are drawn like Latin ones.
func Skeleton(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(cases.Fold().String(norm.NFKD.String(name))) {
		if unicode.IsMark(r) || unicode.IsSpace(r) || hidden(r) || unicode.In(r, unicode.Pd, unicode.Pc) {
			continue
		}
		switch r {
		case '.', ',', '\'', '’', '`', '·':
			continue
		}
		if l, ok := lookAlikes[r]; ok {
			b.WriteString(l)
		} else {
			b.WriteRune(r)
		}
	}
	return pairsOfStrokes.Replace(b.String())
}

// pairsOfStrokes are two letters that are read as one.
var pairsOfStrokes = strings.NewReplacer("rn", "m", "vv", "w")

// lookAlikes maps folded letters to the Latin letter that they are drawn like.
var lookAlikes = map[rune]string{
	// digits and strokes
	'0': "o", '1': "l", '|': "l", 'i': "l", '5': "s", '3': "e",
	// Latin
	'ı': "l", 'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ɑ': "a", 'ɡ': "g", 'ɩ': "l", 'æ': "ae", 'œ': "oe", 'þ': "p", 'ƅ': "b", 'ʏ': "y", 'ʙ': "b", 'ɴ': "n", 'ʀ': "r",
	// Cyrillic
	'а': "a", 'в': "b", 'с': "c", 'ԁ': "d", 'е': "e", 'һ': "h", 'н': "h", 'і': "l", 'ӏ': "l", 'ј': "j", 'к': "k", 'м': "m", 'п': "n", 'о': "o", 'р': "p", 'ԛ': "q", 'г': "r", 'ѕ': "s", 'т': "t",
	'ѵ': "v", 'ԝ': "w", 'х': "x", 'у': "y", 'ү': "y", 'з': "e", 'є': "e", 'ь': "b",
	// Greek
	'α': "a", 'β': "b", 'ϲ': "c", 'σ': "o", 'ε': "e", 'γ': "y", 'η': "n", 'ι': "l", 'κ': "k", 'μ': "m", 'ν': "v", 'ο': "o", 'ρ': "p", 'τ': "t", 'υ': "u", 'χ': "x", 'ω': "w", 'ζ': "z",
	// Armenian
	'օ': "o", 'ս': "u", 'ո': "n", 'հ': "h", 'ց': "g",
}
