package identity

// LinkKey is a rendezvous key kb (32 bytes): whoever holds it can find and prove
// itself to the party that issued it, and to nobody else.
type LinkKey [32]byte

// Handle is the caller's own opaque name for a party in a transport.
type Handle [16]byte

// Party is somebody to be met: the keys under which this side shows itself when
// it dials, and the keys it accepts when it is dialled. Both empty: hidden.
type Party struct {
	Handle Handle
	Dial   []LinkKey
	Accept []LinkKey

	// Node is where the party's presence can be read under the Dial keys; zero: nowhere.
	Node Hint
	// Hide: this party never learns an address of this computer. It is met over relays
	// only, and not on the local network.
	Hide bool
}
