package vault

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"runtime/debug"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"tacit/identity"
)

// WrappedSize is the length of what Wrap returns.
const WrappedSize = fileSize

// Wrap locks a key with a passphrase, in the layout of limits.go. magic is 8 bytes that
// say what the key is for: it is bound to the box. ErrCost.
func Wrap(magic string, key [keySize]byte, passphrase string, cost Cost) ([]byte, error) {
	if err := cost.check(); err != nil {
		return nil, err
	}
	file := make([]byte, boxAt, fileSize)
	copy(file[magicAt:timeAt], magic)
	binary.BigEndian.PutUint32(file[timeAt:], cost.Time)
	binary.BigEndian.PutUint32(file[memoryAt:], cost.Memory)
	binary.BigEndian.PutUint32(file[lanesAt:], uint32(cost.Lanes))
	rand.Read(file[saltAt:boxAt])
	kek := derive(passphrase, file[saltAt:boxAt], cost)
	defer clear(kek)
	file = append(file, identity.Seal(kek, key[:], file[:boxAt])...)
	sum := sha256.Sum256(file)
	return append(file, sum[:]...), nil
}

// Unwrap returns the key that Wrap locked under the same magic. ErrForeign, ErrDamaged
// and ErrCost are found without deriving anything; then ErrPassphrase.
func Unwrap(magic string, file []byte, passphrase string) (key [keySize]byte, err error) {
	if !bytes.HasPrefix(file, []byte(magic)) {
		return key, ErrForeign
	}
	if len(file) != fileSize || sha256.Sum256(file[:checksumAt]) != [checksumSize]byte(file[checksumAt:]) {
		return key, ErrDamaged
	}
	cost, err := costOf(file)
	if err != nil {
		return key, err
	}
	kek := derive(passphrase, file[saltAt:boxAt], cost)
	defer clear(kek)
	plain, err := identity.Open(kek, file[boxAt:checksumAt], file[:boxAt])
	if err != nil || len(plain) != keySize {
		return key, ErrPassphrase
	}
	return [keySize]byte(plain), nil
}

func costOf(file []byte) (Cost, error) {
	lanes := binary.BigEndian.Uint32(file[lanesAt:])
	if lanes > maxLanes {
		return Cost{}, ErrCost
	}
	cost := Cost{
		Time:   binary.BigEndian.Uint32(file[timeAt:]),
		Memory: binary.BigEndian.Uint32(file[memoryAt:]),
		Lanes:  uint8(lanes),
	}
	return cost, cost.check()
}

// derive makes the key that wraps the data key. The passphrase counts in its composed
// form: the same letters give different bytes on different keyboards. The memory that it
// cost, more than all the rest of a run, goes back to the system at once.
func derive(passphrase string, salt []byte, cost Cost) []byte {
	defer debug.FreeOSMemory()
	return argon2.IDKey(norm.NFC.Bytes([]byte(passphrase)), salt, cost.Time, cost.Memory, cost.Lanes, keySize)
}
