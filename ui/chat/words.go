package chat

import (
	"strings"
	"time"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/text"
)

// maxNameShown is how many letters of a name a sentence has room for (UI.md, section 5).
const maxNameShown = 40

// shown is a name as a sentence shows it.
func shown(name string) string { return text.Shorten(name, maxNameShown) }

// Names finds the name of a contact; it returns "" for one who is gone.
type Names func(app.ContactID) string

// trustWord says in words how a contact was authenticated.
func trustWord(c app.Contact, names Names) string {
	switch c.Trust {
	case app.Introduced:
		return lang.T("trust.introduced", "other", shown(names(c.IntroducedBy)))
	case app.Proximity:
		return lang.T("trust.met")
	case app.Verified:
		return lang.T("trust.verified")
	}
	return lang.T("trust.unverified")
}

// statusWord is the line below the name in the header.
func statusWord(c *Conversation, names Names) string {
	return lang.T("chat.status", "trust", trustWord(c.Contact(), names), "reach", lang.T("reach."+string(c.Reach())+"_inline"))
}

// stateIcon is the glyph of an own message.
func stateIcon(s app.State) theme.IconName {
	switch s {
	case app.StateDelivered:
		return theme.IconDelivered
	case app.StateFailed:
		return theme.IconFailed
	}
	return theme.IconQueued
}

// stateWord says in a word where a message is, and in a sentence what that means.
func stateWord(m app.Message, name string) (word, why string) {
	switch m.State {
	case app.StateQueued:
		why = lang.T("state.queued_why", "name", shown(name))
	case app.StateDelivered:
		why = lang.T("state.delivered_why", "name", shown(name), "time", lang.DateTime(m.StateAt.Local()))
	case app.StateFailed:
		why = reasonWord(m.Reason, name)
	}
	return lang.T("state." + string(m.State)), why
}

func reasonWord(r app.Reason, name string) string {
	if r == app.ReasonNone {
		return ""
	}
	return lang.T("reason."+string(r), "name", shown(name))
}

// errorWord says what happened to a text that was not sent.
func errorWord(err error, draft string) string {
	n, most, _ := Left(draft)
	return lang.T("error."+app.Code(err), "n", n, "max", most)
}

// item is a message as the thread shows it.
func item(m app.Message, name string) widget.ThreadItem {
	i := widget.ThreadItem{ID: int64(m.ID), Own: m.Own, Text: m.Text, At: m.At.Local()}
	if m.Own {
		switch m.State {
		case app.StateDelivered:
			i.State = widget.ThreadDelivered
		case app.StateFailed:
			i.State = widget.ThreadFailed
			i.Note = reasonWord(m.Reason, name)
		default:
			i.State = widget.ThreadQueued
		}
	}
	switch {
	case m.Unknown:
		i.Unknown, i.Text = true, lang.T("chat.unknown")
	case m.Notice != app.NoticeNone:
		i.Notice, i.Text = true, noticeWord(m.Notice)
	}
	return i
}

// noticeWord is what stands in the chat in place of a message.
func noticeWord(n app.Notice) string { return lang.T("notice." + string(n)) }

// lineRunes is how much of a message a row of the list lays out: more than it has room for.
const lineRunes = 160

// oneLine is a text on one line.
func oneLine(s string) string {
	if len(s) > 4*lineRunes {
		s = string([]rune(s[:4*lineRunes])[:lineRunes])
	}
	return strings.Join(strings.Fields(s), " ")
}

// rowItem is a row of the model as the list shows it.
func rowItem(r Row, id int64, now time.Time, names Names) widget.ChatItem {
	switch r.Kind {
	case RowPairing:
		return widget.ChatItem{
			ID: id, Name: r.Pairing.PeerName, Glyph: theme.IconRing, Last: lang.T("list.finish"),
		}
	case RowHit:
		i := widget.ChatItem{ID: id, Name: r.Chat.Contact.Name, Trust: int(r.Chat.Contact.Trust)}
		i.Time = lang.Short(r.Hit.At.Local(), now)
		lastLine(&i, r.Hit)
		i.Failed = false
		return i
	}
	c := r.Chat
	i := widget.ChatItem{
		ID: id, Name: c.Contact.Name, Trust: int(c.Contact.Trust),
		Time: lang.Short(c.ActivityAt.Local(), now), Unread: c.Unread,
	}
	switch {
	case r.Draft != "":
		i.Prefix, i.Last = lang.T("list.draft"), oneLine(r.Draft)
	case c.Last == nil:
		i.Last = trustWord(c.Contact, names)
	case c.Last.State == app.StateFailed:
		i.Last, i.Failed = lang.T("list.not_sent"), true
	default:
		lastLine(&i, *c.Last)
	}
	return i
}

func lastLine(i *widget.ChatItem, m app.Message) {
	i.Last = oneLine(m.Text)
	switch {
	case m.Unknown:
		i.Last = lang.T("list.unknown")
	case m.Notice != app.NoticeNone:
		i.Last = noticeWord(m.Notice)
	}
	if m.Own {
		i.Glyph = stateIcon(m.State)
	}
}
