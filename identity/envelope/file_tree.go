package envelope

import (
	"crypto/sha256"
	"math/bits"
)

// maxTreeDepth is more than any file needs: 2^31 bytes are fewer than 2^16 chunks.
const maxTreeDepth = 16

// Tree hashes the chunks of a file, first to last, in constant memory. It is a
// value: Add returns the next one. The zero Tree has no chunk.
//
//	leaf   SHA256(0x00 || chunk)
//	node   SHA256(0x01 || left || right), left the greatest power of two of leaves that leaves one for right
//
// These are the hashes of RFC 6962, section 2.1: whoever chose a chunk to look
// like two hashes gains nothing, and no two lists of chunks have the same tree.
type Tree struct {
	n     uint32
	whole [maxTreeDepth][32]byte // whole[k]: of 2^k leaves, where bit k of n is set
}

// Add puts the next chunk into the tree. ErrTooLong after 65535.
func (t Tree) Add(chunk []byte) (Tree, error) {
	if t.n == 1<<maxTreeDepth-1 {
		return t, ErrTooLong
	}
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(chunk)
	sum := [32]byte(h.Sum(nil))
	k := bits.TrailingZeros32(^t.n)
	for i := range k {
		sum = treeNode(t.whole[i], sum)
	}
	t.whole[k] = sum
	t.n++
	return t, nil
}

// Sum returns the tree hash; that of no chunks is SHA256 of nothing, which no file has.
func (t Tree) Sum() [32]byte {
	if t.n == 0 {
		return sha256.Sum256(nil)
	}
	k := bits.TrailingZeros32(t.n)
	sum := t.whole[k]
	for k++; t.n>>k != 0; k++ {
		if t.n>>k&1 == 1 {
			sum = treeNode(t.whole[k], sum)
		}
	}
	return sum
}

func treeNode(left, right [32]byte) [32]byte {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}
