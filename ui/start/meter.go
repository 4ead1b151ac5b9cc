package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/text"
)

const (
	meterSteps  = 4
	meterWidth  = 48
	meterHeight = 4
)

// meter shows a strength as bars and a word.
type meter struct {
	fynewidget.BaseWidget
	strength Strength
	word     *widget.Label
	bars     [meterSteps]*canvas.Rectangle
}

func newMeter() *meter {
	m := &meter{word: widget.NewLabel("", &theme.Caption, widget.InkSecond)}
	m.word.SetAlign(text.AlignStart)
	m.word.SetMaxLines(1)
	for i := range m.bars {
		m.bars[i] = canvas.NewRectangle(theme.Current().Hairline)
		m.bars[i].CornerRadius = meterHeight / 2
	}
	m.ExtendBaseWidget(m)
	return m
}

func (m *meter) set(s Strength) {
	if s == m.strength {
		return
	}
	m.strength = s
	words := [...]string{"", lang.T("start.strength_1"), lang.T("start.strength_2"), lang.T("start.strength_3"), lang.T("start.strength_4")}
	m.word.SetText(words[s])
	m.Refresh()
}

func (m *meter) CreateRenderer() fyne.WidgetRenderer { return &meterRenderer{m} }

type meterRenderer struct{ m *meter }

func (r *meterRenderer) Destroy() {}

func (r *meterRenderer) MinSize() fyne.Size { return fyne.NewSize(1, theme.Caption.LineHeight) }

func (r *meterRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.m.word}
	for _, b := range r.m.bars {
		objects = append(objects, b)
	}
	return objects
}

func (r *meterRenderer) Layout(s fyne.Size) {
	x := float32(0)
	y := float32(int((s.Height - meterHeight) / 2))
	room := s.Width - r.m.word.NaturalWidth() - theme.Space8 - 1
	bar := min(meterWidth, max(theme.Space12, float32(int(room/meterSteps-theme.Space4))))
	for _, b := range r.m.bars {
		b.Move(fyne.NewPos(theme.Start(x, bar, s.Width), y))
		b.Resize(fyne.NewSize(bar, meterHeight))
		x += bar + theme.Space4
	}
	x += theme.Space8
	w := max(1, s.Width-x)
	r.m.word.Move(fyne.NewPos(theme.Start(x, w, s.Width), 0))
	r.m.word.Resize(fyne.NewSize(w, s.Height))
}

func (r *meterRenderer) Refresh() {
	p := theme.Current()
	for i, b := range r.m.bars {
		b.FillColor = p.Hairline
		if Strength(i) < r.m.strength {
			b.FillColor = p.Accent
		}
		b.Refresh()
	}
	r.m.word.Refresh()
	r.Layout(r.m.Size())
}

// inPlaceOfHint stands the meter on the line that a field keeps for its hint.
type inPlaceOfHint struct {
	field *widget.PassphraseField
	meter *meter
}

// HeightFor is what a column asks for.
func (l inPlaceOfHint) HeightFor(float32) float32 { return l.field.MinSize().Height }

func (l inPlaceOfHint) MinSize([]fyne.CanvasObject) fyne.Size { return l.field.MinSize() }

func (l inPlaceOfHint) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	l.field.Resize(s)
	h := theme.Caption.LineHeight
	l.meter.Move(fyne.NewPos(0, s.Height-h))
	l.meter.Resize(fyne.NewSize(s.Width, h))
}
