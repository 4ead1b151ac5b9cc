package mailbox

import (
	"encoding/binary"
	"errors"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity"
)

// presencePlain is the size of what the content of a presence seals.
const presencePlain = ContentSize - identity.Overhead // 440

// ErrPresence says that a content is nobody's presence, or an old one.
var ErrPresence = errors.New("mailbox: no presence")

// Presence says where a host can be met that holds a key kb.
type Presence struct {
	Peer   [32]byte // Ed25519 key of the host
	Until  int64    // seconds since 1970
	Relays []identity.Hint
}

// PresenceID returns the name under which the issuer of kb leaves its presence.
func PresenceID(kb identity.LinkKey) [16]byte {
	sum := identity.MAC(kb[:], []byte("slot"))
	return [16]byte(sum[:])
}

// SealPresence returns a presence for the holder of kb. Relays beyond the sixth are left out.
// ErrMalformed for a hint that is none.
func SealPresence(kb identity.LinkKey, p Presence) (s Slot, err error) {
	relays := p.Relays[:min(len(p.Relays), maxRelays)]
	plain := append(make([]byte, 0, presencePlain), p.Peer[:]...)
	plain = binary.BigEndian.AppendUint64(plain, uint64(p.Until))
	plain = append(plain, byte(len(relays)))
	for _, r := range relays {
		hint, err := r.Marshal()
		if err != nil {
			return Slot{}, ErrMalformed
		}
		plain = append(append(plain, byte(len(hint))), hint...)
	}
	s.ID = PresenceID(kb)
	k := presenceKey(kb)
	defer clear(k)
	copy(s.Content[:], identity.Seal(k, fill(plain, presencePlain), s.ID[:]))
	return s, nil
}

// OpenPresence reads the presence that the issuer of kb left. ErrPresence also where its
// time is over, or further off than PresenceLife.
func OpenPresence(kb identity.LinkKey, content [ContentSize]byte, now time.Time) (Presence, error) {
	id := PresenceID(kb)
	k := presenceKey(kb)
	defer clear(k)
	plain, err := identity.Open(k, content[:], id[:])
	if err != nil {
		return Presence{}, ErrPresence
	}
	in := cryptobyte.String(plain)
	var p Presence
	var count uint8
	if !in.CopyBytes(p.Peer[:]) || !readTime(&in, &p.Until) || !in.ReadUint8(&count) || count > maxRelays {
		return Presence{}, ErrPresence
	}
	for range count {
		var b cryptobyte.String
		if !in.ReadUint8LengthPrefixed(&b) {
			return Presence{}, ErrPresence
		}
		hint, err := identity.ParseHint(b)
		if err != nil {
			return Presence{}, ErrPresence
		}
		p.Relays = append(p.Relays, hint)
	}
	left := p.Until - now.Unix()
	if !zero(in) || left <= 0 || left > int64(PresenceLife/time.Second) {
		return Presence{}, ErrPresence
	}
	return p, nil
}

func presenceKey(kb identity.LinkKey) []byte {
	return identity.Derive(kb[:], nil, "tacit/1/presence", 32)
}
