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

// isBrokenOff reports that the same transaction may succeed when it is done again.
func isBrokenOff(err error) bool {
	switch code(err) {
	case codeSerialization, codeDeadlock:
		return true
	}
	return false
}

// isAway reports that the database did not answer, or cannot serve now.
func isAway(err error) bool {
	if err == nil || isOurs(err) {
		return false
	}
	state := code(err)
	for _, prefix := range codesAway {
		if strings.HasPrefix(state, prefix) {
			return state != codeFull
		}
	}
	return state == "" // what is no answer of the database is about the way there
}

// isOurs reports an error that no database said.
func isOurs(err error) bool {
	for _, own := range []error{errNoSync, depot.ErrRefused, depot.ErrStranger, depot.ErrDamaged, depot.ErrNewer} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}

// translate says in the port's errors what the database's mean. ctx is the caller's.
func translate(ctx context.Context, err error) error {
	switch state := code(err); {
	case err == nil, isOurs(err):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, batch.ErrClosed):
		return fmt.Errorf("depot: %w", err)
	case isAway(err):
		return fmt.Errorf("depot: %w", depot.ErrAway)
	case state == codeFull:
		return fmt.Errorf("depot: %w", depot.ErrFull)
	case strings.HasPrefix(state, "XX00") && state != "XX000":
		return fmt.Errorf("depot: %w (%s)", depot.ErrDamaged, state)
	default:
		return fmt.Errorf("depot: the database says %s", state) // its words may quote what is stored
	}
}
