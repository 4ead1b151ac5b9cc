package app

import "context"

// NearbyTransport meets whoever pairs on the local network at this moment, under a key of
// its own that has nothing to do with the profile.
type NearbyTransport interface {
	// RunNearby shows this computer to the others until ctx ends, and then returns nil. It
	// returns an error when it cannot begin, and when the local network is or gets switched
	// off. When it returns, nothing of it is open and no further call is made to in. One runs
	// at a time, while Run does.
	RunNearby(ctx context.Context, in NearbyInbound) error
	// PickNearby picks a peer in place of whoever was picked before; "" picks nobody, and so
	// does a peer that is gone. It does not wait.
	PickNearby(id string)
	// SayNearby says the card that NearbyAgreed asked for. It reports false where the two have
	// not picked each other any more, or a card was said since: then nothing was. It does not wait.
	SayNearby(id, card string) bool
}

// NearbyPeer is somebody who pairs nearby. It is an alias so that a transport can declare
// the same type without importing this package.
type NearbyPeer = struct {
	ID             string // throw-away: of this moment
	Animal, Number int    // the name that they are shown under
	Picks          bool   // they picked this computer
}

// NearbyInbound is what a NearbyTransport calls, one call at a time.
type NearbyInbound = interface {
	// NearbyChanged tells the name that others see and who is there, in the order in which
	// they came: at once, and whenever it is another. A peer that was left out is not picked.
	NearbyChanged(animal, number int, peers []NearbyPeer)
	// NearbyAgreed asks for a card: both picked each other, and it is this side that says one.
	NearbyAgreed(id string)
	// NearbyCard hands over what a peer said as a card. Both have picked each other.
	NearbyCard(id, card string)
}
