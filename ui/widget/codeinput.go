package widget

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// CodeInput takes the six digits of a pairing code, in six boxes that are one control.
// It understands Western, Arabic-Indic and Persian digits, typed or pasted, and passes
// over spaces and dashes. It sends nothing by itself: there is one attempt.
type CodeInput struct {
	fynewidget.BaseWidget
	OnChanged   func(code string) // after each change; the digits so far
	OnComplete  func()            // after the sixth digit: move the focus to the button
	OnSubmitted func()            // Enter with six digits

	code     string
	focused  bool
	disabled bool
}

// NewCodeInput returns empty boxes.
func NewCodeInput() *CodeInput {
	c := &CodeInput{}
	c.ExtendBaseWidget(c)
	return c
}

// Code returns the digits so far, 0 to 9.
func (c *CodeInput) Code() string { return c.code }

// Complete reports whether all six are there.
func (c *CodeInput) Complete() bool { return len(c.code) == codeDigits }

// Clear empties the boxes.
func (c *CodeInput) Clear() { c.set("") }

// Disabled reports whether digits are refused.
func (c *CodeInput) Disabled() bool { return c.disabled }

// Enable takes digits again.
func (c *CodeInput) Enable() {
	c.disabled = false
	c.Refresh()
}

// Disable refuses digits; those that are there stay readable.
func (c *CodeInput) Disable() {
	c.disabled = true
	c.Refresh()
}

func (c *CodeInput) set(code string) {
	if c.code == code {
		return
	}
	grown := len(code) > len(c.code)
	c.code = code
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(code)
	}
	if grown && c.Complete() && c.OnComplete != nil {
		c.OnComplete()
	}
}

// digit returns the value of a decimal digit of the scripts that are taken.
func digit(r rune) (byte, bool) {
	for _, zero := range []rune{'0', '٠', '۰'} { // Western, Arabic-Indic, Persian
		if r >= zero && r <= zero+9 {
			return byte('0' + r - zero), true
		}
	}
	return 0, false
}

func (c *CodeInput) TypedRune(r rune) {
	if d, ok := digit(r); ok && !c.disabled && !c.Complete() {
		c.set(c.code + string(d))
	}
}

func (c *CodeInput) TypedKey(e *fyne.KeyEvent) {
	if c.disabled {
		return
	}
	switch e.Name {
	case fyne.KeyBackspace:
		if c.code != "" {
			c.set(c.code[:len(c.code)-1])
		}
	case fyne.KeyDelete:
		c.set("")
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.Complete() && c.OnSubmitted != nil {
			c.OnSubmitted()
		}
	default:
		PassKey(c, e)
	}
}

func (c *CodeInput) TypedShortcut(s fyne.Shortcut) {
	if p, ok := s.(*fyne.ShortcutPaste); ok && !c.disabled {
		c.paste(p.Clipboard.Content())
	}
}

// paste replaces the code by the first six digits of text, if it has that many.
func (c *CodeInput) paste(text string) {
	var b strings.Builder
	for _, r := range text {
		if d, ok := digit(r); ok && b.Len() < codeDigits {
			b.WriteByte(d)
		}
	}
	if b.Len() == codeDigits {
		c.set("")
		c.set(b.String())
	}
}

func (c *CodeInput) FocusGained() {
	c.focused = true
	revealFocused(c)
	c.Refresh()
}

func (c *CodeInput) FocusLost() {
	c.focused = false
	c.Refresh()
}

func (c *CodeInput) Tapped(*fyne.PointEvent) {
	if cv := canvasOf(c); cv != nil && !c.disabled {
		cv.Focus(c)
	}
}

func (c *CodeInput) Cursor() desktop.Cursor { return desktop.TextCursor }

const (
	codeBoxWidth float32 = 46
	codeBoxGap   float32 = theme.Space8
	codeMidGap   float32 = 28
)

func codeBoxSize() fyne.Size {
	digit := ceil(theme.CodeTyped.Size * 0.6) // all digits of the font are that wide
	return fyne.NewSize(max(codeBoxWidth, digit+theme.Space12), theme.CodeTyped.LineHeight+theme.Space16)
}

// CreateRenderer implements fyne.Widget.
func (c *CodeInput) CreateRenderer() fyne.WidgetRenderer {
	boxes, digits := make([]*canvas.Rectangle, codeDigits), make([]*words, codeDigits)
	var objects []fyne.CanvasObject
	for i := range boxes {
		boxes[i], digits[i] = box(theme.RadiusField), newWords()
		objects = append(objects, boxes[i], digits[i].raster)
	}
	caret := box(1)
	objects = append(objects, caret)
	update := func() {
		p := theme.Current()
		at := min(len(c.code), codeDigits-1)
		for i, b := range boxes {
			edge, width := p.Field, theme.FieldEdge
			if c.focused && i == at {
				edge, width = p.Accent, theme.FocusEdge
			}
			ground, ink := p.Surface, p.Ink
			if c.disabled {
				ground, edge, ink = p.List, p.Hairline, p.Ink2
			}
			paint(b, ground, edge, width)
			s := ""
			if i < len(c.code) {
				s = c.code[i : i+1]
			}
			digits[i].set(s, theme.CodeTyped, ink)
		}
		paint(caret, p.Accent, transparent, 0)
		show(caret, c.focused && !c.Complete() && !c.disabled)
	}
	const gaps = (codeDigits-2)*codeBoxGap + codeMidGap
	minSize := func() fyne.Size {
		one := codeBoxSize()
		return fyne.NewSize(codeDigits*one.Width+gaps, one.Height)
	}
	place := func(s fyne.Size) {
		one := codeBoxSize()
		one.Width = min(one.Width, (s.Width-gaps)/codeDigits)
		x := theme.Start(0, codeDigits*one.Width+gaps, s.Width)
		y := (s.Height - one.Height) / 2
		scale := deviceScale(c)
		for i, b := range boxes {
			b.Move(fyne.NewPos(snap(x, scale), snap(y, scale)))
			b.Resize(one)
			line := theme.CodeTyped.LineHeight
			digits[i].putLTR(x+(one.Width-digits[i].natural())/2, y+(one.Height-line)/2)
			if i == len(c.code) {
				h := whole(theme.CodeTyped.Size * 0.9)
				caret.Move(fyne.NewPos(snap(x+one.Width/2-1, scale), snap(y+(one.Height-h)/2, scale)))
				caret.Resize(fyne.NewSize(theme.FocusEdge, h))
			}
			x += one.Width + codeBoxGap
			if i == codeDigits/2-1 {
				x += codeMidGap - codeBoxGap
			}
		}
	}
	return newParts(c, update, minSize, place, objects...)
}

func whole(v float32) float32 { return float32(int(v + 0.5)) }
