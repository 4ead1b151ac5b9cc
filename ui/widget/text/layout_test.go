package text

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tacit/ui/theme"
	"tacit/ui/widget/bidi"
)

// lineTexts returns what stands on each line.
func lineTexts(b *Block) []string {
	var out []string
	for _, l := range b.Lines {
		out = append(out, string(b.runes[l.Start:l.End]))
	}
	return out
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{""}},
		{"break at the end", "a\n", []string{"a", ""}},
		{"breaks alone", "\n\n", []string{"", "", ""}},
		{"carriage returns", "a\r\nb\rc", []string{"a", "b", "c"}},
		{"separators", "a\u2029b\u0085c", []string{"a", "b", "c"}},
		{"line separator", "a\u2028b", []string{"a\u2028", "b"}},
		{"not UTF-8", "a\xff\xfeb", []string{"a\uFFFD\uFFFDb"}},
		{"controls", "a\x00\x01\x7fb", []string{"a\x00\x01\x7fb"}},
	} {
		b := Layout(c.text, theme.Body, Options{Width: 400})
		if got := lineTexts(b); !slices.Equal(got, c.want) {
			t.Errorf("%s: lines %q, want %q", c.name, got, c.want)
		}
		if want := float32(len(c.want)) * theme.Body.LineHeight; b.Height != want {
			t.Errorf("%s: height %v, want %v", c.name, b.Height, want)
		}
	}
}

