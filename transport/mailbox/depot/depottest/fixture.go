package depottest

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// Fixture is an account whose deposits two processes can make alike, from its number.
type Fixture uint64

// Start is the instant of tests with fixtures.
var Start = start

// Account names it.
func (n Fixture) Account() (a depot.Account) {
	binary.BigEndian.PutUint64(a[:], uint64(n)+1)
	return a
}

func (n Fixture) token(i int) (t [16]byte) {
	binary.BigEndian.PutUint64(t[:], uint64(n)+1)
	binary.BigEndian.PutUint64(t[8:], uint64(i)+1)
	return t
}

// Admit makes the account with its lot.
func (n Fixture) Admit(ctx context.Context, d depot.Depot) error {
	lot := &identity.Lot{ID: n.token(-1), Until: start.Add(270 * depot.Day).Unix()}
	for i := range lot.Hashes {
		lot.Hashes[i] = depot.TokenHash(n.token(i))
	}
	if err := d.Admit(ctx, start, n.Account(), depot.Ticket{Open: true}); err != nil {
		return err
	}
	return d.PutLot(ctx, start, n.Account(), lot)
}

// Deposit is the i-th, of 0 to 4095: a small cell.
func (n Fixture) Deposit(i int) identity.Deposit {
	d := identity.Deposit{Lot: n.token(-1), Tokens: [][16]byte{n.token(i)}, Cell: make([]byte, depot.CellSize)}
	r := rand.New(rand.NewPCG(uint64(n), uint64(i)))
	for at := 16; at < len(d.Cell); at += 8 {
		binary.BigEndian.PutUint64(d.Cell[at:], r.Uint64())
	}
	copy(d.Cell, d.Tokens[0][:])
	return d
}

// Drain fetches everything that waits, and counts how often each deposit came; -1 for cells of no deposit.
func (n Fixture) Drain(ctx context.Context, d depot.Depot) (map[int]int, error) {
	came := map[int]int{}
	var done [][16]byte
	for {
		f, err := d.Fetch(ctx, start.Add(time.Minute), n.Account(), done)
		if err != nil || len(f.Cells) == 0 {
			return came, err
		}
		for _, cell := range f.Cells {
			i := int(binary.BigEndian.Uint64(cell[8:])) - 1
			if string(n.Deposit(i).Cell) != string(cell) {
				i = -1
			}
			came[i]++
		}
		done = f.Marks
	}
}
