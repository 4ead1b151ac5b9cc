package main

import (
	"context"
	"errors"
	"time"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/load"
	"tacit/transport/mailbox/depot/pgtest"
	"tacit/transport/mailbox/depot/postgres"
	"tacit/transport/mailbox/depot/sqlite"
)

// The load of a node's store: who deposits at once, for how many accounts.
const (
	depotCallers  = 128
	depotFetchers = 32
	depotAccounts = 2_000
	depotCells    = 60_000
	depotRounds   = 3
)

// depots measures deposits, each durable before it is answered, and fetches that delete what they
// fetched, in both databases. Callers and database share the machine.
func depots(ctx context.Context, b *bench) error {
	lite, err := sqlite.Open(ctx, b.path("depot"), depot.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(measureDepot(ctx, lite, "sqlite"), lite.Close()); err != nil {
		return err
	}
	// What a server of this size is given; it syncs as it does by default.
	cluster, err := pgtest.Start(ctx, "shared_buffers = 512MB", "max_wal_size = 4GB")
	if err != nil {
		return err
	}
	return errors.Join(measurePostgres(ctx, cluster), cluster.Remove(context.WithoutCancel(ctx)))
}

func measurePostgres(ctx context.Context, c *pgtest.Cluster) error {
	url, err := c.Create(ctx, "bench")
	if err != nil {
		return err
	}
	d, err := postgres.Open(ctx, url, depot.Options{})
	if err != nil {
		return err
	}
	return errors.Join(measureDepot(ctx, d, "postgres"), d.Close())
}

func measureDepot(ctx context.Context, d depot.Depot, name string) error {
	c := load.Crowd{Depot: d, Now: time.Now(), Accounts: depotAccounts}
	if err := c.Admit(ctx); err != nil {
		return err
	}
	for range depotRounds {
		r, err := c.Deposit(ctx, depotCallers, depotCells)
		if err != nil {
			return err
		}
		print("depot_"+name+"_deposits", r.Rate(), "/s")
		quantiles("depot_"+name+"_deposit", r.Waits, 50, 99)
		if r, err = c.Drain(ctx, depotFetchers, depotCells); err != nil {
			return err
		}
		print("depot_"+name+"_fetched", r.Rate(), "cells/s")
		quantiles("depot_"+name+"_fetch", r.Waits, 50, 99)
	}
	return nil
}
