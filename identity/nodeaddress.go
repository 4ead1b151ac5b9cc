package identity

import (
	"errors"
	"strings"
)

// Layout of a node's address. The whole of it is at most 1 + 1 + MaxHint + 16 = 82 bytes.
const (
	nodeVersion    = 1
	nodeHint       = 2 // behind version and length of the hint
	nodeInviteSize = 16

	nodeScheme = "TACITNODE"
	nodePrefix = nodeScheme + "1:"
)

// Why the address of a node is not accepted.
var (
	ErrNodeMalformed = errors.New("address of a node malformed")
	ErrNodeNewer     = errors.New("address of a node of a newer version")
)

// NodeAddress is what the operator of a mailbox node gives to its users, as text: where
// it is, which key it has, and what lets a new account in.
type NodeAddress struct {
	Hint
	Invite [16]byte // zero: none
}

// Marshal returns version 1 || length of the hint 1 || hint || invite 0 or 16.
// ErrNodeMalformed where the hint is none.
func (a NodeAddress) Marshal() ([]byte, error) {
	hint, err := a.Hint.Marshal()
	if err != nil {
		return nil, ErrNodeMalformed
	}
	b := append([]byte{nodeVersion, byte(len(hint))}, hint...)
	if a.Invite != [16]byte{} {
		b = append(b, a.Invite[:]...)
	}
	return b, nil
}

// String returns the address as text, "TACITNODE1:..."; empty where its hint is none.
func (a NodeAddress) String() string {
	b, err := a.Marshal()
	if err != nil {
		return ""
	}
	return nodePrefix + cardEncoding.EncodeToString(b)
}

// UnmarshalNodeAddress reads what Marshal returned. ErrNodeMalformed, ErrNodeNewer.
func UnmarshalNodeAddress(b []byte) (NodeAddress, error) {
	switch {
	case len(b) == 0:
		return NodeAddress{}, ErrNodeMalformed
	case b[0] > nodeVersion:
		return NodeAddress{}, ErrNodeNewer
	case b[0] != nodeVersion, len(b) < nodeHint, len(b) < nodeHint+int(b[1]):
		return NodeAddress{}, ErrNodeMalformed
	}
	var a NodeAddress
	hint, invite := b[nodeHint:nodeHint+int(b[1])], b[nodeHint+int(b[1]):]
	switch len(invite) {
	case 0:
	case nodeInviteSize:
		a.Invite = [16]byte(invite)
		if a.Invite == [16]byte{} {
			return NodeAddress{}, ErrNodeMalformed // none is left out
		}
	default:
		return NodeAddress{}, ErrNodeMalformed
	}
	var err error
	if a.Hint, err = ParseHint(hint); errors.Is(err, ErrCardNewer) {
		return NodeAddress{}, ErrNodeNewer
	} else if err != nil {
		return NodeAddress{}, ErrNodeMalformed
	}
	return a, nil
}

// ParseNodeAddress reads what String returned, blanks around it allowed.
// ErrNodeMalformed, ErrNodeNewer.
func ParseNodeAddress(s string) (NodeAddress, error) {
	if len(s) > maxCardText {
		return NodeAddress{}, ErrNodeMalformed
	}
	s = strings.TrimSpace(s)
	text, ok := strings.CutPrefix(s, nodePrefix)
	if !ok {
		if newerScheme(s, nodeScheme) {
			return NodeAddress{}, ErrNodeNewer
		}
		return NodeAddress{}, ErrNodeMalformed
	}
	b, err := cardEncoding.DecodeString(text)
	if err != nil || cardEncoding.EncodeToString(b) != text {
		return NodeAddress{}, ErrNodeMalformed // it has one spelling only, as a card
	}
	return UnmarshalNodeAddress(b)
}
