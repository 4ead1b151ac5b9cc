package main

import (
	"context"
	"time"

	"tacit/app"
	"tacit/identity"
)

const (
	maxCardTTL     = identity.MaxLinkTTL
	defaultCardTTL = identity.ScreenCardLife
)

// tell writes events until the subscription or ctx ends.
func (s *server) tell(ctx context.Context, sub *app.Subscription) {
	told := teller{server: s, shown: make(map[app.PairingID]string), ended: make(map[app.PairingID]bool)}
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-sub.Events():
			if !ok {
				return
			}
			for _, params := range told.notifications(e) {
				if s.out.write(notification{"2.0", "event", params}) != nil {
					return
				}
			}
		}
	}
}

// teller turns events into notifications, each told once. Owner: the goroutine of tell.
type teller struct {
	server *server
	shown  map[app.PairingID]string
	ended  map[app.PairingID]bool
	missed bool // events were left out, and the snapshot after them has not come yet
}

type (
	eventsMissed struct {
		Type string `json:"type"`
	}
	codeNeeded struct {
		Type    string `json:"type"`
		Pairing string `json:"pairing"`
		Show    string `json:"show"`
		Enter   bool   `json:"enter"`
	}
	nearbyChanged struct {
		Type string `json:"type"`
		nearbyView
	}
	pairingEnded struct {
		Type    string `json:"type"`
		Pairing string `json:"pairing"`
		Code    string `json:"code"`
	}
	contactAdded struct {
		Type    string `json:"type"`
		Contact string `json:"contact"`
	}
	messageReceived struct {
		Type    string    `json:"type"`
		Contact string    `json:"contact"`
		Message string    `json:"message"`
		Text    string    `json:"text"`
		SentAt  time.Time `json:"sent_at"`
		Path    string    `json:"path,omitempty"`
		ReplyTo *string   `json:"reply_to"`
		File    *fileView `json:"file"`
	}
	messageChanged struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		What    string `json:"what"`
	}
	fileProgress struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		Done    int64  `json:"done"`
		Total   int64  `json:"total"`
		State   string `json:"state"`
		Reason  string `json:"reason,omitempty"`
	}
	messageState struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		State   string `json:"state"`
		Reason  string `json:"reason"`
	}
	sessionRenewed struct {
		Type    string `json:"type"`
		Contact string `json:"contact"`
	}
	nodeChanged struct {
		Type  string `json:"type"`
		Node  string `json:"node"`
		State string `json:"state"` // "gone": removed
	}
	nodeOffered struct {
		Type    string `json:"type"`
		Contact string `json:"contact"`
		Offered bool   `json:"offered"`
	}
	contactPresence struct {
		Type      string `json:"type"`
		Contact   string `json:"contact"`
		Reachable string `json:"reachable"`
	}
)

func (t *teller) notifications(e app.Event) []any {
	switch e := e.(type) {
	case app.Resync:
		t.missed = true
		return []any{eventsMissed{"events.missed"}}
	case app.Snapshot:
		return t.snapshot(e)
	case app.PairingChanged:
		return t.pairing(e.Pairing)
	case app.NearbyChanged:
		return []any{nearbyChanged{"nearby.changed", viewNearby(e.Nearby)}}
	case app.ContactAdded:
		return t.contact(e.Contact)
	case app.ContactChanged:
		return t.contact(e.Contact)
	case app.MessageAdded:
		if e.Message.Notice != app.NoticeNone {
			return nil // told by the event of what it is about
		}
		return []any{message(e.Message)}
	case app.SessionRenewed:
		return []any{sessionRenewed{"session.renewed", e.Contact.String()}}
	case app.MessageStateChanged:
		return []any{state(e.Message)}
	case app.MessageChanged:
		return []any{changed(e.Message.ID, e.What)}
	case app.MessageRemoved:
		return []any{changed(e.Message, e.What)}
	case app.FileProgress:
		return []any{progress(e)}
	case app.NodeChanged:
		return []any{nodeChanged{"node.changed", nodeID(e.Node.ID), string(e.Node.State)}}
	case app.NodeRemoved:
		return []any{nodeChanged{"node.changed", nodeID(e.Node), "gone"}}
	case app.OfferChanged:
		return []any{nodeOffered{"node.offered", e.Contact.String(), e.Offered}}
	case app.PresenceChanged:
		return []any{presence(e.Contact, e.Reach)}
	}
	return nil
}

// snapshot tells what a caller could not know yet: pairings that wait for a code
// and who is reachable. Contacts that were there before are not "added". Where events
// were missed, it tells also of contacts that were added meanwhile, and of who is away.
func (t *teller) snapshot(s app.Snapshot) []any {
	var out []any
	for _, c := range s.Chats {
		added := c.Contact.Writable && t.server.setWritable(c.Contact.ID)
		if t.missed && added {
			out = append(out, contactAdded{"contact.added", c.Contact.ID.String()})
		}
		if t.missed || c.Reach != app.ReachNo {
			out = append(out, presence(c.Contact.ID, c.Reach))
		}
	}
	if s.Nearby.Open {
		out = append(out, nearbyChanged{"nearby.changed", viewNearby(s.Nearby)})
	}
	t.missed = false
	for _, p := range s.Pairings {
		out = append(out, t.pairing(p)...)
	}
	return out
}

func (t *teller) pairing(p app.Pairing) []any {
	if p.Phase == app.PhaseFailed && !t.ended[p.ID] {
		t.ended[p.ID] = true
		return []any{pairingEnded{"pairing.ended", string(p.ID), app.Code(p.Err)}}
	}
	// Whoever scanned the card is satisfied at once; the other side still needs their code.
	open := p.Phase == app.PhaseCodes || p.Phase == app.PhaseChecked
	if open && p.Show != "" && t.shown[p.ID] != p.Show {
		t.shown[p.ID] = p.Show
		return []any{codeNeeded{"pairing.code_needed", string(p.ID), p.Show, p.Enter}}
	}
	return nil
}

// contact tells of a contact when both sides have checked each other: from then on
// it can be written to, which is what a caller waits for.
func (t *teller) contact(c app.Contact) []any {
	if !c.Writable || !t.server.setWritable(c.ID) {
		return nil
	}
	return []any{contactAdded{"contact.added", c.ID.String()}}
}

func message(m app.Message) any {
	if m.Own {
		return state(m)
	}
	return messageReceived{"message.received", m.Contact.String(), m.ID.String(), m.Text, m.SentAt.UTC(), string(m.Path), viewReply(m), viewFile(m.File)}
}

func changed(id app.MessageID, what app.Change) any {
	return messageChanged{"message.changed", id.String(), string(what)}
}

func progress(e app.FileProgress) any {
	return fileProgress{"file.progress", e.Message.String(), e.File.Done, e.File.Size, string(e.File.State), string(e.File.Reason)}
}

func state(m app.Message) any {
	return messageState{"message.state", m.ID.String(), string(m.State), string(m.Reason)}
}

func presence(c app.ContactID, r app.Reach) any {
	return contactPresence{"contact.presence", c.String(), string(r)}
}
