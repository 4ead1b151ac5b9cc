package transport

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	mrand "math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// Presences is where it is written, and read, at which relays somebody can be met.
type Presences interface {
	// Look reads what stands under a name at a node: random bytes where nothing does. The
	// node learns no address of this computer if hidden is set, or is told so by other means.
	Look(ctx context.Context, at identity.Hint, id [16]byte, hidden bool) ([mailbox.ContentSize]byte, error)
	// PutPresence overwrites a page at an own node.
	PutPresence(ctx context.Context, h identity.Home, page *mailbox.Presences) error
}

// publish keeps presence at the own nodes as it is: written again when keys or relays
// change, and from time to time. When it has said where this side is, it has all parties
// looked for: of two who come at the same time, the one who looks last sees the other.
func (s *relayStation) publish(ctx context.Context) {
	var last [sha256.Size]byte
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	said := 0
	for due := true; ; {
		homes, keys := s.reserved(), s.parties.accepted()
		if now := fingerprintOf(homes, keys); due || now != last {
			last, due = now, false
			timer.Reset(jitter(publishTime))
			if !s.publishTo(ctx, homes, keys) {
				last = [sha256.Size]byte{}
				timer.Reset(memoryless(publishRetry))
			}
			if len(homes) > said {
				s.post(func(k *seeker, now time.Time) { k.again(now) })
			}
			said = len(homes)
		}
		select {
		case <-s.stale:
			pause(ctx, publishPause)
		case <-timer.C:
			due = true
		case <-ctx.Done():
			return
		}
	}
}

// fingerprintOf names what a publication says, in whatever order the keys are: by what the
// nodes see of it.
func fingerprintOf(homes []identity.Home, keys []identity.LinkKey) [sha256.Size]byte {
	var names []string
	for _, k := range keys {
		id := mailbox.PresenceID(k)
		names = append(names, string(id[:]))
	}
	slices.Sort(names)
	h := sha256.New()
	for _, home := range homes {
		h.Write(home.Node.Node[:])
	}
	for _, name := range slices.Compact(names) {
		h.Write([]byte(name))
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// publishTo writes presence at all the nodes. It reports whether all took it.
func (s *relayStation) publishTo(ctx context.Context, homes []identity.Home, keys []identity.LinkKey) bool {
	if s.presences == nil {
		return true
	}
	var failed atomic.Bool
	var writing sync.WaitGroup
	for _, h := range homes {
		writing.Go(func() {
			if err := s.publishAt(ctx, h, homes, keys); err != nil {
				failed.Store(true)
			}
		})
	}
	writing.Wait()
	return !failed.Load()
}

// publishAt writes presence at one node.
func (s *relayStation) publishAt(ctx context.Context, at identity.Home, homes []identity.Home, keys []identity.LinkKey) error {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	p := mailbox.Presence{Until: time.Now().Add(presenceSpan).Unix()}
	for _, h := range homes {
		p.Relays = append(p.Relays, h.Node)
	}
	var err error
	if p.Peer, err = keyOf(s.host.ID); err != nil {
		return err
	}
	pages, err := presencePages(at, p, keys)
	if err != nil {
		return err
	}
	for _, page := range pages {
		if err := s.presences.PutPresence(ctx, at, page); err != nil {
			return err
		}
	}
	return nil
}

// presencePages seals a presence under each key: in random places of as few pages as there
// must be, at least one. In the other places are random bytes, under names that stay the
// same at a node as those of the keys do: it cannot count them.
func presencePages(at identity.Home, p mailbox.Presence, keys []identity.LinkKey) ([]*mailbox.Presences, error) {
	keys = keys[:min(len(keys), mailbox.MaxPages*mailbox.PageSlots)]
	pages := make([]*mailbox.Presences, max(1, (len(keys)+mailbox.PageSlots-1)/mailbox.PageSlots))
	for i := range pages {
		pages[i] = &mailbox.Presences{Page: byte(i)}
	}
	nobody := identity.Derive(at.Account[:], nil, "tacit/1/presence of nobody", 32)
	defer clear(nobody)
	for i, place := range mrand.Perm(len(pages) * mailbox.PageSlots) {
		slot := &pages[place/mailbox.PageSlots].Slots[place%mailbox.PageSlots]
		if i >= len(keys) {
			sum := identity.MAC(nobody, binary.BigEndian.AppendUint16(nil, uint16(i-len(keys))))
			slot.ID = [16]byte(sum[:])
			rand.Read(slot.Content[:])
			continue
		}
		var err error
		if *slot, err = mailbox.SealPresence(keys[i], p); err != nil {
			return nil, err
		}
	}
	return pages, nil
}
