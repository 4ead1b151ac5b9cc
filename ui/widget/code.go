package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// codeDigits is the length of a pairing code, in two groups.
const codeDigits = 6

// CodeView shows a pairing code to be read aloud, in big digits. Codes run from left to
// right in every language.
type CodeView struct {
	fynewidget.BaseWidget
	code string
}

// NewCodeView returns a view without a code: six dashes.
func NewCodeView() *CodeView {
	v := &CodeView{}
	v.ExtendBaseWidget(v)
	return v
}

// SetCode shows six digits; "" shows that there is no code yet.
func (v *CodeView) SetCode(code string) {
	if v.code != code {
		v.code = code
		v.Refresh()
	}
}

const codePitch float32 = 46 // from digit to digit at normal text size

// CreateRenderer implements fyne.Widget.
func (v *CodeView) CreateRenderer() fyne.WidgetRenderer {
	plate := box(theme.RadiusBox)
	digits := make([]*words, codeDigits)
	objects := []fyne.CanvasObject{plate}
	for i := range digits {
		digits[i] = newWords()
		objects = append(objects, digits[i].raster)
	}
	update := func() {
		p := theme.Current()
		paint(plate, p.List, transparent, 0)
		for i, d := range digits {
			s, ink := "–", p.Ink3
			if len(v.code) == codeDigits {
				s, ink = v.code[i:i+1], p.Ink
			}
			d.set(s, theme.Code, ink)
		}
	}
	length := func() float32 { return codeDigits*codePitch*theme.Scale() + theme.CodeGap }
	minSize := func() fyne.Size {
		return fyne.NewSize(length()+2*theme.Space12, theme.Code.LineHeight+theme.Space20)
	}
	place := func(s fyne.Size) {
		fill(plate, s, 0)
		pitch, gap := codePitch*theme.Scale(), theme.CodeGap
		if room := s.Width - 2*theme.Space12; length() > room {
			pitch = (room - gap) / codeDigits
		}
		x := (s.Width - codeDigits*pitch - gap) / 2
		for i, d := range digits {
			if i == codeDigits/2 {
				x += gap
			}
			d.putLTR(x+(pitch-d.natural())/2, (s.Height-theme.Code.LineHeight)/2)
			x += pitch
		}
	}
	return newParts(v, update, minSize, place, objects...)
}

// SafetyNumber shows 60 digits as three rows of four groups, left to right.
type SafetyNumber struct {
	fynewidget.BaseWidget
	number string
}

const (
	safetyDigits = 60
	safetyGroup  = 5
	safetyRow    = 4 // groups
)

// NewSafetyNumber returns an empty view.
func NewSafetyNumber() *SafetyNumber {
	n := &SafetyNumber{}
	n.ExtendBaseWidget(n)
	return n
}

// SetNumber shows 60 digits without spaces; anything else shows nothing.
func (n *SafetyNumber) SetNumber(digits string) {
	if n.number != digits {
		n.number = digits
		n.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (n *SafetyNumber) CreateRenderer() fyne.WidgetRenderer {
	groups := make([]*words, safetyDigits/safetyGroup)
	objects := make([]fyne.CanvasObject, len(groups))
	for i := range groups {
		groups[i] = newWords()
		objects[i] = groups[i].raster
	}
	update := func() {
		for i, g := range groups {
			s := ""
			if len(n.number) == safetyDigits {
				s = n.number[i*safetyGroup : (i+1)*safetyGroup]
			}
			g.set(s, theme.Safety, theme.Current().Ink)
		}
	}
	rows := float32(len(groups) / safetyRow)
	minSize := func() fyne.Size {
		w := float32(0)
		for _, g := range groups {
			w = max(w, g.natural())
		}
		return fyne.NewSize(safetyRow*w+(safetyRow-1)*theme.Space8, rows*theme.Safety.LineHeight)
	}
	place := func(s fyne.Size) {
		m := minSize()
		group := (m.Width - (safetyRow-1)*theme.Space8) / safetyRow
		pitch := min(group+theme.Space16, (s.Width-group)/(safetyRow-1))
		block := group + (safetyRow-1)*pitch
		left := theme.Start(0, block, s.Width)
		for i, g := range groups {
			g.putLTR(left+float32(i%safetyRow)*pitch, float32(i/safetyRow)*theme.Safety.LineHeight)
		}
	}
	return newParts(n, update, minSize, place, objects...)
}
