// Package notify decides which notes about new messages stand on the desktop.
//
//	notify.go   the machine: what was told goes in, notes to show and to withdraw come out
//	rules.go    what the person chose, and the hours without notes
//	words.go    what a note says
//
// A note stands for messages that came while the profile was open and that nobody has
// seen. Another program shows it, on a screen that others may see, so it goes as soon as
// one of its messages does.
package notify

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"tacit/app"
)

// Note is what stands on the desktop about one chat.
type Note struct {
	Chat  app.ContactID
	Title string
	Body  string
	Says  bool // more than that there is something
}

// Machine knows what stands on the desktop.
//
//	               a new message, and nothing against it
//	no note ------------------------------------------------> note
//	   ^                                                        |
//	   '---- read, opened, muted, hidden, removed, every -------'
//	         message of it gone, closed, other rules, lock
//
// It is called by one goroutine.
type Machine struct {
	rules    Rules
	chats    map[app.ContactID]*chat
	watching app.ContactID // the chat before somebody's eyes, or 0
	turn     int           // counts messages, for which note is the oldest
	shown    map[app.ContactID]Note
}

// chat is what is known of one contact.
type chat struct {
	name  string
	quiet bool // nothing is announced
	turn  int  // of the last message in waiting
	// waiting are the messages that a note stands for, oldest first; none: no note.
	waiting []app.Message
}

// New returns a machine that knows of no chat and follows the rules.
func New(r Rules) *Machine {
	return &Machine{rules: r, chats: map[app.ContactID]*chat{}, shown: map[app.ContactID]Note{}}
}

// SetRules follows other rules. What stands goes: it may say more than they allow.
func (m *Machine) SetRules(r Rules) {
	if r != m.rules {
		m.rules = r
		m.forget()
	}
}

// Watch says which chat is before somebody's eyes; 0 is none.
func (m *Machine) Watch(id app.ContactID) {
	m.watching = id
	m.clear(id)
}

// Closed says that the note of a chat is gone from the desktop by itself or by hand. What
// it stood for is not announced again.
func (m *Machine) Closed(id app.ContactID) {
	m.clear(id)
	delete(m.shown, id)
}

// Lock ends everything: Step then takes away what stands.
func (m *Machine) Lock() {
	clear(m.chats)
	m.watching = 0
}

// Handle takes an event of the messenger that was told at a moment.
func (m *Machine) Handle(e app.Event, now time.Time) {
	switch e := e.(type) {
	case app.Snapshot:
		m.snapshot(e)
	case app.ContactAdded:
		m.chats[e.Contact.ID] = &chat{name: e.Contact.Name, quiet: e.Contact.Blocked}
	case app.ContactChanged:
		m.alter(e.Contact.ID, func(c *chat) {
			c.name = e.Contact.Name
			if e.Contact.Blocked {
				c.waiting = nil
			}
		})
	case app.ContactRemoved:
		delete(m.chats, e.Contact)
	case app.ChatChanged:
		m.alter(e.Chat.Contact.ID, func(c *chat) {
			c.name, c.quiet = e.Chat.Contact.Name, isQuiet(e.Chat)
			if c.quiet {
				c.waiting = nil
			}
		})
	case app.ChatRead: // whoever read a part of it has the chat before them
		m.clear(e.Contact)
	case app.MessageAdded:
		m.added(e.Message, now)
	case app.MessageChanged:
		m.changed(e.Message, now)
	case app.MessageRemoved:
		m.gone(e.Contact, e.Message)
	}
}

// snapshot replaces what is known. What was told before is not complete, so that a note
// could outlive its message: none stays.
func (m *Machine) snapshot(s app.Snapshot) {
	clear(m.chats)
	for _, c := range s.Chats {
		m.chats[c.Contact.ID] = &chat{name: c.Contact.Name, quiet: isQuiet(c)}
	}
}

// isQuiet says that nothing is announced of a chat. Of a hidden one, a note would tell
// that there is one.
func isQuiet(c app.Chat) bool { return c.Muted || c.Hidden || c.Contact.Blocked }

func (m *Machine) alter(id app.ContactID, f func(*chat)) {
	if c := m.chats[id]; c != nil {
		f(c)
	}
}

func (m *Machine) clear(id app.ContactID) {
	m.alter(id, func(c *chat) { c.waiting = nil })
}

func (m *Machine) forget() {
	for _, c := range m.chats {
		c.waiting = nil
	}
}

func (m *Machine) added(msg app.Message, now time.Time) {
	c := m.chats[msg.Contact]
	if c == nil || c.quiet || msg.Own || msg.Deleted || msg.Notice != app.NoticeNone ||
		msg.Contact == m.watching || !m.rules.Allow(now) {
		return
	}
	m.turn++
	c.turn = m.turn
	c.waiting = append(c.waiting, msg)
	if over := len(c.waiting) - maxWaiting; over > 0 {
		c.waiting = slices.Delete(c.waiting, 0, over)
	}
	m.thin()
}

// thin keeps the newest notes where there are too many.
func (m *Machine) thin() {
	var standing []*chat
	for _, c := range m.chats {
		if len(c.waiting) > 0 {
			standing = append(standing, c)
		}
	}
	if len(standing) > maxNotes {
		slices.MinFunc(standing, func(a, b *chat) int { return cmp.Compare(a.turn, b.turn) }).waiting = nil
	}
}

// changed takes a message that is another than it was. In hours without notes it takes
// its note along: showing it anew would be one.
func (m *Machine) changed(msg app.Message, now time.Time) {
	if msg.Deleted {
		m.gone(msg.Contact, msg.ID)
		return
	}
	m.alter(msg.Contact, func(c *chat) {
		i := indexOf(c.waiting, msg.ID)
		switch {
		case i < 0:
		case m.rules.Allow(now):
			c.waiting[i] = msg
		default:
			c.waiting = nil
		}
	})
}

func (m *Machine) gone(id app.ContactID, message app.MessageID) {
	m.alter(id, func(c *chat) {
		if i := indexOf(c.waiting, message); i >= 0 {
			c.waiting = slices.Delete(c.waiting, i, i+1)
		}
	})
}

func indexOf(all []app.Message, id app.MessageID) int {
	return slices.IndexFunc(all, func(m app.Message) bool { return m.ID == id })
}

// Step returns what changed since the last call: the notes that are to be shown, in place
// of those of the same chat, and the chats whose note is to be withdrawn.
func (m *Machine) Step() (show []Note, withdraw []app.ContactID) {
	for _, id := range slices.Sorted(maps.Keys(m.shown)) {
		if c := m.chats[id]; c == nil || len(c.waiting) == 0 {
			delete(m.shown, id)
			withdraw = append(withdraw, id)
		}
	}
	for id, c := range m.chats {
		if len(c.waiting) == 0 {
			continue
		}
		if n := m.note(id, c); n != m.shown[id] {
			m.shown[id] = n
			show = append(show, n)
		}
	}
	slices.SortFunc(show, func(a, b Note) int { return cmp.Compare(m.chats[a.Chat].turn, m.chats[b.Chat].turn) })
	return show, withdraw
}
