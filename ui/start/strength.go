package start

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Strength is a step of the meter, 1 to 4; 0 for an empty passphrase.
type Strength int

const (
	NoStrength Strength = iota
	Easy                // refused
	Guessable           // taken only when asked for twice
	Hard
	Impossible
)

// Measure estimates how hard a passphrase is to guess for somebody who knows the usual
// dictionaries and the words in known (the person's own name). It errs on the low side.
func Measure(passphrase string, known ...string) Strength {
	if passphrase == "" {
		return NoStrength
	}
	switch b := bits(passphrase, known); {
	case b < guessableBits:
		return Easy
	case b < hardBits:
		return Guessable
	case b < impossibleBits:
		return Hard
	default:
		return Impossible
	}
}

// bits is the cheapest way to build the passphrase from the pieces below: cost[i] is the
// price of its first i characters, and each piece that ends there may be the last.
func bits(passphrase string, known []string) float64 {
	text := []rune(passphrase)
	if len(text) > maxPassphraseRunes {
		text = text[:maxPassphraseRunes]
	}
	plain := []rune(strings.ToLower(string(text)))
	if len(plain) != len(text) { // a letter whose lower case has another length
		plain = text
	}
	m := measure{text: text, plain: plain, known: map[string]bool{}}
	for _, phrase := range known {
		for _, word := range strings.Fields(strings.ToLower(phrase)) {
			m.known[word] = true
		}
	}
	cost := make([]float64, len(text)+1)
	for end := 1; end <= len(text); end++ {
		cost[end] = math.Inf(1)
		for start := end - 1; start >= 0; start-- {
			if c := cost[start] + m.piece(start, end); c < cost[end] {
				cost[end] = c
			}
		}
	}
	return cost[len(text)]
}

type measure struct {
	text, plain []rune
	known       map[string]bool
}

// piece prices text[start:end] taken as one thing.
func (m measure) piece(start, end int) float64 {
	best := min(m.letters(start, end), m.repeat(start, end), m.sequence(start, end), m.again(start, end))
	return min(best, m.word(start, end))
}

// letters prices characters without any meaning: ten choices for each digit and each of
// the first three letters of a run, four for those that follow, which is about what
// natural languages leave. Changing the class adds a bit; a space between words is one.
func (m measure) letters(start, end int) float64 {
	total, same := 0.0, 0
	for i := start; i < end; i++ {
		if i > start && class(m.text[i]) != class(m.text[i-1]) {
			total++
			same = 0
		}
		same++
		switch c := class(m.text[i]); {
		case m.text[i] == ' ':
			total++
		case c == other:
			total += 4
		case same > 3 && c != digit:
			total += 2
		default:
			total += 3.32
		}
	}
	return total
}

// repeat prices a block written n times as the block and its count.
func (m measure) repeat(start, end int) float64 {
	n := end - start
	for size := 1; size <= min(n/2, maxRepeatBlock); size++ {
		if n%size != 0 || size == 1 && n < minSequence {
			continue
		}
		same := true
		for i := start + size; i < end && same; i++ {
			same = m.plain[i] == m.plain[i-size]
		}
		if same {
			return m.letters(start, start+size) + math.Log2(float64(n/size)) + 1
		}
	}
	return math.Inf(1)
}

// sequence prices a run along one of the tracks: where it starts, how long, which way.
func (m measure) sequence(start, end int) float64 {
	if end-start < minSequence {
		return math.Inf(1)
	}
	run := string(m.plain[start:end])
	back := reverse(run)
	for _, track := range tracks {
		if strings.Contains(track, run) || strings.Contains(track, back) {
			return 4 + math.Log2(float64(end-start))
		}
	}
	return math.Inf(1)
}

// again prices a piece that stood in the passphrase before.
func (m measure) again(start, end int) float64 {
	if end-start < minSequence {
		return math.Inf(1)
	}
	if strings.Contains(string(m.plain[:start]), string(m.plain[start:end])) {
		return 2 + math.Log2(float64(start+1))
	}
	return math.Inf(1)
}

// word prices a word of a list, with its capitals and with digits in place of letters.
func (m measure) word(start, end int) float64 {
	if end-start < minSequence || end-start > 24 {
		return math.Inf(1)
	}
	w := string(m.plain[start:end])
	extra := 0.0
	for i := start; i < end; i++ {
		if m.text[i] != m.plain[i] {
			extra = 1
		}
	}
	if plain := unleet.Replace(w); plain != w && m.lookup(w) == 0 {
		w, extra = plain, extra+1
	}
	if choices := m.lookup(w); choices > 0 {
		return math.Log2(choices) + extra
	}
	if isYear(w) {
		return 7
	}
	return math.Inf(1)
}

// lookup returns among how many words an attacker would look for w, 0 if in no list.
func (m measure) lookup(w string) float64 {
	if m.known[w] {
		return 2
	}
	if r := commonWords[w]; r > 0 {
		return float64(r) + 1
	}
	if wordList()[w] {
		return 7776
	}
	return 0
}

var unleet = strings.NewReplacer("4", "a", "@", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

func isYear(w string) bool {
	return len(w) == 4 && (w[:2] == "19" || w[:2] == "20") && unicode.IsDigit(rune(w[2])) && unicode.IsDigit(rune(w[3]))
}

type charClass int

const (
	letter charClass = iota
	capital
	digit
	other
)

func class(r rune) charClass {
	switch {
	case unicode.IsDigit(r):
		return digit
	case unicode.IsUpper(r):
		return capital
	case unicode.IsLetter(r), unicode.Is(unicode.M, r):
		return letter
	default:
		return other
	}
}

func reverse(s string) string {
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		_, n := utf8.DecodeLastRuneInString(s)
		out = append(out, s[len(s)-n:]...)
		s = s[:len(s)-n]
	}
	return string(out)
}
