package app

import "unicode"

// isEmoji reports whether s is one emoji, as UTS #51 builds them: pictures, perhaps with a
// skin, joined by joiners; a flag; a key; or a flag of a region, spelled in tags. It knows no
// list of those that fonts have, so that new ones need no new version.
func isEmoji(s string) bool {
	if s == "" || len(s) > maxEmojiBytes {
		return false
	}
	rs := []rune(s)
	if len(rs) == 2 && isFlagLetter(rs[0]) && isFlagLetter(rs[1]) {
		return true
	}
	if n := len(rs); rs[n-1] == keycap && (n == 2 || n == 3 && rs[1] == drawn) {
		return rs[0] == '#' || rs[0] == '*' || '0' <= rs[0] && rs[0] <= '9'
	}
	for {
		n := pictureIn(rs)
		switch {
		case n == 0:
			return false
		case n == len(rs):
			return true
		case rs[n] != joiner:
			return false
		}
		rs = rs[n+1:]
	}
}

const (
	joiner  = 0x200d
	drawn   = 0xfe0f // as a picture, not as a letter
	keycap  = 0x20e3
	tagEnd  = 0xe007f
	tagLow  = 0xe0020
	tagHigh = 0xe007e
)

// pictureIn returns how many runes at the beginning of rs are one picture with what changes it.
func pictureIn(rs []rune) int {
	if len(rs) == 0 || !unicode.Is(pictures, rs[0]) {
		return 0
	}
	n := 1
	if n < len(rs) && (rs[n] == drawn || 0x1f3fb <= rs[n] && rs[n] <= 0x1f3ff) {
		n++
	}
	tagged := n
	for tagged < len(rs) && tagLow <= rs[tagged] && rs[tagged] <= tagHigh {
		tagged++
	}
	if tagged > n && tagged < len(rs) && rs[tagged] == tagEnd {
		return tagged + 1
	}
	return n
}

func isFlagLetter(r rune) bool { return 0x1f1e6 <= r && r <= 0x1f1ff }

// pictures are Extended_Pictographic of Unicode and all signs from U+2600 to U+27BF. Letters,
// digits, punctuation of sentences and marks are not among them.
var pictures = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00a9, 0x00ae, 5}, {0x203c, 0x2049, 13}, {0x2122, 0x2139, 23}, {0x2194, 0x2199, 1}, {0x21a9, 0x21aa, 1},
		{0x231a, 0x231b, 1}, {0x2328, 0x2388, 96}, {0x23cf, 0x23cf, 1}, {0x23e9, 0x23f3, 1}, {0x23f8, 0x23fa, 1},
		{0x24c2, 0x24c2, 1}, {0x25aa, 0x25ab, 1}, {0x25b6, 0x25c0, 10}, {0x25fb, 0x25fe, 1}, {0x2600, 0x27bf, 1},
		{0x2934, 0x2935, 1}, {0x2b05, 0x2b07, 1}, {0x2b1b, 0x2b1c, 1}, {0x2b50, 0x2b55, 5}, {0x3030, 0x303d, 13},
		{0x3297, 0x3299, 2},
	},
	R32: []unicode.Range32{
		{0x1f000, 0x1f0ff, 1}, {0x1f10d, 0x1f10f, 1}, {0x1f12f, 0x1f12f, 1}, {0x1f16c, 0x1f171, 1}, {0x1f17e, 0x1f17f, 1}, {0x1f18e, 0x1f18e, 1},
		{0x1f191, 0x1f19a, 1}, {0x1f1ad, 0x1f1e5, 1}, {0x1f201, 0x1f20f, 1}, {0x1f21a, 0x1f22f, 21}, {0x1f232, 0x1f23a, 1},
		{0x1f23c, 0x1f23f, 1}, {0x1f249, 0x1f3fa, 1}, {0x1f400, 0x1f53d, 1}, {0x1f546, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f774, 0x1f77f, 1},
		{0x1f7d5, 0x1f7ff, 1}, {0x1f80c, 0x1f80f, 1}, {0x1f848, 0x1f84f, 1}, {0x1f85a, 0x1f85f, 1}, {0x1f888, 0x1f88f, 1},
		{0x1f8ae, 0x1f8ff, 1}, {0x1f90c, 0x1f93a, 1}, {0x1f93c, 0x1f945, 1}, {0x1f947, 0x1faff, 1}, {0x1fc00, 0x1fffd, 1},
	},
	LatinOffset: 1,
}
