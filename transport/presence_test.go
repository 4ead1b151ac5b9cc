package transport

import (
	"testing"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// TestPresencePages: each key finds its presence, and a node cannot tell places that are
// used from those that are not: all change at each writing, and the names of all stay.
func TestPresencePages(t *testing.T) {
	home := identity.Home{Node: identity.Hint{Name: "n", Port: 1}, Account: [32]byte{7}}
	p := mailbox.Presence{Peer: [32]byte{1}, Until: epoch.Add(time.Hour).Unix(), Relays: []identity.Hint{home.Node}}
	var keys []identity.LinkKey
	for i := range 100 {
		keys = append(keys, identity.LinkKey{byte(i), 1})
	}
	read := func() map[[16]byte][mailbox.ContentSize]byte {
		pages, err := presencePages(home, p, keys)
		if err != nil {
			t.Fatal(err)
		}
		if len(pages) != 2 || pages[1].Page != 1 {
			t.Fatalf("%d pages", len(pages))
		}
		all := make(map[[16]byte][mailbox.ContentSize]byte)
		for _, page := range pages {
			for _, s := range page.Slots {
				all[s.ID] = s.Content
			}
		}
		return all
	}
	first, second := read(), read()
	if len(first) != 2*mailbox.PageSlots {
		t.Errorf("%d names", len(first))
	}
	for id, content := range first {
		if again, ok := second[id]; !ok || again == content {
			t.Errorf("a place that the next writing knows: %v, and has changed: %v", ok, again != content)
		}
	}
	for _, k := range keys {
		if got, err := mailbox.OpenPresence(k, first[mailbox.PresenceID(k)], epoch); err != nil || got.Peer != p.Peer {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if empty, err := presencePages(home, p, nil); err != nil || len(empty) != 1 {
		t.Errorf("whoever has no friend writes %d pages", len(empty))
	}
}
