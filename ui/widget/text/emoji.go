package text

import (
	"slices"
	"sync"
	"unicode"
)

// emojiPresentation is the property Emoji_Presentation of Unicode 15.0
// (emoji-data.txt): characters that are pictures unless told otherwise.
var emojiPresentation = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x231A, 0x231B, 1},
		{0x23E9, 0x23EC, 1},
		{0x23F0, 0x23F0, 1},
		{0x23F3, 0x23F3, 1},
		{0x25FD, 0x25FE, 1},
		{0x2614, 0x2615, 1},
		{0x2648, 0x2653, 1},
		{0x267F, 0x267F, 1},
		{0x2693, 0x2693, 1},
		{0x26A1, 0x26A1, 1},
		{0x26AA, 0x26AB, 1},
		{0x26BD, 0x26BE, 1},
		{0x26C4, 0x26C5, 1},
		{0x26CE, 0x26CE, 1},
		{0x26D4, 0x26D4, 1},
		{0x26EA, 0x26EA, 1},
		{0x26F2, 0x26F3, 1},
		{0x26F5, 0x26F5, 1},
		{0x26FA, 0x26FA, 1},
		{0x26FD, 0x26FD, 1},
		{0x2705, 0x2705, 1},
		{0x270A, 0x270B, 1},
		{0x2728, 0x2728, 1},
		{0x274C, 0x274C, 1},
		{0x274E, 0x274E, 1},
		{0x2753, 0x2755, 1},
		{0x2757, 0x2757, 1},
		{0x2795, 0x2797, 1},
		{0x27B0, 0x27B0, 1},
		{0x27BF, 0x27BF, 1},
		{0x2B1B, 0x2B1C, 1},
		{0x2B50, 0x2B50, 1},
		{0x2B55, 0x2B55, 1},
	},
	R32: []unicode.Range32{
		{0x1F004, 0x1F004, 1},
		{0x1F0CF, 0x1F0CF, 1},
		{0x1F18E, 0x1F18E, 1},
		{0x1F191, 0x1F19A, 1},
		{0x1F1E6, 0x1F1FF, 1},
		{0x1F201, 0x1F201, 1},
		{0x1F21A, 0x1F21A, 1},
		{0x1F22F, 0x1F22F, 1},
		{0x1F232, 0x1F236, 1},
		{0x1F238, 0x1F23A, 1},
		{0x1F250, 0x1F251, 1},
		{0x1F300, 0x1F320, 1},
		{0x1F32D, 0x1F335, 1},
		{0x1F337, 0x1F37C, 1},
		{0x1F37E, 0x1F393, 1},
		{0x1F3A0, 0x1F3CA, 1},
		{0x1F3CF, 0x1F3D3, 1},
		{0x1F3E0, 0x1F3F0, 1},
		{0x1F3F4, 0x1F3F4, 1},
		{0x1F3F8, 0x1F43E, 1},
		{0x1F440, 0x1F440, 1},
		{0x1F442, 0x1F4FC, 1},
		{0x1F4FF, 0x1F53D, 1},
		{0x1F54B, 0x1F54E, 1},
		{0x1F550, 0x1F567, 1},
		{0x1F57A, 0x1F57A, 1},
		{0x1F595, 0x1F596, 1},
		{0x1F5A4, 0x1F5A4, 1},
		{0x1F5FB, 0x1F64F, 1},
		{0x1F680, 0x1F6C5, 1},
		{0x1F6CC, 0x1F6CC, 1},
		{0x1F6D0, 0x1F6D2, 1},
		{0x1F6D5, 0x1F6D7, 1},
		{0x1F6DC, 0x1F6DF, 1},
		{0x1F6EB, 0x1F6EC, 1},
		{0x1F6F4, 0x1F6FC, 1},
		{0x1F7E0, 0x1F7EB, 1},
		{0x1F7F0, 0x1F7F0, 1},
		{0x1F90C, 0x1F93A, 1},
		{0x1F93C, 0x1F945, 1},
		{0x1F947, 0x1F9FF, 1},
		{0x1FA70, 0x1FA7C, 1},
		{0x1FA80, 0x1FA88, 1},
		{0x1FA90, 0x1FABD, 1},
		{0x1FABF, 0x1FAC5, 1},
		{0x1FACE, 0x1FADB, 1},
		{0x1FAE0, 0x1FAE8, 1},
		{0x1FAF0, 0x1FAF8, 1},
	},
}

const (
	firstEmoji    = 0x231A // of the table
	textSelector  = 0xFE0E // VS15
	emojiSelector = 0xFE0F // VS16
	keycap        = 0x20E3
	joiner        = 0x200D
	firstTone     = 0x1F3FB
	lastTone      = 0x1F3FF
)

// isEmoji reports whether a grapheme asks to be shown as a picture: by its
// first character's own nature (flags among them), or because a selector, a
// keycap, a skin tone or a joiner to another picture makes it one (UTS #51).
func isEmoji(g []rune) bool {
	if g[0] < firstEmoji && len(g) == 1 {
		return false
	}
	picture := unicode.Is(emojiPresentation, g[0])
	for _, c := range g[1:] {
		switch {
		case c == textSelector:
			return false
		case c == emojiSelector || c == keycap || c >= firstTone && c <= lastTone:
			return true
		case unicode.Is(emojiPresentation, c):
			picture = true
		}
	}
	return picture
}

// EmojiRunes returns the characters that are pictures by themselves, in the order of
// Unicode.
func EmojiRunes() []rune { return slices.Clone(emojiRunes()) }

var emojiRunes = sync.OnceValue(func() (out []rune) {
	for _, t := range emojiPresentation.R16 {
		for r := rune(t.Lo); r <= rune(t.Hi); r++ {
			out = append(out, r)
		}
	}
	for _, t := range emojiPresentation.R32 {
		for r := rune(t.Lo); r <= rune(t.Hi); r++ {
			out = append(out, r)
		}
	}
	return out
})
