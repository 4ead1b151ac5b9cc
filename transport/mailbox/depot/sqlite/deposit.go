package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// Layout of the keys that join an account or lot with what is in it.
const (
	seqBits  = 32 // cells.id
	partBits = 7  // hashes.id
	pageBits = 4  // presence.id
)

// partOf names the row of hashes where h stands, if the lot has it.
func partOf(lot int64, h [16]byte) int64 { return lot<<partBits | int64(h[0]>>(8-partBits)) }

// tagOf is what a mark has of a cell's hash, as a number.
func tagOf(h []byte) int64 { return int64(binary.BigEndian.Uint64(h)) }

// Deposit implements depot.Senders.
func (d *Depot) Deposit(ctx context.Context, now time.Time, deposits []identity.Deposit) ([]identity.Verdict, error) {
	verdicts := make([]identity.Verdict, len(deposits))
	later := func() []identity.Verdict {
		for i := range verdicts {
			verdicts[i] = identity.DepositLater
		}
		return verdicts
	}
	claims := make([]claim, 0, len(deposits))
	for i := range deposits {
		verdicts[i] = identity.DepositRefused
		if depot.Check(deposits[i]) {
			claims = append(claims, newClaim(&deposits[i], &verdicts[i]))
		}
	}
	if len(claims) == 0 {
		return verdicts, ctx.Err()
	}
	if d.room.short() {
		return later(), ctx.Err()
	}
	err := d.together(ctx, func(t *tx) error {
		for i := range claims {
			if err := t.deposit(&claims[i], now); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case errors.Is(err, depot.ErrFull):
		return later(), nil
	case err != nil:
		return nil, err
	}
	return verdicts, nil
}

// claim is a deposit with its hashes, made before the writer has it.
type claim struct {
	*identity.Deposit
	verdict *identity.Verdict
	cell    [16]byte   // hash
	tokens  [][16]byte // hashes
}

func newClaim(d *identity.Deposit, v *identity.Verdict) claim {
	c := claim{Deposit: d, verdict: v, cell: depot.CellHash(d.Cell), tokens: make([][16]byte, len(d.Tokens))}
	for i, token := range d.Tokens {
		c.tokens[i] = depot.TokenHash(token)
	}
	return c
}

var (
	selectSpent  = text(`SELECT cell, day FROM spent WHERE lot = ? AND hash = ?`)
	selectHashes = text(`SELECT hashes FROM hashes WHERE id = ?`)
	insertSpent  = text(`INSERT INTO spent (lot, hash, cell, day) VALUES (?, ?, ?, ?)`)
	updateSpent  = text(`UPDATE spent SET day = ? WHERE lot = ? AND hash = ?`)
	insertCell   = text(`INSERT INTO cells (id, day, places, tag, cell) VALUES (?, ?, ?, ?, ?)`)
)

// deposit decides about one and stores it.
func (t *tx) deposit(c *claim, now time.Time) error {
	*c.verdict = identity.DepositRefused
	l, err := t.lot(c.Lot)
	if err != nil || l == nil || !l.until.After(now) {
		return err
	}
	spent := make([]*depot.Spent, len(c.tokens))
	for i, h := range c.tokens {
		var known bool
		if spent[i], known, err = t.token(l.id, h); err != nil || !known {
			return err
		}
	}
	judged := depot.Judge(spent, c.cell, now)
	a := l.account
	switch {
	case judged == depot.ClaimRefused:
		return nil
	case judged == depot.ClaimKept:
		*c.verdict = identity.DepositKept
		return nil
	case a.used+int64(len(c.Cell)) > t.options.Quota:
		a.refused++
		a.changed = true
		*c.verdict = identity.DepositLater
		return nil
	}
	if err := t.spend(l.id, c, depot.DayOf(now), judged == depot.ClaimAgain); err != nil {
		return err
	}
	*c.verdict = identity.DepositKept
	return t.store(a, c, depot.DayOf(now))
}

// token returns what a token was spent on, nil if it was not, and whether the lot has it.
func (t *tx) token(lot int64, h [16]byte) (spent *depot.Spent, known bool, err error) {
	var raw sql.RawBytes
	err = t.rows(func(r *sql.Rows) error {
		spent = &depot.Spent{}
		if err := r.Scan(&raw, &spent.Day); err != nil {
			return err
		}
		if len(raw) != len(spent.Cell) {
			return depot.ErrDamaged
		}
		spent.Cell = [16]byte(raw)
		return nil
	}, selectSpent, lot, h[:])
	if err != nil || spent != nil {
		return spent, err == nil, err
	}
	err = t.rows(func(r *sql.Rows) error {
		if err := r.Scan(&raw); err != nil {
			return err
		}
		for b := raw; len(b) >= len(h) && !known; b = b[len(h):] {
			known = [16]byte(b) == h
		}
		return nil
	}, selectHashes, partOf(lot, h))
	return nil, known, err
}

// spend writes down what the tokens were spent on, or only when.
func (t *tx) spend(lot int64, c *claim, day int64, again bool) error {
	for _, h := range c.tokens {
		var err error
		if again {
			_, err = t.exec(updateSpent, day, lot, h[:])
		} else {
			_, err = t.exec(insertSpent, lot, h[:], c.cell[:], day)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) store(a *accountRow, c *claim, day int64) error {
	_, err := t.exec(insertCell, a.id<<seqBits|a.seq, day, depot.Places(len(c.Cell)), tagOf(c.cell[:]), c.Cell)
	if a.cells == 0 || day < a.oldest {
		a.oldest = day
	}
	a.seq++
	a.cells++
	a.used += int64(len(c.Cell))
	a.changed = true
	t.ledger.woken = append(t.ledger.woken, a.key)
	return err
}
