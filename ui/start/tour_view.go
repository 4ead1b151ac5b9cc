package start

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// TourView shows a Tour as a card.
type TourView struct {
	Content  *layout.Column
	OnResize func() // the content has another height

	tour        *Tour
	icon        *widget.Emblem
	title, body *widget.Label
	step        *widget.Label
	skip, back  *widget.Button
	next        *widget.Button
}

// tourScreens are the icons and words of the steps.
var tourScreens = [TourSteps]struct {
	icon        theme.IconName
	title, text string
}{
	{theme.IconSeal, "tour.title_1", "tour.text_1"},
	{theme.IconPerson, "tour.title_2", "tour.text_2"},
	{theme.IconDelivered, "tour.title_3", "tour.text_3"},
}

// tourLines is the room of the text, so that the buttons stay in their place.
const tourLines = 4

// NewTourView returns the card. It takes over t.OnChange.
func NewTourView(t *Tour) *TourView {
	v := &TourView{OnResize: func() {}, tour: t}
	v.icon = widget.NewEmblem(theme.IconSeal, theme.IconEmpty, widget.InkThird).Flush()
	label := func(style *theme.TextStyle, ink widget.Ink) *widget.Label {
		l := widget.NewLabel("", style, ink)
		l.SetAlign(text.AlignStart)
		return l
	}
	v.title = label(&theme.Title, widget.InkMain)
	v.body = label(&theme.Body, widget.InkSecond)
	v.step = label(&theme.Caption, widget.InkThird)
	v.skip = widget.NewButton(widget.ButtonText, lang.T("tour.skip"), t.Skip)
	v.back = widget.NewButton(widget.ButtonSecondary, lang.T("tour.back"), t.Back)
	v.next = widget.NewButton(widget.ButtonPrimary, "", t.Next)
	v.Content = layout.NewColumn(theme.CardMin-2*theme.CardPadding).
		AddStart(0, v.icon).
		Add(theme.Space16, v.title).
		Add(theme.Space8, &roomy{Label: v.body}).
		Add(theme.Space16, v.step).
		Add(theme.Space8, layout.NewRow().
			Add(0, v.skip).AddGrow(0, canvas.NewRectangle(color.Transparent)).Add(theme.Space16, v.back).Add(theme.Space12, v.next))
	t.OnChange = v.show
	v.show()
	return v
}

// Focusable returns what takes the keyboard first.
func (v *TourView) Focusable() fyne.Focusable { return v.next }

func (v *TourView) show() {
	s := tourScreens[v.tour.Step]
	v.icon.Set(s.icon, widget.InkThird)
	v.title.SetText(lang.T(s.title))
	v.body.SetText(lang.T(s.text))
	v.step.SetText(lang.T("tour.step", "n", v.tour.Step+1, "all", TourSteps))
	next := lang.T("tour.next")
	if v.tour.Step == TourSteps-1 {
		next = lang.T("tour.done")
	}
	v.next.SetLabel(next)
	visible(v.back, v.tour.Step > 0)
	visible(v.skip, v.tour.Step < TourSteps-1)
	v.Content.Refresh()
	v.OnResize()
}

// roomy is a text with room for its longest version.
type roomy struct{ *widget.Label }

// HeightFor implements layout.Tall.
func (r *roomy) HeightFor(width float32) float32 {
	return max(r.Label.HeightFor(width), tourLines*theme.Body.LineHeight)
}
