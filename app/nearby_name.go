package app

import "strconv"

// NearbyName is what somebody who pairs nearby is shown as, "Heron 27".
type NearbyName struct {
	Animal int // 0 to 63: each language has its own word for it
	Number int // 10 to 99
}

// String returns the name in English; empty for one that nobody has.
func (n NearbyName) String() string {
	if n.Number == 0 || n.Animal < 0 || n.Animal >= len(animals) {
		return ""
	}
	return animals[n.Animal] + " " + strconv.Itoa(n.Number)
}

// animals are the words of names, in the order of docs/protocol.md, section 25. None of
// them is what people call one another in anger, in any of the three languages.
var animals = [64]string{
	"Heron", "Otter", "Marmot", "Falcon", "Beaver", "Antelope", "Dolphin", "Turtle",
	"Swallow", "Hedgehog", "Squirrel", "Robin", "Leopard", "Panda", "Koala", "Reindeer",
	"Giraffe", "Penguin", "Lynx", "Horse", "Gazelle", "Ibex", "Llama", "Bison",
	"Finch", "Duck", "Swan", "Quail", "Stork", "Hoopoe", "Eagle", "Lark",
	"Dove", "Sparrow", "Toucan", "Peacock", "Nightingale", "Flamingo", "Albatross", "Seagull",
	"Salmon", "Carp", "Swordfish", "Shark", "Orca", "Seahorse", "Octopus", "Crab",
	"Lobster", "Starfish", "Mantis", "Bee", "Butterfly", "Ladybird", "Lizard", "Dragonfly",
	"Tiger", "Lion", "Cheetah", "Wolf", "Fox", "Kangaroo", "Deer", "Elephant",
}
