package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tacit/app"
	"tacit/storage/backup"
)

// Backup adds what makes the profile up to w: root and name, contacts with the rights to
// write both ways, settings, marks and timers of chats, the accounts at own nodes and, with
// history, the messages with all that was said of them, and drafts. Of files it keeps what was
// promised, not the bytes. Nothing of the moment is in it: no session, nothing under way, no
// grant that nobody holds yet. The profile may be in use meanwhile; messages that
// come later are left out. app.ErrDamaged where something could not be read back. The
// caller closes w.
func (s *Store) Backup(ctx context.Context, w *backup.Writer, history bool) error {
	var head, tail []entry
	var last int64
	err := s.View(ctx, func(r app.ReadTx) (err error) {
		t := r.(*tx)
		if head, err = t.entries(history); err != nil {
			return err
		}
		if tail, err = t.homeEntries(); err != nil {
			return err
		}
		last, err = t.s.lastMessage()
		return err
	})
	if err == nil {
		err = addEntries(w, head)
	}
	for after := int64(0); err == nil && history; {
		var page []entry
		err = s.View(ctx, func(r app.ReadTx) (err error) {
			page, after, err = r.(*tx).messageEntries(after, last)
			return err
		})
		if err != nil || len(page) == 0 {
			break
		}
		err = addEntries(w, page)
	}
	if err == nil {
		err = addEntries(w, tail)
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

// entries returns what stands before the messages.
func (t *tx) entries(history bool) ([]entry, error) {
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
	}, "SELECT "+firstContactColumns+`, coalesce((SELECT grants FROM grants WHERE contact = id), x'') FROM contacts ORDER BY id`)
	if err != nil {
		return nil, err
	}
	settings, err := all(t.s, func(r *sql.Rows) (entry, error) {
		s := new(settingEntry)
		return s, r.Scan(&s.Key, &s.Value)
	}, "SELECT key, value FROM settings ORDER BY key")
	if err != nil {
		return nil, err
	}
	chats, err := all(t.s, func(r *sql.Rows) (entry, error) {
		c := new(chatEntry)
		err := r.Scan(&c.Contact, &c.Pinned, &c.Archived, &c.Muted, &c.MarkedUnread, &c.Hidden, &c.Timer, &c.TimerVersion, &c.Draft, &c.Position)
		if !history {
			c.Draft, c.Position = "", 0
		}
		return c, err
	}, "SELECT "+chatColumns+" FROM chats ORDER BY contact")
	return slices.Concat([]entry{profile}, contacts, settings, chats), err
}

// messageEntries returns the next messages after an id, up to another, each followed by its
// earlier texts, and the last one's id.
func (t *tx) messageEntries(after, upTo int64) (page []entry, last int64, err error) {
	messages, err := t.messages("SELECT "+messageColumns+" FROM messages m WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", after, upTo, backupPage)
	if err != nil || len(messages) == 0 {
		return nil, after, err
	}
	last = int64(messages[len(messages)-1].ID)
	type content struct {
		id    int64
		bytes []byte
	}
	contents, err := all(t.s, func(r *sql.Rows) (c content, err error) { err = r.Scan(&c.id, &c.bytes); return c, err },
		"SELECT id, unknown FROM messages WHERE id > ? AND id <= ? AND unknown IS NOT NULL ORDER BY id", after, last)
	if err != nil {
		return nil, after, err
	}
	files, err := all(t.s, scanFile, "SELECT "+fileColumns+" FROM files f WHERE message > ? AND message <= ? ORDER BY message", after, last)
	if err != nil {
		return nil, after, err
	}
	edits, err := all(t.s, func(r *sql.Rows) (*editEntry, error) {
		e := new(editEntry)
		return e, r.Scan(&e.Message, &e.Text, &e.At)
	}, "SELECT message, text, at FROM edits WHERE message > ? AND message <= ? ORDER BY message, id", after, last)
	for _, m := range messages {
		id := int64(m.ID)
		var unknown []byte
		if len(contents) > 0 && contents[0].id == id {
			unknown, contents = notNil(contents[0].bytes), contents[1:]
		}
		var f *app.FileRecord
		if len(files) > 0 && files[0].Message == m.ID {
			f, files = &files[0], files[1:]
		}
		page = append(page, saidOf(m, unknown, f))
		for ; len(edits) > 0 && edits[0].Message == id; edits = edits[1:] {
			page = append(page, edits[0])
		}
	}
	return page, last, err
}
