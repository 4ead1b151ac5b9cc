package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
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

const (
	codePitch   float32 = 46  // from digit to digit at normal text size
	digitsApart float32 = 1.1 // least pitch against the width of a digit
)

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
	pitch := func() float32 { return max(codePitch, ceil(digits[0].natural()*digitsApart)) }
	minSize := func() fyne.Size {
		return fyne.NewSize(codeDigits*pitch()+theme.CodeGap+2*theme.Space12, theme.Code.LineHeight+theme.Space20)
	}
	place := func(s fyne.Size) {
		fill(plate, s, 0)
		const gap = theme.CodeGap
		update()
		pitch := min(pitch(), (s.Width-2*theme.Space12-gap)/codeDigits)
		if wide := digits[0].natural() * digitsApart; wide > pitch { // large text in a narrow window
			for _, d := range digits {
				style := theme.Code
				style.Size *= pitch / wide
				d.set(d.s, style, d.colour)
			}
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

// group is the width of five digits, which all have the same.
func (n *SafetyNumber) group() float32 {
	return ceil(text.Layout("00000", theme.Safety, text.Options{}).Width)
}

// inRow is how many groups stand in a row: four, or fewer where large text leaves no
// room for that.
func (n *SafetyNumber) inRow(width float32) int {
	fit := int((width + theme.Space8) / (n.group() + theme.Space8))
	for _, k := range []int{safetyRow, 3, 2} {
		if fit >= k {
			return k
		}
	}
	return 1
}

// HeightFor returns the height at a width.
func (n *SafetyNumber) HeightFor(width float32) float32 {
	rows := safetyDigits / safetyGroup / n.inRow(width)
	return float32(rows) * theme.Safety.LineHeight
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
	minSize := func() fyne.Size {
		return fyne.NewSize(2*n.group()+theme.Space8, n.HeightFor(widthOf(n)))
	}
	place := func(s fyne.Size) {
		inRow, group := n.inRow(s.Width), n.group()
		pitch := group + theme.Space16
		if inRow > 1 {
			pitch = min(pitch, (s.Width-group)/float32(inRow-1))
		}
		left := theme.Start(0, group+float32(inRow-1)*pitch, s.Width)
		for i, g := range groups {
			g.putLTR(left+float32(i%inRow)*pitch, float32(i/inRow)*theme.Safety.LineHeight)
		}
	}
	return newParts(n, update, minSize, place, objects...)
}
