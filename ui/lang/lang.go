// Package lang has every sentence of the window, by key, and writes times and days.
//
// The sentences of a language are one file, grouped by screen: {"group": {"name": text}}
// has the key "group.name". A text with a number is an object of plural forms. What is
// put into a {placeholder} is set apart from the sentence's direction by U+2068 and
// U+2069, so that a name in another script cannot turn the sentence around it.
package lang

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed en.json
var english []byte

const (
	isolate    = "\u2068" // FIRST STRONG ISOLATE
	popIsolate = "\u2069" // POP DIRECTIONAL ISOLATE
)

// message is one text: its only form is "other" unless it counts something.
type message map[string]string

// texts is written once, before main.
var texts = mustParse(english)

// T returns the text of key with its {placeholders} filled from name, value pairs:
//
//	T("chat.composer", "name", contact.Name)
//
// A key without a text is returned itself; a test sees to it that no screen uses one.
func T(key string, args ...any) string {
	m, ok := texts[key]
	if !ok {
		return key
	}
	return fill(m["other"], args)
}

// N returns the text of key in the form that the language has for n of something, with
// {n} filled.
func N(key string, n int, args ...any) string {
	m, ok := texts[key]
	if !ok {
		return key
	}
	form, ok := m[pluralEnglish(n)]
	if !ok {
		form = m["other"]
	}
	return fill(form, append([]any{"n", n}, args...))
}

// Has reports whether key has a text.
func Has(key string) bool {
	_, ok := texts[key]
	return ok
}

// Keys returns all keys in order.
func Keys() []string {
	keys := make([]string, 0, len(texts))
	for k := range texts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Plain removes the isolates that T put around values, for text that leaves the window:
// the clipboard, the title bar.
func Plain(s string) string {
	return strings.NewReplacer(isolate, "", popIsolate, "").Replace(s)
}

func pluralEnglish(n int) string {
	if n == 1 {
		return "one"
	}
	return "other"
}

func fill(s string, args []any) string {
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", isolate+value(args[i+1])+popIsolate)
	}
	// One pass over the sentence: what a value contains is never taken for a placeholder.
	return strings.NewReplacer(pairs...).Replace(s)
}

func value(v any) string {
	switch v := v.(type) {
	case string:
		return closed(v)
	case int:
		return strconv.Itoa(v)
	default:
		return closed(fmt.Sprint(v))
	}
}

// closed balances the isolates of a value, so that a stray one in a name cannot end the
// isolate around it.
func closed(s string) string {
	if !strings.ContainsAny(s, isolate+popIsolate) {
		return s
	}
	return Plain(s)
}

func mustParse(file []byte) map[string]message {
	t, err := parse(file)
	if err != nil {
		panic("lang: embedded language file: " + err.Error())
	}
	return t
}

func parse(file []byte) (map[string]message, error) {
	var groups map[string]map[string]json.RawMessage
	if err := json.Unmarshal(file, &groups); err != nil {
		return nil, err
	}
	out := map[string]message{}
	for group, entries := range groups {
		for name, raw := range entries {
			key := group + "." + name
			m := message{}
			var text string
			if json.Unmarshal(raw, &text) == nil {
				m["other"] = text
			} else if err := json.Unmarshal(raw, &m); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			out[key] = m
		}
	}
	return out, nil
}
