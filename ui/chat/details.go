package chat

import (
	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// showDetails opens the card with what is known of a message.
func (v *ConversationView) showDetails(id app.MessageID) {
	m, ok := v.c.Find(id)
	if !ok {
		return
	}
	dialog := (*widget.Dialog)(nil)
	closeButton := widget.NewButton(widget.ButtonSecondary, lang.T("word.close"), func() { dialog.Close() })
	retry := widget.NewButton(widget.ButtonPrimary, lang.T("chat.try_again"), func() {
		dialog.Close()
		v.c.Retry(id)
	})
	show(retry, m.State == app.StateFailed)
	dialog = widget.NewDialog(detailsCard(m, v.c.Contact().Name, closeButton, retry))
	dialog.ShowOn(canvasOf(v), closeButton)
}

// detailsCard lays out state and times of a message.
func detailsCard(m app.Message, name string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	card := layout.NewColumn(theme.CardMin - 2*theme.CardPadding)
	card.Add(0, widget.NewLabel(lang.T("message.title"), &theme.Title, widget.InkMain))
	word, why := stateWord(m, name)
	gap := theme.Space20
	add := func(label, value, note string) {
		card.Add(gap, widget.NewLabel(label, &theme.SmallBold, widget.InkSecond))
		card.Add(theme.Space2, widget.NewLabel(value, &theme.UI, widget.InkMain))
		if note != "" {
			card.Add(theme.Space2, widget.NewLabel(note, &theme.Small, widget.InkSecond))
		}
		gap = theme.Space16
	}
	add(lang.T("message.state"), word, why)
	if m.Own {
		add(lang.T("message.written"), lang.DateTime(m.At.Local()), "")
	} else {
		add(lang.T("message.arrived"), lang.DateTime(m.At.Local()),
			lang.T("message.sender_clock", "time", lang.DateTime(m.SentAt.Local())))
	}
	row := layout.NewRow()
	for _, b := range buttons {
		row.Add(theme.Space12, b)
	}
	card.AddStart(theme.Space24, row)
	return card
}
