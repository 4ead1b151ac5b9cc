package chat

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tacit/app"
)

// RowKind says what a row of the list stands for.
type RowKind int

const (
	RowChat    RowKind = iota // a contact with its last message
	RowPairing                // a meeting that is not finished
	RowHit                    // a message that was searched for
)

// Row is one entry of the chat list.
type Row struct {
	Kind    RowKind
	Chat    app.Chat    // RowChat; of RowHit the contact
	Pairing app.Pairing // RowPairing
	Hit     app.Message // RowHit
	Draft   string      // RowChat: typed and not sent
}

// List is the model of the chat list.
//
// Owner of every field: the window's goroutine.
type List struct {
	// OnChange is called when Rows or Selected changed.
	OnChange func()

	m      Messenger
	work   *Work
	drafts *Drafts

	ready    bool // a snapshot has arrived
	old      bool // the profile is an older copy of itself
	chats    map[app.ContactID]app.Chat
	pairings map[app.PairingID]app.Pairing
	selected app.ContactID

	query  string
	turn   int // counts searches; the outcome of an overtaken one is dropped
	cancel context.CancelFunc
	hits   []app.Message

	changed batch
}

// NewList returns an empty list that fills from the events given to Handle.
func NewList(m Messenger, w *Work, d *Drafts) *List {
	l := &List{
		OnChange: func() {},
		m:        m, work: w, drafts: d,
		chats:    map[app.ContactID]app.Chat{},
		pairings: map[app.PairingID]app.Pairing{},
		cancel:   func() {},
	}
	l.changed = batch{post: w.post, f: func() { l.OnChange() }}
	d.notify = append(d.notify, func(c app.ContactID) {
		if c != l.selected { // the draft of the open chat is not shown: no key redraws the list
			l.changed.mark()
		}
	})
	return l
}

// Empty reports that there is nobody yet and no meeting under way.
func (l *List) Empty() bool {
	return l.ready && len(l.chats) == 0 && len(l.Rows()) == 0 && l.query == ""
}

// RolledBack reports that the profile is an older copy, whose keys have to be renewed.
func (l *List) RolledBack() bool { return l.old }

// Chat returns what is known of a contact.
func (l *List) Chat(id app.ContactID) (app.Chat, bool) {
	c, ok := l.chats[id]
	return c, ok
}

// Selected returns the contact whose conversation is open, or 0.
func (l *List) Selected() app.ContactID { return l.selected }

// Select marks the row of an open conversation; 0 marks none.
func (l *List) Select(id app.ContactID) {
	if l.selected != id {
		l.selected = id
		l.changed.mark()
	}
}

// Handle takes an event of the messenger.
func (l *List) Handle(e app.Event) {
	switch e := e.(type) {
	case app.Snapshot:
		l.snapshot(e)
	case app.PairingChanged:
		l.pairings[e.Pairing.ID] = e.Pairing
		if e.Pairing.Phase == app.PhaseDone || e.Pairing.Phase == app.PhaseFailed {
			delete(l.pairings, e.Pairing.ID)
		}
	case app.ContactAdded:
		l.chats[e.Contact.ID] = app.Chat{Contact: e.Contact, Reach: app.ReachNo, ActivityAt: e.Contact.MetAt}
	case app.ContactRemoved:
		delete(l.chats, e.Contact)
		l.drafts.Set(e.Contact, "")
		if l.selected == e.Contact {
			l.selected = 0
		}
	case app.ContactChanged:
		l.alter(e.Contact.ID, func(c *app.Chat) { c.Contact = e.Contact })
	case app.PresenceChanged:
		l.alter(e.Contact, func(c *app.Chat) { c.Reach = e.Reach })
	case app.ChatRead:
		l.alter(e.Contact, func(c *app.Chat) { c.Unread = e.Unread })
	case app.MessageAdded:
		l.alter(e.Message.Contact, func(c *app.Chat) { addLast(c, e.Message) })
	case app.MessageStateChanged:
		l.alter(e.Message.Contact, func(c *app.Chat) { changeLast(c, e.Message) })
	default:
		return
	}
	l.changed.mark()
}

