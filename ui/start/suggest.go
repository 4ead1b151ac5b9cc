package start

import (
	"fmt"
	"strings"
	"sync"

	"github.com/sethvargo/go-diceware/diceware"
)

// Suggest draws six words of the EFF long list with the system's randomness.
func Suggest() (string, error) {
	words, err := diceware.Generate(suggestedWords)
	if err != nil {
		return "", fmt.Errorf("draw words: %w", err)
	}
	return strings.Join(words, " "), nil
}

// wordList maps each word of the EFF long list to true. It is built at the first use:
// a start that only unlocks needs none of it.
var wordList = sync.OnceValue(func() map[string]bool {
	list := diceware.WordListEffLarge()
	words := make(map[string]bool, 7776)
	for roll := range 7776 {
		// Five dice name a word: base 6 written with the digits 1 to 6.
		name, rest := 0, roll
		for unit := 1; unit <= 10000; unit *= 10 {
			name += (rest%6 + 1) * unit
			rest /= 6
		}
		words[list.WordAt(name)] = true
	}
	return words
})
