package identity

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"strings"
)

// SafetyNumber returns the 60 digits that two contacts share, without blanks. It
// is the same whichever fingerprint comes first.
func SafetyNumber(a, b Fingerprint) string {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	var digits strings.Builder
	for _, fp := range []Fingerprint{a, b} {
		sum := sha512.Sum512(append([]byte("tacit/1/sn"), fp[:]...))
		for i := 0; i < 30; i += 5 {
			var n uint64
			for _, c := range sum[i : i+5] {
				n = n<<8 | uint64(c)
			}
			fmt.Fprintf(&digits, "%05d", n%100000)
		}
	}
	return digits.String()
}
