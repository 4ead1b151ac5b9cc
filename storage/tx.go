package storage

import (
	"context"
	"database/sql"
	"time"

	"tacit/app"
)

// tx is a transaction. It is valid within the function it was handed to.
type tx struct {
	s     *Store
	added int   // messages
	last  int64 // the greatest id of a message, once one was added; else 0
}

var (
	_ app.Tx         = (*tx)(nil)
	_ app.ChatReader = (*tx)(nil)
	_ app.ChatWriter = (*tx)(nil)
	_ app.FileTx     = (*tx)(nil)
)

// View implements app.Store.
func (s *Store) View(ctx context.Context, f func(app.ReadTx) error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	s.fault() // of a log that could not be copied meanwhile: not this one's
	// There is no other connection, so the state cannot change under f.
	return convert(f(&tx{s: s}), s.fault())
}

// Update implements app.Store.
func (s *Store) Update(ctx context.Context, f func(app.Tx) error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	t := &tx{s: s}
	if err := s.transact(func() error { return f(t) }); err != nil {
		return convert(err, s.fault())
	}
	s.keeper.changed(t.added)
	return nil
}

// transact runs f in a transaction, which ends with it. Its caller has the turn.
func (s *Store) transact(f func() error) (err error) {
	s.fault() // not this one's either
	defer s.eraser.changed()
	if _, err := s.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			s.rollback()
		}
	}()
	if err := f(); err != nil {
		return err
	}
	if _, err := s.exec("COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

// rollback ends the transaction, where SQLite has not ended it already because of an error.
func (s *Store) rollback() {
	_, _ = s.conn.ExecContext(context.Background(), "ROLLBACK")
}

// take waits for the turn to use the connection.
func (s *Store) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.keeper.waiting.Add(1)
	defer s.keeper.waiting.Add(-1)
	select {
	case <-s.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.closed {
		s.give()
		return app.ErrClosed
	}
	return nil
}

func (s *Store) give() { s.turn <- struct{}{} }

// prepare returns the prepared statement of a query. Queries are constants of this package.
func (s *Store) prepare(query string) (*sql.Stmt, error) {
	if st := s.statements[query]; st != nil {
		return st, nil
	}
	// A statement is not cancelled half way: it is short, and watching a context costs
	// the driver a goroutine for each.
	st, err := s.conn.PrepareContext(context.Background(), query)
	if err == nil {
		s.statements[query] = st
	}
	return st, err
}

// exec runs a statement and returns how many rows it changed.
func (s *Store) exec(query string, args ...any) (int64, error) {
	st, err := s.prepare(query)
	if err != nil {
		return 0, err
	}
	r, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// change runs a statement that must change a row, and returns ErrNotFound where it does not.
func (s *Store) change(query string, args ...any) error {
	n, err := s.exec(query, args...)
	if err == nil && n == 0 {
		err = app.ErrNotFound
	}
	return err
}

// all returns the rows of a query.
func all[T any](s *Store, scan func(*sql.Rows) (T, error), query string, args ...any) (list []T, err error) {
	st, err := s.prepare(query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(context.Background(), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// one returns the only row of a query, ErrNotFound where there is none.
func one[T any](s *Store, scan func(*sql.Rows) (T, error), query string, args ...any) (v T, err error) {
	list, err := all(s, scan, query, args...)
	if err == nil && len(list) == 0 {
		err = app.ErrNotFound
	}
	if err != nil {
		return v, err
	}
	return list[0], nil
}

// stamp is how a time is stored: microseconds, which hold every year that a peer may
// claim. Zero is no time.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func unstamp(v int64) time.Time {
	if v == 0 {
		return time.Time{}
	}
	return time.UnixMicro(v)
}
