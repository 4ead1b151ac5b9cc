package postgres

import (
	"testing"
	"time"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/depottest"
	"tacit/transport/mailbox/depot/load"
)

// benchCallers deposit at once, and benchAccounts receive.
const (
	benchCallers  = 128
	benchAccounts = 1000
)

func crowd(b *testing.B) *load.Crowd {
	b.Helper()
	c := &load.Crowd{Depot: frontEnd(b, database(b), depot.Options{}), Now: depottest.Start, Accounts: benchAccounts}
	if err := c.Admit(b.Context()); err != nil {
		b.Fatal(err)
	}
	return c
}

func report(b *testing.B, r load.Result, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(r.Rate(), "cells/s")
	b.ReportMetric(float64(r.Quantile(99))/float64(time.Millisecond), "p99-ms")
}

func BenchmarkDeposit(b *testing.B) {
	c := crowd(b)
	b.ResetTimer()
	r, err := c.Deposit(b.Context(), benchCallers, b.N)
	report(b, r, err)
}

func BenchmarkFetch(b *testing.B) {
	c := crowd(b)
	if _, err := c.Deposit(b.Context(), benchCallers, b.N); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	r, err := c.Drain(b.Context(), 32, b.N)
	report(b, r, err)
}
