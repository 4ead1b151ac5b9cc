package chat

import "tacit/app"

// RowKind says what a row of the list stands for.
type RowKind int

const (
	RowChat    RowKind = iota // a contact with its last message
	RowPairing                // a meeting that is not finished
	RowHit                    // a message that was searched for
	RowArchive                // leads to the archived chats
	RowBack                   // leads back from them
)

// Row is one entry of the chat list.
type Row struct {
	Kind    RowKind
	Chat    app.Chat    // RowChat; of RowHit the contact
	Pairing app.Pairing // RowPairing
	Hit     app.Message // RowHit
	Query   string      // RowHit: what it was found by
	Draft   string      // RowChat: typed and not sent
	Count   int         // RowArchive: archived chats
	Unread  int         // RowArchive: of them, those with something new
}

// List is the model of the chat list.
//
// Owner of every field: the window's goroutine.
type List struct {
	// OnChange is called when Rows, Selected or Revealed changed.
	OnChange func()
	// OnFail is called with the error of something that the person asked for.
	OnFail func(error)

	m      Messenger
	work   *Work
	drafts *Drafts

	ready    bool // a snapshot has arrived
	old      bool // the profile is an older copy of itself
	chats    map[app.ContactID]app.Chat
	pairings map[app.PairingID]app.Pairing
	selected app.ContactID
	archive  bool                            // the archived chats are shown
	revealed bool                            // the hidden chats are shown
	marking  map[app.ContactID]app.ChatMarks // wished for, while marks of the chat are being stored

	query string
	hunt  hunt

	changed batch
}

// NewList returns an empty list that fills from the events given to Handle.
func NewList(m Messenger, w *Work, d *Drafts) *List {
	l := &List{
		OnChange: func() {}, OnFail: func(error) {},
		m: m, work: w, drafts: d,
		chats:    map[app.ContactID]app.Chat{},
		pairings: map[app.PairingID]app.Pairing{},
		marking:  map[app.ContactID]app.ChatMarks{},
	}
	l.changed = batch{post: w.post, f: func() { l.OnChange() }}
	l.hunt = hunt{m: l.m, work: w, done: l.changed.mark}
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
		l.drafts.forget(e.Contact)
		if l.selected == e.Contact {
			l.selected = 0
		}
	case app.ContactChanged:
		l.alter(e.Contact.ID, func(c *app.Chat) { c.Contact = e.Contact })
	case app.PresenceChanged:
		l.alter(e.Contact, func(c *app.Chat) { c.Reach = e.Reach })
	case app.ContactActive:
		l.alter(e.Contact, func(c *app.Chat) { c.Typing, c.Active, c.ActiveAt = e.Typing, e.Active, e.ActiveAt })
	case app.ChatChanged:
		l.alter(e.Chat.Contact.ID, func(c *app.Chat) { *c = e.Chat })
	case app.ChatRead:
		l.alter(e.Contact, func(c *app.Chat) {
			c.Unread = e.Unread
			c.MarkedUnread = c.MarkedUnread && e.Unread > 0
		})
	default:
		if !l.message(e) {
			return
		}
	}
	l.changed.mark()
}

// message takes an event about a message and reports whether the list shows it.
func (l *List) message(e app.Event) bool {
	switch e := e.(type) {
	case app.MessageAdded:
		l.alter(e.Message.Contact, func(c *app.Chat) { addLast(c, e.Message) })
	case app.MessageStateChanged:
		return l.changeLast(e.Message)
	case app.MessageChanged:
		if e.What == app.ChangeDeleted && l.hunt.drop(e.Message.ID) {
			l.changed.mark()
		}
		return l.changeLast(e.Message)
	case app.MessageRemoved:
		found := l.hunt.drop(e.Message)
		return l.removeLast(e) || found
	case app.FileProgress:
		return false
	default:
		return false
	}
	return true
}

func (l *List) snapshot(s app.Snapshot) {
	l.ready, l.old = true, s.Profile.RolledBack
	clear(l.chats)
	clear(l.pairings)
	for _, c := range s.Chats {
		l.chats[c.Contact.ID] = c
		l.drafts.load(c.Contact.ID, c.Draft)
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

func (l *List) changeLast(m app.Message) (shown bool) {
	l.alter(m.Contact, func(c *app.Chat) {
		if shown = c.Last != nil && m.ID == c.Last.ID; shown {
			c.Last = &m
		}
	})
	return shown
}

// removeLast takes a message out of the row that shows it. What the row shows instead is
// told by a ChatChanged; nothing that is gone stays in sight meanwhile.
func (l *List) removeLast(e app.MessageRemoved) (shown bool) {
	l.alter(e.Contact, func(c *app.Chat) {
		if shown = c.Last != nil && c.Last.ID == e.Message; shown {
			c.Last = nil
		}
	})
	return shown
}
