package settings

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// View shows name and appearance as a card.
type View struct {
	Content  fyne.CanvasObject
	OnResize func() // the content has another height

	name     *Name
	look     *Appearance
	sentence func(error) string

	field   *widget.Field
	save    *widget.Button
	modes   *widget.Tabs
	size    *widget.Label
	smaller *widget.Button
	larger  *widget.Button
	still   *fynewidget.Check
	failed  *widget.Label
	column  *layout.Column
}

// NewView returns the card. It takes over n.OnChange; call Update when the look changed.
func NewView(n *Name, a *Appearance, sentence func(error) string, onClose func()) *View {
	v := &View{OnResize: func() {}, name: n, look: a, sentence: sentence}
	v.field = widget.NewField(lang.T("settings.name"), lang.T("settings.name_hint"))
	v.field.OnChanged = n.Edit
	v.field.OnSubmit = func(string) { n.Save() }
	v.save = widget.NewButton(widget.ButtonText, lang.T("settings.save"), n.Save)
	v.modes = widget.NewTabs(func(i int) { a.SetMode(Modes[i]) },
		lang.T("settings.system"), lang.T("settings.light"), lang.T("settings.dark"))
	v.size = line("", &theme.UI, widget.InkMain)
	v.smaller = widget.NewButton(widget.ButtonSecondary, lang.T("settings.smaller"), func() { a.Step(-1) })
	v.larger = widget.NewButton(widget.ButtonSecondary, lang.T("settings.larger"), func() { a.Step(1) })
	v.still = fynewidget.NewCheck(lang.T("settings.motion"), a.SetStill)
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)

	title := line(lang.T("settings.title"), &theme.Title, widget.InkMain)
	closer := widget.NewIconButton(theme.IconClose, lang.T("word.close"), onClose)
	v.column = layout.NewColumn(theme.CardMin-2*theme.CardPadding).
		Add(0, layout.NewRow().AddGrow(0, title).Add(theme.Space8, closer).Outset(theme.Space4)).
		Add(theme.Space16, v.field).
		AddStart(theme.Space4, v.save).
		Add(theme.Space16, line(lang.T("settings.appearance"), &theme.SmallBold, widget.InkMain)).
		Add(theme.Space4, v.modes).
		Add(theme.Space20, layout.NewRow().
			AddGrow(0, line(lang.T("settings.text_size"), &theme.SmallBold, widget.InkMain)).Add(theme.Space8, v.size)).
		Add(theme.Space4, layout.NewRow().AddGrow(0, v.smaller).AddGrow(theme.Space16, v.larger)).
		Add(theme.Space12, container.New(outdented{}, v.still)).
		Add(theme.Space12, v.failed)
	v.Content = widget.NewScrollBox(v.column)
	n.OnChange = v.Update
	v.Update()
	return v
}

// Update brings what is seen in line with the models.
func (v *View) Update() {
	n, a := v.name, v.look
	if v.field.Text() != n.Text() {
		v.field.SetText(n.Text())
	}
	v.field.SetError(v.sentence(n.Err))
	hint := lang.T("settings.name_hint")
	if n.Hidden {
		hint = lang.T("error.name_hidden")
	}
	v.field.SetHint(hint)
	visible(v.save, n.Changed())
	v.modes.Choose(slices.Index(Modes, a.Mode))
	v.size.SetText(lang.T("settings.percent", "n", a.Size))
	enable(v.smaller, a.MayStep(-1))
	enable(v.larger, a.MayStep(1))
	v.still.SetChecked(a.Still)
	v.failed.SetText(v.sentence(a.Err))
	visible(v.failed, a.Err != nil)
	v.column.Refresh()
	v.OnResize()
}

func line(s string, style *theme.TextStyle, ink widget.Ink) *widget.Label {
	l := widget.NewLabel(s, style, ink)
	l.SetAlign(text.AlignStart)
	return l
}

// checkMargin is what Fyne's check leaves free before its box.
const checkMargin = 9

// outdented lets the box of a check, not its margin, stand at the start edge.
type outdented struct{}

func (outdented) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (outdented) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := o[0].MinSize().Width
	o[0].Move(fyne.NewPos(theme.Start(-checkMargin, w, s.Width), 0))
	o[0].Resize(fyne.NewSize(w, s.Height))
}

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
