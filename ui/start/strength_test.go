package start

import (
	"strings"
	"testing"
)

func TestMeasure(t *testing.T) {
	for _, c := range []struct {
		passphrase string
		most       Strength // the estimate may be lower, never higher
		least      Strength
	}{
		{"", NoStrength, NoStrength},
		{"a", Easy, Easy},
		{"password", Easy, Easy},
		{"P@ssw0rd", Easy, Easy},
		{"Password2024", Easy, Easy},
		{"qwertyuiop", Easy, Easy},
		{"poiuytreza", Easy, Easy},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Easy, Easy},
		{"abcabcabcabcabcabcabcabc", Easy, Easy},
		{"12345678901234567890", Easy, Easy},
		{"19841984", Easy, Easy},
		{"aminaamina", Easy, Easy},
		{"ابتثجحخدذر", Easy, Easy},
		{"passwordpasswordpassword", Easy, Easy},
		{"iloveyou iloveyou", Easy, Easy},
		{"Amina Ben Salah 1984", Guessable, Easy},
		{"tulip anchor", Guessable, Easy},
		{"tulip anchor marble", Guessable, Guessable},
		{"grumbly anchor marble tulip", Hard, Hard},
		{"grumbly tulip anchor marble winter pine", Impossible, Impossible},
		{"grumblytulipanchormarblewinterpine", Impossible, Impossible},
		{"grumbly grumbly grumbly grumbly grumbly grumbly", Guessable, Easy},
		{"kX7#vR2!mQ9$zL4", Impossible, Hard},
		{"نلتقي غدا عند المدخل القديم للمكتبة", Impossible, Hard},
	} {
		if got := Measure(c.passphrase, "Amina Ben Salah"); got > c.most || got < c.least {
			t.Errorf("Measure(%q) = %d (%.1f bits), want %d to %d", c.passphrase, got, bits(c.passphrase, nil), c.least, c.most)
		}
	}
}

func TestMeasureKnowsTheName(t *testing.T) {
	const phrase = "Zubayr Wadjdiyya"
	with, without := bits(phrase, []string{"Zubayr Wadjdiyya"}), bits(phrase, nil)
	if with >= without-20 {
		t.Errorf("%.1f bits with the name known, %.1f without", with, without)
	}
}

func TestMeasureIsBounded(t *testing.T) {
	long := strings.Repeat("grumbly tulip anchor ", 500)
	if a, b := bits(long, nil), bits(string([]rune(long)[:maxPassphraseRunes]), nil); a != b {
		t.Errorf("%.1f bits, %.1f of the part that counts", a, b)
	}
}

func TestSuggest(t *testing.T) {
	seen := map[string]bool{}
	for range 20 {
		s, err := Suggest()
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(s)
		if len(words) != suggestedWords {
			t.Fatalf("%d words", len(words))
		}
		for _, w := range words {
			if !wordList()[w] {
				t.Errorf("%q is not in the list", w)
			}
		}
		if got := Measure(s); got != Impossible {
			t.Errorf("Measure = %d, %.1f bits", got, bits(s, nil))
		}
		if seen[s] {
			t.Error("the same words twice")
		}
		seen[s] = true
	}
}
