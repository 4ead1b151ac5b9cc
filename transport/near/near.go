// Package near is what people say to one another who pair nearby: who is there under which
// random name, who picked whom, and the card that one of two who picked each other hands over.
//
// It is a machine without I/O (machine.go) and its frames (frame.go); the host that speaks
// them is in package transport. Nothing here authenticates anybody: the codes of the
// pairing that follows do.
package near

// ID is the throw-away peer ID of one stay, as bytes.
type ID string

// Name is what people are shown as: a word out of a list that every language has, and a number.
type Name struct {
	Animal int // 0 to Animals-1
	Number int // MinNumber to MaxNumber
}

// Valid reports whether a name can be said.
func (n Name) Valid() bool {
	return 0 <= n.Animal && n.Animal < Animals && MinNumber <= n.Number && n.Number <= MaxNumber
}

// Partner is somebody who pairs on this network now, as far as they say.
type Partner struct {
	ID    ID
	Name  Name
	Picks bool // they picked this side
}
