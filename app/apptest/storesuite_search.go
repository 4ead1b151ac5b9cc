package apptest

import (
	"testing"

	"tacit/app"
)

// testSearchScripts: words are found however they are written, and what fits best comes first.
func testSearchScripts(t *testing.T, s *suite) {
	c := s.contact("Ann")
	for _, text := range []string{
		"إلى المدرسةِ غداً", "مُدَرِّسٌ", "私は東京都に住む", "京都", "cœur à l'été", "Straße 5", "well done 🎉👍🏽", "שָׁלוֹם",
		"artists only", "the art of it", "old art", "art that is old",
	} {
		s.add(received(c, text, suiteNow))
	}
	for query, want := range map[string][]string{
		"الي المدرسه": {"إلى المدرسةِ غداً"},
		"مدرس":        {"مُدَرِّسٌ"},
		"京都":          {"京都", "私は東京都に住む"},
		"東京都に":        {"私は東京都に住む"},
		"東住":          nil,
		"COEUR ete":   {"cœur à l'été"},
		"strasse":     {"Straße 5"},
		"🎉":           {"well done 🎉👍🏽"},
		"שלום":        {"שָׁלוֹם"},
		"art":         {"art that is old", "old art", "the art of it", "artists only"},
		"old art":     {"old art", "art that is old"},
	} {
		s.want("search for "+query, texts(s.search(app.SearchQuery{Text: query, Limit: 10})), want)
	}
}
