// Package locale reads which language the environment names, and names one for Fyne
// where that is none that can be parsed.
//
// Fyne reads the environment while its packages are initialised, before main, and logs an
// error for the locales C and POSIX and for what is no locale at all. Go initialises packages that are ready in order of
// their import paths. This one needs only os and strings, so it is ready before
// text/template, which Fyne's lang imports, and its path sorts before that.
package locale

import (
	"os"
	"strings"
)

// fallback is a locale of the language that the window speaks.
const fallback = "en_US.UTF-8"

// What init found: what the environment had in the place of a locale, and that it asked
// for none.
var (
	refused string
	none    bool
)

func init() { refused, none = prepare(os.Getenv, os.Setenv) }

// prepare replaces what decides where that names no language, and returns what it was if
// it was not empty, C or POSIX: those are in order, and ask for no language.
func prepare(get func(string) string, set func(key, value string) error) (refused string, none bool) {
	// If a variable cannot be set, Fyne logs its error and goes on in English.
	key := deciding(get)
	switch value := get(key); {
	case named(value):
	case value == "" || base(value) == "C" || base(value) == "POSIX":
		_ = set(key, fallback)
		return "", true
	default:
		_ = set(key, fallback)
		refused = value
	}
	var list []string
	wishes := get(wish)
	for _, l := range strings.Split(wishes, ":") {
		if named(l) {
			list = append(list, l)
		}
	}
	if good := strings.Join(list, ":"); good != wishes {
		_ = set(wish, good)
		refused = wishes
	}
	return refused, false
}

// wish is where the system has a list of languages, the dearest first, parted by colons.
// It counts before the others unless they say C.
const wish = "LANGUAGE"

// Preferred returns the locales of the messages, as the environment has them, the dearest
// first, parted by colons.
func Preferred() string {
	if list := os.Getenv(wish); list != "" && !none {
		return list
	}
	return os.Getenv(deciding(os.Getenv))
}

// Refused returns what the environment has where a locale should be, or "".
func Refused() string { return refused }

// base is a locale without its encoding and its variant.
func base(locale string) string {
	if i := strings.IndexAny(locale, ".@"); i >= 0 {
		return locale[:i]
	}
	return locale
}

// named reports whether a locale has the shape of one that names a language: two or three
// letters, and after a line the two letters or three digits of a place.
func named(locale string) bool {
	language, place, placed := strings.Cut(strings.ReplaceAll(base(locale), "-", "_"), "_")
	all := func(s, of string) bool { return strings.Trim(strings.ToLower(s), of) == "" }
	const letters, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	known := (len(language) == 2 || len(language) == 3) && all(language, letters)
	return known && (!placed || len(place) == 2 && all(place, letters) || len(place) == 3 && all(place, digits))
}

// deciding is the variable that says in which language messages are.
func deciding(get func(string) string) string {
	for _, k := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if get(k) != "" {
			return k
		}
	}
	return "LANG"
}
