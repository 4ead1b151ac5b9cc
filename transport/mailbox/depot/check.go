package depot

import (
	"crypto/sha256"
	"time"

	"tacit/identity"
)

// Check reports whether d has the shape of a deposit: 1, 4 or 16 different tokens, a cell of
// as many times CellSize bytes, and the first token in front of it.
func Check(d identity.Deposit) bool {
	if n := len(d.Tokens); n != 1 && n != 4 && n != PagePlaces || len(d.Cell) != n*CellSize || d.Tokens[0] != [16]byte(d.Cell) {
		return false
	}
	seen := make(map[[16]byte]bool, len(d.Tokens))
	for _, token := range d.Tokens {
		seen[token] = true
	}
	return len(seen) == len(d.Tokens)
}

// Places is how many places of a page a cell of size bytes takes.
func Places(size int) int { return size / CellSize }

// TokenHash is what a lot contains of a token: SHA-256(token)[:16].
func TokenHash(token [16]byte) [16]byte {
	h := sha256.Sum256(token[:])
	return [16]byte(h[:])
}

// CellHash is by what a depot knows a cell again: SHA-256(cell)[:16].
func CellHash(cell []byte) [16]byte {
	h := sha256.Sum256(cell)
	return [16]byte(h[:])
}

// DayOf counts the days (UTC) since 1970.
func DayOf(t time.Time) int64 {
	s, day := t.Unix(), int64(Day/time.Second)
	if s < 0 {
		s -= day - 1
	}
	return s / day
}

// Over reports whether a cell that was deposited on day is over at now.
func Over(day int64, now time.Time) bool {
	return DayOf(now)-day >= int64(CellLife/Day)
}
