package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"tacit/app"
)

// Limits of the listing methods: what one line of output reasonably carries.
const (
	defaultLimit = 50
	maxLimit     = 1000
)

type method func(*server, context.Context, json.RawMessage) (any, error)

var methods = map[string]method{
	"profile.get":           (*server).profileGet,
	"card.create":           (*server).cardCreate,
	"card.accept":           (*server).cardAccept,
	"pairing.enter_code":    (*server).pairingEnterCode,
	"nearby.start":          (*server).nearbyStart,
	"nearby.stop":           (*server).nearbyStop,
	"nearby.pick":           (*server).nearbyPick,
	"contact.list":          (*server).contactList,
	"contact.get":           (*server).contactGet,
	"contact.renew_session": (*server).contactRenewSession,
	"contact.hide":          (*server).contactHide,
	"chat.set_timer":        (*server).chatSetTimer,
	"message.send":          (*server).messageSend,
	"message.forward":       (*server).messageForward,
	"message.react":         (*server).messageReact,
	"message.edit":          (*server).messageEdit,
	"message.edits":         (*server).messageEdits,
	"message.delete":        (*server).messageDelete,
	"message.mark_read":     (*server).messageMarkRead,
	"message.list":          (*server).messageList,
	"message.search":        (*server).messageSearch,
	"node.add":              (*server).nodeAdd,
	"node.list":             (*server).nodeList,
	"node.offers":           (*server).nodeOffers,
	"node.test":             (*server).nodeTest,
	"node.set_default":      onNode((*app.Messenger).SetDefaultNode),
	"node.remove":           onNode((*app.Messenger).RemoveNode),
	"node.forget":           onNode((*app.Messenger).ForgetNode),
	"preferences.get":       (*server).preferencesGet,
	"preferences.set":       (*server).preferencesSet,
	"file.export":           (*server).fileExport,
	"file.resume":           onFile((*app.Messenger).FetchFile),
	"file.pause":            onFile((*app.Messenger).PauseFile),
	"file.cancel":           onFile((*app.Messenger).CancelFile),
}

// number is an ID as a caller gives it back: the string it was told, or a bare number.
type number int64

func (n *number) UnmarshalJSON(b []byte) error {
	s := string(b)
	if len(s) > 1 && s[0] == '"' {
		s = s[1 : len(s)-1]
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil || v < 0 {
		return errors.New("not an id")
	}
	*n = number(v)
	return nil
}

type contactView struct {
	ID           string  `json:"id"`
	Name         string  `json:"name"`
	Trust        int     `json:"trust"`
	IntroducedBy *string `json:"introduced_by"` // null: nobody
	SafetyNumber string  `json:"safety_number"`
	Path         string  `json:"path"` // on which the contact is reached now
	Hide         bool    `json:"hide"` // the contact learns no address of this computer
}

func viewContact(c app.Contact, r app.Reach) contactView {
	v := contactView{ID: c.ID.String(), Name: c.Name, Trust: int(c.Trust), SafetyNumber: c.SafetyNumber, Path: string(r), Hide: c.Hide}
	if c.IntroducedBy != 0 {
		by := c.IntroducedBy.String()
		v.IntroducedBy = &by
	}
	return v
}

func (s *server) profileGet(ctx context.Context, raw json.RawMessage) (any, error) {
	if err := decode(raw, &struct{}{}); err != nil {
		return nil, err
	}
	p, err := s.core.Profile(ctx)
	if err != nil {
		return nil, err
	}
	return struct {
		Name        string `json:"name"`
		Fingerprint string `json:"fingerprint"`
		RolledBack  bool   `json:"rolled_back,omitempty"`
	}{p.Name, hex.EncodeToString(p.Fingerprint[:]), p.RolledBack}, nil
}

func (s *server) cardCreate(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		TTLSeconds int64 `json:"ttl_seconds"`
		Shown      bool  `json:"shown"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	if p.TTLSeconds < 0 || p.TTLSeconds > int64(maxCardTTL/time.Second) {
		return nil, invalidParams("ttl_seconds is between 1 and 604800, seven days.")
	}
	ttl := time.Duration(p.TTLSeconds) * time.Second
	if ttl == 0 {
		ttl = defaultCardTTL
	}
	offer, err := s.core.CreateCard(ctx, app.CardRequest{TTL: ttl, Shown: p.Shown})
	if err != nil {
		return nil, err
	}
	return struct {
		Card      string    `json:"card"`
		ExpiresAt time.Time `json:"expires_at"`
		Pairing   string    `json:"pairing"`
		Internet  bool      `json:"internet"` // it can be answered from beyond this network
	}{offer.Card, offer.ExpiresAt.UTC(), string(offer.Pairing), offer.Internet}, nil
}

func (s *server) cardAccept(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Card    string `json:"card"`
		Scanned bool   `json:"scanned"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	id, err := s.core.AcceptCard(ctx, p.Card, p.Scanned)
	if err != nil {
		return nil, err
	}
	return struct {
		Pairing string `json:"pairing"`
	}{string(id)}, nil
}

func (s *server) pairingEnterCode(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Pairing string `json:"pairing"`
		Code    string `json:"code"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	id, err := s.core.EnterCode(ctx, app.PairingID(p.Pairing), p.Code)
	if err != nil {
		return nil, err
	}
	return struct {
		Contact string `json:"contact"`
	}{id.String()}, nil
}

func (s *server) contactList(ctx context.Context, raw json.RawMessage) (any, error) {
	if err := decode(raw, &struct{}{}); err != nil {
		return nil, err
	}
	contacts, err := s.core.Contacts(ctx)
	if err != nil {
		return nil, err
	}
	reach, err := s.reach(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]contactView, 0, len(contacts))
	for _, c := range contacts {
		views = append(views, viewContact(c, reach[c.ID]))
	}
	return struct {
		Contacts []contactView `json:"contacts"`
	}{views}, nil
}

func (s *server) contactGet(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Contact number `json:"contact"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	c, err := s.core.Contact(ctx, app.ContactID(p.Contact))
	if err != nil {
		return nil, err
	}
	reach, err := s.reach(ctx)
	if err != nil {
		return nil, err
	}
	return viewContact(c, reach[c.ID]), nil
}

// reach returns on which path each contact is reached now.
func (s *server) reach(ctx context.Context) (map[app.ContactID]app.Reach, error) {
	chats, err := s.core.Chats(ctx)
	reach := make(map[app.ContactID]app.Reach, len(chats))
	for _, c := range chats {
		reach[c.Contact.ID] = c.Reach
	}
	return reach, err
}

// contactHide says whether a contact may learn an address of this computer.
func (s *server) contactHide(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Contact number `json:"contact"`
		Hide    bool   `json:"hide"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	if err := s.core.SetHideFrom(ctx, app.ContactID(p.Contact), p.Hide); err != nil {
		return nil, err
	}
	return struct{}{}, nil
}

// contactRenewSession begins to renew the keys; session.renewed tells of the end.
func (s *server) contactRenewSession(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Contact number `json:"contact"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	if err := s.core.RenewSession(ctx, app.ContactID(p.Contact)); err != nil {
		return nil, err
	}
	return struct{}{}, nil
}
