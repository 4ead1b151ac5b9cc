package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/internal/batch"
)

// SQLSTATE codes, from appendix A of PostgreSQL's manual.
const (
	codeSerialization = "40001"
	codeDeadlock      = "40P01"
	codeNoPartition   = "23514" // check_violation: so PostgreSQL calls a row that no partition takes
	codeLockTimeout   = "55P03"
	codeFull          = "53100"
)

// codesAway begin the codes of a database that cannot serve now: no connection, too many of
// them, out of memory, shut down or starting.
var codesAway = []string{"08", "53", "57P", "58", "25006"}

func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// brokenOff reports that the same transaction may succeed when it is done again.
func brokenOff(err error) bool {
	switch code(err) {
	case codeSerialization, codeDeadlock:
		return true
	}
	return false
}

// translate says in the port's errors what the database's mean. ctx is the caller's.
func translate(ctx context.Context, err error) error {
	switch {
	case err == nil, errors.Is(err, depot.ErrRefused), errors.Is(err, depot.ErrStranger), errors.Is(err, depot.ErrDamaged), errors.Is(err, depot.ErrNewer):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, batch.ErrClosed):
		return fmt.Errorf("depot: %w", err)
	}
	state := code(err)
	if state == codeFull {
		return fmt.Errorf("depot: %w", depot.ErrFull)
	}
	if strings.HasPrefix(state, "XX00") && state != "XX000" {
		return fmt.Errorf("depot: %w (%s)", depot.ErrDamaged, state)
	}
	for _, prefix := range codesAway {
		if strings.HasPrefix(state, prefix) {
			return fmt.Errorf("depot: %w (%s)", depot.ErrAway, state)
		}
	}
	if state != "" {
		return fmt.Errorf("depot: the database says %s", state) // its words may quote what is stored
	}
	// What is no answer of the database is about the way there.
	return fmt.Errorf("depot: %w", depot.ErrAway)
}
