package depot

import (
	"fmt"
	"time"

	"tacit/identity"
)

// Spent says what a token of a lot was spent on.
type Spent struct {
	Cell [16]byte // CellHash
	Day  int64    // DayOf its deposit
}

// Claim is what is to be done about a deposit.
type Claim uint8

const (
	ClaimRefused Claim = iota // the tokens do not pay for it
	ClaimKept                 // it was stored before
	ClaimFresh                // it is to be stored if there is room, and its tokens spent
	ClaimAgain                // the same, but the tokens are spent already: their day is to be moved
)

// Judge decides about a deposit of a cell with that hash. spent has what each of its tokens
// was spent on, nil where it was not; all of them are tokens of the lot.
func Judge(spent []*Spent, cell [16]byte, now time.Time) Claim {
	used := 0
	for _, s := range spent {
		if s == nil {
			continue
		}
		if s.Cell != cell {
			return ClaimRefused
		}
		used++
	}
	switch {
	case used == 0:
		return ClaimFresh
	case used < len(spent):
		return ClaimRefused
	case Over(spent[0].Day, now):
		return ClaimAgain
	}
	return ClaimKept
}

// CheckLot reports whether lot may be put at now: its end is ahead, not too far, and its hashes differ.
func CheckLot(lot *identity.Lot, now time.Time) bool {
	seen := make(map[[16]byte]bool, len(lot.Hashes))
	for _, h := range lot.Hashes {
		seen[h] = true
	}
	return len(seen) == len(lot.Hashes) && Ahead(time.Unix(lot.Until, 0), now, MaxLotLife)
}

// Ahead reports whether until is after now and by no more than limit.
func Ahead(until, now time.Time, limit time.Duration) bool {
	return until.After(now) && !until.After(now.Add(limit))
}

// Format prints identity.Redacted.
func (Spent) Format(f fmt.State, _ rune) { identity.Redact(f) }
