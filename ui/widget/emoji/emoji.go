// Package emoji is the list of the emoji that one can choose from, and their search by
// English name.
package emoji

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/runenames"

	"tacit/ui/widget/text"
)

// Emoji is one to choose.
type Emoji struct {
	Text string // with its selector, where it needs one to be a picture
	Name string // in English, in lower case

	words []string // that find it
}

// Most bounds what a search returns: twelve rows of a grid.
const Most = 96

// first are the ranges that come before the others: what people send each other. The
// rest follows in the order of Unicode, which is roughly by subject.
var first = [][2]rune{
	{0x1F600, 0x1F644}, {0x1F910, 0x1F917}, {0x1F920, 0x1F92F}, {0x1F970, 0x1F97A}, {0x1F9D0, 0x1F9D0}, {0x1FAE0, 0x1FAE8},
	{0x1F90C, 0x1F90F}, {0x1F918, 0x1F91F}, {0x1F440, 0x1F450}, {0x1F64C, 0x1F64F}, {0x1F4AA, 0x1F4AA}, {0x1FAF0, 0x1FAF8},
	{0x1F493, 0x1F49F}, {0x1F5A4, 0x1F5A4}, {0x1F90D, 0x1F90E}, {0x1F494, 0x1F494}, {0x1F4AF, 0x1F4AF}, {0x1F525, 0x1F525}, {0x1F389, 0x1F38A},
}

// selected are characters that are text unless a selector follows.
const selected = "❤☺☹✌☝✍❣♥☀☁☂☃❄☎✉✏✒✂✈⚓⚖⚙⚠♻✔✖‼⁉▶⏸⏹☕⛄🌡🌶🍽🎖🎙🎞🏖🏛🏳🐿👁🕊🕯🕶🖊🖋🖥🖨🗂🗒🗓🗑🗝🗞🗣🗳🛏🛠🛡🛣🛰"

// others are words by which people look for emoji that Unicode names otherwise.
var others = map[rune]string{
	'😀': "smile happy", '🙂': "smile happy", '😃': "smile happy", '😂': "laugh lol haha", '🤣': "laugh lol haha", '😊': "happy blush", '😍': "love", '😢': "sad cry", '😭': "sad cry", '😡': "angry",
	'👍': "like yes ok good", '👎': "dislike no bad", '❤': "red love", '🙏': "please thanks thank pray", '🎉': "congratulations", '🔥': "lit hot",
	'👀': "look see", '😉': "wink", '😘': "kiss", '🤔': "think", '💪': "strong muscle", '👏': "applause bravo", '✅': "done yes tick", '❌': "no wrong cross",
	'☀': "sunny weather", '☕': "coffee tea", '🚗': "car", '🏠': "home", '📅': "date", '⏰': "time", '🤝': "deal agree", '🙄': "eyeroll", '😱': "scared fear",
}

const emojiSelector = "\ufe0f"

// All returns every emoji once, the most used subjects first. The slice is shared.
var All = sync.OnceValue(func() []Emoji {
	var out []Emoji
	seen := map[rune]bool{}
	add := func(r rune, suffix string) {
		if seen[r] || r >= 0x1F1E6 && r <= 0x1F1FF || r >= 0x1F3FB && r <= 0x1F3FF {
			return // half a flag, or a tone without a hand
		}
		seen[r] = true
		name := strings.ToLower(runenames.Name(r))
		out = append(out, Emoji{string(r) + suffix, name, strings.Fields(strings.ReplaceAll(name, "-", " ") + " " + others[r])})
	}
	known := text.EmojiRunes()
	for _, r := range "👍❤😂😮😢🙏" {
		add(r, suffixOf(r))
	}
	for _, span := range first {
		for _, r := range known {
			if r >= span[0] && r <= span[1] {
				add(r, "")
			}
		}
	}
	for _, r := range selected {
		add(r, suffixOf(r))
	}
	for _, r := range known {
		add(r, "")
	}
	return out
})

func suffixOf(r rune) string {
	if slices.Contains(text.EmojiRunes(), r) {
		return ""
	}
	return emojiSelector
}

// Search returns the emoji of which each word of query begins a word of the name, those
// first that a whole word finds. An empty query finds nothing.
func Search(query string) []Emoji {
	asked := strings.Fields(strings.ToLower(query))
	if len(asked) == 0 {
		return nil
	}
	var whole, begun []Emoji
	for _, e := range All() {
		switch match(e.words, asked) {
		case 2:
			whole = append(whole, e)
		case 1:
			begun = append(begun, e)
		}
	}
	out := append(whole, begun...)
	return out[:min(len(out), Most)]
}

// match returns 2 where each word asked for is among words, 1 where each begins one, and
// else 0.
func match(words, asked []string) int {
	best := 2
	for _, a := range asked {
		if slices.Contains(words, a) {
			continue
		}
		stem := stemOf(a)
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, stem) }) {
			return 0
		}
		best = 1
	}
	return best
}

// stemOf leaves out the ending by which a word asked for differs from that of a name:
// "smile" is to find "smiling", and "hearts" a heart.
func stemOf(word string) string {
	const least = 4
	if n := len(word); n > least && (word[n-1] == 'e' || word[n-1] == 's') {
		return word[:n-1]
	}
	return word
}

// NameOf returns the name of an emoji, or that of its first character.
func NameOf(emoji string) string {
	for _, r := range emoji {
		return strings.ToLower(runenames.Name(r))
	}
	return ""
}
