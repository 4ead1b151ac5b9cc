package transport

import (
	"net"
	"testing"

	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/identity"
)

// TestAnswersTakeOneTime: the number of keys that an answer is computed over does not
// tell the number of contacts.
func TestAnswersTakeOneTime(t *testing.T) {
	for contacts, want := range map[int]int{0: keyQuantum, 1: keyQuantum, 200: keyQuantum, 300: 2 * keyQuantum} {
		p := newParties()
		var list []identity.Party
		for i := range contacts {
			k := identity.LinkKey{byte(i), byte(i >> 8), 1}
			old := identity.LinkKey{byte(i), byte(i >> 8), 2}
			list = append(list, identity.Party{Handle: identity.Handle{byte(i), byte(i >> 8)}, Accept: []identity.LinkKey{k, old}})
		}
		p.set(list)
		keys, owners := p.acceptKeys("x", nil)
		if len(keys) != want || len(owners) != 2*contacts {
			t.Errorf("%d contacts: %d keys of %d owners, want %d", contacts, len(keys), len(owners), want)
		}
	}
}

// TestHelloShowsTheLatest: of more contacts than a hello holds, those that were used last,
// and none that is linked to the very host.
func TestHelloShowsTheLatest(t *testing.T) {
	p := newParties()
	var list []identity.Party
	for i := range 300 {
		list = append(list, identity.Party{
			Handle: identity.Handle{byte(i), byte(i >> 8)}, Dial: []identity.LinkKey{{byte(i), byte(i >> 8), 1}}})
	}
	p.set(list)
	keys, owners := p.dialKeys("x")
	if len(keys) != identity.HelloTags || owners[0] != list[0].Handle || owners[254] != list[254].Handle {
		t.Errorf("%d keys", len(keys))
	}
	s := p.enter(list[0].Handle)
	s.links = []*link{newLink(list[0].Handle, key(1), nil, "x", true, nil)}
	if _, owners := p.dialKeys("x"); owners[0] != list[1].Handle {
		t.Error("shows a party to the host that it is linked to")
	}
	if _, owners := p.dialKeys("y"); owners[0] != list[0].Handle {
		t.Error("a party that may have restarted elsewhere is not shown")
	}
}

func TestOnlyNewKeysDialAgain(t *testing.T) {
	p := newParties()
	asked := func() bool {
		select {
		case <-p.again:
			return true
		default:
			return false
		}
	}
	party := identity.Party{Handle: handle('x'), Accept: []identity.LinkKey{key(1)}}
	for _, step := range []struct {
		what string
		list []identity.Party
		want bool
	}{
		{"only accepted", []identity.Party{party}, false},
		{"a key to dial with", []identity.Party{{Handle: handle('x'), Dial: []identity.LinkKey{key(2)}}}, true},
		{"the same", []identity.Party{{Handle: handle('x'), Dial: []identity.LinkKey{key(2)}}}, false},
		{"one more", []identity.Party{{Handle: handle('x'), Dial: []identity.LinkKey{key(3), key(2)}}}, true},
		{"fewer", []identity.Party{{Handle: handle('x'), Dial: []identity.LinkKey{key(3)}}}, false},
		{"hidden", []identity.Party{{Handle: handle('x')}}, false},
		{"shown again", []identity.Party{{Handle: handle('x'), Dial: []identity.LinkKey{key(3)}}}, true},
	} {
		if p.set(step.list); asked() != step.want {
			t.Errorf("%s: dials again: %v", step.what, !step.want)
		}
	}
}

// TestReplacedLink: a party that shows up on another host has restarted: its old link
// ends, and the owner hears of both, so that it repeats what is not acknowledged.
func TestReplacedLink(t *testing.T) {
	p, in := newParties(), newInbox()
	h := handle('x')
	p.set([]identity.Party{{Handle: h, Accept: []identity.LinkKey{key(1)}}})
	join := func(l *link) {
		t.Helper()
		if !p.join(in, p.enter(h), l) {
			t.Fatal("not joined")
		}
	}
	newTestLink := func(far string, dialled bool, conn any) *link {
		near, _ := net.Pipe()
		return newLink(h, key(1), pipeWire{near}, peer.ID(far), dialled, conn)
	}
	first := newTestLink("1", true, 1)
	join(first)
	both := newTestLink("1", false, 2) // both dialled: kept
	join(both)
	if hasEnded(first) || in.lost != 0 {
		t.Error("a link of the other direction replaced one")
	}
	if l, _ := p.link(h); l != first {
		t.Error("sends on another link than before")
	}
	restarted := newTestLink("2", false, 3)
	join(restarted)
	if !hasEnded(first) || !hasEnded(both) || in.lost != 1 || !in.reached[h] {
		t.Errorf("lost %d times, reached %v", in.lost, in.reached[h])
	}
	p.set(nil)
	if !hasEnded(restarted) {
		t.Error("the link of a removed party lives")
	}
	if s := p.enter(h); p.join(in, s, newTestLink("3", true, 4)) {
		t.Error("a removed party joined")
	}
}
