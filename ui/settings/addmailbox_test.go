package settings

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tacit/app"
)

func adding(t *testing.T) (*AddMailbox, *mailboxes, *kept, map[string]string) {
	k, m, pictures := &kept{}, &mailboxes{}, map[string]string{}
	read := func(_ context.Context, path string) (string, error) {
		if text, ok := pictures[path]; ok {
			return text, nil
		}
		return "", ErrNoAddressInPicture
	}
	named := func(text string) (string, bool) { return text, strings.HasPrefix(text, "/") }
	return NewAddMailbox(m, k.run(t), read, named), m, k, pictures
}

func TestAddMailboxByAnyWay(t *testing.T) {
	const address = "TACITNODE1:ABC234"
	for _, c := range []struct {
		what string
		do   func(*AddMailbox)
	}{
		{"typed", func(a *AddMailbox) { a.Edit(address); a.Add() }},
		{"pasted", func(a *AddMailbox) { a.Paste("\n  address " + strings.ToLower(address) + "\n") }},
		{"named", func(a *AddMailbox) { a.Paste("/tmp/qr.png") }},
		{"dropped", func(a *AddMailbox) { a.ReadPicture("/tmp/qr.png") }},
	} {
		a, m, k, pictures := adding(t)
		pictures["/tmp/qr.png"] = address
		var got app.Node
		a.OnAdded = func(n app.Node) { got = n }
		c.do(a)
		c.do(a) // while the first is under way
		k.letGo()
		if len(m.added) != 1 || m.added[0] != address || got.ID == 0 || a.Err != nil {
			t.Errorf("%s: added %q, told %+v, %v", c.what, m.added, got, a.Err)
		}
	}
}

func TestAddMailboxRefuses(t *testing.T) {
	const card = "TACIT1:ABC234"
	for _, c := range []struct {
		what string
		err  error // of the messenger
		do   func(*AddMailbox)
		want error
	}{
		{"a card", nil, func(a *AddMailbox) { a.Paste("open " + card) }, ErrCardNotNode},
		{"a picture of a card", nil, func(a *AddMailbox) { a.ReadPicture("/card.png") }, ErrCardNotNode},
		{"a picture of a link", nil, func(a *AddMailbox) { a.ReadPicture("/link.png") }, ErrNoAddressInPicture},
		{"a picture of nothing", nil, func(a *AddMailbox) { a.ReadPicture("/tree.png") }, ErrNoAddressInPicture},
		{"anything", app.ErrNodeAddress, func(a *AddMailbox) { a.Paste("hello") }, app.ErrNodeAddress},
		{"too many", app.ErrBusy, func(a *AddMailbox) { a.Paste("TACITNODE1:ABC") }, ErrManyMailboxes},
	} {
		a, m, k, pictures := adding(t)
		pictures["/card.png"], pictures["/link.png"] = card, "https://example.org"
		m.err = c.err
		a.OnAdded = func(app.Node) { t.Errorf("%s: taken", c.what) }
		c.do(a)
		k.letGo()
		if !errors.Is(a.Err, c.want) || a.Reading {
			t.Errorf("%s: %v", c.what, a.Err)
		}
		if a.Edit(a.Text() + " "); a.Text() != "" && a.Err != nil {
			t.Errorf("%s: the sentence stays while it is mended", c.what)
		}
	}
}

func TestAddMailboxTakesNothingEndless(t *testing.T) {
	a, m, k, _ := adding(t)
	a.Paste(strings.Repeat("A", maxAddressText+1))
	k.letGo()
	if a.Text() != "" || a.May() || len(m.added) != 0 {
		t.Errorf("field %d long, asked %d times", len(a.Text()), len(m.added))
	}
}

func TestAddMailboxIsQuietOnceClosed(t *testing.T) {
	a, m, k, _ := adding(t)
	a.OnAdded = func(app.Node) { t.Error("told after the card was closed") }
	a.Paste("TACITNODE1:ABC")
	a.Close()
	k.letGo()
	if len(m.added) != 1 {
		t.Error("what was under way is gone")
	}
}

func TestProxy(t *testing.T) {
	k := &kept{Preferences: app.Preferences{Proxy: "127.0.0.1:9050"}}
	p := NewPrivacy(keeper{k}, k.run(t))
	x := NewProxy(p)
	if x.Edit("early"); x.Changed() {
		t.Error("to be saved before what is stored is known")
	}
	x.Edit("")
	p.Load()
	k.letGo()
	if x.Text() != "127.0.0.1:9050" || x.Changed() {
		t.Fatalf("field %q", x.Text())
	}
	k.err = app.ErrProxyAddress
	x.Edit("nonsense")
	x.Save()
	if x.Text() != "nonsense" {
		t.Errorf("while it is stored: %q", x.Text())
	}
	k.letGo()
	if x.Text() != "nonsense" || !errors.Is(x.Err(), app.ErrProxyAddress) || !x.Changed() {
		t.Errorf("refused: field %q, %v", x.Text(), x.Err())
	}
	k.err = nil
	if x.Edit("  "); x.Err() != nil {
		t.Error("the sentence stays while it is mended")
	}
	x.Save()
	k.letGo()
	if k.Proxy != "" || x.Text() != "" || x.Changed() {
		t.Errorf("ended: stored %q, field %q", k.Proxy, x.Text())
	}
	p.Handle(app.PreferencesChanged{Preferences: app.Preferences{Proxy: "tor.example:9050"}})
	if x.Text() != "tor.example:9050" {
		t.Errorf("changed elsewhere: %q", x.Text())
	}
}
