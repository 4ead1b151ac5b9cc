package widget

import (
	"image"
	"slices"
	"sort"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// hostile are names that try to turn what stands beside them.
var hostile = []string{
	"\u202Eevil", "\u202Dشرير", "a\u202E", "\u202Bnam\u202Ae", "\u2067open", "\u2066فتح", "\u2068", "end\u2069", "\u2069\u202Eend\u2069\u2069",
	"\u2067\u2067\u2067\u202E\u202E", "\u200Fright", "\u061C12", "شرير (", "evil)", "12", "\u202E\u2066\u2069\u2069\u2069 a", "שלום: -",
}

// TestValuesTurnNothing fills every sentence of each language with hostile values: what
// the sentence itself says stays in the order it has around a harmless one, and what the
// value says stays together.
func TestValuesTurnNothing(t *testing.T) {
	t.Cleanup(func() { lang.Use("en") })
	sentences := 0
	for _, l := range lang.Languages() {
		lang.Use(l.Tag)
		for _, key := range lang.Keys() {
			of := lang.T(key)
			names := placeholdersOf(of)
			if len(names) == 0 {
				continue
			}
			sentences++
			want, _ := orderAround(t, key, names, "x")
			for _, name := range hostile {
				got, together := orderAround(t, key, names, name)
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s is turned by %q", l.Tag, key, name)
				}
				if !together {
					t.Errorf("%s: %s takes %q apart", l.Tag, key, name)
				}
			}
		}
	}
	if sentences < 150 {
		t.Errorf("%d sentences with values", sentences)
	}
}

// TestJoinedValuesBeginAtTheRight holds what is only values beside one another to the
// direction of Arabic: without a letter of its own, such a sentence would read from the left.
func TestJoinedValuesBeginAtTheRight(t *testing.T) {
	t.Cleanup(func() { lang.Use("en") })
	lang.Use("ar")
	joined := 0
	for _, key := range lang.Keys() {
		of := lang.T(key)
		if !strings.Contains(of, " · ") && !strings.Contains(of, "} {") {
			continue
		}
		joined++
		var args []any
		for _, name := range placeholdersOf(of) {
			args = append(args, name, "نعم")
		}
		b := text.Layout(lang.T(key, args...), theme.Body, text.Options{RTL: true})
		if !b.Lines[0].ReadsRTL() {
			t.Errorf("%s reads from the left", key)
		}
	}
	if joined < 8 {
		t.Errorf("%d sentences of values beside one another", joined)
	}
}

// placeholdersOf finds the {names} in a sentence.
func placeholdersOf(s string) (names []string) {
	for {
		_, rest, found := strings.Cut(s, "{")
		if !found {
			return names
		}
		name, after, _ := strings.Cut(rest, "}")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		s = after
	}
}

// orderAround fills all placeholders of a sentence with a value and returns the sentence's
// own letters from left to right, by their place in it, and whether each value is seen in
// one piece.
func orderAround(t *testing.T, key string, names []string, value string) (order []int, together bool) {
	t.Helper()
	var args []any
	for _, n := range names {
		args = append(args, n, value)
	}
	b := text.Layout(lang.T(key, args...), theme.Body, text.Options{RTL: lang.RTL()})
	type letter struct {
		own int
		x   float32
	}
	var letters []letter
	together = true
	own, depth, from := 0, 0, 0
	for i, c := range b.Runes() {
		switch {
		case c == '\u2068':
			if depth++; depth == 1 {
				from = i
			}
		case c == '\u2069':
			if depth--; depth == 0 && len(b.Select(from, i+1)) > 1 {
				together = false
			}
		case depth == 0:
			if r := b.Select(i, i+1); len(r) == 1 && r[0].W > 0 {
				letters = append(letters, letter{own, r[0].X})
			}
			own++
		}
	}
	sort.SliceStable(letters, func(i, j int) bool { return letters[i].x < letters[j].x })
	for _, l := range letters {
		order = append(order, l.own)
	}
	return order, together
}

// TestHostileNamesMoveNothingBeside: in a row of the list, what
// stands beside a hostile name or text is drawn to the last pixel as beside a harmless one.
func TestHostileNamesMoveNothingBeside(t *testing.T) {
	test.NewTempApp(t)
	t.Cleanup(func() { theme.SetRTL(false) })
	const width = 304
	row := func(name, last string) image.Image {
		r := NewChatRow(ChatItem{Name: name, Time: "12:34", Prefix: "Draft:", Last: last, Trust: NoTrust, Unread: 7})
		w := test.NewTempWindow(t, r)
		w.SetPadded(false)
		w.Resize(fyne.NewSize(width, theme.RowHeight()))
		return w.Canvas().Capture()
	}
	end, second := 60, int(theme.RowHeight()/2) // the time stands at the end, the last line below
	for _, rtl := range []bool{false, true} {
		theme.SetRTL(rtl)
		harmless := row("Claire", "text")
		times := image.Rect(width-end, 0, width, second)
		words := image.Rect(72, second+5, 72+32, 2*second-4) // Draft:
		if rtl {
			times, words = image.Rect(0, 0, end, second), image.Rect(width-72-32, second+5, width-72, 2*second-4)
		}
		for _, s := range hostile {
			for _, beside := range []image.Rectangle{times, words} {
				if !samePixels(harmless, row(s+" name", "text"), beside) || !samePixels(harmless, row("Claire", s+" text"), beside) {
					t.Errorf("%q, from right to left %t: what stands beside it at %v is another", s, rtl, beside)
				}
			}
		}
	}
}

// samePixels compares a part of two pictures, which must hold something to compare.
func samePixels(a, b image.Image, part image.Rectangle) bool {
	ink := false
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			ink = ink || a.At(x, y) != a.At(part.Min.X, part.Min.Y)
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return ink
}
