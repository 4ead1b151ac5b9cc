package fold

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for s, want := range map[string]string{
		"":                               "",
		"Hello, WORLD!  It's 5 o'clock.": "hello world it s 5 o clock",
		"L'été à Nîmes: cœur, ÇA, Æsop":  "l ete a nimes coeur ca aesop",
		"e\u0301te\u0301":                "ete",
		"Straße STRASSE straẞe":          "strasse strasse strasse",
		"İstanbul ISPARTA ısı Łódź smør": "istanbul isparta isi lodz smor",
		"ΣΊΣΥΦΟΣ Σίσυφος":                "σισυφοσ σισυφοσ",
		"Ёлка":                           "елка",
		"ﬁle № ５ ² ½ co\u00adop™":        "file № 5 2 1 2 coop ™",
		// Arabic: vowel signs, tatweel, alefs, yas, ta marbuta, hamza carriers, Persian letters, digits.
		"مُحَمَّدٌ":        "محمد",
		"العـــربية":       "العربيه",
		"أحمد إلى آخر ٱسم": "احمد الي اخر اسم",
		"مؤتمر رئيس":       "موتمر رييس",
		"مدرسة مدرسه":      "مدرسه مدرسه",
		"کتاب فارسی ۱۲۳":   "كتاب فارسي 123",
		"ﻻ ﷲ ٤٥":           "لا الله 45",
		"می\u200cخواهم":    "ميخواهم",
		// Hebrew with points; a maqaf parts words.
		"שָׁלוֹם בֵּית־סֵפֶר": "שלום בית ספר",
		// No spaces between words, with and without Latin beside it.
		"東京タワーへ行く iPhone手机": "東京タワーへ行く iphone 手机",
		"ภาษาไทย":           "ภาษาไทย",
		// In Devanagari a mark is a vowel.
		"हिन्दी": "हिन्दी",
		"한국어":    "\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165",
		// Emoji: with tone, joined, a flag, a key.
		"ok👍🏽 👨‍👩‍👧 🇫🇷 1️⃣ ❤️":                      "ok 👍 👨 👩 👧 🇫 🇷 1 ❤",
		"\xff\xfea\x00b\ufffdc\ue000d \u200b\ufeff": "a b c d",
	} {
		if got := Text(s); got != want {
			t.Errorf("Text(%q)\n got %q\nwant %q", s, got, want)
		}
	}
}

func TestTerms(t *testing.T) {
	long := strings.Repeat("é", 3*MaxTerm)
	for s, want := range map[string]string{
		"":            "",
		"One two one": "one two one",
		"東京都 x":       "東京 京都 都 x",
		"我":           "我",
		"a我b":         "a 我 b",
		"🎉🎉":          "🎉 🎉",
		long:          long2(MaxTerm),
	} {
		if got := Terms(s); got != want {
			t.Errorf("Terms(%q) = %q, want %q", s, got, want)
		}
	}
}

func long2(n int) string { return strings.Repeat("e", n) }

// TestEveryRune: whatever a rune folds to folds to itself, and takes no place that a term
// does not have.
func TestEveryRune(t *testing.T) {
	for r := range rune(unicode.MaxRune + 1) {
		if !utf8.ValidRune(r) {
			continue
		}
		s := Text("a" + string(r) + "b")
		if again := Text(s); again != s {
			t.Errorf("%U folds to %q and that to %q", r, s, again)
		}
		for _, f := range s {
			if f != ' ' && (unicode.Is(unicode.Co, f) || unicode.IsControl(f) || unicode.IsPunct(f)) {
				t.Errorf("%U folds to %U", r, f)
			}
		}
	}
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		query, text string
		found       bool
		want        Match
	}{
		{"", "anything", false, Match{}},
		{" ,.-", "anything", false, Match{}},
		{"harb", "The harbour", true, Match{0, true, 1}},
		{"HARBOUR", "the harbour", true, Match{1, true, 1}},
		{"arbour", "the harbour", false, Match{}},
		{"old harbour", "the old harbour", true, Match{2, true, 2}},
		{"old harb", "the old harbour", true, Match{1, true, 2}},
		{"harbour old", "the old harbour", true, Match{2, false, 2}},
		{"old harbour", "old and new harbour", true, Match{2, false, 2}},
		{"a a b", "a b", true, Match{2, true, 2}},
		{"a b", "a a b", true, Match{2, true, 3}},
		{"old harbour", "harbour", false, Match{}},
		{"x", "x x x x x x x x", true, Match{1, true, maxHits}},
		{"東京都", "私は東京都に住む", true, Match{1, true, 1}},
		{"京都", "私は東京都に住む", true, Match{1, true, 1}},
		{"東都", "私は東京都に住む", false, Match{}},
		{"🎉", "well done 🎉", true, Match{1, true, 1}},
		{"🎉", "well done 🎊", false, Match{}},
		{"مدرسه", "إلى المدرسةِ مدرسةٌ", true, Match{1, true, 1}},
	} {
		got, found := Parse(tt.query).Match(tt.text)
		if got != tt.want || found != tt.found {
			t.Errorf("%q in %q: %+v, %v; want %+v, %v", tt.query, tt.text, got, found, tt.want, tt.found)
		}
	}
}

