package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/internal/batch"
)

// work is a piece of a commit. Where it returns an error of its own request (see
// ownFault) it must not have written anything; any other error undoes the whole commit.
type work func(*tx) error

// change has f committed, together with what others change at the same time.
func (d *Depot) change(ctx context.Context, f work) error {
	return d.together(ctx, func(t *tx) error {
		if err := t.settle(); err != nil {
			return err
		}
		return f(t)
	})
}

// together is change for what looks after the ledger itself.
func (d *Depot) together(ctx context.Context, f work) error {
	err := d.queue.Do(ctx, f)
	if errors.Is(err, batch.ErrClosed) {
		return fmt.Errorf("depot: %w", err)
	}
	return err
}

// ownFault reports an error of one request, which hinders no other.
func ownFault(err error) bool {
	return errors.Is(err, depot.ErrRefused) || errors.Is(err, depot.ErrStranger)
}

// commit is the queue's: it does all works in one transaction.
func (d *Depot) commit(works []work) []error {
	errs := make([]error, len(works))
	woken, err := d.transaction(d.write, d.writing, func(t *tx) error {
		for i, w := range works {
			if errs[i] = w(t); errs[i] != nil && !ownFault(errs[i]) {
				return errs[i]
			}
		}
		return t.settle()
	})
	if err != nil {
		err = translate(err)
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	if d.committed != nil {
		d.committed()
	}
	d.board.Wake(woken...)
	return errs
}

// view calls f in a transaction that only reads. Its error is the port's.
func (d *Depot) view(ctx context.Context, f work) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := d.transaction(d.read, d.reading, f)
	return translate(err)
}

// transaction commits what f does and returns whose cells came. It takes no context: a
// goroutine would watch over every statement, and none of them takes long.
func (d *Depot) transaction(db *sql.DB, prepared []*sql.Stmt, f work) ([]depot.Account, error) {
	begun, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	t := &tx{Depot: d, sql: begun, prepared: prepared}
	if err := f(t); err != nil {
		_ = begun.Rollback() // the error that led here says more
		return nil, err
	}
	if err := begun.Commit(); err != nil {
		_ = begun.Rollback()
		return nil, err
	}
	return t.ledger.woken, nil
}
