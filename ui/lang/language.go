package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
)

//go:embed *.json
var files embed.FS

// language is one in which the window can speak.
type language struct {
	tag     string // its code in ISO 639-1, and the name of its file
	name    string // what those who speak it call it
	rtl     bool   // it is written from right to left
	form    form
	forms   []string // the plural forms that a text that counts has, all of them
	point   string   // between a number and its decimals
	percent string   // after a number of hundredths
	group   string   // between the thousands of a number; French has U+202F, which the window's font has not

	calendar calendar
	texts    map[string]message
}

// The languages, English first. Arabic keeps the digits 0 to 9 everywhere, as CLDR has it
// for the Maghreb: codes and safety numbers are read aloud between languages, and two
// kinds of digits on one screen would be two ways to misread one.
var languages, faults = known(files,
	&language{tag: "en", name: "English", form: pluralEnglish, forms: []string{"one", "other"}, point: ".", group: ",", percent: "%", calendar: inEnglish},
	&language{tag: "fr", name: "Français", form: pluralFrench, forms: []string{"one", "other"}, point: ",", group: "\u00a0", percent: "\u00a0%", calendar: inFrench},
	&language{tag: "ar", name: "العربية", rtl: true, form: pluralArabic, point: ".", group: ",", percent: "%", calendar: inArabic,
		forms: []string{"zero", "one", "two", "few", "many", "other"}},
)

// known gives each language its texts. One whose file is missing or broken is not on offer;
// English always is, if need be without its texts.
func known(of fs.ReadFileFS, all ...*language) (have []*language, faults []error) {
	for i, l := range all {
		file, err := of.ReadFile(l.tag + ".json")
		if err == nil {
			l.texts, err = parse(file)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("the texts of %s: %w", l.tag, err))
		}
		if err == nil || i == 0 {
			have = append(have, l)
		}
	}
	return have, faults
}

// Faults says why languages are not on offer. It is for the log of the program.
func Faults() []error { return faults }

var (
	english = languages[0]
	spoken  atomic.Pointer[language] // set by Use; nil is English
)

func current() *language {
	if l := spoken.Load(); l != nil {
		return l
	}
	return english
}

// Language is a language on offer.
type Language struct {
	Tag  string // ISO 639-1, such as "fr"
	Name string // in the language itself
}

// Languages returns those on offer, English first.
func Languages() []Language {
	out := make([]Language, len(languages))
	for i, l := range languages {
		out[i] = Language{l.tag, l.name}
	}
	return out
}

// Use makes the window speak a language from now on; a tag that is none of Languages
// counts as English. What was written before stays as it is.
func Use(tag string) { spoken.Store(byTag(tag)) }

// Tag returns the tag of the language in force.
func Tag() string { return current().tag }

// RTL reports whether the language in force is written from right to left.
func RTL() bool { return current().rtl }

func byTag(tag string) *language {
	i := slices.IndexFunc(languages, func(l *language) bool { return l.tag == tag })
	return languages[max(0, i)]
}

// Match returns the tag of the language that a locale asks for: "fr" for "fr_CA.UTF-8"
// and "fr-CA"; of several, parted by colons, the first that is on offer. Whatever names no
// language on offer, such as "C", "POSIX", nothing or nonsense, gives "en".
func Match(locale string) string {
	for _, l := range strings.Split(locale, ":") {
		if end := strings.IndexAny(l, "_-.@"); end >= 0 {
			l = l[:end]
		}
		if tag := byTag(strings.ToLower(l)).tag; tag == strings.ToLower(l) {
			return tag
		}
	}
	return english.tag
}
