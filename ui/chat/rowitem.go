package chat

import (
	"time"

	"tacit/app"
	"tacit/app/fold"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// rowItem is a row of the model as the list shows it.
func rowItem(r Row, id int64, now time.Time, names Names) widget.ChatItem {
	switch r.Kind {
	case RowPairing:
		return widget.ChatItem{
			ID: id, Name: r.Pairing.PeerName, Trust: widget.NoTrust, Glyph: theme.IconRing, Last: lang.T("list.finish"),
		}
	case RowArchive:
		return widget.ChatItem{
			ID: id, Name: lang.T("list.archived"), Trust: widget.NoTrust, Icon: theme.IconArchive,
			Last: lang.N("list.archived_count", r.Count), Unread: r.Unread, Muted: true,
		}
	case RowBack:
		return widget.ChatItem{
			ID: id, Name: lang.T("list.back"), Trust: widget.NoTrust, Icon: theme.IconBack, Last: lang.T("list.archived"),
		}
	case RowHit:
		return hitItem(r, id, now)
	}
	return chatItem(r, id, now, names)
}

func chatItem(r Row, id int64, now time.Time, names Names) widget.ChatItem {
	c := r.Chat
	i := widget.ChatItem{
		ID: id, Name: c.Contact.Name, Trust: int(c.Contact.Trust),
		Time: lang.Short(c.ActivityAt.Local(), now), Unread: c.Unread,
		Dot: c.MarkedUnread && c.Unread == 0, Pinned: c.Pinned, Muted: c.Muted,
	}
	switch {
	case c.Typing:
		i.Last = lang.T("chat.typing")
	case r.Draft != "":
		i.Prefix, i.Last = lang.T("list.draft"), oneLine(r.Draft)
	case c.Last == nil:
		i.Last = trustWord(c.Contact, names)
	case c.Last.State == app.StateFailed && !c.Last.Deleted:
		i.Last, i.Failed = lang.T("list.not_sent"), true
	default:
		lastLine(&i, *c.Last, c.Contact.Name)
	}
	return i
}

func lastLine(i *widget.ChatItem, m app.Message, name string) {
	i.Last = oneLine(bodyWord(m, name))
	if m.Own && m.Notice == app.NoticeNone && !m.Deleted {
		i.Glyph = stateIcon(m.State)
	}
}

// hitItem is a message that was found: the part of it around the first hit, highlighted.
func hitItem(r Row, id int64, now time.Time) widget.ChatItem {
	i := widget.ChatItem{
		ID: id, Name: r.Chat.Contact.Name, Trust: int(r.Chat.Contact.Trust), Time: lang.Short(r.Hit.At.Local(), now),
	}
	i.Last, i.Marks = snippet(bodyWord(r.Hit, r.Chat.Contact.Name), r.Query)
	if r.Hit.Own {
		i.Prefix = lang.T("word.you_said")
	}
	return i
}

// snippetLead is how many runes stand before the first hit, so that it is in sight.
const snippetLead = 12

// snippet is the line of a text with the first hit of a query, and where its hits are in it.
func snippet(s, query string) (line string, marks []widget.ThreadRange) {
	runes := []rune(s)
	if hits := fold.Find(s, query); len(hits) > 0 && hits[0].From > 2*snippetLead {
		runes = append([]rune{'…'}, runes[hits[0].From-snippetLead:]...)
	}
	line = oneLine(string(runes[:min(len(runes), 4*lineRunes)]))
	for _, h := range fold.Find(line, query) {
		marks = append(marks, widget.ThreadRange{From: h.From, To: h.To})
	}
	return line, marks
}
