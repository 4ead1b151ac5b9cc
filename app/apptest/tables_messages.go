package apptest

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"time"

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
	t.setBoxed(r, true)
	return nil
}

func bySeq(r app.OutboxRecord, seq uint64) int { return cmp.Compare(r.Seq, seq) }

func (t *tx) setBoxed(r app.OutboxRecord, boxed bool) {
	set(t, t.boxed, r.Message, boxed)
	set(t, t.saidBoxed, r.Saying, boxed)
}

// set notes whether k, which is not 0, is in the set m.
func set[K ~int64](t *tx, m map[K]bool, k K, in bool) {
	switch {
	case k == 0:
	case in:
		put(t, m, k, &in)
	default:
		put(t, m, k, nil)
	}
}

func (t *tx) RemoveOutbox(c app.ContactID, seq uint64) error {
	rows := t.outbox[c]
	i, found := slices.BinarySearchFunc(rows, seq, bySeq)
	if !found {
		return nil
	}
	t.setBoxed(rows[i], false)
	next := slices.Concat(rows[:i], rows[i+1:])
	put(t, t.outbox, c, &next)
	return nil
}

func (t *tx) RemoveOutboxUpTo(c app.ContactID, seq uint64) ([]app.MessageID, error) {
	rows := t.outbox[c]
	var ids []app.MessageID
	i := 0
	for ; i < len(rows) && rows[i].Seq <= seq; i++ {
		t.setBoxed(rows[i], false)
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
			r.Box = nil
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
	m.ID, m.Reactions, m.File = t.lastMessage, nil, nil
	m.Unread = !m.Own && m.Notice == app.NoticeNone
	t.messages[m.ID] = &message{Message: m, content: bytes.Clone(content)}
	t.chats[m.Contact] = append(chat, m.ID)
	t.undo = append(t.undo, func() {
		delete(t.messages, m.ID)
		t.chats[m.Contact] = chat
		t.lastMessage = last
	})
	k := refKey{m.Contact, m.Own, m.Ref}
	if _, taken := t.refs[k]; !taken && m.Ref != (app.Ref{}) {
		put(t, t.refs, k, &m.ID)
	}
	return m.ID, nil
}

// change replaces a message by what f makes of it.
func (t *tx) change(id app.MessageID, f func(*message)) error {
	m, err := get(t.messages, id)
	if err != nil {
		return err
	}
	next := *m
	f(&next)
	p := &next
	put(t, t.messages, id, &p)
	return nil
}

func (t *tx) SetMessageState(id app.MessageID, s app.State, r app.Reason, at time.Time) error {
	return t.change(id, func(m *message) { m.State, m.Reason, m.StateAt = s, r, at })
}

func (t *tx) MarkRead(c app.ContactID, upTo app.MessageID) (unread int, err error) {
	for _, id := range t.chats[c] {
		switch m := t.messages[id]; {
		case !m.Unread:
		case id > upTo:
			unread++
		default:
			err = errors.Join(err, t.change(id, func(m *message) { m.Unread = false }))
		}
	}
	return unread, err
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
		if m.Unread {
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
