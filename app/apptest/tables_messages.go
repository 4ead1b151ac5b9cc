package apptest

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tacit/app"
)

func (t *tx) AddOutbox(r app.OutboxRecord) error {
	if _, err := get(t.contacts, r.Contact); err != nil {
		return err
	}
	r.Box = bytes.Clone(r.Box)
	rows := t.outbox[r.Contact]
	i, found := slices.BinarySearchFunc(rows, r.Seq, bySeq)
	next := slices.Clone(rows[:i])
	next = append(next, r)
	if found {
		i++
	}
	next = append(next, rows[i:]...)
	put(t, t.outbox, r.Contact, &next)
	t.setBoxed(r.Message, true)
	return nil
}

func bySeq(r app.OutboxRecord, seq uint64) int { return cmp.Compare(r.Seq, seq) }

func (t *tx) setBoxed(id app.MessageID, boxed bool) {
	switch {
	case id == 0:
	case boxed:
		put(t, t.boxed, id, &boxed)
	default:
		put(t, t.boxed, id, nil)
	}
}

func (t *tx) RemoveOutbox(c app.ContactID, seq uint64) error {
	rows := t.outbox[c]
	i, found := slices.BinarySearchFunc(rows, seq, bySeq)
	if !found {
		return nil
	}
	t.setBoxed(rows[i].Message, false)
	next := slices.Concat(rows[:i], rows[i+1:])
	put(t, t.outbox, c, &next)
	return nil
}

func (t *tx) RemoveOutboxUpTo(c app.ContactID, seq uint64) ([]app.MessageID, error) {
	rows := t.outbox[c]
	var ids []app.MessageID
	i := 0
	for ; i < len(rows) && rows[i].Seq <= seq; i++ {
		t.setBoxed(rows[i].Message, false)
		if rows[i].Message != 0 {
			ids = append(ids, rows[i].Message)
		}
	}
	next := slices.Clone(rows[i:])
	put(t, t.outbox, c, &next)
	return ids, nil
}

func (t *tx) Outbox(c app.ContactID, after uint64, limit int) ([]app.OutboxRecord, error) {
	var out []app.OutboxRecord
	for _, r := range t.outbox[c] {
		if r.Seq > after && len(out) < limit {
			r.Box = bytes.Clone(r.Box)
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *tx) OutboxByDigest(c app.ContactID, d app.Digest) (app.OutboxRecord, error) {
	for _, r := range t.outbox[c] {
		if r.Digest == d {
			r.Box = bytes.Clone(r.Box)
			return r, nil
		}
	}
	return app.OutboxRecord{}, app.ErrNotFound
}

func (t *tx) OutboxCount(c app.ContactID) (int, error) { return len(t.outbox[c]), nil }

func (t *tx) Unsealed(c app.ContactID, limit int) ([]app.Message, error) {
	var out []app.Message
	for _, id := range t.chats[c] {
		m := t.messages[id]
		if m.Own && m.State == app.StateQueued && !t.boxed[id] && len(out) < limit {
			out = append(out, m.Message)
		}
	}
	return out, nil
}

func (t *tx) AddMessage(m app.Message) (app.MessageID, error) { return t.AddUnknown(m, nil) }

func (t *tx) AddUnknown(m app.Message, content []byte) (app.MessageID, error) {
	if _, err := get(t.contacts, m.Contact); err != nil {
		return 0, err
	}
	last := t.lastMessage
	chat := t.chats[m.Contact]
	t.lastMessage++
	m.ID = t.lastMessage
	t.messages[m.ID] = &message{Message: m, content: bytes.Clone(content), unread: !m.Own && m.Notice == app.NoticeNone}
	t.chats[m.Contact] = append(chat, m.ID)
	t.undo = append(t.undo, func() {
		delete(t.messages, m.ID)
		t.chats[m.Contact] = chat
		t.lastMessage = last
	})
	return m.ID, nil
}

func (t *tx) SetMessageState(id app.MessageID, s app.State, r app.Reason, at time.Time) error {
	m, err := get(t.messages, id)
	if err != nil {
		return err
	}
	next := *m
	next.State, next.Reason, next.StateAt = s, r, at
	p := &next
	put(t, t.messages, id, &p)
	return nil
}

func (t *tx) MarkRead(c app.ContactID, upTo app.MessageID) (unread int, err error) {
	for _, id := range t.chats[c] {
		m := t.messages[id]
		if !m.unread {
			continue
		}
		if id > upTo {
			unread++
			continue
		}
		next := *m
		next.unread = false
		p := &next
		put(t, t.messages, id, &p)
	}
	return unread, nil
}

func (t *tx) Message(id app.MessageID) (app.Message, error) {
	m, err := get(t.messages, id)
	if err != nil {
		return app.Message{}, err
	}
	return m.Message, nil
}

func (t *tx) Messages(c app.ContactID, before app.MessageID, limit int) ([]app.Message, error) {
	var out []app.Message
	for _, id := range slices.Backward(t.chats[c]) {
		if (before == 0 || id < before) && len(out) < limit {
			out = append(out, t.messages[id].Message)
		}
	}
	return out, nil
}

func (t *tx) MessagesAfter(c app.ContactID, after app.MessageID, limit int) ([]app.Message, error) {
	var out []app.Message
	for _, id := range t.chats[c] {
		if id > after && len(out) < limit {
			out = append(out, t.messages[id].Message)
		}
	}
	return out, nil
}

func (t *tx) Search(query string, limit int) ([]app.Message, error) {
	words := wordsOf(query)
	found := sorted(t.messages, func(a, b *message) int { return cmp.Compare(b.ID, a.ID) })
	var out []app.Message
	for _, m := range found {
		text := wordsOf(m.Text)
		missing := func(w string) bool {
			return !slices.ContainsFunc(text, func(v string) bool { return strings.HasPrefix(v, w) })
		}
		if len(words) > 0 && len(out) < limit && !slices.ContainsFunc(words, missing) {
			out = append(out, m.Message)
		}
	}
	return out, nil
}

// wordsOf splits a text into words without case and marks.
func wordsOf(s string) []string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

func (t *tx) ChatHeads() ([]app.ChatHead, error) {
	contacts, err := t.Contacts()
	if err != nil {
		return nil, err
	}
	var heads []app.ChatHead
	for _, c := range contacts {
		h, err := t.ChatHead(c.ID)
		if err != nil {
			return nil, err
		}
		heads = append(heads, h)
	}
	return heads, nil
}

func (t *tx) ChatHead(c app.ContactID) (app.ChatHead, error) {
	h := app.ChatHead{Contact: c}
	for _, id := range t.chats[c] {
		m := t.messages[id]
		if m.unread {
			h.Unread++
		}
		if m.Notice == app.NoticeNone || h.Last == nil || h.Last.Notice != app.NoticeNone {
			last := m.Message
			h.Last = &last
		}
	}
	return h, nil
}

func (t *tx) MessageCount(c app.ContactID) (int, error) { return len(t.chats[c]), nil }
