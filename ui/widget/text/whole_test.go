package text

import "testing"

// TestWhole: a word longer than its line is set smaller, but no smaller than allowed, and
// what fits is left alone.
func TestWhole(t *testing.T) {
	st := Style{Size: 30, LineHeight: 44}
	word := "Verschlüsselung"
	whole := Layout(word, st, Options{}).Width
	if b := Whole(word, st, Options{Width: whole}, 0.5); b.Broken() || b.style.Size != 30 {
		t.Errorf("what fits is set in %v", b.style.Size)
	}
	b := Whole(word, st, Options{Width: whole * 0.7}, 0.5)
	if b.Broken() || b.style.Size >= 30 || b.style.Size < 15 || b.Height != 44 {
		t.Errorf("set in %v, %v high, broken %t", b.style.Size, b.Height, b.Broken())
	}
	if b := Whole(word, st, Options{Width: whole * 0.2}, 0.5); !b.Broken() || b.style.Size != 15 {
		t.Errorf("without room set in %v, broken %t", b.style.Size, b.Broken())
	}
	if b := Whole("one two three", st, Options{Width: 100}, 0.5); b.style.Size != 30 {
		t.Errorf("lines that wrap are set in %v", b.style.Size)
	}
	if b := Whole("one two", st, Options{Width: 70, MaxLines: 1}, 0.5); b.Truncated || b.style.Size >= 30 {
		t.Errorf("a single line is cut, in %v", b.style.Size)
	}
}
