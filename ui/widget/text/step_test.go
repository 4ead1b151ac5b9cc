package text

import (
	"strings"
	"testing"

	"tacit/ui/theme"
)

// walk steps from the caret at i until it stays where it is, and calls seen for each.
func walk(t *testing.T, b *Block, i int, keep Side, right bool, seen func(from, to int, fromX, toX float32, sameLine bool)) (int, Side) {
	t.Helper()
	for range 3 * (len(b.runes) + len(b.Lines) + 1) {
		j, side := b.Step(i, keep, right)
		x, y := b.CaretBeside(i, keep)
		toX, toY := b.CaretBeside(j, side)
		if i == j && keep == side {
			return i, keep
		}
		if i == j && x == toX && y == toY { // the end of the text, kept to in another way
			return j, side
		}
		seen(i, j, x, toX, y == toY)
		i, keep = j, side
	}
	t.Errorf("%q: no end of steps", string(b.runes))
	return i, keep
}

// TestStepMovesAsItIsSeen: Right moves the caret to the right and Left to the left on every
// line of every hard string, never into a grapheme, from one end of a paragraph to the
// other; and there and back each place of a caret is reached.
func TestStepMovesAsItIsSeen(t *testing.T) {
	for _, s := range hardStrings {
		if strings.Contains(s.text, "\n") {
			continue
		}
		for _, width := range orderWidths {
			b := Layout(s.text, theme.Body, Options{Width: width, Fill: true})
			reached := map[int]bool{}
			rtl := b.Lines[0].ReadsRTL()
			i, keep := 0, SideNone
			for _, right := range []bool{!rtl, rtl} {
				i, keep = walk(t, b, i, keep, right, func(from, to int, fromX, toX float32, sameLine bool) {
					reached[from], reached[to] = true, true
					if b.Stop(to) != to {
						t.Errorf("%s at %v: a caret at %d within a grapheme", s.what, width, to)
					}
					ends := to == 0 || to == len(b.runes) // the same place, kept to by the text's own end
					hangs := ends && toX == fromX || isHanging(b.runes[min(from, to, len(b.runes)-1)])
					if sameLine && !hangs && right != (toX > fromX+0.01) {
						t.Errorf("%s at %v: right %t moves from %d at %v to %d at %v", s.what, width, right, from, fromX, to, toX)
					}
				})
				if want := map[bool]int{true: len(b.runes), false: 0}[right != rtl]; i != want {
					t.Errorf("%s at %v: the steps end at %d, want %d", s.what, width, i, want)
				}
			}
			for _, i := range stops(b) {
				if !reached[i] && !besideNothing(b, i) {
					t.Errorf("%s at %v: %d is not reached", s.what, width, i)
				}
			}
		}
	}
}

// besideNothing reports that a grapheme beside i takes no room, so that it cannot be seen
// on which side of it a caret stands.
func besideNothing(b *Block, i int) bool {
	return i > 0 && b.adv[b.Prev(i)] == 0 || i < len(b.runes) && b.adv[i] == 0
}

// TestStepThroughSeams follows the caret through a word of the other direction.
func TestStepThroughSeams(t *testing.T) {
	for _, c := range []struct {
		text        string
		right, left []int // where each step to the right, then to the left, leads
	}{
		{"ab אבג c", []int{1, 2, 3, 5, 4, 3, 7, 8}, []int{7, 6, 4, 5, 6, 2, 1, 0}},
		{"אב 12 ג", []int{6, 5, 4, 5, 2, 1, 0}, []int{1, 2, 3, 4, 3, 6, 7}},
		{"12", []int{1, 2}, []int{1, 0}},
		{"abc אבג", []int{1, 2, 3, 4, 6, 5, 4, 7}, []int{5, 6, 7, 3, 2, 1, 0}},
		{"", nil, nil},
	} {
		b := Layout(c.text, theme.Body, Options{})
		i, keep := 0, SideNone
		if b.Lines[0].ReadsRTL() {
			i = len(b.runes)
		}
		for _, dir := range []struct {
			right bool
			want  []int
		}{{true, c.right}, {false, c.left}} {
			var got []int
			i, keep = walk(t, b, i, keep, dir.right, func(_, to int, _, _ float32, _ bool) { got = append(got, to) })
			if len(got) != len(dir.want) {
				t.Errorf("%q, right %t: %v, want %v", c.text, dir.right, got, dir.want)
				continue
			}
			for k := range got {
				if got[k] != dir.want[k] {
					t.Errorf("%q, right %t: %v, want %v", c.text, dir.right, got, dir.want)
					break
				}
			}
		}
	}
}

// TestStepToOtherParagraphs goes on where one paragraph ends, as that reads.
func TestStepToOtherParagraphs(t *testing.T) {
	b := Layout("ab\nאב\n\nc", theme.Body, Options{Width: 200, Fill: true})
	for _, c := range []struct {
		i     int
		right bool
		want  int
	}{{2, true, 3}, {3, true, 2}, {5, false, 6}, {6, true, 7}, {7, false, 6}, {6, false, 5}, {8, true, 8}, {0, false, 0}} {
		if got, _ := b.Step(c.i, SideNone, c.right); got != c.want {
			t.Errorf("right %t from %d leads to %d, want %d", c.right, c.i, got, c.want)
		}
	}
}
