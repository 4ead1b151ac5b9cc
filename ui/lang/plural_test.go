package lang

import "testing"

// TestPluralRules: the whole numbers of CLDR's own samples (supplemental/plurals.xml,
// @integer), its ranges by their ends.
func TestPluralRules(t *testing.T) {
	for _, c := range []struct {
		name  string
		rule  form
		forms map[string][]int
	}{
		{"en", pluralEnglish, map[string][]int{
			"one":   {1},
			"other": {0, 2, 16, 100, 1000, 10000, 100000, 1000000},
		}},
		{"fr", pluralFrench, map[string][]int{
			"one":   {0, 1},
			"other": {2, 17, 100, 1000, 10000, 100000},
		}},
		{"ar", pluralArabic, map[string][]int{
			"zero":  {0},
			"one":   {1},
			"two":   {2},
			"few":   {3, 10, 103, 110, 1003},
			"many":  {11, 26, 111, 1011},
			"other": {100, 102, 200, 202, 300, 302, 400, 402, 500, 502, 600, 1000, 10000, 100000, 1000000},
		}},
	} {
		for want, numbers := range c.forms {
			for _, n := range numbers {
				for _, n := range []int{n, -n} {
					if got := c.rule(n); got != want {
						t.Errorf("%s: %d is %q, want %q", c.name, n, got, want)
					}
				}
			}
		}
	}
}
