package lang

import (
	"math"
	"strings"
	"testing"
)

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{
		-1: "0 bytes", 0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 9949: "9.9 kB", 9999: "10 kB",
		41_000_000: "41 MB", 999_499: "999 kB", 999_500: "1.0 MB", 2 << 30: "2.1 GB", 1 << 60: "1,152,921,505 GB", 5_000_000_000_000: "5,000 GB",
	} {
		if got := Plain(Size(n)); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
}

func TestNumbersFollowTheLanguage(t *testing.T) {
	for _, l := range languages {
		speak(t, l)
		group := map[string]string{"en": ",", "fr": "\u00a0", "ar": ","}[l.tag]
		point := map[string]string{"en": ".", "fr": ",", "ar": "."}[l.tag]
		for n, want := range map[int]string{
			0: "0", 7: "7", -7: "-7", 999: "999", 1000: "1|000", -1234: "-1|234", 65536: "65|536", 1234567: "1|234|567", math.MaxInt: "9|223|372|036|854|775|807",
		} {
			want = strings.ReplaceAll(want, "|", group)
			if got := Number(n); got != want {
				t.Errorf("%s: %d is %q, want %q", l.tag, n, got, want)
			}
			if got := Plain(fill("{n}", []any{"n", n})); got != want {
				t.Errorf("%s: %d in a sentence is %q, want %q", l.tag, n, got, want)
			}
		}
		if got, want := Decimal(1234.56, 1), "1"+group+"234"+point+"6"; got != want {
			t.Errorf("%s: %q, want %q", l.tag, got, want)
		}
		if got, want := Percent(40), map[string]string{"en": "40%", "fr": "40\u00a0%", "ar": "40%"}[l.tag]; got != want {
			t.Errorf("%s: %q, want %q", l.tag, got, want)
		}
		if got, want := Plain(Size(3_210_000)), "3"+point+"2"; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", l.tag, got)
		}
	}
}
