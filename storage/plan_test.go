package storage

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tacit/app"
)

// TestPlansOfMail: what is asked with every box that comes or goes by mailbox is found through
// an index, however much else there is, and is not sorted.
func TestPlansOfMail(t *testing.T) {
	s := full(t)
	before := map[string]bool{}
	s.alone(func() {
		for query := range s.statements {
			before[query] = true
		}
	})
	change(t, s, func(tx app.Tx) error {
		m := tx.(app.MailTx)
		_, err := m.Early(1, 2, 3, 4)
		_, err2 := m.EarlyCount(1)
		_, err3 := m.Owed(1, 2, 3)
		_, err4 := m.ToDeposit(1, time.Now(), 2, 3)
		_, err5 := m.RemoveOutboxBare(1, 0, 0)
		return errors.Join(err, err2, err3, err4, err5, m.RemoveEarly(1, app.Digest{1}), m.RemoveEarlyUpTo(1, 2, 3), m.ForgetEarly(time.UnixMilli(1)),
			m.SetOwed(1, 2, app.Digest{1}), m.RemoveOwed(1, app.Digest{1}), m.RemoveOwedUpTo(1, 2), m.SetOutboxHeld(1, 2, time.Now()),
			m.UnholdOutbox(1), tx.QueueAgain(1))
	})
	s.alone(func() {
		seen := 0
		for query := range s.statements {
			if before[query] || strings.HasPrefix(query, "COMMIT") || strings.HasPrefix(query, "BEGIN") {
				continue
			}
			seen++
			plan := strings.ReplaceAll(planOf(t, s, query), "SCAN CONSTANT ROW", "") // of no table: what the index counts beside
			if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s:\n%s", query, plan)
			}
		}
		if seen < 10 {
			t.Errorf("only %d statements were looked at", seen)
		}
	})
}

// planOf returns how SQLite goes about a statement. Its caller has the turn.
func planOf(t *testing.T, s *Store, query string) (plan string) {
	t.Helper()
	args := make([]any, strings.Count(query, "?"))
	rows, err := s.conn.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan += detail + "\n"
	}
	return plan
}
