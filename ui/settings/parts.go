package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

func line(s string, style *theme.TextStyle, ink widget.Ink) *widget.Label {
	l := widget.NewLabel(s, style, ink)
	l.SetAlign(text.AlignStart)
	return l
}

func heading(s string) *widget.Label { return line(s, &theme.SmallBold, widget.InkMain) }

// why is a sentence about what stands above it.
func why(s string) *widget.Label { return line(s, &theme.Small, widget.InkSecond) }

// atLine stands an icon beside the first line of text in a style, however large that is.
type atLine struct{ style *theme.TextStyle }

func beside(icon *widget.Emblem, style *theme.TextStyle) *fyne.Container {
	return container.New(atLine{style}, icon)
}

func (l atLine) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[0].MinSize()
	return fyne.NewSize(m.Width, max(m.Height, l.style.LineHeight))
}

func (l atLine) Layout(o []fyne.CanvasObject, s fyne.Size) {
	m := o[0].MinSize()
	o[0].Move(fyne.NewPos(0, float32(int((s.Height-m.Height)/2))))
	o[0].Resize(m)
}

// column is what a section consists of.
func column() *layout.Column { return layout.NewColumn(1) }

func enable(b *widget.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

func visible(o fyne.CanvasObject, on bool) {
	if o.Visible() == on {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
