package apptest

import "tacit/app"

// SetOpen implements app.Transport.
func (t *Transport) SetOpen(open bool) {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	t.shut = !open
	t.net.match()
	t.net.nudgeStays()
}

// Connections implements app.Transport: its links, by their owners' names.
func (t *Transport) Connections() []app.Wire {
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	var out []app.Wire
	for h, e := range t.ends {
		out = append(out, app.Wire{Kind: "contact", Remote: e.far.t.Owner, Handle: h, Since: e.since})
	}
	return out
}
