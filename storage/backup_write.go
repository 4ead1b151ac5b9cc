package storage

import (
	"context"
	"database/sql"
	"fmt"

	"tacit/app"
	"tacit/storage/backup"
)

// Backup adds what makes the profile up to w: root and name, contacts with the rights to
// write both ways, settings and, with history, the messages. Nothing of the moment is in
// it: no session, nothing under way. The profile may be in use meanwhile; messages that
// come later are left out. app.ErrDamaged where something could not be read back. The
// caller closes w.
func (s *Store) Backup(ctx context.Context, w *backup.Writer, history bool) error {
	var head []entry
	var last int64
	err := s.View(ctx, func(r app.ReadTx) (err error) {
		t := r.(*tx)
		if head, err = t.entries(); err == nil {
			last, err = t.s.lastMessage()
		}
		return err
	})
	if err == nil {
		err = addEntries(w, head)
	}
	for after := int64(0); err == nil && history; {
		var page []entry
		err = s.View(ctx, func(r app.ReadTx) (err error) {
			page, err = r.(*tx).messageEntries(after, last)
			return err
		})
		if err != nil || len(page) == 0 {
			break
		}
		after = page[len(page)-1].(*messageEntry).ID
		err = addEntries(w, page)
	}
	if err != nil {
		return fmt.Errorf("storage: back up: %w", err)
	}
	return nil
}

func addEntries(w *backup.Writer, list []entry) error {
	for _, e := range list {
		b, err := encodeEntry(e)
		if err != nil {
			return err
		}
		if err := w.Add(b); err != nil {
			return err
		}
	}
	return nil
}

// entries returns everything but the messages.
func (t *tx) entries() ([]entry, error) {
	profile, err := one(t.s, func(r *sql.Rows) (entry, error) {
		p := new(profileEntry)
		return p, r.Scan(&p.Root, &p.Name, &p.CreatedAt, &p.LastContact)
	}, `SELECT root, name, created_at, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'contacts'), 0) FROM profile`)
	if err != nil {
		return nil, err
	}
	if profile.(*profileEntry).LastMessage, err = t.s.lastMessage(); err != nil {
		return nil, err
	}
	contacts, err := all(t.s, func(r *sql.Rows) (entry, error) {
		c := new(contactEntry)
		return c, r.Scan(&c.ID, &c.Bundle, &c.TheirName, &c.Alias, &c.Trust, &c.IntroducedBy, &c.Meeting, &c.MetAt,
			&c.Writable, &c.Blocked, &c.ResetSecret, &c.ResetNumber, &c.Grants)
	}, "SELECT "+contactColumns+`, coalesce((SELECT grants FROM grants WHERE contact = id), x'') FROM contacts ORDER BY id`)
	if err != nil {
		return nil, err
	}
	settings, err := all(t.s, func(r *sql.Rows) (entry, error) {
		s := new(settingEntry)
		return s, r.Scan(&s.Key, &s.Value)
	}, "SELECT key, value FROM settings ORDER BY key")
	return append(append([]entry{profile}, contacts...), settings...), err
}

// messageEntries returns the next messages after an id, up to another.
func (t *tx) messageEntries(after, upTo int64) ([]entry, error) {
	return all(t.s, func(r *sql.Rows) (entry, error) {
		m := new(messageEntry)
		return m, r.Scan(&m.ID, &m.Contact, &m.Own, &m.Text, &m.SentAt, &m.At, &m.State, &m.Reason, &m.StateAt,
			&m.Unread, &m.Unknown, &m.Notice)
	}, `SELECT id, contact, own, text, sent_at, at, state, reason, state_at, unread, unknown, notice FROM messages
		WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`, after, upTo, backupPage)
}
