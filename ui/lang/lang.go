// Package lang has every sentence of the window in each of its languages, by key, and
// writes times, days, sizes and numbers as the language in force has them.
//
// The sentences of a language are one file, grouped by screen: {"group": {"name": text}}
// has the key "group.name". A text with a number is an object of plural forms. What is
// put into a {placeholder} is set apart from the sentence's direction by U+2068 and
// U+2069, so that a name in another script cannot turn the sentence around it.
package lang

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	rightMark  = "\u200F" // RIGHT-TO-LEFT MARK
	isolate    = "\u2068" // FIRST STRONG ISOLATE
	popIsolate = "\u2069" // POP DIRECTIONAL ISOLATE
)

// T returns the text of key with its {placeholders} filled from name, value pairs:
//
//	T("chat.composer", "name", contact.Name)
//
// A key without a text is returned itself; a test sees to it that no screen uses one.
func T(key string, args ...any) string {
	m, _, ok := current().message(key)
	if !ok {
		return key
	}
	return fill(m["other"], args)
}

// N returns the text of key in the form that the language has for n of something, with
// {n} filled.
func N(key string, n int, args ...any) string {
	m, of, ok := current().message(key)
	if !ok {
		return key
	}
	text, ok := m[of.form(n)]
	if !ok {
		text = m["other"]
	}
	return fill(text, append([]any{"n", n}, args...))
}

// Has reports whether key has a text.
func Has(key string) bool {
	_, ok := english.texts[key]
	return ok
}

// Keys returns all keys in order.
func Keys() []string {
	return slices.Sorted(maps.Keys(english.texts))
}

// Plain removes the mark and the isolates that T put before and around values, for text that leaves the window:
// the clipboard, the title bar.
func Plain(s string) string {
	return strings.NewReplacer(isolate, "", popIsolate, "").Replace(strings.TrimPrefix(s, rightMark))
}

func fill(s string, args []any) string {
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", isolated(value(args[i+1])))
	}
	// One pass over the sentence: what a value contains is never taken for a placeholder.
	filled := strings.NewReplacer(pairs...).Replace(s)
	if RTL() && strings.ContainsAny(s, "·،") && !hasLetter(placeholder.ReplaceAllString(s, "")) {
		// Isolates hide the letters of values: what is only values beside one another
		// would read from the left.
		return rightMark + filled
	}
	return filled
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return Number(v)
	default:
		return fmt.Sprint(v)
	}
}

// closed takes the isolates out of a value: one that a name leaves open, or ends, would
// reach into the sentence around it. What else steers direction ends with the isolate that
// the value stands in.
func closed(s string) string {
	if !strings.ContainsFunc(s, isIsolate) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isIsolate(r) {
			return -1
		}
		return r
	}, s)
}

func isIsolate(r rune) bool { return r >= 0x2066 && r <= 0x2069 }

// isolated sets a value apart from what stands beside it on a line.
func isolated(s string) string { return isolate + closed(s) + popIsolate }
