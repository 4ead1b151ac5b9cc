// Package locale reads which language the environment names, and names one for Fyne
// where that is none that can be parsed.
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
	key := deciding(get)
	switch value, _, _ := strings.Cut(get(key), "."); value {
	case "", "C", "POSIX":
		// If it cannot be set, Fyne logs its error and goes on in English.
		_ = set(key, fallback)
	}
}

// Preferred returns the locale of the messages, as the environment has it.
func Preferred() string { return os.Getenv(deciding(os.Getenv)) }

// deciding is the variable that says in which language messages are.
func deciding(get func(string) string) string {
	for _, k := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if get(k) != "" {
			return k
		}
	}
	return "LANG"
}
