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
	"contact.list":          (*server).contactList,
	"contact.get":           (*server).contactGet,
	"contact.renew_session": (*server).contactRenewSession,
	"message.send":          (*server).messageSend,
	"message.list":          (*server).messageList,
	"message.search":        (*server).messageSearch,
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
}

func viewContact(c app.Contact) contactView {
	v := contactView{ID: c.ID.String(), Name: c.Name, Trust: int(c.Trust), SafetyNumber: c.SafetyNumber}
	if c.IntroducedBy != 0 {
		by := c.IntroducedBy.String()
		v.IntroducedBy = &by
	}
	return v
}

type messageView struct {
	ID      string    `json:"id"`
	Contact string    `json:"contact"`
	Own     bool      `json:"own"`
	Text    string    `json:"text"`
	SentAt  time.Time `json:"sent_at"`
	State   string    `json:"state"`
	Reason  string    `json:"reason,omitempty"`
	Unknown bool      `json:"unknown,omitempty"`
	Notice  string    `json:"notice,omitempty"`
}

func viewMessage(m app.Message) messageView {
	v := messageView{
		ID: m.ID.String(), Contact: m.Contact.String(), Own: m.Own, Text: m.Text, SentAt: m.SentAt.UTC(),
		State: string(m.State), Reason: string(m.Reason), Unknown: m.Unknown, Notice: string(m.Notice),
	}
	if m.Notice != app.NoticeNone {
		v.SentAt = m.At.UTC() // nobody sent it
	}
	return v
}

func viewMessages(ms []app.Message) any {
	views := make([]messageView, 0, len(ms))
	for _, m := range ms {
		views = append(views, viewMessage(m))
	}
	return struct {
		Messages []messageView `json:"messages"`
	}{views}
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
	}{offer.Card, offer.ExpiresAt.UTC(), string(offer.Pairing)}, nil
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
	views := make([]contactView, 0, len(contacts))
	for _, c := range contacts {
		views = append(views, viewContact(c))
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
	return viewContact(c), nil
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

type sendParams struct {
	Contact number `json:"contact"`
	Text    string `json:"text"`
}

type sentView struct {
	Message string `json:"message"`
}

func sent(m app.Message) any { return sentView{m.ID.String()} }

// messageSend waits for the right to write where that is on its way; beginSend is the
// common case.
func (s *server) messageSend(ctx context.Context, raw json.RawMessage) (any, error) {
	var p sendParams
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	id := app.ContactID(p.Contact)
	m, err := s.core.Send(ctx, id, p.Text)
	if errors.Is(err, app.ErrNotVerified) && s.awaitWritable(ctx, id) {
		m, err = s.core.Send(ctx, id, p.Text)
	}
	if err != nil {
		return nil, err
	}
	return sent(m), nil
}

func (s *server) messageList(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Contact number `json:"contact"`
		Before  number `json:"before"`
		Limit   int    `json:"limit"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	limit, err := limitOf(p.Limit)
	if err != nil {
		return nil, err
	}
	if _, err := s.core.Contact(ctx, app.ContactID(p.Contact)); err != nil {
		return nil, err
	}
	ms, err := s.core.Messages(ctx, app.ContactID(p.Contact), app.MessageID(p.Before), limit)
	if err != nil {
		return nil, err
	}
	return viewMessages(ms), nil
}

func (s *server) messageSearch(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Query string `json:"query"`
		Limit int    `json:"limit"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	limit, err := limitOf(p.Limit)
	if err != nil {
		return nil, err
	}
	ms, err := s.core.Search(ctx, p.Query, limit)
	if err != nil {
		return nil, err
	}
	return viewMessages(ms), nil
}

func limitOf(n int) (int, error) {
	switch {
	case n == 0:
		return defaultLimit, nil
	case n < 0 || n > maxLimit:
		return 0, invalidParams("limit is between 1 and 1000.")
	}
	return n, nil
}
