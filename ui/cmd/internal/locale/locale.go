// Package locale names a language for Fyne where the system names none that can be
// parsed. Import it for that effect.
//
// Fyne reads the environment while its packages are initialised, before main, and logs an
// error for the locales C and POSIX. Go initialises packages that are ready in order of
// their import paths. This one needs only os and strings, so it is ready before
// text/template, which Fyne's lang imports, and its path sorts before that.
package locale

import (
	"os"
	"strings"
)

// fallback is a locale of the language that the window speaks.
const fallback = "en_US.UTF-8"

func init() { prepare(os.Getenv, os.Setenv) }

// prepare replaces the variable that decides, in the order in which POSIX consults them.
func prepare(get func(string) string, set func(key, value string) error) {
	key := "LANG"
	for _, k := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if get(k) != "" {
			key = k
			break
		}
	}
	switch value, _, _ := strings.Cut(get(key), "."); value {
	case "", "C", "POSIX":
		// If it cannot be set, Fyne logs its error and goes on in English.
		_ = set(key, fallback)
	}
}
