package chat

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// card is a question over the window: a title, what is to be known, and buttons.
type card struct {
	*layout.Column
	dialog *widget.Dialog
}

func newCard(title string) *card {
	c := &card{Column: layout.NewColumn(theme.CardMin - 2*theme.CardPadding)}
	c.Add(0, widget.NewLabel(title, &theme.Title, widget.InkMain))
	return c
}

// say adds a paragraph.
func (c *card) say(s string) *card {
	c.Add(theme.Space12, widget.NewLabel(s, &theme.UI, widget.InkSecond))
	return c
}

// section adds a label with what stands under it.
func (c *card) section(label, value, note string) {
	c.Add(theme.Space16, widget.NewLabel(label, &theme.SmallBold, widget.InkSecond))
	if value != "" {
		c.Add(theme.Space2, widget.NewLabel(value, &theme.UI, widget.InkMain))
	}
	if note != "" {
		c.Add(theme.Space2, widget.NewLabel(note, &theme.Small, widget.InkSecond))
	}
}

// button returns a button that closes the card and then does something.
func (c *card) button(kind widget.ButtonKind, label string, then func()) *widget.Button {
	return widget.NewButton(kind, label, func() {
		c.close()
		then()
	})
}

// cancel returns the button that only closes the card.
func (c *card) cancel() *widget.Button {
	return c.button(widget.ButtonSecondary, lang.T("details.cancel"), func() {})
}

// open opens the card and gives first the keyboard.
func (c *card) open(over fyne.Canvas, first fyne.Focusable) {
	c.dialog = widget.NewDialog(widget.NewScrollBox(c.Column))
	c.dialog.ShowOn(over, first)
}

func (c *card) close() {
	if c.dialog != nil {
		c.dialog.Close()
	}
}
