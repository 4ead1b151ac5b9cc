package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// align says where in its room a line of interface text stands.
type align int

const (
	alignStart align = iota
	alignCentre
	alignEnd
)

// words is one line of interface text inside a control.
type words struct {
	*canvas.Text
	style theme.TextStyle
}

func newWords() *words { return &words{Text: canvas.NewText("", transparent)} }

func (w *words) set(s string, style theme.TextStyle, c color.NRGBA) {
	w.Text.Text, w.Text.Color, w.style = s, c, style
	w.TextSize, w.TextStyle = style.Size, fyne.TextStyle{Bold: style.Semibold}
	w.Text.Refresh()
}

// natural is the width of the whole line.
func (w *words) natural() float32 { return w.Text.MinSize().Width }

// put places the line at x, y in a room of the given length inside a box of width.
func (w *words) put(x, y, length, width float32, a align) {
	n := min(w.natural(), length)
	switch a {
	case alignCentre:
		x += (length - n) / 2
	case alignEnd:
		x += length - n
	}
	h := w.Text.MinSize().Height
	put(w.Text, x, y+(w.style.LineHeight-h)/2, n, h, width)
}

// putLTR places the line at left, y whatever the direction of the interface: codes and
// numbers are never mirrored.
func (w *words) putLTR(left, y float32) {
	h := w.Text.MinSize().Height
	s := deviceScale(w.Text)
	w.Text.Move(fyne.NewPos(snap(left, s), snap(y+(w.style.LineHeight-h)/2, s)))
	w.Text.Resize(fyne.NewSize(w.natural(), h))
}
