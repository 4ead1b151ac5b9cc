package lang

import (
	"encoding/json"
	"fmt"
)

// message is one text: its only form is "other" unless it counts something.
type message map[string]string

// message finds what a language says for a key, and the language that says it: English
// where this one has no text.
func (l *language) message(key string) (m message, of *language, ok bool) {
	if m, ok = l.texts[key]; ok {
		return m, l, true
	}
	m, ok = english.texts[key]
	return m, english, ok
}

// parse reads the file of a language.
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
