package identity

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// Layout of a bundle.
const (
	bundleVersion = 1
	bundleEd      = 1
	bundleKEM     = bundleEd + ed25519.PublicKeySize

	// BundleSize is version 1, Ed25519 key 32, X-Wing key 1216.
	BundleSize = bundleKEM + KEMPublicSize
)

// ErrBundle says that bytes are not the public keys of anybody.
var ErrBundle = errors.New("bundle malformed")

// Identity is a person's own long-term keys, all derived from one root. It is
// immutable.
type Identity struct {
	root   [32]byte
	kem    PrivateKey
	bundle Bundle
}

// New returns the identity of a fresh random root.
func New() *Identity {
	var root [32]byte
	rand.Read(root[:])
	return FromRoot(root)
}

// FromRoot returns the identity of a root that New made.
func FromRoot(root [32]byte) *Identity {
	seed := Derive(root[:], nil, "tacit/1/xwing", KEMSeedSize)
	defer clear(seed)
	id := &Identity{root: root, kem: NewPrivateKey([KEMSeedSize]byte(seed))}
	edSeed := Derive(root[:], nil, "tacit/1/ed25519", ed25519.SeedSize)
	defer clear(edSeed)
	ed := ed25519.NewKeyFromSeed(edSeed)
	defer clear(ed)
	id.bundle[0] = bundleVersion
	copy(id.bundle[bundleEd:], ed[ed25519.SeedSize:])
	copy(id.bundle[bundleKEM:], id.kem.Public())
	return id
}

// Root returns the secret everything else derives from.
func (id *Identity) Root() [32]byte { return id.root }

// Bundle returns the public keys.
func (id *Identity) Bundle() Bundle { return id.bundle }

// Fingerprint names the identity.
func (id *Identity) Fingerprint() Fingerprint { return id.bundle.Fingerprint() }

// Decapsulate returns the 32-byte secret that was encapsulated to the bundle.
func (id *Identity) Decapsulate(ct, info []byte) ([]byte, error) {
	return id.kem.Decapsulate(ct, info)
}

// Bundle is a person's public keys: version 1, Ed25519 key 32, X-Wing key 1216.
// The Ed25519 key signs group log entries and never a message.
type Bundle [BundleSize]byte

// ParseBundle checks that b is a bundle whose keys can be used. ErrBundle.
func ParseBundle(b []byte) (Bundle, error) {
	if len(b) != BundleSize || b[0] != bundleVersion {
		return Bundle{}, ErrBundle
	}
	if _, err := ParsePublicKey(b[bundleKEM:]); err != nil {
		return Bundle{}, ErrBundle
	}
	return Bundle(b), nil
}

// Fingerprint names the bundle: SHA256("tacit/1/id" || bundle).
func (b Bundle) Fingerprint() Fingerprint {
	return sha256.Sum256(append([]byte("tacit/1/id"), b[:]...))
}

// Encapsulate makes a secret that only the bundle's owner can decapsulate.
func (b Bundle) Encapsulate(info []byte) (ct, ss []byte, err error) {
	key, err := ParsePublicKey(b[bundleKEM:])
	if err != nil {
		return nil, nil, err
	}
	return key.Encapsulate(info)
}

// Fingerprint is the hash that names a bundle.
type Fingerprint [32]byte
