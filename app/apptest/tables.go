package apptest

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"tacit/app"
)

// tables is what a store keeps. Store.mu guards it.
type tables struct {
	profile     *app.ProfileRecord
	contacts    map[app.ContactID]app.ContactRecord
	sessions    map[app.ContactID][]byte
	grants      map[app.ContactID][]byte
	delivery    map[app.ContactID]app.DeliveryRecord
	seen        map[seenKey]time.Time
	outbox      map[app.ContactID][]app.OutboxRecord // by Seq
	boxed       map[app.MessageID]bool               // messages with a row in outbox
	saidBoxed   map[app.SayingID]bool                // sayings with a row in outbox
	messages    map[app.MessageID]*message
	refs        map[refKey]app.MessageID // the oldest message of the name
	edits       map[app.MessageID][]app.Edit
	chats       map[app.ContactID][]app.MessageID // ascending
	chatRecords map[app.ContactID]app.ChatRecord
	sayings     map[app.SayingID]app.Saying
	cards       map[[32]byte]app.CardRecord
	accepted    map[[32]byte]time.Time
	pairings    map[app.PairingID]app.PairingRecord
	settings    map[string][]byte
	nodes       map[app.NodeID]app.NodeRecord
	lots        map[lotKey]numbered[app.LotRecord]
	offers      map[app.ContactID]app.OfferRecord
	early       map[app.ContactID][]app.EarlyRecord // in order of arrival
	owed        map[app.ContactID][]owed            // in order of arrival
	lastNode    app.NodeID
	counted     int
	lastContact app.ContactID
	lastMessage app.MessageID
	lastSaying  app.SayingID
	rolledBack  bool
}

type seenKey struct {
	contact app.ContactID
	digest  app.Digest
}

type message struct {
	app.Message
	content []byte          // of an unknown one
	file    *app.FileRecord // nil: none; replaced and never written to
}

type refKey struct {
	contact app.ContactID
	own     bool
	ref     app.Ref
}

func newTables() *tables {
	return &tables{
		contacts: map[app.ContactID]app.ContactRecord{},
		sessions: map[app.ContactID][]byte{},
		grants:   map[app.ContactID][]byte{},
		delivery: map[app.ContactID]app.DeliveryRecord{},
		seen:     map[seenKey]time.Time{},
		outbox:   map[app.ContactID][]app.OutboxRecord{},
		boxed:    map[app.MessageID]bool{},
		messages: map[app.MessageID]*message{},
		refs:     map[refKey]app.MessageID{},
		edits:    map[app.MessageID][]app.Edit{},
		chats:    map[app.ContactID][]app.MessageID{},
		sayings:  map[app.SayingID]app.Saying{},

		saidBoxed:   map[app.SayingID]bool{},
		chatRecords: map[app.ContactID]app.ChatRecord{},

		cards:    map[[32]byte]app.CardRecord{},
		accepted: map[[32]byte]time.Time{},
		pairings: map[app.PairingID]app.PairingRecord{},
		settings: map[string][]byte{},

		nodes: map[app.NodeID]app.NodeRecord{}, lots: map[lotKey]numbered[app.LotRecord]{},
		offers: map[app.ContactID]app.OfferRecord{}, early: map[app.ContactID][]app.EarlyRecord{},
		owed: map[app.ContactID][]owed{},
	}
}

// clone returns a copy. What the maps hold is replaced and never written to, so it is shared.
func (t *tables) clone() *tables {
	c := *t
	c.contacts, c.sessions, c.grants = maps.Clone(t.contacts), maps.Clone(t.sessions), maps.Clone(t.grants)
	c.delivery, c.seen, c.outbox = maps.Clone(t.delivery), maps.Clone(t.seen), maps.Clone(t.outbox)
	c.boxed, c.messages, c.chats = maps.Clone(t.boxed), maps.Clone(t.messages), maps.Clone(t.chats)
	c.cards, c.accepted, c.pairings = maps.Clone(t.cards), maps.Clone(t.accepted), maps.Clone(t.pairings)
	c.settings = maps.Clone(t.settings)
	c.saidBoxed, c.refs, c.edits = maps.Clone(t.saidBoxed), maps.Clone(t.refs), maps.Clone(t.edits)
	c.chatRecords, c.sayings = maps.Clone(t.chatRecords), maps.Clone(t.sayings)
	c.nodes, c.lots, c.offers = maps.Clone(t.nodes), maps.Clone(t.lots), maps.Clone(t.offers)
	c.early, c.owed = maps.Clone(t.early), maps.Clone(t.owed)
	for k, ids := range c.chats {
		c.chats[k] = slices.Clip(ids) // these are appended to
	}
	return &c
}

