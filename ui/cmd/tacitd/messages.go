package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"tacit/app"
)

type sendParams struct {
	Contact      number `json:"contact"`
	Text         string `json:"text"`
	ReplyTo      number `json:"reply_to"`
	File         string `json:"file"`
	KeepMetadata bool   `json:"keep_metadata"`
}

// outgoing is what is to be said; opening its file is left to the messenger.
func (p sendParams) outgoing() (app.Outgoing, error) {
	out := app.Outgoing{Text: p.Text, ReplyTo: app.MessageID(p.ReplyTo)}
	if p.File == "" {
		return out, nil
	}
	a, err := attachment(p.File)
	if err != nil {
		return out, err
	}
	a.KeepMetadata = p.KeepMetadata
	out.File = a
	return out, nil
}

type sentView struct {
	Message string `json:"message"`
}

func sent(m app.Message) any { return sentView{m.ID.String()} }

// messageSend reads a file to its end, and waits for the right to write where that is on
// its way; beginSend is the common case.
func (s *server) messageSend(ctx context.Context, raw json.RawMessage) (any, error) {
	var p sendParams
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	out, err := p.outgoing()
	if err != nil {
		return nil, err
	}
	id := app.ContactID(p.Contact)
	m, err := s.core.Post(ctx, id, out)()
	if errors.Is(err, app.ErrNotVerified) && s.awaitWritable(ctx, id) {
		m, err = s.core.Post(ctx, id, out)()
	}
	if err != nil {
		return nil, err
	}
	return sent(m), nil
}

func (s *server) messageForward(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Message  number   `json:"message"`
		Contacts []number `json:"contacts"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	if len(p.Contacts) == 0 {
		return nil, invalidParams("contacts is a list of at least one contact.")
	}
	var to []app.ContactID
	for _, c := range p.Contacts {
		if slices.Contains(to, app.ContactID(c)) {
			return nil, invalidParams("contacts names somebody twice.")
		}
		to = append(to, app.ContactID(c))
	}
	return done(s.core.Forward(ctx, app.MessageID(p.Message), to))
}

func (s *server) messageReact(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Message number `json:"message"`
		Emoji   string `json:"emoji"`
		Remove  bool   `json:"remove"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	return done(s.core.React(ctx, app.MessageID(p.Message), p.Emoji, !p.Remove))
}

func (s *server) messageEdit(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Message number `json:"message"`
		Text    string `json:"text"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	_, err := s.core.Edit(ctx, app.MessageID(p.Message), p.Text)
	return done(err)
}

func (s *server) messageEdits(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Message number `json:"message"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	edits, err := s.core.Edits(ctx, app.MessageID(p.Message))
	if err != nil {
		return nil, err
	}
	views := make([]editView, 0, len(edits))
	for _, e := range edits {
		views = append(views, editView{e.Text, e.At.UTC()})
	}
	return struct {
		Edits []editView `json:"edits"`
	}{views}, nil
}

func (s *server) messageDelete(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Message number `json:"message"`
		ForAll  bool   `json:"for_all"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	return done(s.core.Delete(ctx, app.MessageID(p.Message), p.ForAll))
}

// messageMarkRead marks a message and those before it in its chat.
func (s *server) messageMarkRead(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Message number `json:"message"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	m, err := s.core.Message(ctx, app.MessageID(p.Message))
	if err != nil {
		return nil, err
	}
	return done(s.core.MarkRead(ctx, m.Contact, m.ID))
}

func (s *server) chatSetTimer(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Contact number `json:"contact"`
		Seconds *int64 `json:"seconds"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	if p.Seconds == nil {
		return nil, invalidParams("seconds is missing; 0 switches the timer off.")
	}
	if *p.Seconds < 0 || *p.Seconds > int64(app.MaxTimer/time.Second) {
		return nil, app.ErrTimerInvalid
	}
	return done(s.core.SetTimer(ctx, app.ContactID(p.Contact), time.Duration(*p.Seconds)*time.Second))
}

// done is the result of a method that has none.
func done(err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return struct{}{}, nil
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
	hits, err := s.core.Search(ctx, app.SearchQuery{Text: p.Query, Hidden: true, Limit: limit})
	if err != nil {
		return nil, err
	}
	ms := make([]app.Message, 0, len(hits))
	for _, h := range hits {
		ms = append(ms, h.Message)
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
