package settings

import (
	"slices"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// LookView is the section of appearance.
type LookView struct {
	Content *layout.Column

	look     *Appearance
	speech   *Speech
	sentence func(error) string

	tags      []string // of languages, in the order in which they are offered
	languages *widget.Tabs
	unkept    *widget.Label // why a language was not kept

	modes   *widget.Tabs
	size    *widget.Label
	smaller *widget.Button
	larger  *widget.Button
	letters *widget.Tabs
	still   *widget.Switch
	failed  *widget.Label
}

// NewLookView returns the section; call Update when a model changed.
func NewLookView(a *Appearance, s *Speech, sentence func(error) string) *LookView {
	v := &LookView{look: a, speech: s, sentence: sentence}
	v.modes = widget.NewTabs(func(i int) { a.SetMode(Modes[i]) },
		lang.T("settings.system"), lang.T("settings.light"), lang.T("settings.dark"))
	v.size = line("", &theme.UI, widget.InkMain)
	v.smaller = widget.NewButton(widget.ButtonSecondary, lang.T("settings.smaller"), func() { a.Step(-1) })
	v.larger = widget.NewButton(widget.ButtonSecondary, lang.T("settings.larger"), func() { a.Step(1) })
	v.still = widget.NewSwitch(lang.T("settings.motion"), "", a.SetStill)
	v.letters = widget.NewTabs(func(i int) { a.SetLetters(Letters[i]) },
		lang.T("settings.font_plain"), lang.T("settings.font_clear"), lang.T("settings.font_book"))
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.Content = column().
		Add(0, v.modes).
		Add(theme.Space24, layout.NewRow().
			AddGrow(0, heading(lang.T("settings.text_size"))).Add(theme.Space8, v.size)).
		Add(theme.Space8, layout.NewRow().AddGrow(0, v.smaller).AddGrow(theme.Space16, v.larger)).
		Add(theme.Space24, heading(lang.T("settings.font"))).
		Add(theme.Space8, v.letters).
		Add(theme.Space8, why(lang.T("settings.font_why"))).
		Add(theme.Space24, v.still).
		Add(theme.Space12, v.failed)
	v.offerLanguages()
	v.Update()
	return v
}

// offerLanguages adds the choice among them, where there is one.
func (v *LookView) offerLanguages() {
	all := lang.Languages()
	if len(all) < 2 {
		return
	}
	v.tags = []string{""}
	names := []string{lang.T("settings.system")}
	for _, l := range all {
		v.tags, names = append(v.tags, l.Tag), append(names, l.Name)
	}
	v.languages = widget.NewTabs(func(i int) { v.speech.Choose(v.tags[i]) }, names...)
	v.unkept = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.Content.
		Add(theme.Space24, heading(lang.T("settings.language"))).
		Add(theme.Space8, v.languages).
		Add(theme.Space8, why(lang.T("settings.language_why"))).
		Add(theme.Space12, v.unkept)
}

// Update brings what is seen in line with the model.
func (v *LookView) Update() {
	a := v.look
	v.modes.Choose(slices.Index(Modes, a.Mode))
	v.size.SetText(lang.Percent(a.Size))
	enable(v.smaller, a.MayStep(-1))
	enable(v.larger, a.MayStep(1))
	v.letters.Choose(slices.Index(Letters, a.Letters))
	v.still.Set(a.Still())
	v.still.SetText("")
	if a.AsAsked() {
		v.still.SetText(lang.T("settings.motion_asked"))
	}
	v.failed.SetText(v.sentence(a.Err))
	visible(v.failed, a.Err != nil)
	if v.languages != nil {
		v.languages.Choose(slices.Index(v.tags, v.speech.Tag))
		v.unkept.SetText(v.sentence(v.speech.Err))
		visible(v.unkept, v.speech.Err != nil)
	}
	v.Content.Refresh()
}
