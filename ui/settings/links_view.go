package settings

import (
	"time"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// nameLength is how many graphemes of a name stand in a sentence.
const nameLength = 40

// LinksView is the section "What leaves this computer".
type LinksView struct {
	Content *layout.Column

	links    *Links
	privacy  *Privacy
	sentence func(error) string

	lan    *widget.Switch
	open   *layout.Column // one part for each connection
	none   *widget.Label
	failed *widget.Label
}

// NewLinksView returns the section; call Update when one of the models changed.
func NewLinksView(l *Links, p *Privacy, sentence func(error) string) *LinksView {
	v := &LinksView{links: l, privacy: p, sentence: sentence, open: column()}
	v.lan = widget.NewSwitch(lang.T("network.lan"), lang.T("network.lan_why"), func(on bool) {
		p.Change(func(c *app.Preferences) { c.LAN = on })
	})
	v.none = why(lang.T("network.none"))
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.Content = column().
		Add(0, v.lan).
		Add(theme.Space8, v.failed).
		Add(theme.Space32, heading(lang.T("network.now"))).
		Add(theme.Space8, v.none).
		Add(theme.Space8, v.open)
	v.Update()
	return v
}

// Update brings what is seen in line with the models.
func (v *LinksView) Update() {
	chosen := v.privacy.Chosen()
	shut := chosen.HideAddress || chosen.Proxy != ""
	v.lan.Set(chosen.LAN && !shut)
	v.lan.SetText(lang.T("network.lan_why"))
	if shut {
		v.lan.SetText(lang.T("network.lan_hidden"))
	}
	usable(v.lan, v.privacy.Ready && !shut)
	err := v.privacy.Err
	if err == nil {
		err = v.links.Err
	}
	v.failed.SetText(v.sentence(err))
	visible(v.failed, err != nil)
	visible(v.none, v.links.Ready && len(v.links.Now) == 0)
	v.open.Clear()
	for i, l := range v.links.Now {
		if i == 0 || !sameLink(l, v.links.Now[i-1]) {
			title, meaning := purposeWords(l)
			v.open.Add(theme.Space20, line(title, &theme.UIBold, widget.InkMain)).Add(theme.Space2, why(meaning))
		}
		if where := placeWords(l); where != "" {
			v.open.Add(theme.Space2, line(where, &theme.Caption, widget.InkThird))
		}
	}
	visible(v.open, len(v.links.Now) > 0)
	v.Content.Refresh()
}

// sameLink reports whether two that follow one another are told as one, with the places of
// both: nobody needs to read for each protocol that Tacit listens.
func sameLink(a, b Link) bool {
	return a.Purpose == b.Purpose && a.With == b.With && a.Purpose != Greeting
}

func purposeWords(l Link) (title, meaning string) {
	switch l.Purpose {
	case Announcing:
		return lang.T("network.announcing"), lang.T("network.announcing_why")
	case Listening:
		return lang.T("network.listening"), lang.T("network.listening_why")
	case Talking:
		if l.With == "" {
			return lang.T("network.talking_unnamed"), lang.T("network.talking_why")
		}
		return lang.T("network.talking", "name", text.Shorten(l.With, nameLength)), lang.T("network.talking_why")
	case Relaying:
		return lang.T("network.relaying"), lang.T("network.relaying_why")
	case Depositing:
		return lang.T("network.node"), lang.T("network.node_why")
	}
	return lang.T("network.greeting"), lang.T("network.greeting_why")
}

func placeWords(l Link) string {
	since := ""
	if !l.Since.IsZero() {
		since = sinceWords(l.Since.Local(), time.Now())
	}
	switch {
	case l.Where == "" && since == "":
		return ""
	case l.Where == "":
		return lang.T("network.since", "time", since)
	case since == "":
		return l.Where
	}
	return lang.T("network.where", "where", l.Where, "time", since)
}

func sinceWords(t, now time.Time) string {
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return lang.Clock(t)
	}
	return lang.DateTime(t)
}