// tx implements app.Tx on the tables. Each write notes how to take it back.
type tx struct {
	*tables
	undo []func()
}

func (t *tx) rollback() {
	for _, f := range slices.Backward(t.undo) {
		f()
	}
}

// put sets m[k], or deletes it where v is nil, and notes how to take it back.
func put[K comparable, V any](t *tx, m map[K]V, k K, v *V) {
	old, had := m[k]
	t.undo = append(t.undo, func() {
		if had {
			m[k] = old
		} else {
			delete(m, k)
		}
	})
	if v == nil {
		delete(m, k)
	} else {
		m[k] = *v
	}
}

func get[K comparable, V any](m map[K]V, k K) (V, error) {
	v, ok := m[k]
	if !ok {
		return v, app.ErrNotFound
	}
	return v, nil
}

// sorted returns the values of m in the order of their keys under f.
func sorted[K comparable, V any](m map[K]V, f func(a, b V) int) []V {
	var vs []V
	for _, v := range m {
		vs = append(vs, v)
	}
	slices.SortFunc(vs, f)
	return vs
}

func (t *tx) Profile() (app.ProfileRecord, error) {
	if t.profile == nil {
		return app.ProfileRecord{}, app.ErrNotFound
	}
	return *t.profile, nil
}

func (t *tx) SetProfile(p app.ProfileRecord) error {
	old := t.profile
	t.undo = append(t.undo, func() { t.profile = old })
	t.profile = &p
	return nil
}

func (t *tx) Contacts() ([]app.ContactRecord, error) {
	all := sorted(t.contacts, func(a, b app.ContactRecord) int { return cmp.Compare(a.ID, b.ID) })
	for i := range all {
		all[i].Bundle = bytes.Clone(all[i].Bundle)
	}
	return all, nil
}

func (t *tx) Contact(c app.ContactID) (app.ContactRecord, error) {
	r, err := get(t.contacts, c)
	r.Bundle = bytes.Clone(r.Bundle)
	return r, err
}

func (t *tx) AddContact(r app.ContactRecord) (app.ContactID, error) {
	old := t.lastContact
	t.undo = append(t.undo, func() { t.lastContact = old })
	t.lastContact++
	r.ID = t.lastContact
	r.Bundle = bytes.Clone(r.Bundle)
	put(t, t.contacts, r.ID, &r)
	return r.ID, nil
}

func (t *tx) SetContact(r app.ContactRecord) error {
	if _, err := get(t.contacts, r.ID); err != nil {
		return err
	}
	r.Bundle = bytes.Clone(r.Bundle)
	put(t, t.contacts, r.ID, &r)
	return nil
}

func (t *tx) RemoveContact(c app.ContactID) error {
	if _, err := get(t.contacts, c); err != nil {
		return err
	}
	for _, id := range slices.Clone(t.chats[c]) {
		if err := t.RemoveMessage(id); err != nil {
			return err
		}
		put(t, t.boxed, id, nil)
	}
	for id, said := range t.sayings {
		if said.Contact == c {
			put(t, t.sayings, id, nil)
		}
	}
	put(t, t.chatRecords, c, nil)
	t.forgetOf(c)
	for k := range t.seen {
		if k.contact == c {
			put(t, t.seen, k, nil)
		}
	}
	put(t, t.chats, c, nil)
	put(t, t.outbox, c, nil)
	put(t, t.sessions, c, nil)
	put(t, t.grants, c, nil)
	put(t, t.delivery, c, nil)
	put(t, t.contacts, c, nil)
	return nil
}

