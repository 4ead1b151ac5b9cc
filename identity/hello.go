package identity

import (
	"crypto/rand"
	"crypto/subtle"
	mathrand "math/rand/v2"
)

const (
	tagSize = 16

	// HelloSize is 255 tags of 16 bytes and 16 random bytes: one cell.
	HelloSize = HelloTags*tagSize + 16
	// AnswerSize is the size of the listener's answer.
	AnswerSize = 32
)

type helloTag [tagSize]byte

// NewHello is what a dialler says first: for each of its keys, the first
// HelloTags of them, a tag that only a holder of that key can tell from the
// random ones between which it lies. dialler and listener are the two ends'
// authenticated ephemeral names, so a tag is worth nothing elsewhere.
func NewHello(keys []LinkKey, dialler, listener []byte) (cell [HelloSize]byte) {
	rand.Read(cell[:])
	var seed [32]byte
	rand.Read(seed[:])
	places := mathrand.New(mathrand.NewChaCha8(seed)).Perm(HelloTags)
	for i, key := range keys[:min(len(keys), HelloTags)] {
		tag := dialTag(key, dialler, listener)
		copy(cell[places[i]*tagSize:], tag[:])
	}
	return cell
}

// MatchHello looks for one of the listener's keys in a dialler's hello. It returns
// the index of the first key that is there, and the answer that proves the
// listener to hold it. Where none is, the answer is random bytes, to be sent all
// the same. Every key is tried, whatever is found.
func MatchHello(cell [HelloSize]byte, keys []LinkKey, dialler, listener []byte) (i int, answer [AnswerSize]byte, ok bool) {
	tags := make(map[helloTag]struct{}, HelloTags)
	for n := range HelloTags {
		tags[helloTag(cell[n*tagSize:])] = struct{}{}
	}
	rand.Read(answer[:])
	i = -1
	for n, key := range keys {
		_, found := tags[dialTag(key, dialler, listener)]
		proof := listenProof(key, dialler, listener)
		if found && i < 0 {
			i, answer = n, proof
		}
	}
	return i, answer, i >= 0
}

// CheckAnswer tells a dialler which of its keys the listener proved to hold.
func CheckAnswer(answer [AnswerSize]byte, keys []LinkKey, dialler, listener []byte) (i int, ok bool) {
	i = -1
	for n, key := range keys[:min(len(keys), HelloTags)] {
		proof := listenProof(key, dialler, listener)
		if subtle.ConstantTimeCompare(answer[:], proof[:]) == 1 {
			i = n
		}
	}
	return i, i >= 0
}

func dialTag(key LinkKey, dialler, listener []byte) helloTag {
	sum := MAC(key[:], Join([]byte("d"), dialler, listener))
	return helloTag(sum[:tagSize])
}

func listenProof(key LinkKey, dialler, listener []byte) [AnswerSize]byte {
	return MAC(key[:], Join([]byte("l"), listener, dialler))
}
