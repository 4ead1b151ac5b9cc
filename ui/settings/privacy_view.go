package settings

import (
	"slices"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// PrivacyView is the section about what others learn.
type PrivacyView struct {
	Content *layout.Column

	privacy  *Privacy
	sentence func(error) string

	switches []choice
	seen     *widget.Switch
	files    *widget.Tabs
	failed   *widget.Label
}

// choice is a switch and the preference that it stands for.
type choice struct {
	*widget.Switch
	of func(*app.Preferences) *bool
}

// NewPrivacyView returns the section; call Update when the model changed.
func NewPrivacyView(p *Privacy, sentence func(error) string) *PrivacyView {
	v := &PrivacyView{privacy: p, sentence: sentence}
	add := func(label, text string, of func(*app.Preferences) *bool) *widget.Switch {
		s := widget.NewSwitch(label, text, func(on bool) { p.Change(func(c *app.Preferences) { *of(c) = on }) })
		v.switches = append(v.switches, choice{s, of})
		return s
	}
	read := add(lang.T("privacy.read"), lang.T("privacy.read_why"), func(c *app.Preferences) *bool { return &c.TellRead })
	typing := add(lang.T("privacy.typing"), lang.T("privacy.typing_why"), func(c *app.Preferences) *bool { return &c.TellTyping })
	active := add(lang.T("privacy.active"), lang.T("privacy.active_why"), func(c *app.Preferences) *bool { return &c.TellActive })
	v.seen = add(lang.T("privacy.seen"), lang.T("privacy.seen_why"), func(c *app.Preferences) *bool { return &c.TellSeen })
	labels := make([]string, len(AskSizes))
	for i, size := range AskSizes {
		if labels[i] = lang.T("privacy.files_never"); size > 0 {
			labels[i] = lang.T("privacy.files_above", "n", int(size/megabyte))
		}
	}
	v.files = widget.NewTabs(func(i int) { p.Change(func(c *app.Preferences) { c.AskAbove = AskSizes[i] }) }, labels...)
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.Content = column().
		Add(0, why(lang.T("privacy.line"))).
		Add(theme.Space20, read).
		Add(theme.Space20, typing).
		Add(theme.Space20, active).
		Add(theme.Space20, v.seen).
		Add(theme.Space24, heading(lang.T("privacy.files"))).
		Add(theme.Space8, v.files).
		Add(theme.Space4, why(lang.T("privacy.files_why"))).
		Add(theme.Space8, v.failed).
		Add(theme.Space24, widget.NewNote(lang.T("privacy.limits")))
	v.Update()
	return v
}

// Update brings what is seen in line with the model.
func (v *PrivacyView) Update() {
	chosen := v.privacy.Chosen()
	for _, s := range v.switches {
		s.Set(*s.of(&chosen))
		usable(s.Switch, v.privacy.Ready)
	}
	usable(v.seen, v.privacy.Ready && chosen.TellActive)
	v.files.Choose(askIndex(chosen.AskAbove))
	v.failed.SetText(v.sentence(v.privacy.Err))
	visible(v.failed, v.privacy.Err != nil)
	v.Content.Refresh()
}

func usable(s *widget.Switch, on bool) {
	if on {
		s.Enable()
	} else {
		s.Disable()
	}
}

// askIndex finds the offer for a size; one that is not on offer, of another version of the
// program, counts as the next smaller.
func askIndex(size int64) int {
	i, found := slices.BinarySearch(AskSizes, size)
	if !found {
		i = max(0, i-1)
	}
	return i
}
