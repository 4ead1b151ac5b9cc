package text

import (
	"unicode"

	"tacit/ui/widget/bidi"
)

// isInvisible reports characters that steer other software, or other
// characters, and leave neither ink nor space: controls, bidi controls,
// joiners and selectors.
func isInvisible(c rune) bool {
	switch {
	case c >= 0x20 && c < 0x7F:
		return false
	case c < 0xA0, c == 0xAD:
		return true
	case c >= 0x200B && c <= 0x200F, c >= 0x2028 && c <= 0x202E, c >= 0x2060 && c <= 0x206F:
		return true
	case c >= 0xFE00 && c <= 0xFE0F, c == 0xFEFF, c >= 0xE0000 && c <= 0xE0FFF:
		return true
	}
	return c == 0x61C || c == 0x34F
}

// isHanging reports white space that may stand beyond the end of a line.
func isHanging(c rune) bool {
	switch c {
	case ' ', '\t', 0x1680, 0x205F, 0x3000:
		return true
	case 0x2007: // figure space: no break
		return false
	}
	return c >= 0x2000 && c <= 0x200B || c == 0x2028 || c == '\v' || c == '\f'
}

// separator returns how many runes at i separate paragraphs: 0, 1, or 2 for a
// carriage return with its line feed.
func separator(rs []rune, i int) int {
	switch c := rs[i]; {
	case c == '\r' && i+1 < len(rs) && rs[i+1] == '\n':
		return 2
	case c == '\n' || c == '\r' || c == 0x85 || c == 0x2029:
		return 1
	case c >= 0x1C && c <= 0x1E:
		return 1
	}
	return 0
}

// isSpacing reports white space and controls, which belong to no word.
func isSpacing(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) || bidi.IsControl(c) }
