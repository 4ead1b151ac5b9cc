package settings

import (
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// NewHelp returns the section that says what the dots and the glyphs mean.
func NewHelp(onTour func()) *layout.Column {
	c := column().Add(0, heading(lang.T("help.trust")))
	for i, t := range [][2]string{
		{lang.T("trust.unverified"), lang.T("trust.unverified_why")},
		{lang.T("help.introduced"), lang.T("help.introduced_why")},
		{lang.T("trust.met"), lang.T("trust.met_why")},
		{lang.T("trust.verified"), lang.T("trust.verified_why")},
	} {
		word := layout.NewRow().Add(0, widget.NewDots(i, theme.DotDetails)).
			AddGrow(theme.Space12, line(t[0], &theme.UIBold, widget.InkMain))
		c.Add(theme.Space12, word).Add(theme.Space2, why(t[1]))
	}
	c.Add(theme.Space32, heading(lang.T("help.states")))
	for _, s := range []struct {
		icon      theme.IconName
		word, why string
	}{
		{theme.IconQueued, lang.T("state.queued"), lang.T("help.queued_why")},
		{theme.IconHeld, lang.T("state.held"), lang.T("help.held_why")},
		{theme.IconDelivered, lang.T("state.delivered"), lang.T("help.delivered_why")},
		{theme.IconRead, lang.T("state.read"), lang.T("help.read_why")},
		{theme.IconFailed, lang.T("state.failed"), lang.T("help.failed_why")},
	} {
		ink := widget.InkThird
		if s.icon == theme.IconFailed {
			ink = widget.InkDanger
		}
		word := layout.NewRow().Add(0, widget.NewEmblem(s.icon, theme.Space16, ink)).
			AddGrow(theme.Space12, line(s.word, &theme.UIBold, widget.InkMain))
		c.Add(theme.Space12, word).Add(theme.Space2, why(s.why))
	}
	return c.Add(theme.Space24, widget.NewNote(lang.T("help.both"))).
		AddStart(theme.Space16, widget.NewButton(widget.ButtonText, lang.T("help.tour"), onTour))
}
