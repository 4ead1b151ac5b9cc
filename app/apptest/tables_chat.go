package apptest

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"tacit/app"
	"tacit/app/fold"
)

func (t *tx) MessageByRef(c app.ContactID, own bool, ref app.Ref) (app.Message, error) {
	id, err := get(t.refs, refKey{c, own, ref})
	if err != nil {
		return app.Message{}, err
	}
	return t.Message(id)
}

func (t *tx) Boxed(id app.MessageID) (bool, error) { return t.boxed[id], nil }

func (t *tx) UnreadMessages(c app.ContactID, after, upTo app.MessageID, limit int) ([]app.Message, error) {
	var out []app.Message
	for _, id := range t.chats[c] {
		if m := t.messages[id]; m.Unread && id > after && id <= upTo && len(out) < limit {
			out = append(out, m.Message)
		}
	}
	return out, nil
}

func (t *tx) Edits(id app.MessageID) ([]app.Edit, error) { return slices.Clone(t.edits[id]), nil }

func (t *tx) SetMessageText(id app.MessageID, text string, revision uint64, at time.Time) error {
	m, err := get(t.messages, id)
	if err != nil {
		return err
	}
	before := app.Edit{Text: m.Text, At: m.SentAt}
	if !m.EditedAt.IsZero() {
		before.At = m.EditedAt
	}
	edits := append(slices.Clone(t.edits[id]), before)
	if len(edits) > app.MaxEdits {
		edits = slices.Delete(edits, 1, 2)
	}
	put(t, t.edits, id, &edits)
	return t.change(id, func(m *message) { m.Text, m.Revision, m.EditedAt = text, revision, at })
}

func (t *tx) SetMessageDeleted(id app.MessageID) error {
	put(t, t.edits, id, nil)
	return t.change(id, func(m *message) {
		m.Deleted, m.Text, m.Reactions, m.content = true, "", nil, nil
		m.file, m.File = nil, nil
	})
}

func (t *tx) SetMessageDelivered(id app.MessageID, at time.Time, p app.Path, expires time.Time) error {
	return t.change(id, func(m *message) {
		m.State, m.Reason, m.StateAt, m.Path, m.ExpiresAt = app.StateDelivered, app.ReasonNone, at, p, expires
	})
}

func (t *tx) RemoveMessage(id app.MessageID) error {
	m, err := get(t.messages, id)
	if err != nil {
		return err
	}
	put(t, t.messages, id, nil)
	put(t, t.edits, id, nil)
	rest := slices.DeleteFunc(slices.Clone(t.chats[m.Contact]), func(o app.MessageID) bool { return o == id })
	put(t, t.chats, m.Contact, &rest)
	if k := (refKey{m.Contact, m.Own, m.Ref}); t.refs[k] == id {
		put(t, t.refs, k, nil)
		t.findRef(k)
	}
	for _, o := range rest {
		if t.messages[o].ReplyTo == id {
			if err := t.change(o, func(m *message) { m.ReplyTo = 0 }); err != nil {
				return err
			}
		}
	}
	if rows := t.outbox[m.Contact]; t.boxed[id] {
		rows = slices.Clone(rows)
		for i := range rows {
			if rows[i].Message == id {
				rows[i].Message = 0
			}
		}
		put(t, t.outbox, m.Contact, &rows)
		put(t, t.boxed, id, nil)
	}
	return nil
}

// findRef lets a name stand for the oldest message that bears it.
func (t *tx) findRef(k refKey) {
	for _, o := range t.chats[k.contact] {
		if m := t.messages[o]; m.Own == k.own && m.Ref == k.ref {
			put(t, t.refs, k, &o)
			return
		}
	}
}

func (t *tx) SetReaction(id app.MessageID, r app.Reaction, on bool) error {
	return t.change(id, func(m *message) {
		same := func(o app.Reaction) bool { return o.Own == r.Own && o.Emoji == r.Emoji }
		there := slices.ContainsFunc(m.Reactions, same)
		switch {
		case on && !there:
			m.Reactions = append(slices.Clip(m.Reactions), r)
			slices.SortStableFunc(m.Reactions, func(a, b app.Reaction) int { return a.At.Compare(b.At) })
		case !on && there:
			m.Reactions = slices.DeleteFunc(slices.Clone(m.Reactions), same)
		}
	})
}

func (t *tx) Expired(now time.Time, limit int) ([]app.Message, error) {
	var out []app.Message
	for _, m := range t.messages {
		if !m.ExpiresAt.IsZero() && !m.ExpiresAt.After(now) {
			out = append(out, m.Message)
		}
	}
	slices.SortFunc(out, func(a, b app.Message) int { return cmp.Or(a.ExpiresAt.Compare(b.ExpiresAt), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), limit)], nil
}