// TestScore: the fields of a match count in their order.
func TestScore(t *testing.T) {
	rising := []Match{{0, false, 1}, {0, false, maxHits}, {0, true, 1}, {0, true, maxHits}, {1, false, 1}, {1, true, 1}, {2, false, 2}}
	for i := range rising[1:] {
		if a, b := rising[i].Score(), rising[i+1].Score(); a >= b {
			t.Errorf("%+v counts %d, %+v only %d", rising[i], a, rising[i+1], b)
		}
	}
}

func TestFind(t *testing.T) {
	for _, tt := range []struct {
		text, query string
		want        []string // what is marked
	}{
		{"The Harbour, harbours", "harbour", []string{"Harbour", "harbour"}},
		{"un café noir", "cafe", []string{"café"}},
		{"un cafe\u0301 noir", "cafe", []string{"cafe\u0301"}},
		{"Straße", "stras", []string{"Straß"}},
		{"مُحَمَّدٌ هنا", "محم", []string{"مُحَمَّ"}},
		{"العـــربية", "العرب", []string{"العـــرب"}},
		{"שָׁלוֹם", "של", []string{"שָׁל"}},
		{"東京都東京", "東京", []string{"東京", "東京"}},
		{"ああああ", "ああ", []string{"ああああ"}},
		{"well 👍🏽 done", "👍", []string{"👍🏽"}},
		{"한국어", "하", []string{"한"}},
		{"İstanbul", "ist", []string{"İst"}},
		{"one two", "two one", []string{"one", "two"}},
		{"½", "1 2", []string{"½"}},
		{"nothing", "", nil},
		{"", "nothing", nil},
	} {
		var got []string
		for _, r := range Find(tt.text, tt.query) {
			got = append(got, string([]rune(tt.text)[r.From:r.To]))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q in %q: %q, want %q", tt.query, tt.text, got, tt.want)
		}
	}
}

// TestQueryTerms: an index that has the terms of a text has those of each query that
// finds it, and no more are asked for than count.
func TestQueryTerms(t *testing.T) {
	for query, want := range map[string][]Term{
		"":             nil,
		"One two one":  {{"one", true}, {"two", true}},
		"我":            {{"我", true}},
		"東京":           {{"東京", false}},
		"東京都🎉":         {{"東京", false}, {"京都", false}, {"🎉", false}},
		"\"a\" OR (b*": {{"a", true}, {"or", true}, {"b", true}},
	} {
		if got := Parse(query).Terms(false); !slices.Equal(got, want) {
			t.Errorf("terms of %q: %v, want %v", query, got, want)
		}
	}
	if got := Parse("harb").Terms(true); !slices.Equal(got, []Term{{"harb", false}}) {
		t.Errorf("whole terms: %v", got)
	}
	many := ""
	for i := range 3 * MaxPieces {
		many += " w" + strings.Repeat("x", i)
	}
	if n := len(Parse(many).Terms(false)); n != MaxPieces {
		t.Errorf("%d terms of a long query", n)
	}
}

func BenchmarkMatch(b *testing.B) {
	for name, text := range map[string]string{
		"latin":  "We should meet the minister after the réunion; please confirm the draft before noon, merci",
		"arabic": "نعم الملف جاهز غداً في الساعة العاشرة صباحاً إن شاء الله، شكراً لكم على كل شيء يا أصدقاء",
		"cjk":    "我们明天早上十点在车站见面然后一起去看那份文件请确认一下你的时间安排谢谢大家的帮助和理解",
	} {
		q := Parse("minister réunion")
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				q.Match(text)
			}
		})
	}
}
