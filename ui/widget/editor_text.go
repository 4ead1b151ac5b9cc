package widget

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tacit/ui/widget/text"
)

// Limits of an edited text.
const (
	// undoSteps is how many steps can be taken back.
	undoSteps = 200
	// undoRunes bounds what those steps keep, in runes: four messages of the
	// greatest length, pasted and deleted.
	undoRunes = 1 << 17
)

// An editText is a text being edited: runes, selection and what can be undone.
// Indices are in runes. It draws nothing.
type editText struct {
	runes         []rune
	caret, anchor int // the selection lies between them
	oneLine       bool
	maxBytes      int // of UTF-8; 0 is no limit
	maxGraphemes  int // 0 is no limit

	undo, redo []edit
	joinable   bool // the next edit may join the last step
}

// An edit replaced removed by added at at.
type edit struct {
	at             int
	removed, added []rune
	caret, anchor  int // before it
}

func (t *editText) selection() (a, b int) { return min(t.caret, t.anchor), max(t.caret, t.anchor) }
func (t *editText) selected() string {
	a, b := t.selection()
	return string(t.runes[a:b])
}

// move puts the caret at i; the selection grows with it or vanishes.
func (t *editText) move(i int, extend bool) {
	t.caret = max(0, min(i, len(t.runes)))
	if !extend {
		t.anchor = t.caret
	}
	t.joinable = false
}

// selectSpan selects the runes from anchor to caret.
func (t *editText) selectSpan(anchor, caret int) {
	t.move(anchor, false)
	t.move(caret, true)
}

// reset takes another text, without a way back.
func (t *editText) reset(s string) {
	t.runes = t.clean(s)
	t.undo, t.redo = nil, nil
	t.move(len(t.runes), false)
}

// clean keeps of s what can be edited: no controls but line breaks and tabs,
// and in one line neither of these.
func (t *editText) clean(s string) []rune {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	out := make([]rune, 0, utf8.RuneCountInString(s))
	for _, c := range s {
		switch {
		case c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029:
			c = '\n'
		case unicode.IsControl(c) && c != '\n' && c != '\t':
			continue
		}
		if t.oneLine && (c == '\n' || c == '\t') {
			c = ' '
		}
		out = append(out, c)
	}
	return out
}

// insert puts s in the place of the selection, as much of it as the limits
// allow. It reports whether all of it went in.
func (t *editText) insert(s string) (whole bool) {
	added := t.clean(s)
	a, b := t.selection()
	fit := t.fitting(added, a, b)
	if fit > 0 || a < b && len(added) == 0 {
		t.replace(a, b, added[:fit])
	}
	return fit == len(added)
}

// fitting is how many runes of added fit in the place of those from a to b.
func (t *editText) fitting(added []rune, a, b int) int {
	if t.maxBytes == 0 && t.maxGraphemes == 0 {
		return len(added)
	}
	join := func(n int) string { return string(t.runes[:a]) + string(added[:n]) + string(t.runes[b:]) }
	fits := func(n int) bool {
		s := join(n)
		return (t.maxBytes == 0 || len(s) <= t.maxBytes) && (t.maxGraphemes == 0 || text.Graphemes(s) <= t.maxGraphemes)
	}
	if fits(len(added)) {
		return len(added)
	}
	lo, hi := 0, len(added)
	for lo < hi {
		if mid := (lo + hi + 1) / 2; fits(mid) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	// Do not leave half a letter or emoji.
	for head := string(added); lo > 0; lo-- {
		if n := text.Graphemes(string(added[:lo])); text.CutGraphemes(head, n) == string(added[:lo]) {
			break
		}
	}
	return lo
}

// remove deletes the runes from a to b.
func (t *editText) remove(a, b int) {
	if a < b {
		t.replace(a, b, nil)
	}
}

// replace is every edit.
func (t *editText) replace(a, b int, added []rune) {
	e := edit{at: a, removed: append([]rune(nil), t.runes[a:b]...), added: added, caret: t.caret, anchor: t.anchor}
	t.apply(e)
	t.redo = nil
	if n := len(t.undo) - 1; n >= 0 && t.joinable && t.undo[n].join(e) {
		return
	}
	t.undo = append(t.undo, e)
	t.joinable = true
	t.trim()
}

// apply does an edit and puts the caret after it.
func (t *editText) apply(e edit) {
	out := make([]rune, 0, len(t.runes)-len(e.removed)+len(e.added))
	out = append(out, t.runes[:e.at]...)
	out = append(out, e.added...)
	t.runes = append(out, t.runes[e.at+len(e.removed):]...)
	t.caret = e.at + len(e.added)
	t.anchor = t.caret
}

// join makes one step of typing on within a word, or of deleting on, and
// reports whether next was taken in.
func (e *edit) join(next edit) bool {
	typing := len(e.removed) == 0 && len(next.removed) == 0 && len(next.added) == 1 && next.at == e.at+len(e.added)
	deleting := len(e.added) == 0 && len(next.added) == 0
	switch {
	case typing:
		last := e.added[len(e.added)-1]
		if unicode.IsSpace(last) && !unicode.IsSpace(next.added[0]) {
			return false
		}
		e.added = append(e.added[:len(e.added):len(e.added)], next.added...)
		return true
	case deleting && next.at+len(next.removed) == e.at:
		e.at, e.removed = next.at, append(append([]rune(nil), next.removed...), e.removed...)
		return true
	case deleting && next.at == e.at:
		e.removed = append(e.removed, next.removed...)
		return true
	}
	return false
}

// trim forgets the oldest steps beyond the limits.
func (t *editText) trim() {
	kept, from := 0, len(t.undo)
	for from > 0 && len(t.undo)-from < undoSteps {
		e := &t.undo[from-1]
		if kept += len(e.removed) + len(e.added); kept > undoRunes {
			break
		}
		from--
	}
	t.undo = t.undo[from:]
}

// undoStep takes the last step back.
func (t *editText) undoStep() bool {
	n := len(t.undo) - 1
	if n < 0 {
		return false
	}
	e := t.undo[n]
	t.undo = t.undo[:n]
	t.apply(edit{at: e.at, removed: e.added, added: e.removed})
	t.redo = append(t.redo, e)
	t.caret, t.anchor, t.joinable = e.caret, e.anchor, false
	return true
}

// redoStep does again what was taken back last.
func (t *editText) redoStep() bool {
	n := len(t.redo) - 1
	if n < 0 {
		return false
	}
	e := t.redo[n]
	t.redo = t.redo[:n]
	t.apply(e)
	t.undo = append(t.undo, e)
	t.joinable = false
	return true
}
