package identity

import (
	"encoding/binary"
	"net/netip"
	"strings"
)

// Layout of a hint. With the longest name it is hintHost + maxHintName = 64 bytes.
const (
	hintNode = 1
	hintPort = hintNode + 32
	hintHost = hintPort + 2

	maxHintName = MaxHint - hintHost // 29

	hintIPv4 = 1
	hintIPv6 = 2
	hintName = 3
)

// Hint says where the presenter of a card can be met beyond the LAN: at which
// node. Exactly one of Addr and Name is set.
type Hint struct {
	Node [32]byte // Ed25519 key of the node
	Port uint16   // never 0
	Addr netip.Addr
	Name string // DNS name of 1 to 29 lower-case letters, digits, '-' and '.'
}

// IsZero reports that h names no node.
func (h Hint) IsZero() bool { return h == Hint{} }

// Marshal returns the bytes of the hint. ErrCardMalformed where a field is not as described.
func (h Hint) Marshal() ([]byte, error) {
	kind, host := byte(hintName), []byte(h.Name)
	if h.Addr.IsValid() {
		if h.Name != "" {
			return nil, ErrCardMalformed
		}
		kind, host = hintIPv6, h.Addr.AsSlice()
		if h.Addr.Is4() {
			kind = hintIPv4
		}
	}
	b := append([]byte{kind}, h.Node[:]...)
	b = binary.BigEndian.AppendUint16(b, h.Port)
	b = append(b, host...)
	if parsed, err := ParseHint(b); err != nil || parsed != h {
		return nil, ErrCardMalformed // also an address with a zone, which the bytes cannot carry
	}
	return b, nil
}

// ParseHint reads what Marshal returned. ErrCardMalformed, and ErrCardNewer for an unknown type.
func ParseHint(b []byte) (Hint, error) {
	if len(b) <= hintHost || len(b) > MaxHint {
		return Hint{}, ErrCardMalformed
	}
	h := Hint{Node: [32]byte(b[hintNode:hintPort]), Port: binary.BigEndian.Uint16(b[hintPort:])}
	if h.Port == 0 {
		return Hint{}, ErrCardMalformed
	}
	host := b[hintHost:]
	switch b[0] {
	case 0:
		return Hint{}, ErrCardMalformed
	case hintIPv4, hintIPv6:
		addr, ok := netip.AddrFromSlice(host)
		if !ok || addr.Is4() != (b[0] == hintIPv4) || addr.Is4In6() {
			return Hint{}, ErrCardMalformed
		}
		h.Addr = addr
	case hintName:
		h.Name = string(host)
		if !validName(h.Name) {
			return Hint{}, ErrCardMalformed
		}
	default:
		return Hint{}, ErrCardNewer
	}
	return h, nil
}

// validName reports whether every label of a DNS name is made of lower-case
// letters, digits and inner hyphens (RFC 1123, section 2.1).
func validName(name string) bool {
	if len(name) > maxHintName {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}
