package storage

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"tacit/app"
	"tacit/identity"
	"tacit/identity/session"
	"tacit/storage/backup"
)

// What a backup holds: one record for each entry, its kind as one byte and then a
// deterministic CBOR array. They stand in the order of the kinds, and each kind but the
// first in ascending order of its key; the earlier texts of a message follow it. Times are
// microseconds since 1970, 0 for none.
type entry interface {
	kind() byte
	// check refuses what no profile holds.
	check() error
}

const (
	kindProfile byte = 1 // exactly one
	kindContact byte = 2
	kindSetting byte = 3
	kindMessage byte = 4 // of backups of version 1
	kindChat    byte = 5
	kindSaid    byte = 6 // a message
	kindEdit    byte = 7 // an earlier text of the message before
	kindNode    byte = 8 // this and what follows: since version 3
	kindLot     byte = 9
	kindOffer   byte = 10
	kindHide    byte = 11
)

type profileEntry struct {
	_           struct{} `cbor:",toarray"`
	Root        []byte   // 32 bytes
	Name        string
	CreatedAt   int64
	LastContact int64 // the greatest id ever given
	LastMessage int64 // the same
}

type contactEntry struct {
	_            struct{} `cbor:",toarray"`
	ID           int64
	Bundle       []byte // identity.Bundle
	TheirName    string
	Alias        string
	Trust        int
	IntroducedBy int64
	Meeting      string
	MetAt        int64
	Writable     bool
	Blocked      bool
	ResetSecret  []byte // 32 bytes
	ResetNumber  int64
	Grants       []byte // session.Grants, both ways; empty for none
}

type settingEntry struct {
	_     struct{} `cbor:",toarray"`
	Key   string
	Value []byte
}

// messageEntry is a message as version 1 kept it.
type messageEntry struct {
	_       struct{} `cbor:",toarray"`
	ID      int64
	Contact int64
	Own     bool
	Text    string
	SentAt  int64
	At      int64
	State   string
	Reason  string
	StateAt int64
	Unread  bool
	Unknown []byte // null for all but content of a newer version
	Notice  string
}

func (*profileEntry) kind() byte { return kindProfile }
func (*contactEntry) kind() byte { return kindContact }
func (*settingEntry) kind() byte { return kindSetting }
func (*messageEntry) kind() byte { return kindMessage }
func (*chatEntry) kind() byte    { return kindChat }
func (*saidEntry) kind() byte    { return kindSaid }
func (*editEntry) kind() byte    { return kindEdit }

var errBounds = errors.New("an entry is out of bounds")

// bounds returns an error where a condition does not hold.
func bounds(conditions ...bool) error {
	for _, holds := range conditions {
		if !holds {
			return errBounds
		}
	}
	return nil
}

func (p *profileEntry) check() error {
	return bounds(len(p.Root) == 32, len(p.Name) <= app.MaxNameBytes, p.LastContact >= 0, p.LastMessage >= 0)
}

func (c *contactEntry) check() error {
	_, malformed := identity.ParseBundle(c.Bundle)
	if malformed == nil && len(c.Grants) > 0 {
		_, malformed = session.UnmarshalGrants(c.Grants)
	}
	return bounds(malformed == nil, c.ID > 0, len(c.TheirName) <= app.MaxNameBytes, len(c.Alias) <= app.MaxNameBytes,
		c.Trust >= int(app.Unverified), c.Trust <= int(app.Verified), c.IntroducedBy >= 0, len(c.Meeting) <= maxWord,
		len(c.ResetSecret) == 32, c.ResetNumber >= 0)
}

func (s *settingEntry) check() error {
	return bounds(s.Key != "", len(s.Key) <= maxSettingKey, s.Value != nil, len(s.Value) <= app.MaxSettingBytes)
}

func (m *messageEntry) check() error {
	return bounds(m.ID > 0, m.Contact > 0, len(m.Text) <= app.MaxTextBytes, len(m.Unknown) <= maxUnknown,
		len(m.State) <= maxWord, len(m.Reason) <= maxWord, len(m.Notice) <= maxWord)
}

var (
	entryEncoding = mode(cbor.CoreDetEncOptions().EncMode())
	entryDecoding = mode(cbor.DecOptions{
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  4,
		MaxArrayElements: maxReactions,
		MaxMapPairs:      16,
		UTF8:             cbor.UTF8RejectInvalid,
	}.DecMode())
)

func mode[T any](m T, err error) T {
	if err != nil {
		panic(err) // options of this file, fixed at compile time
	}
	return m
}

// encodeEntry refuses what decodeEntry would, with app.ErrDamaged: better now than when it is needed.
func encodeEntry(e entry) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", app.ErrDamaged, err)
	}
	b, err := entryEncoding.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("storage: encode an entry: %w", err)
	}
	return append([]byte{e.kind()}, b...), nil
}

// decodeEntry reads a record. There is one encoding for each entry. backup.ErrDamaged.
func decodeEntry(record []byte) (entry, error) {
	var e entry
	switch record[0] {
	case kindProfile:
		e = new(profileEntry)
	case kindContact:
		e = new(contactEntry)
	case kindSetting:
		e = new(settingEntry)
	case kindMessage:
		e = new(messageEntry)
	case kindChat:
		e = new(chatEntry)
	case kindSaid:
		e = new(saidEntry)
	case kindEdit:
		e = new(editEntry)
	case kindNode:
		e = new(nodeEntry)
	case kindLot:
		e = new(lotEntry)
	case kindOffer:
		e = new(offerEntry)
	case kindHide:
		e = new(hideEntry)
	default:
		return nil, fmt.Errorf("%w: an entry of no kind", backup.ErrDamaged)
	}
	if err := entryDecoding.Unmarshal(record[1:], e); err != nil {
		return nil, fmt.Errorf("%w: %w", backup.ErrDamaged, err)
	}
	again, err := encodeEntry(e)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", backup.ErrDamaged, err)
	}
	if !bytes.Equal(again, record) {
		return nil, fmt.Errorf("%w: an entry is not deterministic", backup.ErrDamaged)
	}
	return e, nil
}
