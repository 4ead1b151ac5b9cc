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
	Friend  bool       `json:"friend,omitempty"`
}

func viewNode(n app.Node) nodeView {
	v := nodeView{
		Node: nodeID(n.ID), Address: n.Address, Host: n.Host, Default: n.Default, State: string(n.State),
		Used: n.Used, Quota: n.Quota, Friend: n.Friend,
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

type checkView struct {
	Step   string `json:"step"`
	Tried  bool   `json:"tried"`
	Error  string `json:"error,omitempty"` // a code; empty: it works
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
		v := checkView{Step: string(c.Step), Tried: c.Tried, TookMS: c.Took.Milliseconds()}
		if c.Err != nil {
			v.Error = app.Code(c.Err)
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
}

func viewPreferences(p app.Preferences) preferencesView {
	return preferencesView{LAN: p.LAN, Internet: p.Internet, HideAddress: p.HideAddress, Proxy: p.Proxy}
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
