package contacts

import (
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// confirm is the card that asks before a contact is blocked or removed.
type confirm struct {
	d      *Details
	title  *widget.Label
	text   *widget.Label
	failed *widget.Label
	yes    *widget.Button
	column *layout.Column
}

func newConfirm(d *Details) *confirm {
	c := &confirm{d: d}
	c.title = widget.NewLabel("", &theme.Title, widget.InkMain)
	c.text = widget.NewLabel("", &theme.UI, widget.InkSecond)
	c.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	no := widget.NewButton(widget.ButtonSecondary, lang.T("details.cancel"), func() { d.Ask(AskNothing) })
	c.yes = widget.NewButton(widget.ButtonDanger, "", d.Confirm)
	c.column = layout.NewColumn(theme.CardMin-2*theme.CardPadding).
		Add(0, c.title).
		Add(theme.Space12, c.text).
		Add(theme.Space12, c.failed).
		Add(theme.Space24, layout.NewRow().AddGrow(0, no).AddGrow(theme.Space16, c.yes))
	return c
}

func (c *confirm) update(sentence func(error) string) {
	name := text.Shorten(c.d.Contact.Name, nameLength)
	switch c.d.Question {
	case AskBlock:
		c.title.SetText(lang.T("details.block_title", "name", name))
		c.text.SetText(lang.T("details.block_text", "name", name))
		c.yes.SetLabel(lang.T("details.block"))
	case AskRemove:
		c.title.SetText(lang.T("details.remove_title", "name", name))
		c.text.SetText(lang.T("details.remove_text"))
		c.yes.SetLabel(lang.T("details.remove"))
	}
	c.failed.SetText(sentence(c.d.Err))
	visible(c.failed, c.d.Err != nil)
	c.yes.SetBusy(c.d.Busy)
	c.column.Refresh()
}
