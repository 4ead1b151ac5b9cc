package chat

import (
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
	if m.EditedAt.IsZero() || m.Deleted {
		v.openDetails(m, nil)
		return
	}
	v.c.Edits(id, func(edits []app.Edit) { v.openDetails(m, edits) })
}

func (v *ConversationView) openDetails(m app.Message, edits []app.Edit) {
	c := detailsCard(m, edits, v.c.Contact().Name)
	row := layout.NewRow()
	closeButton := c.button(widget.ButtonSecondary, lang.T("word.close"), func() {})
	row.Add(0, closeButton)
	if m.State == app.StateFailed {
		row.Add(theme.Space12, c.button(widget.ButtonPrimary, lang.T("chat.try_again"), func() { v.c.Retry(m.ID) }))
	}
	c.AddStart(theme.Space24, row)
	c.open(canvasOf(v), closeButton)
}

// detailsCard lays out what is known of a message.
func detailsCard(m app.Message, edits []app.Edit, name string) *card {
	c := newCard(lang.T("message.title"))
	word, why := stateWord(m, name)
	c.section(lang.T("message.state"), word, why)
	if m.Own {
		c.section(lang.T("message.written"), lang.DateTime(m.At.Local()), "")
	} else {
		c.section(lang.T("message.arrived"), lang.DateTime(m.At.Local()),
			lang.T("message.sender_clock", "time", lang.DateTime(m.SentAt.Local())))
	}
	timerSection(c, m)
	reactionSection(c, m, name)
	editSection(c, m, edits)
	knowSection(c, m, name)
	return c
}

// timerSection says when a message disappears.
func timerSection(c *card, m app.Message) {
	if m.Timer == 0 || m.Deleted {
		return
	}
	note := lang.T("message.timer_waits_own")
	switch {
	case !m.ExpiresAt.IsZero():
		note = lang.T("message.timer_ends", "time", lang.DateTime(m.ExpiresAt.Local()))
	case !m.Own:
		note = lang.T("message.timer_waits")
	}
	c.section(lang.T("message.timer"), timerWord(m.Timer), note)
}

// reactionSection says who put which emoji to a message, and when.
func reactionSection(c *card, m app.Message, name string) {
	if len(m.Reactions) == 0 {
		return
	}
	c.section(lang.T("message.reactions"), "", "")
	for _, r := range m.Reactions {
		who := shown(name)
		if r.Own {
			who = lang.T("word.you")
		}
		line := lang.T("message.reaction", "emoji", r.Emoji, "name", who, "time", lang.DateTime(r.At.Local()))
		c.Add(theme.Space2, widget.NewLabel(line, &theme.UI, widget.InkMain))
	}
}

// editSection shows the earlier texts of a message, the first one first.
func editSection(c *card, m app.Message, edits []app.Edit) {
	if len(edits) == 0 {
		return
	}
	c.section(lang.T("message.edited"), "", lang.T("message.edited_at", "time", lang.DateTime(m.EditedAt.Local())))
	for _, e := range edits {
		c.Add(theme.Space8, widget.NewLabel(lang.DateTime(e.At.Local()), &theme.Caption, widget.InkThird))
		c.Add(theme.Space2, widget.NewLabel(e.Text, &theme.UI, widget.InkMain))
	}
}
