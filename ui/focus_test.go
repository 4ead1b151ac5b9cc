package ui

import (
	"bytes"
	"fmt"
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/ui/profiles"
	"tacit/ui/theme"
)

// controls are all that could have the keyboard under o, as the toolkit finds them.
func controls(o fyne.CanvasObject) []fyne.Focusable {
	if o == nil || !o.Visible() {
		return nil
	}
	var all []fyne.Focusable
	if f, ok := o.(fyne.Focusable); ok {
		if d, ok := o.(fyne.Disableable); !ok || !d.Disabled() {
			all = append(all, f)
		}
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			all = append(all, controls(child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			all = append(all, controls(child)...)
		}
	}
	return all
}

// walk presses Tab until the keyboard comes back to where it was first.
func walk(c fyne.Canvas) []fyne.Focusable {
	c.Unfocus()
	var chain []fyne.Focusable
	for range 500 {
		c.FocusNext()
		f := c.Focused()
		if f == nil || len(chain) > 0 && f == chain[0] {
			return chain
		}
		chain = append(chain, f)
	}
	return chain
}

// checkChain walks the screen by Tab: every control is reached once, each shows that it
// has the keyboard, and within a pane the order is that of reading.
// Of controls of one kind with the same words on several screens, one is looked at.
func checkChain(t *testing.T, s *session, root fyne.CanvasObject, least int, looked map[string]bool) {
	t.Helper()
	c := s.w.win.Canvas()
	chain := walk(c)
	reached := map[fyne.Focusable]int{}
	for _, f := range chain {
		reached[f]++
	}
	for _, f := range controls(root) {
		if reached[f] != 1 {
			t.Errorf("%T %s is reached %d times", f, words(f), reached[f])
		}
	}
	if len(chain) < least {
		t.Errorf("only %d controls are reached: %s", len(chain), list(chain))
	}
	c.Unfocus()
	before := shot(c)
	for i, f := range chain {
		c.Focus(f)
		if kind := fmt.Sprintf("%T %s", f, words(f)); !looked[kind] {
			looked[kind] = true
			if now := shot(c); bytes.Equal(now.Pix, before.Pix) {
				t.Errorf("%s does not show that it has the keyboard", kind)
			}
		}
		if i > 0 && backwards(chain[i-1], f) && !covered(s, chain[i-1]) {
			t.Errorf("%T %s comes after %T %s", f, words(f), chain[i-1], words(chain[i-1]))
		}
	}
	c.Unfocus()
}

func shot(c fyne.Canvas) *image.NRGBA { return c.Capture().(*image.NRGBA) }

// backwards reports whether b stands before a: wholly above it in the same pane, or
// before it on the same line.
func backwards(a, b fyne.Focusable) bool {
	at := func(f fyne.Focusable) (fyne.Position, fyne.Size) {
		o := f.(fyne.CanvasObject)
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
	}
	pa, sa := at(a)
	pb, sb := at(b)
	const slack = theme.Space8
	sameLine := pb.Y < pa.Y+sa.Height-slack && pa.Y < pb.Y+sb.Height-slack
	if sameLine {
		return pb.X+sb.Width <= pa.X+slack
	}
	sameColumn := pb.X < pa.X+sa.Width && pa.X < pb.X+sb.Width
	return sameColumn && pb.Y+sb.Height <= pa.Y+slack
}

// covered reports whether the details lie over a control of the thread.
func covered(s *session, f fyne.Focusable) bool {
	d := s.desk.details
	if d == nil || !d.Visible() {
		return false
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	o := f.(fyne.CanvasObject)
	pane := areaOf(at(d), d.Size())
	return areaOf(at(o), o.Size()).meet(pane).wide() > 0 && !slices.ContainsFunc(controls(d), func(c fyne.Focusable) bool { return c == f })
}

func words(f fyne.Focusable) string {
	if word := wordOf(f); word != "" {
		return fmt.Sprintf("%q", word)
	}
	return ""
}

func list(chain []fyne.Focusable) string {
	out := ""
	for _, f := range chain {
		out += fmt.Sprintf("%T %s, ", f, words(f))
	}
	return out
}

// TestEveryControlIsReachedByTab goes through every screen by the keyboard alone. A menu, and
// what else is opened for one choice, is moved in by the arrows.
func TestEveryControlIsReachedByTab(t *testing.T) {
	two := &place{all: []profiles.Entry{{Number: 1}, {Number: 2, Label: "Bureau"}}}
	looked := map[string]bool{}
	for _, sc := range screens() {
		if sc.least == 0 {
			continue
		}
		t.Run(sc.name, func(t *testing.T) {
			s, m := openOf(t, two)
			size := fyne.NewSize(900, 600)
			if sc.narrow {
				size.Width = 600
			}
			furnish(s, m)
			s.w.win.Resize(size)
			letGo(m)
			sc.show(t, s, m)
			letGo(m)
			checkChain(t, s, root(s), sc.least, looked)
		})
	}
}
