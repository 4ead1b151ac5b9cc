package identity

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	sealNonce  = chacha20poly1305.NonceSizeX // 24
	sealCommit = 32

	// Overhead is what Seal adds: nonce 24, commitment 32, tag 16.
	Overhead = sealNonce + sealCommit + chacha20poly1305.Overhead
)

// ErrOpen says that a box was not sealed with this key and this data.
var ErrOpen = errors.New("box does not open")

// Seal encrypts plain with a 32-byte key and authenticates ad with it. The result
// commits to the key: no box opens under two keys, so whether a box opens tells
// which key it was sealed with. XChaCha20-Poly1305 alone does not promise that.
func Seal(key, plain, ad []byte) []byte {
	return AppendSeal(make([]byte, 0, Overhead+len(plain)), key, plain, ad)
}

// AppendSeal is Seal that appends the box to dst, whose spare room overlaps nothing.
func AppendSeal(dst, key, plain, ad []byte) []byte {
	var nonce [sealNonce]byte
	rand.Read(nonce[:])
	k := sealKeys(key, nonce[:], ad)
	defer clear(k)
	aead, err := chacha20poly1305.NewX(k[:chacha20poly1305.KeySize])
	if err != nil {
		panic(err) // the key has the right size
	}
	dst = append(append(dst, nonce[:]...), k[chacha20poly1305.KeySize:]...)
	return aead.Seal(dst, nonce[:], plain, ad)
}

// Open reverses Seal. Its only error is ErrOpen.
func Open(key, box, ad []byte) ([]byte, error) { return AppendOpen(nil, key, box, ad) }

// AppendOpen is Open that appends what was sealed to dst, whose spare room overlaps nothing.
func AppendOpen(dst, key, box, ad []byte) ([]byte, error) {
	if len(box) < Overhead {
		return nil, ErrOpen
	}
	nonce, com, sealed := box[:sealNonce], box[sealNonce:sealNonce+sealCommit], box[sealNonce+sealCommit:]
	k := sealKeys(key, nonce, ad)
	defer clear(k)
	if subtle.ConstantTimeCompare(com, k[chacha20poly1305.KeySize:]) != 1 {
		return nil, ErrOpen
	}
	aead, err := chacha20poly1305.NewX(k[:chacha20poly1305.KeySize])
	if err != nil {
		panic(err) // the key has the right size
	}
	plain, err := aead.Open(dst, nonce, sealed, ad)
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

func sealKeys(key, nonce, ad []byte) []byte {
	h := sha256.Sum256(ad)
	return Derive(key, nonce, "tacit/1/aead"+string(h[:]), chacha20poly1305.KeySize+sealCommit)
}

// Derive is HKDF with SHA-256 (RFC 5869). n is at most 8160.
func Derive(secret, salt []byte, info string, n int) []byte {
	out, err := hkdf.Key(sha256.New, secret, salt, info, n)
	if err != nil {
		panic(err) // only for a greater n
	}
	return out
}

// MAC is HMAC with SHA-256 (RFC 2104).
func MAC(key, data []byte) [32]byte {
	h := hmac.New(sha256.New, key)
	h.Write(data)
	var sum [32]byte
	h.Sum(sum[:0])
	return sum
}

// Join puts values into one, the length of each before it as 4 bytes.
func Join(values ...[]byte) []byte {
	n := 0
	for _, v := range values {
		n += 4 + len(v)
	}
	joined := make([]byte, 0, n)
	for _, v := range values {
		joined = binary.BigEndian.AppendUint32(joined, uint32(len(v)))
		joined = append(joined, v...)
	}
	return joined
}

// Hash is SHA-256 over Join of the values.
func Hash(values ...[]byte) [32]byte {
	return sha256.Sum256(Join(values...))
}
