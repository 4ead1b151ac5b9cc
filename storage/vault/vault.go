// Package vault keeps a random data key in a small file, locked by a passphrase.
//
// Argon2id makes a key of the passphrase; that key wraps the data key. The cost of
// deriving it stands in the file, bound to the box and refused before it is spent
// where it is out of bounds. A checksum without a key tells a damaged file from a
// wrong passphrase. The file says that it is a vault, and nothing else.
package vault

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"

	"tacit/identity"
	"tacit/storage/durable"
)

var (
	// ErrPassphrase says that the passphrase does not open the vault.
	ErrPassphrase = errors.New("vault: wrong passphrase")
	// ErrForeign says that the file is no vault of a version that this program knows.
	ErrForeign = errors.New("vault: not a vault")
	// ErrDamaged says that the file was a vault and is not whole any more.
	ErrDamaged = errors.New("vault: damaged")
	// ErrCost says that deriving the key would cost too little or too much.
	ErrCost = errors.New("vault: cost out of bounds")
)

// Cost is what Argon2id spends on a passphrase.
type Cost struct {
	Time   uint32 // passes
	Memory uint32 // KiB
	Lanes  uint8
}

// DefaultCost takes about 0.8 s on two cores of 2024.
var DefaultCost = Cost{Time: 3, Memory: 256 << 10, Lanes: 4}

// LeastCost is the lowest that is accepted, for tests.
var LeastCost = Cost{Time: 1, Memory: minMemory, Lanes: 1}

func (c Cost) check() error {
	if c.Time < 1 || c.Time > maxTime || c.Memory < minMemory || c.Memory > maxMemory || c.Lanes < 1 || c.Lanes > maxLanes {
		return ErrCost
	}
	return nil
}

// Vault is an open vault.
type Vault struct {
	key [keySize]byte
}

// Key derives the key of a purpose from the data key.
func (v *Vault) Key(purpose string) [32]byte {
	return [32]byte(identity.Derive(v.key[:], nil, "tacit/1/vault/"+purpose, 32))
}

// New returns a vault with a new data key, which is lost unless it is saved.
func New() *Vault {
	v := new(Vault)
	rand.Read(v.key[:])
	return v
}

// Open unlocks the vault at path.
func Open(path, passphrase string) (*Vault, error) {
	file, err := read(path)
	if err != nil {
		return nil, err
	}
	key, err := Unwrap(magic, file, passphrase)
	if err != nil {
		return nil, err
	}
	return &Vault{key: key}, nil
}

// ChangePassphrase wraps the data key anew. A crash leaves the old or the new
// passphrase in force, and never neither.
func ChangePassphrase(path, old, passphrase string, cost Cost) error {
	v, err := Open(path, old)
	if err != nil {
		return err
	}
	return v.Save(path, passphrase, cost)
}

// Save writes the vault to path, durably, replacing what is there.
func (v *Vault) Save(path, passphrase string, cost Cost) error {
	file, err := Wrap(magic, v.key, passphrase, cost)
	if err != nil {
		return err
	}
	return durable.WriteFile(path, file)
}

// read returns the file at path, or as much of it as shows that it is too long.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, fileSize+1))
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return file, nil
}
