package app

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"tacit/identity"
)

// peer is a contact in the loop's memory. It is copied before it is changed.
type peer struct {
	rec       ContactRecord
	bundle    identity.Bundle
	fp        identity.Fingerprint
	skeletons [2]string // of TheirName and Alias, "" where empty
	line      line
	sealed    int    // boxes in the outbox
	acked     uint64 // highest own number known to have arrived
	backlog   bool   // messages wait unsealed
	sayings   int    // kept, sealed or not
	unsaid    bool   // sayings wait unsealed
	chat      ChatRecord
	strange   int          // boxes running, of the contact's own, that nothing opened
	unheld    bool         // boxes in the outbox may be at no node
	owes      bool         // receipts are owed and not sealed
	early     int          // boxes that came by mailbox too early
	emptied   bool         // a box says nothing in place of a message that was deleted
	via       Path         // how what is taken now came
	latest    *latestTexts // nil until a number came again in this run
	usedAt    time.Time
	dirty     dirty
}

// dirty says what of a contact has to be written before the commit.
type dirty struct{ contact, session, grants, delivery, chat bool }

func newPeer(rec ContactRecord, l line) (*peer, error) {
	b, err := identity.ParseBundle(rec.Bundle)
	if err != nil {
		return nil, fmt.Errorf("bundle of contact: %w", err)
	}
	p := &peer{rec: rec, bundle: b, fp: b.Fingerprint(), line: l, usedAt: rec.MetAt}
	p.nameChanged()
	return p, nil
}

func (p *peer) nameChanged() {
	p.skeletons = [2]string{}
	for i, name := range []string{p.rec.TheirName, p.rec.Alias} {
		if name != "" {
			p.skeletons[i] = Skeleton(name)
		}
	}
}

// shownName is the name that people see.
func (p *peer) shownName() string {
	if p.rec.Alias != "" {
		return p.rec.Alias
	}
	return p.rec.TheirName
}

// writable reports whether the contact may be written to, and why not.
func (p *peer) writable() error {
	switch {
	case p.rec.Blocked:
		return ErrBlocked
	case p.rec.Trust < Introduced || !p.rec.Writable:
		return ErrNotVerified
	}
	return nil
}

// lineMoved marks what every sealed or opened box changes.
func (p *peer) lineMoved() { p.dirty.session, p.dirty.delivery = true, true }

// handle names the contact in the transport: "contact" and its number.
func (p *peer) handle() identity.Handle { return contactHandle(p.rec.ID) }

func contactHandle(c ContactID) (h identity.Handle) {
	copy(h[:8], "contact\x00")
	binary.BigEndian.PutUint64(h[8:], uint64(c))
	return h
}

// contactOf reverses contactHandle; pairings have random handles.
func contactOf(h identity.Handle) (ContactID, bool) {
	c := ContactID(binary.BigEndian.Uint64(h[8:]))
	return c, contactHandle(c) == h
}

// fallbackName is shown for somebody whose own name has nothing to show.
func fallbackName(fp identity.Fingerprint) string { return hex.EncodeToString(fp[:4]) }

// save writes what changed.
func (p *peer) save(tx Tx) error {
	c := p.rec.ID
	if p.dirty.contact {
		if err := tx.SetContact(p.rec); err != nil {
			return fmt.Errorf("set contact: %w", err)
		}
	}
	if p.dirty.session {
		if err := tx.SetSession(c, p.line.marshal()); err != nil {
			return fmt.Errorf("set session: %w", err)
		}
	}
	if p.dirty.grants {
		if err := tx.SetGrants(c, p.line.grants.Marshal()); err != nil {
			return fmt.Errorf("set grants: %w", err)
		}
	}
	if p.dirty.delivery {
		if err := tx.SetDelivery(c, p.line.delivery()); err != nil {
			return fmt.Errorf("set delivery: %w", err)
		}
	}
	if p.dirty.chat {
		p.chat.Contact = c
		if err := tx.SetChat(p.chat); err != nil {
			return fmt.Errorf("set chat: %w", err)
		}
	}
	return nil
}

// load reads the profile into memory. Where its sessions are of an older copy, or a
// backup came without them, it gives them up before anything else happens.
func (m *Messenger) load() error {
	if err := m.read(); err != nil {
		return err
	}
	if m.rolledBack = m.store.RolledBack(); m.rolledBack {
		if err := m.runNow(writing, (*work).settleRollback); err != nil {
			return err
		}
	}
	for _, p := range m.state.peers {
		if !p.bare() {
			continue
		}
		if err := m.runNow(writing, (*work).restoreBare); err != nil {
			return err
		}
		break
	}
	if err := m.runNow(writing, (*work).loadFiles); err != nil {
		return err
	}
	return m.runNow(writing, (*work).resumeExpiry)
}

func (m *Messenger) read() error {
	return m.store.View(context.Background(), func(tx ReadTx) error {
		rec, err := tx.Profile()
		if err != nil {
			return fmt.Errorf("profile: %w", err)
		}
		m.state = state{
			profile:  rec,
			id:       identity.FromRoot(rec.Root),
			peers:    map[ContactID]*peer{},
			pairings: map[PairingID]*pairing{},
			nodes:    map[NodeID]*node{},
		}
		if m.state.preferences, err = loadPreferences(tx, m.askAbove); err != nil {
			return err
		}
		contacts, err := tx.Contacts()
		if err != nil {
			return fmt.Errorf("contacts: %w", err)
		}
		for _, r := range contacts {
			p, err := loadPeer(tx, r)
			if err != nil {
				return err
			}
			m.state.peers[r.ID] = p
		}
		if err := m.loadNodes(tx); err != nil {
			return err
		}
		return m.loadPairings(tx)
	})
}

func loadPeer(tx ReadTx, r ContactRecord) (*peer, error) {
	blob, err := tx.Session(r.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("session: %w", err)
	}
	grants, err := tx.Grants(r.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("grants: %w", err)
	}
	d, err := tx.Delivery(r.ID)
	if err != nil {
		return nil, fmt.Errorf("delivery: %w", err)
	}
	if blob == nil {
		blob = new(line).marshal()
	}
	l, err := unmarshalLine(blob, grants, d, r.ResetSecret, r.ResetNumber)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	l.loaded = l.next
	p, err := newPeer(r, l)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if p.sealed, err = tx.OutboxCount(r.ID); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	waiting, err := tx.Unsealed(r.ID, 1)
	if err != nil {
		return nil, fmt.Errorf("unsealed: %w", err)
	}
	p.backlog = len(waiting) > 0
	p.unheld = p.sealed > 0
	if p.sayings, err = tx.SayingCount(r.ID); err != nil {
		return nil, fmt.Errorf("sayings: %w", err)
	}
	p.unsaid = p.sayings > 0
	if p.chat, err = tx.Chat(r.ID); err != nil {
		return nil, fmt.Errorf("chat: %w", err)
	}
	owed, err := tx.Owed(r.ID, 0, 1)
	if err != nil {
		return nil, fmt.Errorf("owed: %w", err)
	}
	p.owes = len(owed) > 0
	if p.early, err = tx.EarlyCount(r.ID); err != nil {
		return nil, fmt.Errorf("early boxes: %w", err)
	}
	head, err := tx.ChatHead(r.ID)
	if err != nil {
		return nil, fmt.Errorf("chat head: %w", err)
	}
	if head.Last != nil && head.Last.Notice == NoticeNone {
		p.usedAt = head.Last.At
	}
	return p, nil
}
