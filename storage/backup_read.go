package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tacit/app"
	"tacit/storage/backup"
)

// Restore makes a profile in dir of a backup, under a passphrase of its own, and leaves
// it closed. fs.ErrExist where there is a profile; backup.ErrDamaged; errors are else those
// of Create. Whatever goes wrong, there is no profile then: it exists once all of it is durable.
func (o Options) Restore(ctx context.Context, dir, passphrase string, r *backup.Reader) error {
	return o.restore(ctx, dir, passphrase, r.Next)
}

// restore makes the profile of the records that next returns, until io.EOF.
func (o Options) restore(ctx context.Context, dir, passphrase string, next func() ([]byte, error)) error {
	o.First = func(t app.Tx) error { return t.(*tx).restore(next) }
	s, err := o.Create(ctx, dir, passphrase)
	if err != nil {
		return err
	}
	return s.Close()
}

// restore fills an empty profile. Ids stay: settings and introductions name them.
func (t *tx) restore(next func() ([]byte, error)) error {
	o := order{contacts: map[int64]bool{}, nodes: map[int64]bool{}}
	for {
		record, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		e, err := decodeEntry(record)
		if err != nil {
			return err
		}
		if err := o.next(e); err != nil {
			return err
		}
		if err := t.insert(e); err != nil {
			return fmt.Errorf("restore an entry: %w", err)
		}
	}
	if o.kind == 0 {
		return fmt.Errorf("%w: no profile", backup.ErrDamaged)
	}
	if err := t.s.resetIndex(); err != nil { // so that what is newest is found first
		return err
	}
	_, err := t.s.exec(`UPDATE counters SET messages = (SELECT count(*) FROM messages m WHERE m.contact = counters.contact),
		unread = (SELECT count(*) FROM messages m WHERE m.contact = counters.contact AND m.unread = 1)`)
	return err
}

// order holds the entries of a backup to theirs.
type order struct {
	kind     byte
	last     entry
	contacts map[int64]bool
	nodes    map[int64]bool
}

func (o *order) next(e entry) error {
	ascending := o.fits(e)
	switch e := e.(type) {
	case *contactEntry:
		o.contacts[e.ID] = true
	case *nodeEntry:
		o.nodes[e.ID] = true
		ascending = ascending && (e.OfferedBy == 0 || o.contacts[e.OfferedBy])
	case *lotEntry:
		ascending = ascending && o.nodes[e.Node]
	case *messageEntry:
		ascending = ascending && o.contacts[e.Contact]
	case *chatEntry:
		ascending = ascending && o.contacts[e.Contact]
	case *saidEntry:
		ascending = ascending && o.contacts[e.Contact]
	case *offerEntry:
		ascending = ascending && o.contacts[e.Contact]
	case *hideEntry:
		ascending = ascending && o.contacts[e.Contact]
	case *editEntry:
		// It belongs to the message before, which stays the last one: others may follow.
		said, ok := o.last.(*saidEntry)
		ascending = ascending && ok && said.ID == e.Message
	}
	if !ascending {
		return fmt.Errorf("%w: entries out of order", backup.ErrDamaged)
	}
	if e.kind() != kindEdit {
		o.kind, o.last = e.kind(), e
	}
	return nil
}

// fits reports whether e may follow the entry before by its kind and key.
func (o *order) fits(e entry) bool {
	if first := o.kind == 0; first != (e.kind() == kindProfile) || e.kind() < o.kind {
		return false
	}
	if e.kind() != o.kind {
		return true
	}
	switch e := e.(type) {
	case *contactEntry:
		return e.ID > o.last.(*contactEntry).ID
	case *settingEntry:
		return e.Key > o.last.(*settingEntry).Key
	case *messageEntry:
		return e.ID > o.last.(*messageEntry).ID
	case *chatEntry:
		return e.Contact > o.last.(*chatEntry).Contact
	case *saidEntry:
		return e.ID > o.last.(*saidEntry).ID
	case *nodeEntry:
		return e.ID > o.last.(*nodeEntry).ID
	case *lotEntry:
		return e.ID > o.last.(*lotEntry).ID
	case *offerEntry:
		return e.Contact > o.last.(*offerEntry).Contact
	case *hideEntry:
		return e.Contact > o.last.(*hideEntry).Contact
	}
	return true
}

func (t *tx) insert(e entry) error {
	switch e := e.(type) {
	case *profileEntry:
		return t.insertProfile(e)
	case *contactEntry:
		return t.insertContact(e)
	case *settingEntry:
		return t.SetSetting(e.Key, e.Value)
	case *messageEntry:
		return t.insertSaid(e.said())
	case *chatEntry:
		return t.SetChat(app.ChatRecord{
			Contact:   app.ContactID(e.Contact),
			ChatMarks: app.ChatMarks{Pinned: e.Pinned, Archived: e.Archived, Muted: e.Muted, MarkedUnread: e.MarkedUnread, Hidden: e.Hidden},
			Timer:     time.Duration(e.Timer) * time.Second, TimerVersion: uint64(e.TimerVersion),
			Draft: e.Draft, Position: app.MessageID(e.Position),
		})
	case *saidEntry:
		return t.insertSaid(e)
	case *editEntry:
		_, err := t.s.exec("INSERT INTO edits (message, text, at) VALUES (?, ?, ?)", e.Message, e.Text, e.At)
		return err
	}
	return t.insertHome(e)
}

// insertProfile also says which ids were given, so that none is given again.
func (t *tx) insertProfile(p *profileEntry) error {
	if err := t.s.setMeta("last_message", p.LastMessage); err != nil {
		return err
	}
	if _, err := t.s.exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('contacts', ?)", p.LastContact); err != nil {
		return err
	}
	_, err := t.s.exec("INSERT INTO profile (id, root, name, created_at) VALUES (1, ?, ?, ?)", p.Root, p.Name, p.CreatedAt)
	return err
}

// insertContact stores a contact without a session: that is what makes the messenger renew it.
func (t *tx) insertContact(c *contactEntry) error {
	if _, err := t.s.exec("INSERT INTO contacts ("+firstContactColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.ID, c.Bundle, c.TheirName, c.Alias, c.Trust, c.IntroducedBy, c.Meeting, c.MetAt,
		c.Writable, c.Blocked, c.ResetSecret, c.ResetNumber); err != nil {
		return err
	}
	if _, err := t.s.exec("INSERT INTO counters (contact) VALUES (?)", c.ID); err != nil {
		return err
	}
	if len(c.Grants) == 0 {
		return nil
	}
	return t.SetGrants(app.ContactID(c.ID), c.Grants)
}
