package settings

import (
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// leavingCard asks before a node goes.
type leavingCard struct {
	column   *layout.Column
	d        *Delivery
	sentence func(error) string

	title, text *widget.Label
	last        *widget.Note
	failed      *widget.Label
	yes         *widget.Button
}

func newLeavingCard(d *Delivery, sentence func(error) string) *leavingCard {
	c := &leavingCard{d: d, sentence: sentence}
	c.title = widget.NewLabel("", &theme.Title, widget.InkMain)
	c.text = widget.NewLabel("", &theme.UI, widget.InkSecond)
	c.last = widget.NewWarning(lang.T("delivery.remove_last"))
	c.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	no := widget.NewButton(widget.ButtonSecondary, lang.T("delivery.cancel"), func() { d.Ask(AskNothing, d.Asked) })
	c.yes = widget.NewButton(widget.ButtonDanger, "", d.Confirm)
	c.column = layout.NewColumn(theme.CardMin-2*theme.CardPadding).
		Add(0, c.title).
		Add(theme.Space12, c.text).
		Add(theme.Space16, c.last).
		Add(theme.Space12, c.failed).
		Add(theme.Space24, layout.NewRow().AddGrow(0, no).AddGrow(theme.Space16, c.yes))
	return c
}

func (c *leavingCard) update() {
	host := c.d.Asked.Host
	switch c.d.Question {
	case AskRemove:
		c.title.SetText(lang.T("delivery.remove_title"))
		c.text.SetText(lang.T("delivery.remove_text", "host", host))
		c.yes.SetLabel(lang.T("delivery.remove"))
	case AskForget:
		c.title.SetText(lang.T("delivery.forget_title"))
		c.text.SetText(lang.T("delivery.forget_text", "host", host))
		c.yes.SetLabel(lang.T("delivery.forget"))
	}
	visible(c.last, c.d.Last(c.d.Asked.ID))
	c.failed.SetText(c.sentence(c.d.Err))
	visible(c.failed, c.d.Err != nil)
	c.yes.SetBusy(c.d.Busy)
	c.column.Refresh()
}
