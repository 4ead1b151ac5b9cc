package text

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tacit/ui/theme"
)

const languagesPage = "../../../docs/languages.md"

// coverage counts the letters and marks of a script and how many of them some bundled face
// has.
func coverage(sh *shaper, of *unicode.RangeTable) (have, all int) {
	count := func(c rune) {
		if !unicode.In(c, unicode.L, unicode.M) {
			return
		}
		all++
		if slices.ContainsFunc(plainFamily.regular, func(id faceID) bool { return sh.has(id, c) }) {
			have++
		}
	}
	for _, r := range of.R16 {
		for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
			count(c)
		}
	}
	for _, r := range of.R32 {
		for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
			count(c)
		}
	}
	return have, all
}

// TestScriptsOfThePage holds the table of docs/languages.md to what the faces have.
func TestScriptsOfThePage(t *testing.T) {
	page, err := os.ReadFile(languagesPage)
	if err != nil {
		t.Fatal(err)
	}
	sh := shapers.Get().(*shaper)
	defer shapers.Put(sh)
	var rows strings.Builder
	for _, name := range slices.Sorted(maps.Keys(unicode.Scripts)) {
		have, all := coverage(sh, unicode.Scripts[name])
		if have > 0 && name != "Common" && name != "Inherited" {
			fmt.Fprintf(&rows, "| %s | %d of %d |\n", strings.ReplaceAll(name, "_", " "), have, all)
		}
	}
	if !strings.Contains(string(page), rows.String()) {
		t.Errorf("the table in docs/languages.md is not\n%s", rows.String())
	}
}

// TestEverydayLettersAreThere: what the languages of the countries around write with, and
// what a message is full of.
func TestEverydayLettersAreThere(t *testing.T) {
	sh := shapers.Get().(*shaper)
	defer shapers.Put(sh)
	for language, letters := range map[string]string{
		"Arabic":     "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةًٌٍَُِّْٰـ،؛؟٠١٢٣٤٥٦٧٨٩",
		"Persian":    "پچژگکی۰۱۲۳۴۵۶۷۸۹",
		"Urdu":       "ٹڈڑںےۓھہ",
		"Kurdish":    "ڕڵۆێە",
		"French":     "àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŸŒÆ«»’–—…€",
		"German":     "äöüßẞÄÖÜ„“",
		"Spanish":    "áéíñóúü¡¿",
		"Portuguese": "ãõâêôçà",
		"Turkish":    "ğışİŞĞçöü",
		"Polish":     "ąćęłńóśźżŁŻ",
		"Romanian":   "ăâîșțȘȚ",
		"Vietnamese": "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư",
		"Greek":      "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ",
		"Russian":    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
		"Ukrainian":  "їієґ",
		"Hebrew":     "אבגדהוזחטיךכלםמןנסעףפץצקרשתְֱֲֳִֵֶַָֹֻּׁׂ־׳״",
		"marks":      "©®™°§¶†‡•·×÷±≠≤≥∞√←→↑↓✓",
	} {
		for _, c := range letters {
			for family, of := range map[string][]faceID{
				"plain": plainFamily.regular, "plain, semibold": plainFamily.semibold,
				"clear": clearFamily.regular, "clear, semibold": clearFamily.semibold,
				"book": bookFamily.regular, "book, semibold": bookFamily.semibold,
			} {
				if !slices.ContainsFunc(of, func(id faceID) bool { return sh.has(id, c) }) {
					t.Errorf("%s: no face of %s has %c (%U)", language, family, c, c)
				}
			}
		}
	}
}

// TestEveryCharacterCanBeShown lays out and draws the characters of all scripts: none
// crashes, and what no face has is a box that can be seen.
func TestEveryCharacterCanBeShown(t *testing.T) {
	sh := shapers.Get().(*shaper)
	defer shapers.Put(sh)
	boxes, shown := 0, 0
	var line []rune
	flush := func() {
		b := Layout(string(line), theme.Body, Options{Width: 600})
		b.Draw(image.NewRGBA(image.Rect(0, 0, 640, 400)), 0, 0, 1, color.NRGBA{A: 255})
		for i, c := range b.runes {
			if b.flags[i]&stop == 0 || isInvisible(c) || !unicode.In(c, unicode.L, unicode.N) {
				continue
			}
			if b.adv[i] <= 0 && !unicode.Is(unicode.Lm, c) {
				t.Errorf("%U takes no room", c)
			}
		}
		line = line[:0]
	}
	for c := rune(0x20); c <= 0x323AF; c++ {
		if !unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C) || c >= 0xD800 && c <= 0xDFFF || separator([]rune{c}, 0) > 0 {
			continue
		}
		if c < 0x3000 || c >= 0xF900 && c < 0x10000 || c%64 == 0 { // of the rest a sample
			shown++
			line = append(line, c)
		}
		if !slices.ContainsFunc(append(slices.Clone(plainFamily.regular), emoji), func(id faceID) bool { return sh.has(id, c) }) {
			boxes++
		}
		if len(line) >= 256 {
			flush()
		}
	}
	flush()
	box := masks.get(maskKey{face: plex, glyph: 0, size: 30})
	if box.bytes() < 200 || box.alpha == nil || !slices.ContainsFunc(box.alpha.Pix, func(v byte) bool { return v > 128 }) {
		t.Error("the box of what no face has is not seen")
	}
	t.Logf("%d characters shown, %d in all are boxes", shown, boxes)
}
