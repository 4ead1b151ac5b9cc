package text

import (
	"slices"
	"testing"

	"tacit/ui/theme"
)

// stops returns every place of a caret in a block.
func stops(b *Block) []int {
	out := []int{0}
	for i := 0; i < len(b.runes); {
		i = b.Next(i)
		out = append(out, i)
	}
	return out
}

// TestCaretRoundTrip: a click on any caret of any hard string finds it again.
func TestCaretRoundTrip(t *testing.T) {
	texts := append([]string{"", "a", "לא", "line one\nשורה\n\n", "لا إله fi ffi", "  two  spaces  ", "tab\there"}, hard...)
	for _, s := range texts {
		for _, width := range []float32{440, 150, 0} {
			b := Layout(s, theme.Body, Options{Width: width, Fill: true})
			for _, i := range stops(b) {
				x, y := b.Caret(i)
				got := b.Hit(x, y+3)
				gx, gy := b.Caret(got)
				if gy != y || gx-x > 0.02 || x-gx > 0.02 {
					t.Errorf("%q at %v: caret %d at %v, %v hits %d at %v, %v", s, width, i, x, y, got, gx, gy)
				}
			}
		}
	}
}

// TestCaretsApart: no two carets of a line with one text of the other direction
// in it stand on one place.
func TestCaretsApart(t *testing.T) {
	for _, s := range []string{"abcאבגdef", "אבגdefהוז", "abcאבג", "אבגabc", "abאב12גדef"} {
		b := Layout(s, theme.Body, Options{})
		var xs []float32
		for _, i := range stops(b) {
			x, _ := b.Caret(i)
			if slices.ContainsFunc(xs, func(o float32) bool { return o-x < 0.5 && x-o < 0.5 }) {
				t.Errorf("%q: caret %d at %v is not alone", s, i, x)
			}
			xs = append(xs, x)
		}
	}
}

// TestCaretBeside: at a seam the caret keeps to the letter just typed.
func TestCaretBeside(t *testing.T) {
	b := Layout("אבג abc", theme.Body, Options{})
	end := len(b.runes)
	plain, _ := b.Caret(end)
	typed, _ := b.CaretBeside(end, SideBefore)
	before, _ := b.CaretBeside(4, SideAfter)
	if plain != 0 {
		t.Errorf("the end of a right-to-left line is at %v", plain)
	}
	if width := b.Lines[0].runs[0].w; typed != width || before != 0 {
		t.Errorf("after c at %v, before a at %v; the word is %v wide", typed, before, width)
	}
}

func TestRTLAt(t *testing.T) {
	b := Layout("aא1ב\n", theme.Body, Options{})
	var got []bool
	for i := range b.runes {
		got = append(got, b.RTLAt(i))
	}
	if want := []bool{false, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("directions %v, want %v", got, want)
	}
}

func TestHitBeyond(t *testing.T) {
	b := Layout("abc\nאבג", theme.Body, Options{Width: 200, Fill: true})
	for _, c := range []struct {
		x, y float32
		want int
	}{
		{-10, 5, 0}, {500, 5, 3}, {500, 30, 4}, {-10, 30, 7}, {-10, -50, 0}, {500, 900, 4}, {-10, 900, 7},
	} {
		if got := b.Hit(c.x, c.y); got != c.want {
			t.Errorf("hit %v, %v: %d, want %d", c.x, c.y, got, c.want)
		}
	}
}

// TestHitWrapped: the end of a wrapped line is before the white space there.
func TestHitWrapped(t *testing.T) {
	b := Layout("one two three", theme.Body, Options{Width: 60})
	if i := b.Hit(1000, 5); i != 7 {
		t.Errorf("end of the first line is %d, want 7", i)
	}
	b = Layout("Supercalifragilistic", theme.Body, Options{Width: 60})
	i, keep := b.HitBeside(1000, 5)
	if _, y := b.CaretBeside(i, keep); i != b.Lines[0].End || y != 0 {
		t.Errorf("end of the first line is %d, shown at %v", i, y)
	}
}

// TestSelect: the rectangles of all single graphemes tile those of the whole.
func TestSelect(t *testing.T) {
	for _, s := range hard {
		b := Layout(s, theme.Body, Options{Width: 230})
		var whole, sum float32
		for _, r := range b.Select(0, len(b.runes)) {
			whole += r.W
		}
		at := stops(b)
		for k := range at[1:] {
			for _, r := range b.Select(at[k], at[k+1]) {
				sum += r.W
				if r.W < 0 || r.H != theme.Body.LineHeight {
					t.Errorf("%q: rectangle %v", s, r)
				}
			}
		}
		if whole-sum > 0.1 || sum-whole > 0.1 {
			t.Errorf("%q: graphemes cover %v, the whole %v", s, sum, whole)
		}
		if len(b.Select(3, 3)) != 0 {
			t.Error("nothing selected has rectangles")
		}
	}
}

func TestSelectSeam(t *testing.T) {
	b := Layout("abאב", theme.Body, Options{})
	r := b.Select(1, 3)
	if len(r) != 2 || r[0].X >= r[1].X || r[0].X+r[0].W >= r[1].X {
		t.Errorf("selection over a seam: %v", r)
	}
	if r := Layout("a\n\nb", theme.Body, Options{}).Select(0, 3); len(r) != 2 || r[1].W != theme.Body.Size/4 {
		t.Errorf("selection over breaks: %v", r)
	}
	if r := Layout("א\n\nב", theme.Body, Options{}).Select(0, 3); len(r) != 2 || r[0].X >= 0 || r[0].X+r[0].W != Layout("א", theme.Body, Options{}).Width {
		t.Errorf("selection over breaks from the right: %v", r)
	}
}

func TestBoundaries(t *testing.T) {
	if got := CutGraphemes("e\u0301👨‍👩‍👧‍👦x", 2); got != "e\u0301👨‍👩‍👧‍👦" {
		t.Errorf("cut to %+q", got)
	}
	if got := Shorten("abcdef", 3); got != "abc…" {
		t.Errorf("shortened to %q", got)
	}
	if got := Shorten("abc", 3); got != "abc" {
		t.Errorf("shortened to %q", got)
	}
	rs := []rune("Où est l’œuvre ?  أين الكتاب؟\nnew 👍🏽")
	for _, c := range []struct {
		at   int
		want string
	}{{0, "Où"}, {1, "Où"}, {2, " "}, {8, "l’œuvre"}, {15, "?"}, {16, "  "}, {20, "أين"}, {30, "new"}, {31, "new"}} {
		if a, b := WordAt(rs, c.at); string(rs[a:b]) != c.want {
			t.Errorf("word at %d: %q, want %q", c.at, string(rs[a:b]), c.want)
		}
	}
	var ends, starts []int
	for i := 0; i < len(rs); {
		i = NextWord(rs, i)
		ends = append(ends, i)
	}
	for i := len(rs); i > 0; {
		i = PrevWord(rs, i)
		starts = append(starts, i)
	}
	if want := []int{2, 6, 14, 21, 28, 33, 36}; !slices.Equal(ends, want) {
		t.Errorf("words end at %v, want %v", ends, want)
	}
	if want := []int{30, 22, 18, 7, 3, 0}; !slices.Equal(starts, want) {
		t.Errorf("words begin at %v, want %v", starts, want)
	}
}
