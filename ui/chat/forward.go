package chat

import (
	"strings"

	"tacit/app"
	"tacit/app/fold"
)

// Recipients is the choice of chats that a message is forwarded to.
//
// Owner of every field: the window's goroutine.
type Recipients struct {
	all    []app.Chat
	query  string
	chosen map[app.ContactID]bool
}

// Writable returns the chats that can be written to, in the order of the list. Hidden ones
// are among them only while they are revealed.
func (l *List) Writable() []app.Chat {
	var out []app.Chat
	for _, r := range l.chatRows(func(c app.Chat) bool {
		return c.Contact.Writable && !c.Contact.Blocked && c.Contact.Trust != app.Unverified
	}) {
		out = append(out, r.Chat)
	}
	return out
}

func newRecipients(chats []app.Chat) *Recipients {
	return &Recipients{all: chats, chosen: map[app.ContactID]bool{}}
}

// Search narrows Rows to names that contain query.
func (r *Recipients) Search(query string) { r.query = strings.TrimSpace(query) }

// Rows returns the chats to choose from.
func (r *Recipients) Rows() []app.Chat {
	needle := fold.Text(r.query)
	var out []app.Chat
	for _, c := range r.all {
		if r.query == "" || strings.Contains(fold.Text(c.Contact.Name), needle) || strings.Contains(fold.Text(c.Contact.TheirName), needle) {
			out = append(out, c)
		}
	}
	return out
}

// Toggle chooses a chat, or no longer.
func (r *Recipients) Toggle(id app.ContactID) {
	if r.chosen[id] {
		delete(r.chosen, id)
	} else {
		r.chosen[id] = true
	}
}

// Has reports whether a chat is chosen.
func (r *Recipients) Has(id app.ContactID) bool { return r.chosen[id] }

// Chosen returns the chats that are chosen, in their order.
func (r *Recipients) Chosen() []app.ContactID {
	var out []app.ContactID
	for _, c := range r.all {
		if r.chosen[c.Contact.ID] {
			out = append(out, c.Contact.ID)
		}
	}
	return out
}
