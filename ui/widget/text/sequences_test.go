package text

import (
	"bufio"
	"compress/bzip2"
	"os"
	"strconv"
	"strings"
	"testing"

	"tacit/ui/theme"
)

// emojiSequences are all that Unicode recommends for interchange, those among them whose
// selectors were left out included.
func emojiSequences(t *testing.T) (out []string) {
	t.Helper()
	file, err := os.Open("testdata/emoji-test.txt.bz2")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(bzip2.NewReader(file))
	for sc.Scan() {
		line, _, _ := strings.Cut(sc.Text(), "#")
		codes, status, found := strings.Cut(line, ";")
		if status = strings.TrimSpace(status); !found || status == "component" || status == "unqualified" {
			continue
		}
		var s strings.Builder
		for _, code := range strings.Fields(codes) {
			c, err := strconv.ParseUint(code, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			s.WriteRune(rune(c))
		}
		out = append(out, s.String())
	}
	if len(out) < 4000 {
		t.Fatalf("%d sequences", len(out))
	}
	return out
}

// TestEveryEmojiIsOnePicture: each sequence is one glyph of the emoji face, and no caret
// stands inside it: alone, between the letters of two scripts, and beside itself.
func TestEveryEmojiIsOnePicture(t *testing.T) {
	for _, s := range emojiSequences(t) {
		b := Layout("a"+s+"ب"+s+s, theme.Body, Options{})
		pictures := 0
		for _, r := range b.Lines[0].runs {
			for _, g := range r.glyphs {
				if r.face == emoji && g.adv > 0 {
					pictures++
				}
			}
		}
		n := len([]rune(s))
		var at []int
		for i := 0; i < len(b.runes); {
			i = b.Next(i)
			at = append(at, i)
		}
		if pictures != 3 || len(at) != 5 || at[0] != 1 || at[1] != 1+n || at[2] != 2+n || at[3] != 2+2*n {
			t.Errorf("%q (%U): %d pictures, carets at %v", s, []rune(s), pictures, at)
		}
	}
}
