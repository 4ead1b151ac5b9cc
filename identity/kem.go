package identity

import (
	"crypto/hpke"
	"fmt"
)

// Sizes of X-Wing (draft-connolly-cfrg-xwing-kem) in bytes.
const (
	KEMSeedSize       = 32
	KEMPublicSize     = 1216
	KEMCiphertextSize = 1120
	KEMSecretSize     = 32
)

// PublicKey is an X-Wing public key, checked and ready for use. It is immutable.
type PublicKey struct{ key hpke.PublicKey }

// PrivateKey is an X-Wing private key with what is derived from it. It is immutable.
type PrivateKey struct{ key hpke.PrivateKey }

// ParsePublicKey checks 1216 bytes and prepares them for Encapsulate.
func ParsePublicKey(b []byte) (PublicKey, error) {
	key, err := hpke.MLKEM768X25519().NewPublicKey(b)
	if err != nil {
		return PublicKey{}, fmt.Errorf("x-wing public key: %w", err)
	}
	return PublicKey{key}, nil
}

// IsZero reports whether p is no key.
func (p PublicKey) IsZero() bool { return p.key == nil }

// Encapsulate makes a fresh 32-byte secret for the key's owner and the 1120-byte
// ciphertext that carries it. info binds it to its use. It fails only for a key
// whose X25519 half is of low order.
func (p PublicKey) Encapsulate(info []byte) (ct, ss []byte, err error) {
	ct, sender, err := hpke.NewSender(p.key, hpke.HKDFSHA256(), hpke.ExportOnly(), info)
	if err != nil {
		return nil, nil, fmt.Errorf("x-wing encapsulation: %w", err)
	}
	ss, err = sender.Export("ss", KEMSecretSize)
	if err != nil {
		return nil, nil, fmt.Errorf("x-wing encapsulation: %w", err)
	}
	return ct, ss, nil
}

// NewPrivateKey expands a seed. The seed is the X-Wing secret key itself, not
// the input of HPKE's DeriveKeyPair.
func NewPrivateKey(seed [KEMSeedSize]byte) PrivateKey {
	key, err := hpke.MLKEM768X25519().NewPrivateKey(seed[:])
	if err != nil {
		panic(err) // every seed of 32 bytes is one
	}
	return PrivateKey{key}
}

// IsZero reports whether k is no key.
func (k PrivateKey) IsZero() bool { return k.key == nil }

// Public returns the 1216 bytes of the public key.
func (k PrivateKey) Public() []byte { return k.key.PublicKey().Bytes() }

// Decapsulate returns the secret that ct carries. A forged ciphertext gives a
// secret that nobody knows; the error is for wrong lengths and low-order points.
func (k PrivateKey) Decapsulate(ct, info []byte) ([]byte, error) {
	r, err := hpke.NewRecipient(ct, k.key, hpke.HKDFSHA256(), hpke.ExportOnly(), info)
	if err != nil {
		return nil, fmt.Errorf("x-wing decapsulation: %w", err)
	}
	ss, err := r.Export("ss", KEMSecretSize)
	if err != nil {
		return nil, fmt.Errorf("x-wing decapsulation: %w", err)
	}
	return ss, nil
}
