package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Chats returns the rows of the chat list: pinned ones first, archived ones last, latest
// activity first.
func (m *Messenger) Chats(ctx context.Context) ([]Chat, error) {
	var out []Chat
	err := m.do(ctx, reading, func(w *work) (err error) {
		out, err = w.chats()
		return err
	})
	return out, err
}

func (w *work) chats() ([]Chat, error) {
	heads, err := w.read.ChatHeads()
	if err != nil {
		return nil, fmt.Errorf("chat heads: %w", err)
	}
	byContact := make(map[ContactID]ChatHead, len(heads))
	for _, h := range heads {
		byContact[h.Contact] = h
	}
	var out []Chat
	for c, p := range w.peers() {
		out = append(out, w.chat(p, byContact[c]))
	}
	slices.SortFunc(out, compareChats)
	return out, nil
}

// compareChats puts what is pinned first and what is archived last, latest activity first.
func compareChats(a, b Chat) int {
	return cmp.Or(
		compareBool(a.Archived, b.Archived), compareBool(b.Pinned, a.Pinned),
		b.ActivityAt.Compare(a.ActivityAt), cmp.Compare(a.Contact.ID, b.Contact.ID))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (w *work) chat(p *peer, h ChatHead) Chat {
	c := p.rec.ID
	chat := Chat{
		Contact: w.contact(p), Last: h.Last, Unread: h.Unread, Reach: w.m.reach(c), ActivityAt: p.rec.MetAt,
		ChatMarks: p.chat.ChatMarks, Timer: p.chat.Timer, Draft: p.chat.Draft, Position: p.chat.Position,
	}
	if h.Last != nil && h.Last.Notice == NoticeNone {
		chat.ActivityAt = h.Last.At
	}
	if t := w.m.presences[c]; t != nil {
		chat.Typing, chat.Active, chat.ActiveAt = t.typingUntil != 0, t.active, t.activeAt
	}
	return chat
}

// tellChat tells a chat as it is now.
func (w *work) tellChat(c ContactID) error {
	p := w.peer(c)
	if p == nil {
		return nil
	}
	head, err := w.tx.ChatHead(c)
	if err != nil {
		return fmt.Errorf("chat head: %w", err)
	}
	w.emit(ChatChanged{w.chat(p, head)})
	return nil
}

// cameFrom follows from a message of p, a peer to change: it ends their typing, and brings
// their chat back into the list.
func (w *work) cameFrom(p *peer) error {
	c := p.rec.ID
	if w.m.presences[c] != nil {
		w.later(func() { w.m.setTyping(c, 0) })
	}
	if !p.chat.Archived || p.chat.Muted {
		return nil
	}
	p.chat.Archived, p.dirty.chat = false, true
	return w.tellChat(c)
}

// sentTo follows from a message to p, a peer to change: what was drafted is said.
func (w *work) sentTo(p *peer, msg Message) error {
	c := p.rec.ID
	w.later(func() { w.m.sentTo(c) })
	if p.chat.Draft == "" || p.chat.Draft != msg.Text {
		return nil
	}
	p.chat.Draft, p.dirty.chat = "", true
	return w.tellChat(c)
}

// changeChat changes what is kept of a chat, and tells subscribers where that changed.
func (m *Messenger) changeChat(ctx context.Context, c ContactID, f func(*ChatRecord)) error {
	return m.do(ctx, writing, func(w *work) error {
		if w.peer(c) == nil {
			return refuse(ErrNotFound)
		}
		p := w.editPeer(c)
		before := p.chat
		f(&p.chat)
		if p.chat == before {
			return nil
		}
		p.dirty.chat = true
		return w.tellChat(c)
	})
}

// SetMarks marks a chat, on this computer only. ErrNotFound.
func (m *Messenger) SetMarks(ctx context.Context, c ContactID, marks ChatMarks) error {
	return m.changeChat(ctx, c, func(r *ChatRecord) { r.ChatMarks = marks })
}

// SetDraft keeps what was typed to a contact and not sent, at most MaxDraftBytes; sending
// just that takes it away. ErrNotFound, ErrTextTooLong, ErrTextInvalid.
func (m *Messenger) SetDraft(ctx context.Context, c ContactID, text string) error {
	switch {
	case len(text) > MaxDraftBytes:
		return ErrTextTooLong
	case !utf8.ValidString(text):
		return ErrTextInvalid
	}
	return m.changeChat(ctx, c, func(r *ChatRecord) { r.Draft = text })
}

// SetPosition keeps where a chat was left; 0 is its end. ErrNotFound.
func (m *Messenger) SetPosition(ctx context.Context, c ContactID, id MessageID) error {
	return m.changeChat(ctx, c, func(r *ChatRecord) { r.Position = id })
}

// Pairings returns the pairings under way and those that ended lately.
func (m *Messenger) Pairings(ctx context.Context) ([]Pairing, error) {
	var out []Pairing
	err := m.do(ctx, inMemory, func(w *work) error {
		out = w.pairingViews()
		return nil
	})
	return out, err
}

func (w *work) pairingViews() []Pairing {
	var out []Pairing
	for _, p := range w.pairings() {
		out = append(out, w.view(p))
	}
	slices.SortFunc(out, func(a, b Pairing) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// view runs f on the store itself: what is read there need not wait for the loop.
func (m *Messenger) view(ctx context.Context, f func(ReadTx) error) error {
	select {
	case <-m.stopped:
		return ErrClosed
	default:
		return m.store.View(ctx, f)
	}
}

// Messages returns messages of a chat with ID < before (0: from the newest),
// newest first, at most limit and MaxPage.
func (m *Messenger) Messages(ctx context.Context, c ContactID, before MessageID, limit int) (out []Message, err error) {
	err = m.view(ctx, func(tx ReadTx) error {
		out, err = tx.Messages(c, before, page(limit))
		return err
	})
	return out, err
}

// MessagesAfter returns messages of a chat with ID > after, oldest first, at most
// limit and MaxPage.
func (m *Messenger) MessagesAfter(ctx context.Context, c ContactID, after MessageID, limit int) (out []Message, err error) {
	err = m.view(ctx, func(tx ReadTx) error {
		out, err = tx.MessagesAfter(c, after, page(limit))
		return err
	})
	return out, err
}

// MessageCount returns the number of messages of a chat.
func (m *Messenger) MessageCount(ctx context.Context, c ContactID) (n int, err error) {
	err = m.view(ctx, func(tx ReadTx) error {
		n, err = tx.MessageCount(c)
		return err
	})
	return n, err
}

// Message returns one. ErrNotFound.
func (m *Messenger) Message(ctx context.Context, id MessageID) (out Message, err error) {
	err = m.view(ctx, func(tx ReadTx) error {
		out, err = tx.Message(id)
		return err
	})
	return out, err
}

// Search returns messages that contain every word of the query, best first, at most
// q.Limit and MaxPage.
func (m *Messenger) Search(ctx context.Context, q SearchQuery) (out []Hit, err error) {
	q.Limit = page(q.Limit)
	err = m.view(ctx, func(tx ReadTx) error {
		out, err = tx.SearchMessages(q)
		return err
	})
	return out, err
}

func page(limit int) int { return min(max(limit, 0), MaxPage) }

// Setting returns a setting of the program. ErrNotFound.
func (m *Messenger) Setting(ctx context.Context, key string) (value []byte, err error) {
	err = m.view(ctx, func(tx ReadTx) error {
		value, err = tx.Setting(key)
		return err
	})
	return value, err
}

// SetSetting keeps a setting of at most MaxSettingBytes; nil takes it away. ErrTextTooLong.
func (m *Messenger) SetSetting(ctx context.Context, key string, value []byte) error {
	if len(value) > MaxSettingBytes {
		return ErrTextTooLong
	}
	return m.do(ctx, writing, func(w *work) error { return w.tx.SetSetting(key, value) })
}
