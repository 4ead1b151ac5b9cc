package sqlite

import (
	"context"
	"database/sql"
)

// statement numbers a text of SQL in texts.
type statement int

// texts are all statements. They are prepared when a depot is opened: afterwards the one
// connection that it may have is busy.
var texts []string

func text(s string) statement {
	texts = append(texts, s)
	return statement(len(texts) - 1)
}

func prepare(ctx context.Context, db *sql.DB) (prepared []*sql.Stmt, err error) {
	for _, text := range texts {
		s, err := db.PrepareContext(ctx, text)
		if err != nil {
			return prepared, err
		}
		prepared = append(prepared, s)
	}
	return prepared, nil
}

// tx is a transaction, and what several pieces of work share in it. It belongs to one goroutine.
type tx struct {
	*Depot
	sql      *sql.Tx
	prepared []*sql.Stmt // of its database
	bound    []*sql.Stmt // of this transaction, as far as used
	ledger   ledger
}

func (t *tx) statement(s statement) *sql.Stmt {
	if t.bound == nil {
		t.bound = make([]*sql.Stmt, len(texts))
	}
	if t.bound[s] == nil {
		t.bound[s] = t.sql.StmtContext(context.Background(), t.prepared[s])
	}
	return t.bound[s]
}

// exec returns how many rows were changed.
func (t *tx) exec(s statement, args ...any) (int64, error) {
	r, err := t.statement(s).ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t *tx) row(s statement, args ...any) *sql.Row {
	return t.statement(s).QueryRowContext(context.Background(), args...)
}

// rows calls f for each row.
func (t *tx) rows(f func(*sql.Rows) error, s statement, args ...any) error {
	rows, err := t.statement(s).QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	defer rows.Close() // its error is that of rows.Err
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
