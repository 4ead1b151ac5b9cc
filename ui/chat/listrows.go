package chat

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tacit/app"
	"tacit/app/fold"
)

// Query returns what is searched for.
func (l *List) Query() string { return l.query }

// Searching reports whether messages are still being looked for.
func (l *List) Searching() bool { return l.hunt.running() }

// Search narrows the list to names that contain query, followed by messages that do.
func (l *List) Search(query string) {
	query = strings.TrimSpace(query)
	if query == l.query {
		return
	}
	l.query = query
	l.changed.mark()
	l.hunt.ask(app.SearchQuery{Text: query, Hidden: l.revealed, Limit: maxHits})
}

// Rows returns what to show, from the top: meetings that are not finished; chats, the
// pinned ones first, then by last activity; the way to the archived ones; messages that
// were searched for, best first.
func (l *List) Rows() []Row {
	if l.archive && l.query == "" {
		return append([]Row{{Kind: RowBack}}, l.chatRows(func(c app.Chat) bool { return c.Archived })...)
	}
	rows := l.unfinished()
	if l.query != "" {
		rows = append(rows, l.chatRows(func(c app.Chat) bool { return l.named(c.Contact.Name, c.Contact.TheirName) })...)
		return append(rows, l.hitRows()...)
	}
	rows = append(rows, l.chatRows(func(c app.Chat) bool { return !c.Archived })...)
	if r := l.archiveRow(); r.Count > 0 {
		rows = append(rows, r)
	}
	return rows
}

// visible reports whether a chat may be shown at all.
func (l *List) visible(c app.Chat) bool { return !c.Hidden || l.revealed }

func (l *List) chatRows(keep func(app.Chat) bool) []Row {
	var rows []Row
	for _, c := range l.chats {
		if !l.visible(c) || !keep(c) {
			continue
		}
		r := Row{Kind: RowChat, Chat: c}
		if c.Contact.ID != l.selected {
			r.Draft = l.drafts.Get(c.Contact.ID)
		}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b Row) int { return order(a.Chat, b.Chat) })
	return rows
}

func order(a, b app.Chat) int {
	if a.Pinned != b.Pinned {
		if a.Pinned {
			return -1
		}
		return 1
	}
	return cmp.Or(b.ActivityAt.Compare(a.ActivityAt), cmp.Compare(b.Contact.ID, a.Contact.ID))
}

func (l *List) archiveRow() Row {
	r := Row{Kind: RowArchive}
	for _, c := range l.chats {
		if c.Archived && l.visible(c) {
			r.Count++
			if c.Unread > 0 || c.MarkedUnread {
				r.Unread++
			}
		}
	}
	return r
}

func (l *List) hitRows() []Row {
	var rows []Row
	for _, m := range l.hunt.hits {
		if c, ok := l.chats[m.Contact]; ok && l.visible(c) {
			rows = append(rows, Row{Kind: RowHit, Chat: c, Hit: m, Query: l.hunt.query})
		}
	}
	return rows
}

// named reports whether one of the names has every word of what is searched for.
func (l *List) named(names ...string) bool {
	if l.query == "" {
		return true
	}
	needle := fold.Text(l.query)
	return slices.ContainsFunc(names, func(n string) bool { return strings.Contains(fold.Text(n), needle) })
}

// unfinished returns the meetings that wait for a person: the other side is known by
// its claim, and no contact stands in the list for it yet. The one that ends first is first.
func (l *List) unfinished() []Row {
	var rows []Row
	for _, p := range l.pairings {
		_, listed := l.chats[p.Contact]
		if p.PeerName == "" || listed || !l.named(p.PeerName) {
			continue
		}
		rows = append(rows, Row{Kind: RowPairing, Pairing: p})
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(a.Pairing.ExpiresAt.Compare(b.Pairing.ExpiresAt), cmp.Compare(a.Pairing.ID, b.Pairing.ID))
	})
	return rows
}

// At returns the time that a row shows.
func (r Row) At() time.Time {
	switch r.Kind {
	case RowChat:
		return r.Chat.ActivityAt
	case RowHit:
		return r.Hit.At
	}
	return time.Time{}
}
