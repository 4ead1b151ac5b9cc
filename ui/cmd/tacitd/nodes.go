package main

import (
	"context"
	"encoding/json"
	"time"

	"tacit/app"
)

type nodeView struct {
	Node    string     `json:"node"`
	Address string     `json:"address"`
	Host    string     `json:"host"`
	Default bool       `json:"default"`
	State   string     `json:"state"`
	SeenAt  *time.Time `json:"seen_at"` // null: it never answered
	Used    int64      `json:"used"`
	Quota   int64      `json:"quota"`
	Refused int        `json:"refused"` // messages turned away for want of room, since it was last told
	Contact *string    `json:"contact"` // whose computer it is; null: of nobody who is a contact
}

func viewNode(n app.Node) nodeView {
	v := nodeView{
		Node: nodeID(n.ID), Address: n.Address, Host: n.Host, Default: n.Default, State: string(n.State),
		Used: n.Used, Quota: n.Quota, Refused: n.Refused,
	}
	if n.OfferedBy != 0 {
		by := n.OfferedBy.String()
		v.Contact = &by
	}
	if !n.SeenAt.IsZero() {
		at := n.SeenAt.UTC()
		v.SeenAt = &at
	}
	return v
}

func nodeID(id app.NodeID) string { return app.MessageID(id).String() }

// nodeAdd answers before the node does: node.changed tells of that.
func (s *server) nodeAdd(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Address string `json:"address"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	n, err := s.core.AddNode(ctx, p.Address)
	if err != nil {
		return nil, err
	}
	return viewNode(n), nil
}

func (s *server) nodeList(ctx context.Context, raw json.RawMessage) (any, error) {
	if err := decode(raw, &struct{}{}); err != nil {
		return nil, err
	}
	nodes, err := s.core.Nodes(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]nodeView, 0, len(nodes))
	for _, n := range nodes {
		views = append(views, viewNode(n))
	}
	return struct {
		Nodes []nodeView `json:"nodes"`
	}{views}, nil
}

type offerView struct {
	Contact string `json:"contact"`
	Address string `json:"address"`
}

// nodeOffers tells whose computers would hold messages for this profile.
func (s *server) nodeOffers(ctx context.Context, raw json.RawMessage) (any, error) {
	if err := decode(raw, &struct{}{}); err != nil {
		return nil, err
	}
	offers, err := s.core.Offers(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]offerView, 0, len(offers))
	for _, o := range offers {
		views = append(views, offerView{o.Contact.String(), o.Address})
	}
	return struct {
		Offers []offerView `json:"offers"`
	}{views}, nil
}

type checkView struct {
	Step   string `json:"step"`
	Tried  bool   `json:"tried"`
	Works  bool   `json:"works"`
	Error  string `json:"error,omitempty"` // a code
	Says   string `json:"says,omitempty"`  // Error in a sentence
	TookMS int64  `json:"took_ms"`
}

func (s *server) nodeTest(ctx context.Context, raw json.RawMessage) (any, error) {
	id, err := s.node(raw)
	if err != nil {
		return nil, err
	}
	checks, err := s.core.TestNode(ctx, id, nil)
	if err != nil {
		return nil, err
	}
	views := make([]checkView, 0, len(checks))
	for _, c := range checks {
		v := checkView{Step: string(c.Step), Tried: c.Tried, Works: c.Tried && c.Err == nil, TookMS: c.Took.Milliseconds()}
		if c.Err != nil {
			v.Error, v.Says = app.Code(c.Err), sentence(c.Err)
		}
		views = append(views, v)
	}
	return struct {
		Checks []checkView `json:"checks"`
	}{views}, nil
}

// node reads the one parameter of methods about a node.
func (*server) node(raw json.RawMessage) (app.NodeID, error) {
	var p struct {
		Node number `json:"node"`
	}
	err := decode(raw, &p)
	return app.NodeID(p.Node), err
}

// onNode is a method that does something with a node and answers an empty object.
func onNode(do func(*app.Messenger, context.Context, app.NodeID) error) method {
	return func(s *server, ctx context.Context, raw json.RawMessage) (any, error) {
		id, err := s.node(raw)
		if err == nil {
			err = do(s.core, ctx, id)
		}
		return struct{}{}, err
	}
}

type preferencesView struct {
	LAN         bool   `json:"lan"`
	Internet    bool   `json:"internet"`
	HideAddress bool   `json:"hide_address"`
	Proxy       string `json:"proxy"`
	Hold        bool   `json:"hold"`
}

func viewPreferences(p app.Preferences) preferencesView {
	return preferencesView{LAN: p.LAN, Internet: p.Internet, HideAddress: p.HideAddress, Proxy: p.Proxy, Hold: p.Hold}
}

func (s *server) preferencesGet(ctx context.Context, raw json.RawMessage) (any, error) {
	if err := decode(raw, &struct{}{}); err != nil {
		return nil, err
	}
	p, err := s.core.Preferences(ctx)
	return viewPreferences(p), err
}

// preferencesSet changes what is given, and leaves the rest as it is.
func (s *server) preferencesSet(ctx context.Context, raw json.RawMessage) (any, error) {
	var given struct {
		LAN         *bool   `json:"lan"`
		Internet    *bool   `json:"internet"`
		HideAddress *bool   `json:"hide_address"`
		Proxy       *string `json:"proxy"`
		Hold        *bool   `json:"hold"`
	}
	if err := decode(raw, &given); err != nil {
		return nil, err
	}
	p, err := s.core.Preferences(ctx)
	if err != nil {
		return nil, err
	}
	set(&p.LAN, given.LAN)
	set(&p.Internet, given.Internet)
	set(&p.HideAddress, given.HideAddress)
	set(&p.Proxy, given.Proxy)
	set(&p.Hold, given.Hold)
	if err := s.core.SetPreferences(ctx, p); err != nil {
		return nil, err
	}
	return viewPreferences(p), nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