func TestBreaks(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float32
		want  []string
	}{
		{"one two three", 60, []string{"one two ", "three"}},
		{"one                              two", 60, []string{"one                              ", "two"}},
		{"10\u202F000 euros", 70, []string{"10\u202F000 ", "euros"}},
		{"dit\u00A0: «\u00A0oui\u00A0» non", 60, []string{"dit\u00A0: ", "«\u00A0oui\u00A0» ", "non"}},
		{"Supercalifragilistic", 60, []string{"Supercal", "ifragilisti", "c"}},
		{"a Supercalifragilistic", 60, []string{"a ", "Supercal", "ifragilisti", "c"}},
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 40, []string{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"}},
	} {
		if got := lineTexts(Layout(c.text, theme.Body, Options{Width: c.width})); !slices.Equal(got, c.want) {
			t.Errorf("%q at %v: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// TestFits lays every hard string out at many widths, from that of the widest
// glyph: no line is wider than allowed, no rune is lost, and a block laid out
// at its own width keeps its lines.
func TestFits(t *testing.T) {
	for _, s := range hard {
		for width := float32(24); width < 500; width += 7 {
			b := Layout(s, theme.Body, Options{Width: width})
			at := 0
			for _, l := range b.Lines {
				if l.Start != at {
					t.Fatalf("%q at %v: line begins at %d, want %d", s, width, l.Start, at)
				}
				at = l.End
				if l.Width > width+0.1 {
					t.Errorf("%q: a line of %v at %v", s, l.Width, width)
				}
			}
			if at != len(b.runes) {
				t.Fatalf("%q at %v: ends at %d of %d", s, width, at, len(b.runes))
			}
			if again := Layout(s, theme.Body, Options{Width: b.Width}); !slices.Equal(lineTexts(again), lineTexts(b)) {
				t.Errorf("%q at its own width %v breaks anew", s, b.Width)
			}
		}
	}
}

func TestAlign(t *testing.T) {
	const ltr, rtl, none = "abc", "שלום", "123"
	for _, c := range []struct {
		name, text string
		o          Options
		right      bool
	}{
		{"by paragraph, left", ltr, Options{RTL: true}, false},
		{"by paragraph, right", rtl, Options{}, true},
		{"no letters, left", none, Options{}, false},
		{"no letters, right", none, Options{RTL: true}, true},
		{"nothing, right", "", Options{RTL: true}, true},
		{"by interface, left", rtl, Options{Align: AlignStart}, false},
		{"by interface, right", ltr, Options{Align: AlignStart, RTL: true}, true},
		{"forced left", rtl, Options{Base: BaseLTR}, false},
		{"forced right", ltr, Options{Base: BaseRTL}, true},
	} {
		c.o.Width, c.o.Fill = 200, true
		b := Layout(c.text, theme.Body, c.o)
		l := b.Lines[0]
		want := float32(0)
		if c.right {
			want = 200 - l.Width
		}
		if l.X != want || l.RTL != c.right || b.Width != 200 {
			t.Errorf("%s: at %v, right %t in %v; want at %v", c.name, l.X, l.RTL, b.Width, want)
		}
		if _, right := b.LastLine(); right != c.right {
			t.Errorf("%s: LastLine says right %t", c.name, right)
		}
	}
	b := Layout("abc", theme.Body, Options{Width: 200, Fill: true, Align: AlignCenter})
	if l := b.Lines[0]; l.X != (200-l.Width)/2 {
		t.Errorf("centred at %v, %v wide", l.X, l.Width)
	}
	// A number keeps its digits in order where the interface reads from the right.
	b = Layout("+33 6 12", theme.Body, Options{RTL: true})
	if got := visualOrder(b, &b.Lines[0]); !slices.IsSorted(got) {
		t.Errorf("telephone number in order %v", got)
	}
}

func TestEllipsis(t *testing.T) {
	for _, c := range []struct {
		name, text string
		lines      int
		width      float32
		want       string // what is left of the last line
		cut        bool
	}{
		{"fits", "short", 1, 100, "short", false},
		{"cut", "a rather long line", 1, 80, "a rather l", true},
		{"space before it goes", "abcd efgh", 1, 47, "abcd", true},
		{"second line", "one two three four five", 2, 60, "three f", true},
		{"second paragraph", "one\ntwo", 1, 100, "one", true},
		{"not inside an emoji", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 1, 52, "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", true},
		{"no room at all", "wide", 1, 1, "", true},
	} {
		b := Layout(c.text, theme.Body, Options{Width: c.width, MaxLines: c.lines})
		l := b.Lines[len(b.Lines)-1]
		if got := string(b.runes[l.Start:l.End]); got != c.want || b.Truncated != c.cut || len(b.Lines) > c.lines {
			t.Errorf("%s: %q in %d lines, cut %t; want %q", c.name, got, len(b.Lines), b.Truncated, c.want)
		}
		if c.want != "" && l.Width > c.width+0.1 {
			t.Errorf("%s: %v wide, allowed %v", c.name, l.Width, c.width)
		}
	}
}

// TestEllipsisSide finds the ellipsis at the end of the paragraph's direction,
// whatever the text before it tries.
func TestEllipsisSide(t *testing.T) {
	for _, c := range []struct {
		text string
		left bool
	}{
		{"a long line of words to be cut", false},
		{"abc سطر طويل من الكلمات يقطع هنا", false},
		{"سطر طويل من الكلمات يقطع هنا", true},
		{"سطر with a long line of words to be cut", true},
		{"abc \u202Edef ghi jkl mno pqr stu vwx yz", false},
		{"abc \u2067def ghi jkl mno pqr stu vwx yz", false},
	} {
		b := Layout(c.text, theme.Body, Options{Width: 120, MaxLines: 1})
		l := &b.Lines[0]
		last := l.runs[len(l.runs)-1]
		if c.left {
			last = l.runs[0]
		}
		if !b.Truncated || last.end != l.End+1 || last.level != l.base {
			t.Errorf("%q: the outer run ends at %d of %d, level %d", c.text, last.end, l.End, last.level)
		}
	}
}

// TestEmbeddingEnds shows that an override left open ends with its paragraph.
func TestEmbeddingEnds(t *testing.T) {
	b := Layout("abc \u202Edef\nghi", theme.Body, Options{})
	if r := b.Lines[1].runs; len(r) != 1 || r[0].level != 0 {
		t.Errorf("second paragraph: %d runs, level %d", len(r), r[0].level)
	}
	if r := b.Lines[0].runs; len(r) != 2 || r[1].level != 1 {
		t.Error("the override has no effect at all")
	}
}

// TestControlsInvisible: what steers direction leaves neither ink nor space.
func TestControlsInvisible(t *testing.T) {
	const controls = "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202C\u202E\u202C\u2066\u2069\u2067\u2069\u2068\u2069"
	plain, steered := Layout("ab", theme.Body, Options{}), Layout("a"+controls+"b", theme.Body, Options{})
	if plain.Width != steered.Width {
		t.Errorf("width %v with controls, %v without", steered.Width, plain.Width)
	}
	n := 0
	for _, r := range steered.Lines[0].runs {
		n += len(r.glyphs)
	}
	if n != 2 {
		t.Errorf("%d glyphs, want 2", n)
	}
	for _, c := range controls {
		if !bidi.IsControl(c) || !isInvisible(c) {
			t.Errorf("%U counts as text", c)
		}
	}
}

// TestScaledSizes: widths follow the text size exactly, also between whole dp.
func TestScaledSizes(t *testing.T) {
	one := Layout(hard[2], Style{Size: 10, LineHeight: 20}, Options{})
	for _, size := range []float32{10.4, 13.3, 15, 30} {
		b := Layout(hard[2], Style{Size: size, LineHeight: 20}, Options{})
		if want := one.Width * size / 10; b.Width < want*0.9999 || b.Width > want*1.0001 {
			t.Errorf("size %v: %v wide, want %v", size, b.Width, want)
		}
	}
}

// TestHostile lays out texts made to be slow. They take well under a second;
// the bounds leave room for a busy machine and still catch what is quadratic.
func TestHostile(t *testing.T) {
	for name, s := range map[string]string{
		"a megabyte of words":     strings.Repeat("mot مع كلمة ", 1<<20/16),
		"one long word":           strings.Repeat("a", 1<<18),
		"Arabic without spaces":   strings.Repeat("لا", 1<<16),
		"marks":                   "e" + strings.Repeat("\u0301", 20000),
		"Arabic marks":            "ب" + strings.Repeat("\u064E\u0651", 10000),
		"joined emoji":            "👩" + strings.Repeat("\u200D👩", 5000),
		"brackets":                strings.Repeat("(a[א", 20000),
		"embeddings":              strings.Repeat("\u202Ea\u2067א", 20000),
		"flags":                   strings.Repeat("🇫🇷", 10000),
		"not one letter":          strings.Repeat("\u200D\u200E", 50000),
		"a hundred thousand rows": strings.Repeat("\n", 100000),
	} {
		start := time.Now()
		b := Layout(s, theme.Body, Options{Width: 440})
		whole := time.Since(start)
		start = time.Now()
		Layout(s, theme.Body, Options{Width: 440, MaxLines: 1})
		one := time.Since(start)
		t.Logf("%-24s %7d runes %6d lines %8v, one line %8v", name, len(b.runes), len(b.Lines), whole.Round(time.Millisecond), one.Round(10*time.Microsecond))
		if whole > time.Minute || one > 10*time.Second {
			t.Errorf("%s took %v, one line %v", name, whole, one)
		}
	}
}

// TestParallel lays out and draws the same texts on several goroutines.
func TestParallel(t *testing.T) {
	want := make([]*Block, len(hard))
	for i, s := range hard {
		want[i] = Layout(s, theme.Body, Options{Width: 230})
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, s := range hard {
				b := Layout(s, theme.Body, Options{Width: 230})
				if b.Width != want[i].Width || !slices.Equal(b.adv, want[i].adv) {
					t.Errorf("%q differs", s)
				}
				if drawn(b, 1) == drawn(Layout("", theme.Body, Options{}), 1) {
					t.Errorf("%q left no ink", s)
				}
			}
		})
	}
	wg.Wait()
}

// TestEmojiGlyphs: what people see as one picture is one glyph of the emoji font.
func TestEmojiGlyphs(t *testing.T) {
	for _, s := range []string{"😀", "❤️", "☺️", "1️⃣", "#️⃣", "🇫🇷", "👋🏽", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏾‍🚀", "🏳️‍🌈", "©️"} {
		b := Layout(s, theme.Body, Options{})
		r := b.Lines[0].runs
		if len(r) != 1 || r[0].face != emoji || len(r[0].glyphs) != 1 {
			t.Errorf("%q (%+q) is %d runs of %d glyphs", s, s, len(r), len(r[0].glyphs))
		}
		if Graphemes(s) != 1 {
			t.Errorf("%q is %d graphemes", s, Graphemes(s))
		}
	}
	for _, s := range []string{"1", "#", "©", "😀\uFE0E", "→", "a"} {
		if r := Layout(s, theme.Body, Options{}).Lines[0].runs[0]; s != "😀\uFE0E" && r.face == emoji {
			t.Errorf("%+q is an emoji", s)
		}
	}
}

// TestEmojiLate: the emoji are not parsed before the first one is shown, not
// even to look for what no face has. It runs in a process of its own.
func TestEmojiLate(t *testing.T) {
	const inChild = "TACIT_TEST_EMOJI"
	if os.Getenv(inChild) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestEmojiLate$")
		cmd.Env = append(os.Environ(), inChild+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	Layout(hard[0]+hard[5]+hard[6]+"漢字 1 # © Ж", theme.Body, Options{})
	if emojiInUse.Load() {
		t.Error("emoji parsed without need")
	}
	Layout("☺", theme.Body, Options{})
	if !emojiInUse.Load() {
		t.Error("emoji not used")
	}
}

// TestCoverage: the faces have glyphs for the languages of Europe and the
// Mediterranean, in both weights.
func TestCoverage(t *testing.T) {
	const letters = "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ àâæçéèêëîïôœùûüÿ ÄÖÜß ĞğŞşİı ŁłŻżŃńŚśĆćĄąĘę ČčŘřŠšŽžŮů ŐőŰű ĂăȘșȚț " +
		"ẮắỰựƠơĐđ ΑΒΓΔΕΖΗΘ αβγδεζηθ άέήίόύώ АБВГДЕЁЖ абвгдеёж ЇїЄєҐґ " +
		"ابتثجحخدذرزسشصضطظعغفقكلمنهوي ءآأؤإئةى پچژگکی ٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ،؛؟ـ ًٌٍَُِّْ " +
		"אבגדהוזחטיכךלמםנןסעפףצץקרשת ־׳״ 0123456789 .,:;!?…'\"’‘“”«»‹›()[]{}/\\@#%&*+-–—=<>|~^_`°§€£$¥©®™•·×÷±"
	for _, semibold := range []bool{false, true} {
		b := Layout(letters, Style{Size: 15, LineHeight: 22, Semibold: semibold}, Options{})
		for _, r := range b.Lines[0].runs {
			for _, g := range r.glyphs {
				if g.id == 0 {
					t.Errorf("semibold %t: nothing for %q", semibold, string(b.runes[r.start:r.end]))
				}
			}
		}
	}
}

func FuzzLayout(f *testing.F) {
	for _, s := range hard {
		f.Add(s, float32(200), uint8(0))
	}
	f.Add("a\u0301\u202E\u2067\xff\r\n\t\u2028", float32(1), uint8(2))
	f.Add("\u0301\u200D\uFE0F👩\u200D", float32(30), uint8(1))
	f.Add(strings.Repeat("\u202A", 200)+"x", float32(0), uint8(1))
	f.Fuzz(func(t *testing.T, s string, width float32, lines uint8) {
		if len(s) > 1<<12 {
			return
		}
		b := Layout(s, theme.Body, Options{Width: width, MaxLines: int(lines), RTL: lines&1 == 1})
		if len(b.Lines) == 0 || b.Height <= 0 || lines > 0 && len(b.Lines) > int(lines) {
			t.Fatalf("%d lines, height %v", len(b.Lines), b.Height)
		}
		n := len(b.runes)
		b.Select(0, n)
		for i := 0; i <= n; i++ {
			x, y := b.Caret(i)
			if x != x || x < 0 || y < 0 || y >= b.Height {
				t.Fatalf("caret %d at %v, %v of %v", i, x, y, b.Height)
			}
			if h := b.Hit(x, y); h < 0 || h > n || b.Stop(h) != h {
				t.Fatalf("hit %d of %d", h, n)
			}
		}
		drawn(b, 1)
	})
}
