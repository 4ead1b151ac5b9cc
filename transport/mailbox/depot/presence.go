package depot

// Layout of a stored page of presence: PresenceSlots of these.
const (
	storedName     = 16
	storedPresence = storedName + PresenceSize // 528
)

// Pack returns the page as adapters store it: ids and contents one after the other, 33,792 bytes.
func (p *PresencePage) Pack() []byte {
	packed := make([]byte, 0, len(p)*storedPresence)
	for i := range p {
		packed = append(append(packed, p[i].ID[:]...), p[i].Content[:]...)
	}
	return packed
}

// PackedNames returns the ids in a packed page. A page moves its ids about, so only as a
// set they stay the same.
func PackedNames(packed []byte) map[[16]byte]bool {
	names := map[[16]byte]bool{}
	for ; len(packed) >= storedPresence; packed = packed[storedPresence:] {
		names[[16]byte(packed)] = true
	}
	return names
}

// FindPacked returns the content under an id in a packed page; nil: it is not there.
func FindPacked(packed []byte, id [16]byte) []byte {
	for ; len(packed) >= storedPresence; packed = packed[storedPresence:] {
		if [16]byte(packed) == id {
			return packed[storedName:storedPresence:storedPresence]
		}
	}
	return nil
}
