package blobs

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
)

// noise makes random bytes at the speed of a disk. It belongs to who made it.
type noise struct{ stream cipher.Stream }

func newNoise() noise {
	var seed [32 + aes.BlockSize]byte
	_, _ = rand.Read(seed[:]) // never fails
	block, err := aes.NewCipher(seed[:32])
	if err != nil {
		panic(err) // the length is right
	}
	clear(seed[:32])
	return noise{cipher.NewCTR(block, seed[32:])}
}

func (n noise) fill(b []byte) {
	clear(b)
	n.stream.XORKeyStream(b, b)
}
