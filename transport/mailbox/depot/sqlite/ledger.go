package sqlite

import (
	"database/sql"
	"errors"
	"time"

	"tacit/transport/mailbox/depot"
)

// ledger is what the deposits of one commit look up and change: many are for the same
// account. It is written before anything else looks at the accounts.
type ledger struct {
	lots     map[[16]byte]*lotRow // nil for one that is not there
	accounts map[int64]*accountRow
	woken    []depot.Account
}

type lotRow struct {
	id      int64
	until   time.Time
	account *accountRow
}

// accountRow has the columns of accounts.
type accountRow struct {
	id                   int64
	key                  depot.Account
	seq, used            int64
	cells, refused, told int
	oldest               int64
	changed              bool
}

var (
	selectLot = text(`SELECT l.id, l.until, a.id, a.key, a.seq, a.used, a.cells, a.oldest, a.refused, a.told
		FROM lots l JOIN accounts a ON a.id = l.account WHERE l.name = ?`)
	updateAccount = text(`UPDATE accounts SET seq = ?2, used = ?3, cells = ?4, oldest = ?5, refused = ?6, told = ?7 WHERE id = ?1`)
)

// lot looks a lot up; nil: there is none.
func (t *tx) lot(name [16]byte) (*lotRow, error) {
	if l, known := t.ledger.lots[name]; known {
		return l, nil
	}
	if t.ledger.lots == nil {
		t.ledger.lots, t.ledger.accounts = map[[16]byte]*lotRow{}, map[int64]*accountRow{}
	}
	l, a := &lotRow{}, &accountRow{}
	var until int64
	var key sql.RawBytes
	err := t.rows(func(r *sql.Rows) error {
		if err := r.Scan(&l.id, &until, &a.id, &key, &a.seq, &a.used, &a.cells, &a.oldest, &a.refused, &a.told); err != nil {
			return err
		}
		if len(key) != len(a.key) {
			return depot.ErrDamaged
		}
		a.key = depot.Account(key)
		return nil
	}, selectLot, name[:])
	if err != nil {
		return nil, err
	}
	if a.id == 0 {
		t.ledger.lots[name] = nil
		return nil, nil
	}
	if known := t.ledger.accounts[a.id]; known != nil {
		a = known
	}
	l.until, l.account = time.Unix(until, 0), a
	t.ledger.lots[name], t.ledger.accounts[a.id] = l, a
	return l, nil
}

// settle writes the accounts of the ledger, and forgets it but for who is to be woken.
func (t *tx) settle() error {
	for _, a := range t.ledger.accounts {
		if a.changed {
			if err := t.write(a); err != nil {
				return err
			}
		}
	}
	t.ledger.lots, t.ledger.accounts = nil, nil
	return nil
}

func (t *tx) write(a *accountRow) error {
	_, err := t.exec(updateAccount, a.id, a.seq, a.used, a.cells, a.oldest, a.refused, a.told)
	return err
}

var selectAccount = text(`SELECT id, seq, used, cells, oldest, refused, told FROM accounts WHERE key = ?`)

// account returns that of a key, or ErrStranger.
func (t *tx) account(key depot.Account) (a accountRow, err error) {
	a.key = key
	err = t.row(selectAccount, key[:]).Scan(&a.id, &a.seq, &a.used, &a.cells, &a.oldest, &a.refused, &a.told)
	if errors.Is(err, sql.ErrNoRows) {
		return a, depot.ErrStranger
	}
	return a, err
}
