package main

import (
	"context"
	"encoding/json"
	"time"

	"tacit/app"
)

type nearbyView struct {
	Open     bool          `json:"open"`
	Name     *string       `json:"name"` // null: not known yet
	Partners []partnerView `json:"partners"`
	Picked   *string       `json:"picked"`  // a partner; null: nobody
	Pairing  *string       `json:"pairing"` // null: none
	Until    *time.Time    `json:"until"`   // null while it is not open
	Code     string        `json:"code,omitempty"`
}

type partnerView struct {
	Partner string `json:"partner"`
	Name    string `json:"name"`
	Picks   bool   `json:"picks"`
	Twin    bool   `json:"twin"`
}

func viewNearby(n app.Nearby) nearbyView {
	v := nearbyView{
		Open: n.Open, Name: orNull(n.Name.String()), Partners: make([]partnerView, 0, len(n.Partners)),
		Picked: orNull(n.Picked), Pairing: orNull(string(n.Pairing)),
	}
	for _, p := range n.Partners {
		v.Partners = append(v.Partners, partnerView{p.ID, p.Name.String(), p.Picks, p.Twin})
	}
	if n.Open {
		until := n.Until.UTC()
		v.Until = &until
	}
	if n.Err != nil {
		v.Code = app.Code(n.Err)
	}
	return v
}

// orNull returns nil for an empty text.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *server) nearbyStart(ctx context.Context, raw json.RawMessage) (any, error) {
	if err := decode(raw, &struct{}{}); err != nil {
		return nil, err
	}
	n, err := s.core.StartNearby(ctx)
	if err != nil {
		return nil, err
	}
	return viewNearby(n), nil
}

func (s *server) nearbyStop(ctx context.Context, raw json.RawMessage) (any, error) {
	if err := decode(raw, &struct{}{}); err != nil {
		return nil, err
	}
	if err := s.core.StopNearby(ctx); err != nil {
		return nil, err
	}
	return struct{}{}, nil
}

// nearbyPick picks a partner; none given takes the pick back.
func (s *server) nearbyPick(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Partner string `json:"partner"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	if err := s.core.PickNearby(ctx, p.Partner); err != nil {
		return nil, err
	}
	return struct{}{}, nil
}
