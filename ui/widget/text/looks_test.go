package text

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"tacit/ui/theme"
)

// shapes returns the glyph at each rune of a block.
func shapes(b *Block) map[int]uint32 {
	out := map[int]uint32{}
	for _, l := range b.Lines {
		for _, r := range l.runs {
			for _, g := range r.glyphs {
				out[int(g.cluster)] = g.id
			}
		}
	}
	return out
}

// TestLooksKeepArabicJoined: a hit or a weight within a word must not give its letters
// the forms they have alone.
func TestLooksKeepArabicJoined(t *testing.T) {
	const word = "كتابة المستندات"
	whole := shapes(Layout(word, theme.Body, Options{}))
	bold := theme.Body
	bold.Semibold = true
	wholeBold := shapes(Layout(word, bold, Options{}))
	for _, look := range []Look{Marked, Linked | Struck, Bold, Slanted} {
		for at := range 14 {
			b := Layout(word, theme.Body, Options{Spans: []Span{{at, at + 1, look}}})
			for i, id := range shapes(b) {
				want := whole[i]
				if i == at && look&(Bold|Slanted) != 0 {
					want = wholeBold[i]
				}
				if id != want && []rune(word)[i] != 'ا' { // alef may join into one glyph with lam
					t.Errorf("look %d at %d: rune %d has glyph %d, joined it has %d", look, at, i, id, want)
				}
			}
		}
	}
}

func TestLooksOfColourMoveNothing(t *testing.T) {
	const s = "see https://example.org/a for الملف الأخير and more of it, twice over"
	plain := Layout(s, theme.Body, Options{Width: 200})
	looked := Layout(s, theme.Body, Options{Width: 200, Spans: []Span{{4, 25, Linked}, {30, 40, Marked | Boxed | Struck}}})
	if plain.Width != looked.Width || len(plain.Lines) != len(looked.Lines) {
		t.Fatalf("%v wide, plain %v", looked.Width, plain.Width)
	}
	for i := range plain.Runes() {
		px, py := plain.Caret(i)
		x, y := looked.Caret(i)
		if px != x || py != y {
			t.Errorf("caret %d at %v, %v, plain %v, %v", i, x, y, px, py)
		}
	}
}

func TestLinksAreDrawnInTheirColour(t *testing.T) {
	b := Layout("a bbb c", theme.Body, Options{Spans: []Span{{2, 5, Linked}}})
	img := image.NewRGBA(image.Rect(0, 0, round(b.Width), round(b.Height)))
	b.DrawLinks(img, 0, 0, 1, color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255})
	from, _ := b.Caret(2)
	to, _ := b.Caret(5)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			c := img.RGBAAt(x, y)
			inside := float32(x) >= from-1 && float32(x) <= to+1
			if c.B > 0 && !inside || c.R > 0 && inside && float32(x) > from+1 && float32(x) < to-1 {
				t.Fatalf("pixel %d, %d is %v, the link is from %v to %v", x, y, c, from, to)
			}
		}
	}
}

func TestPanels(t *testing.T) {
	const s = "نص قبل\nx := \"مرحبا\"; y()\nif z {\nبعد"
	rs := []rune(s)
	from := strings.IndexRune(s, 'x')
	from = len([]rune(s[:from]))
	to := len(rs) - 4
	b := Layout(s, theme.Body, Options{Width: 300, Panels: []Panel{{From: from, To: to, Code: true}}})
	if len(b.Panels()) != 1 || len(b.Lines) != 4 {
		t.Fatalf("%d panels, %d lines", len(b.Panels()), len(b.Lines))
	}
	p, line := b.Panels()[0], theme.Body.LineHeight
	if p.Y != line || p.H != 2*line+2*CodePadY || p.W != b.Width {
		t.Errorf("the panel is %+v in a block %v wide", p, b.Width)
	}
	if b.Height != 4*line+2*CodePadY {
		t.Errorf("%v high", b.Height)
	}
	for _, l := range b.Lines[1:3] {
		if l.RTL || l.X != CodePadX {
			t.Errorf("code at %v, from the right: %v", l.X, l.RTL)
		}
	}
	if !b.Lines[0].RTL || !b.Lines[3].RTL {
		t.Error("the text around code does not read from the right")
	}
	for i := range rs {
		x, y := b.Caret(i)
		if got := b.lineAt(y + line/2); got != b.Line(i) || x < 0 || x > b.Width {
			t.Errorf("caret %d at %v, %v is on line %d, want %d", i, x, y, got, b.Line(i))
		}
	}
}

func TestQuotePanelStandsAtItsOwnStart(t *testing.T) {
	b := Layout("one line\nسطر آخر", theme.Body, Options{Width: 300, Panels: []Panel{{From: 0, To: 8}, {From: 9, To: 16}}})
	p := b.Panels()
	if len(p) != 2 || p[0].RTL || !p[1].RTL {
		t.Fatalf("%+v", p)
	}
	if b.Lines[0].X != QuoteIndent {
		t.Errorf("the first is at %v", b.Lines[0].X)
	}
	if end := b.Lines[1].X + b.Lines[1].Width; end > b.Width-QuoteIndent+0.01 {
		t.Errorf("the second ends at %v of %v", end, b.Width)
	}
}

func TestCodeIsMonospaced(t *testing.T) {
	b := Layout("iiiiWWWW", theme.Body, Options{Spans: []Span{{0, 8, Mono}}})
	x4, _ := b.Caret(4)
	if d := x4*2 - b.Width; d > 0.01 || d < -0.01 {
		t.Errorf("four i take %v of %v", x4, b.Width)
	}
}

func TestLooksLooks(t *testing.T) {
	const s = "bold slanted both struck code link الكتابة المائلة Ελλάδα κείμενο\nfunc main() {\n\tprintln(\"مرحبا\")\n}\nquoted by somebody"
	at := func(part string) Span {
		i := strings.Index(s, part)
		from := len([]rune(s[:i]))
		return Span{From: from, To: from + len([]rune(part))}
	}
	look := func(part string, l Look) Span { sp := at(part); sp.Look = l; return sp }
	code, quote := at("func main() {\n\tprintln(\"مرحبا\")\n}"), at("quoted by somebody")
	b := Layout(s, theme.Body, Options{Width: 420, Spans: []Span{
		look("bold", Bold), look("slanted", Slanted), look("both", Bold|Slanted), look("struck", Struck),
		look("code", Mono), look("link", Linked), look("المائلة", Slanted), look("κείμενο", Slanted), {code.From, code.To, Mono},
	}, Panels: []Panel{{code.From, code.To, true}, {quote.From, quote.To, false}}})
	golden(t, "looks", picture(b, 1.5, color.NRGBA{255, 255, 255, 255}, color.NRGBA{A: 255}))
}
