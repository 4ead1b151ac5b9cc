package app

import (
	"context"
	"time"
)

// Connection is something by which this computer can be noticed on a network now.
type Connection struct {
	Kind    string    // "beacon", "listen", "contact", "unproven", "relay" (one that holds the line) or "node"
	Remote  string    // protocol and address of the far side; of a listener the own; of a beacon where it speaks to
	Contact ContactID // of "contact"; 0 where a pairing has not got so far
	Since   time.Time
}

// Connections returns what is open now. Preferences.LAN closes what is of the local
// network, Preferences.Internet the rest.
func (m *Messenger) Connections(ctx context.Context) ([]Connection, error) {
	var out []Connection
	err := m.do(ctx, inMemory, func(w *work) error {
		out = nil
		wires := m.transport.Connections()
		if m.nodes != nil {
			wires = append(wires, m.nodes.Connections()...)
		}
		for _, wire := range wires {
			c, known := contactOf(wire.Handle)
			if !known {
				if p := m.pairingByHandle(wire.Handle); p != nil {
					c, known = p.contact, true
				}
			}
			if !known || w.peer(c) == nil {
				c = 0
			}
			out = append(out, Connection{Kind: wire.Kind, Remote: wire.Remote, Contact: c, Since: wire.Since})
		}
		return nil
	})
	return out, err
}
