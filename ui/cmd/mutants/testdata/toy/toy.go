// Package toy has comparisons that its test knows, and some that it does not.
package toy

const limit = 3

// A lower limit does not compile.
var _ [limit - 3]struct{}

// Few is tested on both sides of its bound.
func Few(n int) bool { return n < limit }

// Positive is tested far from its bound only.
func Positive(n int) bool { return n > 0 }

// Capped is tested above its bound, which is enough to tell min from max.
func Capped(n int) int { return min(n, limit) }

// Next calls what would notice a second call, so it is left alone.
func Next(next func() int) int { return min(next(), limit) }

// Never ends if its comparison is turned round.
func Never() int {
	n := 0
	for n != limit {
		n++
	}
	return n
}
