package apptest

import (
	"tacit/app"
	"tacit/identity"
)

var _ app.Transport = (*Transport)(nil)

// SetInternet implements app.Transport. The network takes no part in it.
func (t *Transport) SetInternet(i identity.Internet) {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	t.internet = i
}

// Internet returns what SetInternet said last.
func (t *Transport) Internet() identity.Internet {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	return t.internet
}

// Seek implements app.Transport: who can be met is met without it.
func (t *Transport) Seek(identity.Handle) {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	t.sought++
}

// Sought returns how often somebody was sought.
func (t *Transport) Sought() int {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	return t.sought
}

// Path implements app.Transport.
func (t *Transport) Path(h identity.Handle) string {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	if t.ends[h] == nil {
		return ""
	}
	return string(t.net.path)
}

// Over says how links go from now on: app.PathLAN at first.
func (n *Network) Over(p app.Path) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.path = p
}
