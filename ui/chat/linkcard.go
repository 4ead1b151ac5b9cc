package chat

import (
	"errors"
	"net/url"

	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/markup"
	"tacit/ui/widget/text"
)

// maxLinkShown is how much of a link the card shows; its host is shown whole.
const maxLinkShown = 300

// linkFacts is what a person has to know before a link is opened.
type linkFacts struct {
	host     string   // where it really leads; "" where that cannot be told
	mail     bool     // it is an address to write to
	warnings []string // what may deceive
	notes    []string
}

// examine finds out where a link leads.
func examine(link string) linkFacts {
	host, strange := markup.Host(link)
	u, err := url.Parse(link)
	if err != nil || host == "" {
		return linkFacts{warnings: []string{lang.T("link.broken")}}
	}
	f := linkFacts{host: host, mail: u.Scheme == "mailto"}
	if strange {
		f.warnings = append(f.warnings, lang.T("link.strange"))
	}
	if u.User != nil {
		f.warnings = append(f.warnings, lang.T("link.user", "host", host))
	}
	if u.Scheme == "http" {
		f.notes = append(f.notes, lang.T("link.plain"))
	}
	return f
}

// confirmLink shows where a link really leads, and opens it only after a yes.
func (v *ConversationView) confirmLink(link string) {
	f := examine(link)
	c := newCard(lang.T("link.title"))
	open := c.button(widget.ButtonPrimary, lang.T("link.open"), func() { v.follow(link) })
	copyLink := c.button(widget.ButtonText, lang.T("link.copy"), func() { fyne.CurrentApp().Clipboard().SetContent(link) })
	cancel := c.cancel()
	if f.host == "" {
		open.Disable()
	} else {
		label := lang.T("link.host")
		if f.mail {
			label = lang.T("link.mail")
		}
		c.section(label, "", "")
		c.Add(theme.Space2, leftToRight(f.host, &theme.Heading, widget.InkMain))
	}
	for _, w := range f.warnings {
		c.Add(theme.Space12, widget.NewWarning(w))
	}
	for _, n := range f.notes {
		c.Add(theme.Space12, widget.NewNote(n))
	}
	c.section(lang.T("link.whole"), "", "")
	c.Add(theme.Space2, leftToRight(text.Shorten(link, maxLinkShown), &theme.Small, widget.InkSecond))
	c.say(lang.T("link.text"))
	c.AddStart(theme.Space8, copyLink)
	c.Add(theme.Space16, layout.NewRow().AddGrow(0, cancel).AddGrow(theme.Space16, open))
	c.open(canvasOf(v), cancel)
}

// leftToRight is a label of what is never mirrored.
func leftToRight(s string, style *theme.TextStyle, ink widget.Ink) *widget.Label {
	l := widget.NewLabel(s, style, ink)
	l.SetBase(text.BaseLTR)
	return l
}

// errNotOpened says that the system has nothing to open a link with.
var errNotOpened = errors.New("the link was not opened")

// openLink hands a link to the system.
func openLink(link string) error {
	u, err := url.Parse(link)
	if err != nil {
		return err
	}
	return fyne.CurrentApp().OpenURL(u)
}

// follow opens a link that the person has confirmed.
func (v *ConversationView) follow(link string) {
	if v.OnOpenLink(link) != nil {
		v.c.fail(errNotOpened)
	}
}