func (t *tx) NextExpiry() (next time.Time, err error) {
	for _, m := range t.messages {
		if !m.ExpiresAt.IsZero() && (next.IsZero() || m.ExpiresAt.Before(next)) {
			next = m.ExpiresAt
		}
	}
	return next, nil
}

func (t *tx) StartTimers(c app.ContactID, upTo app.MessageID, now time.Time) (ids []app.MessageID, err error) {
	for _, id := range t.chats[c] {
		m := t.messages[id]
		if m.Own || id > upTo || m.Timer == 0 || m.Notice != app.NoticeNone || !m.ExpiresAt.IsZero() {
			continue
		}
		ids = append(ids, id)
		if err := t.change(id, func(m *message) { m.ExpiresAt = now.Add(m.Timer) }); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (t *tx) ShiftExpiries(by time.Duration) error {
	for id, m := range t.messages {
		if m.ExpiresAt.IsZero() {
			continue
		}
		if err := t.change(id, func(m *message) { m.ExpiresAt = m.ExpiresAt.Add(by) }); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) CapExpiries(now time.Time) error {
	for id, m := range t.messages {
		latest := now.Add(m.Timer)
		if !m.ExpiresAt.After(latest) {
			continue
		}
		if err := t.change(id, func(m *message) { m.ExpiresAt = latest }); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) QueueAgain(c app.ContactID) error {
	for _, id := range t.chats[c] {
		if m := t.messages[id]; m.Own && (m.State == app.StateQueued || m.State == app.StateHeld) {
			if err := t.change(id, func(m *message) { m.State, m.Reason = app.StateQueued, app.ReasonAgain }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) Chat(c app.ContactID) (app.ChatRecord, error) {
	r := t.chatRecords[c]
	r.Contact = c
	return r, nil
}

func (t *tx) SetChat(r app.ChatRecord) error {
	if _, err := get(t.contacts, r.Contact); err != nil {
		return err
	}
	put(t, t.chatRecords, r.Contact, &r)
	return nil
}

func (t *tx) AddSaying(s app.Saying) (app.SayingID, error) {
	if _, err := get(t.contacts, s.Contact); err != nil {
		return 0, err
	}
	for id, o := range t.sayings {
		if o.Contact == s.Contact && o.Kind == s.Kind && o.Topic == s.Topic && !t.saidBoxed[id] {
			put(t, t.sayings, id, nil)
		}
	}
	last := t.lastSaying
	t.undo = append(t.undo, func() { t.lastSaying = last })
	t.lastSaying++
	s.ID, s.Body = t.lastSaying, bytes.Clone(s.Body)
	put(t, t.sayings, s.ID, &s)
	return s.ID, nil
}

func (t *tx) RemoveSaying(id app.SayingID) error {
	put(t, t.sayings, id, nil)
	s := t.saidBoxed[id]
	if !s {
		return nil
	}
	put(t, t.saidBoxed, id, nil)
	for c, rows := range t.outbox {
		if !slices.ContainsFunc(rows, func(r app.OutboxRecord) bool { return r.Saying == id }) {
			continue
		}
		rows = slices.Clone(rows)
		for i := range rows {
			if rows[i].Saying == id {
				rows[i].Saying = 0
			}
		}
		put(t, t.outbox, c, &rows)
	}
	return nil
}

func (t *tx) RemoveSaid(c app.ContactID, seq uint64) error {
	for _, r := range t.outbox[c] {
		if r.Seq <= seq && r.Saying != 0 {
			if err := t.RemoveSaying(r.Saying); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) Saying(id app.SayingID) (app.Saying, error) {
	s, err := get(t.sayings, id)
	s.Body = bytes.Clone(s.Body)
	return s, err
}

func (t *tx) UnsealedSayings(c app.ContactID, limit int) ([]app.Saying, error) {
	var out []app.Saying
	for id, s := range t.sayings {
		if s.Contact == c && !t.saidBoxed[id] {
			s.Body = bytes.Clone(s.Body)
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b app.Saying) int { return cmp.Compare(a.ID, b.ID) })
	return out[:min(len(out), limit)], nil
}

func (t *tx) SayingCount(c app.ContactID) (n int, err error) {
	for _, s := range t.sayings {
		if s.Contact == c {
			n++
		}
	}
	return n, nil
}

func (t *tx) SearchMessages(q app.SearchQuery) ([]app.Hit, error) {
	query := fold.Parse(q.Text)
	if query.Empty() {
		return nil, nil
	}
	var out []app.Hit
	for _, m := range t.messages {
		if q.Contact != 0 && m.Contact != q.Contact || t.chatRecords[m.Contact].Hidden && !q.Hidden {
			continue
		}
		if match, found := query.Match(m.Text); found {
			out = append(out, app.Hit{Message: m.Message, Score: float64(match.Score())})
		}
	}
	slices.SortFunc(out, func(a, b app.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Message.ID, a.Message.ID))
	})
	return out[:min(len(out), max(q.Limit, 0))], nil
}
