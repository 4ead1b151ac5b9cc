package identity

import (
	"crypto/hpke"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
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

// ParsePublicKey checks 1216 bytes and prepares them for Encapsulate. A key that no
// secret can be made for is refused here: later it would stop its receiver's side.
func ParsePublicKey(b []byte) (PublicKey, error) {
	key, err := hpke.MLKEM768X25519().NewPublicKey(b)
	if err != nil {
		return PublicKey{}, fmt.Errorf("x-wing public key: %w", err)
	}
	if lowOrder([32]byte(b[KEMPublicSize-32:])) {
		return PublicKey{}, errLowOrder
	}
	return PublicKey{key}, nil
}

var errLowOrder = errors.New("x-wing public key: x25519 half of low order")

// lowOrder reports whether a point of X25519 has an order of 1, 2, 4 or 8, on the curve
// or its twist: with each of them every secret is zero.
func lowOrder(point [32]byte) bool {
	point[31] &= 0x7f // its top bit is ignored by X25519 (RFC 7748, section 5)
	return slices.Contains(lowOrderPoints[:], point)
}

// lowOrderPoints are all of them below 2^255, little-endian: 0, 1, two of order 8,
// and with p = 2^255 - 19 the numbers p-1, p and p+1 (cr.yp.to/ecdh.html, "Validate").
var lowOrderPoints = [...][32]byte{
	{},
	{1},
	point("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
	point("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
	point("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
	point("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
	point("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
}

func point(s string) [32]byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err) // a constant
	}
	return [32]byte(b)
}

// IsZero reports whether p is no key.
func (p PublicKey) IsZero() bool { return p.key == nil }

// Encapsulate makes a fresh 32-byte secret for the key's owner and the 1120-byte
// ciphertext that carries it. info binds it to its use. It does not fail for a key
// that was parsed.
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