func (t *tx) Session(c app.ContactID) ([]byte, error) { return cloned(get(t.sessions, c)) }
func (t *tx) Grants(c app.ContactID) ([]byte, error)  { return cloned(get(t.grants, c)) }

func cloned(b []byte, err error) ([]byte, error) { return bytes.Clone(b), err }

func (t *tx) SetSession(c app.ContactID, b []byte) error { return t.putBlob(t.sessions, c, b) }
func (t *tx) SetGrants(c app.ContactID, b []byte) error  { return t.putBlob(t.grants, c, b) }

func (t *tx) putBlob(m map[app.ContactID][]byte, c app.ContactID, b []byte) error {
	if _, err := get(t.contacts, c); err != nil {
		return err
	}
	b = bytes.Clone(b)
	put(t, m, c, &b)
	return nil
}

func (t *tx) Delivery(c app.ContactID) (app.DeliveryRecord, error) {
	d := t.delivery[c]
	d.Beyond = slices.Clone(d.Beyond)
	return d, nil
}

func (t *tx) SetDelivery(c app.ContactID, d app.DeliveryRecord) error {
	if _, err := get(t.contacts, c); err != nil {
		return err
	}
	d.Beyond = slices.Clone(d.Beyond)
	put(t, t.delivery, c, &d)
	return nil
}

func (t *tx) Seen(c app.ContactID, d app.Digest) (bool, error) {
	_, ok := t.seen[seenKey{c, d}]
	return ok, nil
}

func (t *tx) AddSeen(c app.ContactID, d app.Digest, at time.Time) error {
	if _, err := get(t.contacts, c); err != nil {
		return err
	}
	put(t, t.seen, seenKey{c, d}, &at)
	return nil
}

func (t *tx) ForgetSeen(before time.Time) error {
	for k, at := range t.seen {
		if at.Before(before) {
			put(t, t.seen, k, nil)
		}
	}
	return nil
}

func (t *tx) Cards() ([]app.CardRecord, error) {
	all := sorted(t.cards, func(a, b app.CardRecord) int { return bytes.Compare(a.InviteHash[:], b.InviteHash[:]) })
	for i := range all {
		all[i].M1 = slices.Clone(all[i].M1)
	}
	return all, nil
}

func (t *tx) SetCard(r app.CardRecord) error {
	r.M1 = slices.Clone(r.M1)
	put(t, t.cards, r.InviteHash, &r)
	return nil
}

func (t *tx) ForgetCards(before time.Time) error {
	for k, r := range t.cards {
		if r.Forget.Before(before) {
			put(t, t.cards, k, nil)
		}
	}
	for k, forget := range t.accepted {
		if forget.Before(before) {
			put(t, t.accepted, k, nil)
		}
	}
	return nil
}

func (t *tx) CardAccepted(h [32]byte) (bool, error) {
	_, ok := t.accepted[h]
	return ok, nil
}

func (t *tx) AddAcceptedCard(h [32]byte, forget time.Time) error {
	put(t, t.accepted, h, &forget)
	return nil
}

func (t *tx) Pairings() ([]app.PairingRecord, error) {
	all := sorted(t.pairings, func(a, b app.PairingRecord) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for i := range all {
		all[i].State = bytes.Clone(all[i].State)
	}
	return all, nil
}

func (t *tx) SetPairing(r app.PairingRecord) error {
	r.State = bytes.Clone(r.State)
	put(t, t.pairings, r.ID, &r)
	return nil
}

func (t *tx) RemovePairing(id app.PairingID) error {
	put(t, t.pairings, id, nil)
	return nil
}

func (t *tx) SettleRollback() error {
	old := t.rolledBack
	t.undo = append(t.undo, func() { t.rolledBack = old })
	t.rolledBack = false
	return nil
}

func (t *tx) Setting(key string) ([]byte, error) { return cloned(get(t.settings, key)) }

func (t *tx) SetSetting(key string, value []byte) error {
	if value == nil {
		put(t, t.settings, key, nil)
		return nil
	}
	value = bytes.Clone(value)
	put(t, t.settings, key, &value)
	return nil
}
