package settings

import (
	"slices"

	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// LookView is the section of appearance.
type LookView struct {
	Content *layout.Column

	look     *Appearance
	sentence func(error) string

	modes   *widget.Tabs
	size    *widget.Label
	smaller *widget.Button
	larger  *widget.Button
	still   *fynewidget.Check
	failed  *widget.Label
}

// NewLookView returns the section; call Update when the look changed.
func NewLookView(a *Appearance, sentence func(error) string) *LookView {
	v := &LookView{look: a, sentence: sentence}
	v.modes = widget.NewTabs(func(i int) { a.SetMode(Modes[i]) },
		lang.T("settings.system"), lang.T("settings.light"), lang.T("settings.dark"))
	v.size = line("", &theme.UI, widget.InkMain)
	v.smaller = widget.NewButton(widget.ButtonSecondary, lang.T("settings.smaller"), func() { a.Step(-1) })
	v.larger = widget.NewButton(widget.ButtonSecondary, lang.T("settings.larger"), func() { a.Step(1) })
	v.still = fynewidget.NewCheck(lang.T("settings.motion"), a.SetStill)
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.Content = column().
		Add(0, v.modes).
		Add(theme.Space24, layout.NewRow().
			AddGrow(0, heading(lang.T("settings.text_size"))).Add(theme.Space8, v.size)).
		Add(theme.Space8, layout.NewRow().AddGrow(0, v.smaller).AddGrow(theme.Space16, v.larger)).
		Add(theme.Space16, container.New(outdented{}, v.still)).
		Add(theme.Space12, v.failed)
	v.Update()
	return v
}

// Update brings what is seen in line with the model.
func (v *LookView) Update() {
	a := v.look
	v.modes.Choose(slices.Index(Modes, a.Mode))
	v.size.SetText(lang.T("settings.percent", "n", a.Size))
	enable(v.smaller, a.MayStep(-1))
	enable(v.larger, a.MayStep(1))
	v.still.SetChecked(a.Still)
	v.failed.SetText(v.sentence(a.Err))
	visible(v.failed, a.Err != nil)
	v.Content.Refresh()
}
