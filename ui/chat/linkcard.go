package chat

import (
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

// confirmLink shows where a link really leads, and opens it only after a yes.
func (v *ConversationView) confirmLink(link string) {
	host, strange := markup.Host(link)
	u, err := url.Parse(link)
	c := newCard(lang.T("link.title"))
	open := c.button(widget.ButtonPrimary, lang.T("link.open"), func() { v.OnOpenLink(link) })
	copyLink := c.button(widget.ButtonText, lang.T("link.copy"), func() { fyne.CurrentApp().Clipboard().SetContent(link) })
	cancel := c.cancel()
	switch {
	case err != nil || host == "":
		c.Add(theme.Space16, widget.NewWarning(lang.T("link.broken")))
		open.Disable()
	case u.Scheme == "mailto":
		c.section(lang.T("link.mail"), host, "")
	default:
		c.section(lang.T("link.host"), "", "")
		name := widget.NewLabel(host, &theme.Heading, widget.InkMain)
		name.SetBase(text.BaseLTR)
		c.Add(theme.Space2, name)
	}
	if strange && host != "" {
		c.Add(theme.Space12, widget.NewWarning(lang.T("link.strange")))
	}
	if err == nil && u.User != nil {
		c.Add(theme.Space12, widget.NewWarning(lang.T("link.user", "host", host)))
	}
	if err == nil && u.Scheme == "http" {
		c.Add(theme.Space12, widget.NewNote(lang.T("link.plain")))
	}
	whole := widget.NewLabel(text.Shorten(link, maxLinkShown), &theme.Small, widget.InkSecond)
	whole.SetBase(text.BaseLTR)
	c.section(lang.T("link.whole"), "", "")
	c.Add(theme.Space2, whole)
	c.say(lang.T("link.text"))
	c.AddStart(theme.Space8, copyLink)
	c.Add(theme.Space16, layout.NewRow().AddGrow(0, cancel).AddGrow(theme.Space16, open))
	c.open(canvasOf(v), cancel)
}

// openLink hands a link to the system.
func openLink(link string) {
	if u, err := url.Parse(link); err == nil {
		_ = fyne.CurrentApp().OpenURL(u) // a system without a browser opens none
	}
}