func (l *List) snapshot(s app.Snapshot) {
	l.ready, l.old = true, s.Profile.RolledBack
	clear(l.chats)
	clear(l.pairings)
	for _, c := range s.Chats {
		l.chats[c.Contact.ID] = c
	}
	for _, p := range s.Pairings {
		l.pairings[p.ID] = p
	}
}

func (l *List) alter(id app.ContactID, f func(*app.Chat)) {
	if c, ok := l.chats[id]; ok {
		f(&c)
		l.chats[id] = c
	}
}

func addLast(c *app.Chat, m app.Message) {
	if c.Last != nil && m.ID <= c.Last.ID {
		return
	}
	if m.Notice != app.NoticeNone { // as the store has it: it neither hides a message nor lifts the row
		if c.Last == nil || c.Last.Notice != app.NoticeNone {
			c.Last = &m
		}
		return
	}
	c.Last = &m
	c.ActivityAt = m.At
	if !m.Own {
		c.Unread++
	}
}

func changeLast(c *app.Chat, m app.Message) {
	if c.Last != nil && m.ID == c.Last.ID {
		c.Last = &m
	}
}

// Unread returns how many messages wait in all chats.
func (l *List) Unread() int {
	n := 0
	for _, c := range l.chats {
		n += c.Unread
	}
	return n
}

// MarkRead marks all of a chat as seen.
func (l *List) MarkRead(id app.ContactID) {
	c, ok := l.chats[id]
	if !ok || c.Last == nil || c.Unread == 0 {
		return
	}
	upTo := c.Last.ID
	call(l.work, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, l.m.MarkRead(ctx, id, upTo)
	}, func(struct{}, error) {}) // ChatRead tells when it is done; it can be asked for again
}

// Query returns what is searched for.
func (l *List) Query() string { return l.query }

// Search narrows the list to names that contain query, followed by messages that do.
func (l *List) Search(query string) {
	query = strings.TrimSpace(query)
	if query == l.query {
		return
	}
	l.query = query
	l.turn++
	l.cancel()
	l.cancel = func() {}
	l.changed.mark()
	if utf8.RuneCountInString(query) < minQuery {
		l.hits = nil
		return
	}
	ctx, cancel := context.WithCancel(l.work.ctx)
	l.cancel = cancel
	turn := l.turn
	call(l.work, func(context.Context) ([]app.Message, error) {
		return l.m.Search(ctx, query, maxHits)
	}, func(hits []app.Message, err error) {
		if turn != l.turn {
			return
		}
		cancel()
		if err != nil {
			hits = nil
		}
		l.hits = hits
		l.changed.mark()
	})
}

// Rows returns what to show, from the top: meetings that are not finished, chats by
// last activity, messages that were searched for.
func (l *List) Rows() []Row {
	rows := l.unfinished()
	needle := fold(l.query)
	var chats []app.Chat
	for _, c := range l.chats {
		if needle == "" || strings.Contains(fold(c.Contact.Name+"\n"+c.Contact.TheirName), needle) {
			chats = append(chats, c)
		}
	}
	slices.SortFunc(chats, func(a, b app.Chat) int {
		return cmp.Or(b.ActivityAt.Compare(a.ActivityAt), cmp.Compare(b.Contact.ID, a.Contact.ID))
	})
	for _, c := range chats {
		r := Row{Kind: RowChat, Chat: c}
		if c.Contact.ID != l.selected {
			r.Draft = l.drafts.Get(c.Contact.ID)
		}
		rows = append(rows, r)
	}
	for _, m := range l.hits {
		if c, ok := l.chats[m.Contact]; ok {
			rows = append(rows, Row{Kind: RowHit, Chat: c, Hit: m})
		}
	}
	return rows
}

// unfinished returns the meetings that wait for a person: the other side is known by
// its claim, and no contact stands in the list for it yet. The one that ends first is first.
func (l *List) unfinished() []Row {
	needle := fold(l.query)
	var rows []Row
	for _, p := range l.pairings {
		_, listed := l.chats[p.Contact]
		if p.PeerName == "" || listed || !strings.Contains(fold(p.PeerName), needle) {
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

// fold brings names that differ only by case or accents to one form.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
