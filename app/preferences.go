package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// Preferences are what a person chose about what others learn. All of it is off at first
// but the networks themselves, and Options.AskAbove.
type Preferences struct {
	TellRead   bool  // contacts learn when their messages were read
	TellTyping bool  // contacts learn that something is being typed to them
	TellActive bool  // contacts learn that somebody is at this computer
	TellSeen   bool  // contacts learn when somebody last was; only together with TellActive
	LAN        bool  // meet contacts on the local network; at first true
	AskAbove   int64 // files larger than this many bytes wait for the person's word; 0: none does

	Internet    bool   // meet contacts over own nodes and hold messages there; at first true, and without a node nothing
	HideAddress bool   // no contact learns an address of this computer
	Proxy       string // "host:port" of a SOCKS5 proxy that everything goes through, LAN and DNS included; empty: none
	Hold        bool   // hold messages for contacts while this computer is on
}

// preferencesKey is the setting that keeps Preferences.
const preferencesKey = "preferences"

// preferencesRecord is what is stored of them.
type preferencesRecord struct {
	_          struct{} `cbor:",toarray"`
	TellRead   bool
	TellTyping bool
	TellActive bool
	TellSeen   bool
	NoLAN      bool
	AskAbove   int64
	NoInternet bool
	Hide       bool
	Proxy      string
	Hold       bool
}

// preferencesRecord1 is what was stored before there were nodes.
type preferencesRecord1 struct {
	_          struct{} `cbor:",toarray"`
	TellRead   bool
	TellTyping bool
	TellActive bool
	TellSeen   bool
	NoLAN      bool
	AskAbove   int64
}

// Preferences returns what the person chose.
func (m *Messenger) Preferences(ctx context.Context) (Preferences, error) {
	var out Preferences
	err := m.do(ctx, inMemory, func(w *work) error {
		out = w.preferences()
		return nil
	})
	return out, err
}

// SetPreferences takes a choice over at once. Contacts who were told that somebody is
// there, and are to be told no more, are told that nobody is; what was told and did not
// leave yet never does. ErrProxyAddress.
func (m *Messenger) SetPreferences(ctx context.Context, p Preferences) error {
	p.AskAbove = max(p.AskAbove, 0)
	if !validProxy(p.Proxy) {
		return ErrProxyAddress
	}
	return m.do(ctx, writing, func(w *work) error {
		rec := preferencesRecord{
			TellRead: p.TellRead, TellTyping: p.TellTyping, TellActive: p.TellActive,
			TellSeen: p.TellSeen, NoLAN: !p.LAN, AskAbove: p.AskAbove,
			NoInternet: !p.Internet, Hide: p.HideAddress, Proxy: p.Proxy, Hold: p.Hold,
		}
		if err := w.tx.SetSetting(preferencesKey, encode(&rec)); err != nil {
			return fmt.Errorf("set preferences: %w", err)
		}
		before := w.preferences()
		if err := w.unsay(before, p); err != nil {
			return err
		}
		w.op.preferences = &p
		w.op.homes = w.op.homes || p.Internet != before.Internet || p.HideAddress != before.HideAddress || p.Proxy != before.Proxy
		w.op.meet = w.op.meet || p.HideAddress != before.HideAddress
		w.emit(PreferencesChanged{p})
		w.later(func() { w.m.preferencesChanged(before) })
		return nil
	})
}

// preferences returns what is chosen now.
func (w *work) preferences() Preferences {
	for _, l := range []*layer{&w.op, &w.batch} {
		if l.preferences != nil {
			return *l.preferences
		}
	}
	return w.m.state.preferences
}

// loadPreferences returns what was chosen; before anything was, files are asked for above
// so many bytes.
func loadPreferences(tx ReadTx, askAbove int64) (Preferences, error) {
	b, err := tx.Setting(preferencesKey)
	if errors.Is(err, ErrNotFound) {
		return Preferences{LAN: true, Internet: true, AskAbove: askAbove}, nil
	}
	if err != nil {
		return Preferences{}, fmt.Errorf("preferences: %w", err)
	}
	var old preferencesRecord1
	if err := decode(b, &old); err == nil {
		return Preferences{
			TellRead: old.TellRead, TellTyping: old.TellTyping, TellActive: old.TellActive,
			TellSeen: old.TellSeen, LAN: !old.NoLAN, Internet: true, AskAbove: old.AskAbove,
		}, nil
	}
	var r preferencesRecord
	if err := decode(b, &r); err != nil {
		return Preferences{}, fmt.Errorf("%w: preferences: %w", ErrDamaged, err)
	}
	return Preferences{
		TellRead: r.TellRead, TellTyping: r.TellTyping, TellActive: r.TellActive,
		TellSeen: r.TellSeen, LAN: !r.NoLAN, AskAbove: r.AskAbove,
		Internet: !r.NoInternet, HideAddress: r.Hide, Proxy: r.Proxy, Hold: r.Hold,
	}, nil
}

// validProxy reports whether s is "host:port" with an IP address, or localhost: any other
// name would have to be looked up, and not through the proxy. Empty is none.
func validProxy(s string) bool {
	if s == "" {
		return true
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Zone() == "" && !addr.IsUnspecified()
}
