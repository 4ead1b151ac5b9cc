package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Chats returns the rows of the chat list, latest activity first.
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
		h := byContact[c]
		chat := Chat{Contact: w.contact(p), Last: h.Last, Unread: h.Unread, Reach: w.m.reach(c), ActivityAt: p.rec.MetAt}
		if h.Last != nil && h.Last.Notice == NoticeNone {
			chat.ActivityAt = h.Last.At
		}
		out = append(out, chat)
	}
	slices.SortFunc(out, func(a, b Chat) int {
		return cmp.Or(b.ActivityAt.Compare(a.ActivityAt), cmp.Compare(a.Contact.ID, b.Contact.ID))
	})
	return out, nil
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

// Search returns messages that contain every word of query, newest first, at
// most limit and MaxPage.
func (m *Messenger) Search(ctx context.Context, query string, limit int) (out []Message, err error) {
	err = m.view(ctx, func(tx ReadTx) error {
		out, err = tx.Search(query, page(limit))
		return err
	})
	return out, err
}

func page(limit int) int { return min(max(limit, 0), MaxPage) }

// MarkRead marks the received messages of a chat up to upTo as seen.
func (m *Messenger) MarkRead(ctx context.Context, c ContactID, upTo MessageID) error {
	return m.do(ctx, writing, func(w *work) error {
		if w.peer(c) == nil {
			return refuse(ErrNotFound)
		}
		unread, err := w.tx.MarkRead(c, upTo)
		if err != nil {
			return fmt.Errorf("mark read: %w", err)
		}
		w.emit(ChatRead{c, unread})
		return nil
	})
}

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
