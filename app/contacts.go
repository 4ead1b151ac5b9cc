package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tacit/identity"
)

// Profile returns who this program belongs to.
func (m *Messenger) Profile(ctx context.Context) (Profile, error) {
	var out Profile
	err := m.do(ctx, inMemory, func(w *work) error {
		out = w.profile()
		return nil
	})
	return out, err
}

func (w *work) profile() Profile {
	return Profile{Name: w.name(), Fingerprint: w.m.state.id.Fingerprint(), RolledBack: w.m.rolledBack}
}

// Rename changes the own name, as later contacts get to know it. ErrNameEmpty,
// ErrNameTooLong.
func (m *Messenger) Rename(ctx context.Context, name string) error {
	clean, _, err := CleanName(name)
	if err != nil {
		return err
	}
	return m.do(ctx, writing, func(w *work) error {
		rec := w.m.state.profile
		rec.Name = clean
		if err := w.tx.SetProfile(rec); err != nil {
			return fmt.Errorf("set profile: %w", err)
		}
		w.op.name = &clean
		w.emit(ProfileChanged{w.profile()})
		return nil
	})
}

// contact returns a contact as it is shown.
func (w *work) contact(p *peer) Contact {
	looks := w.looksLike(p.fp, p.skeletons[:]...)
	return Contact{
		ID: p.rec.ID, Name: p.shownName(), TheirName: p.rec.TheirName, Alias: p.rec.Alias,
		Fingerprint: p.fp, Trust: p.rec.Trust, IntroducedBy: p.rec.IntroducedBy,
		Meeting: p.rec.Meeting, MetAt: p.rec.MetAt, Writable: p.rec.Writable, Blocked: p.rec.Blocked, Hide: p.rec.Hide,
		LooksLike: looks, SafetyNumber: identity.SafetyNumber(w.m.state.id.Fingerprint(), p.fp),
	}
}

// looksLike returns the name of another contact than fp that one of the
// skeletons could be taken for: the one known longest.
func (w *work) looksLike(fp identity.Fingerprint, skeletons ...string) string {
	var found *peer
	for _, p := range w.peers() {
		if p.fp == fp || found != nil && found.rec.ID < p.rec.ID {
			continue
		}
		for _, s := range skeletons {
			if s != "" && slices.Contains(p.skeletons[:], s) {
				found = p
			}
		}
	}
	if found == nil {
		return ""
	}
	return found.shownName()
}

func (w *work) contactChanged(p *peer) { w.emit(ContactChanged{w.contact(p)}) }

// Contacts returns all contacts by ID.
func (m *Messenger) Contacts(ctx context.Context) ([]Contact, error) {
	var out []Contact
	err := m.do(ctx, inMemory, func(w *work) error {
		out = nil
		for _, p := range w.peers() {
			out = append(out, w.contact(p))
		}
		slices.SortFunc(out, func(a, b Contact) int { return cmp.Compare(a.ID, b.ID) })
		return nil
	})
	return out, err
}

// Contact returns one contact. ErrNotFound.
func (m *Messenger) Contact(ctx context.Context, c ContactID) (Contact, error) {
	var out Contact
	err := m.do(ctx, inMemory, func(w *work) error {
		p := w.peer(c)
		if p == nil {
			return refuse(ErrNotFound)
		}
		out = w.contact(p)
		return nil
	})
	return out, err
}

// changeContact runs f on a contact to change and tells subscribers.
func (m *Messenger) changeContact(ctx context.Context, c ContactID, f func(*work, *peer) error) error {
	return m.do(ctx, writing, func(w *work) error {
		p := w.editPeer(c)
		if p == nil {
			return refuse(ErrNotFound)
		}
		p.dirty.contact = true
		if err := f(w, p); err != nil {
			return err
		}
		w.contactChanged(p)
		return nil
	})
}

// SetAlias gives a contact a name on this computer; a blank one takes it away.
// ErrNameTooLong, ErrNotFound.
func (m *Messenger) SetAlias(ctx context.Context, c ContactID, alias string) error {
	clean := ""
	if strings.TrimSpace(alias) != "" {
		var err error
		if clean, _, err = CleanName(alias); err != nil {
			return err
		}
	}
	return m.changeContact(ctx, c, func(_ *work, p *peer) error {
		p.rec.Alias = clean
		p.nameChanged()
		return nil
	})
}

// SetBlocked blocks a contact or ends that. A blocked one meets nobody here: no
// link, no receipts, and nothing is sent. ErrNotFound.
func (m *Messenger) SetBlocked(ctx context.Context, c ContactID, blocked bool) error {
	return m.changeContact(ctx, c, func(w *work, p *peer) error {
		p.rec.Blocked = blocked
		w.meet()
		w.later(func() { w.m.reroute(c) })
		return w.fill(p)
	})
}

// RemoveContact deletes a contact with its chat, for good. The other side is not
// told. ErrNotFound.
func (m *Messenger) RemoveContact(ctx context.Context, c ContactID) error {
	return m.do(ctx, writing, func(w *work) error {
		if w.peer(c) == nil {
			return refuse(ErrNotFound)
		}
		if err := w.tx.RemoveContact(c); err != nil {
			return fmt.Errorf("remove contact: %w", err)
		}
		w.op.peers[c] = nil
		for id, p := range w.pairings() {
			if p.contact == c {
				w.op.pairings[id] = nil
			}
		}
		w.meet()
		w.emit(ContactRemoved{c})
		return nil
	})
}

// friends returns the parties of the contacts, latest used first.
func (m *Messenger) friends() (ps []identity.Party) {
	var peers []*peer
	for _, p := range m.state.peers {
		if !p.rec.Blocked {
			peers = append(peers, p)
		}
	}
	slices.SortFunc(peers, func(a, b *peer) int {
		return cmp.Or(b.usedAt.Compare(a.usedAt), cmp.Compare(a.rec.ID, b.rec.ID))
	})
	for _, p := range peers {
		dial, accept := p.line.grants.DialKeys(), p.line.grants.AcceptKeys()
		if len(dial)+len(accept) > 0 {
			ps = append(ps, identity.Party{
				Handle: p.handle(), Dial: dial, Accept: accept,
				Node: p.mailbox(), Hide: p.rec.Hide || m.state.preferences.HideAddress,
			})
		}
	}
	return ps
}

// mailbox returns the node where the contact can be left messages, as its grant says;
// zero: nowhere.
func (p *peer) mailbox() identity.Hint {
	held, ok := p.line.grants.Held()
	if !ok || len(held.Mailbox) == 0 {
		return identity.Hint{}
	}
	at, err := identity.ParseHint(held.Mailbox)
	if err != nil {
		return identity.Hint{} // the grant was parsed when it came
	}
	return at
}
