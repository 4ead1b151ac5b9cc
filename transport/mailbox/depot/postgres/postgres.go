// Package postgres keeps a depot in a PostgreSQL database that several front ends share.
//
// A front end keeps nothing: it may be killed at any moment, and what it acknowledged is in the
// database. Deposits that come together are written by one transaction of few statements.
// Whoever changes an account's things locks the account's row first.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/internal/batch"
	"tacit/transport/mailbox/depot/internal/watch"
)

// Depot is a front end's view of the database. Open begins its goroutines, Close ends them.
type Depot struct {
	options depot.Options
	pool    *pgxpool.Pool
	queue   *batch.Queue[*request]
	days    days
	board   watch.Board[name]
	notices notices

	stop    context.CancelFunc
	running sync.WaitGroup

	// committed is called after each transaction of deposits, before anybody hears of it.
	// Tests set it, before the first call.
	committed func()
}

var _ depot.Depot = (*Depot)(nil)

// Open connects to the database that url names ("postgres://..." or "host=... dbname=...") and
// brings its tables up to date. ErrAway, ErrNewer, or that it does not sync.
func Open(ctx context.Context, url string, o depot.Options) (*Depot, error) {
	config, err := configure(url)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, translate(ctx, err)
	}
	d := &Depot{options: o.WithDefaults(), pool: pool}
	if err := d.prepare(ctx); err != nil {
		pool.Close()
		return nil, translate(ctx, err)
	}
	running, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.notices.wake = make(chan struct{}, 1)
	d.queue = batch.New(batchWorkers, batchMost, d.commit)
	d.running.Go(func() { d.listen(running, config.ConnConfig) })
	d.running.Go(func() { d.notify(running, config.ConnConfig) })
	return d, nil
}

// configure reads the URL and sets what every connection must have.
func configure(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("depot: the address of the database cannot be read") // the error may tell a password
	}
	if config.MaxConns < connections {
		config.MaxConns = connections
	}
	config.ConnConfig.ConnectTimeout = connectPatience
	for name, value := range map[string]string{
		"application_name":   "tacit",
		"synchronous_commit": "on", // whatever the database's own setting is
		// All statements find a few rows by an index. So they are planned once, and not
		// differently while a table is still small.
		"plan_cache_mode": "force_generic_plan",
		"enable_seqscan":  "off",
		"jit":             "off",
	} {
		config.ConnConfig.RuntimeParams[name] = value
	}
	return config, nil
}

// errNoSync: such a database cannot keep what this package promises.
var errNoSync = errors.New("depot: the database runs with fsync off: what it acknowledges can be lost")

func (d *Depot) prepare(ctx context.Context) error {
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var sync string
	if err := conn.QueryRow(ctx, "SHOW fsync").Scan(&sync); err != nil {
		return err
	}
	if sync != "on" {
		return errNoSync
	}
	return migrate(ctx, conn.Conn())
}

// Close implements depot.Depot.
func (d *Depot) Close() error {
	d.queue.Close()
	d.stop()
	d.running.Wait()
	d.pool.Close()
	return nil
}

// change does f in a transaction, again when it was broken off because of others. Its error is the port's.
func (d *Depot) change(ctx context.Context, f func(context.Context, pgx.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return translate(caller, d.again(func() error {
		return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return f(ctx, tx) })
	}))
}

// again does f until it succeeds or fails for a reason that stays. Connections of before the
// database was away are met one by one, so all are closed and f is done once more: whatever
// f is, doing it twice is harmless.
func (d *Depot) again(f func() error) error {
	err := f()
	for lost, n := false, 1; n < attempts; n++ {
		switch {
		case !lost && isAway(err):
			lost = true
			d.pool.Reset()
		case code(err) == codeNoPartition: // another front end dropped it
			d.days.forget()
		case !isBrokenOff(err):
			return err
		}
		err = f()
	}
	return err
}

// view does f, which only reads, with one connection.
func (d *Depot) view(ctx context.Context, f func(context.Context, *pgxpool.Conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return translate(caller, d.again(func() error {
		return d.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error { return f(ctx, c) })
	}))
}

// account is a row of accounts.
type account struct {
	id                              int64
	key                             depot.Account
	seq, used, cells, refused, told int64
	floor                           int64
	changed                         bool
}

// querier is a transaction or a connection.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

const (
	selectAccount = `SELECT id, seq, used, cells, floor, refused, told FROM accounts WHERE key = $1`
	lockAccount   = selectAccount + ` FOR UPDATE`
)

// find returns the account of a key by one of these statements, or ErrStranger.
func find(ctx context.Context, q querier, statement string, key depot.Account) (a account, err error) {
	a.key = key
	err = q.QueryRow(ctx, statement, key[:]).Scan(&a.id, &a.seq, &a.used, &a.cells, &a.floor, &a.refused, &a.told)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, depot.ErrStranger
	}
	return a, err
}

// as does f in a transaction that holds the account.
func (d *Depot) as(ctx context.Context, key depot.Account, f func(context.Context, pgx.Tx, account) error) error {
	return d.change(ctx, func(ctx context.Context, tx pgx.Tx) error {
		a, err := find(ctx, tx, lockAccount, key)
		if err != nil {
			return err
		}
		return f(ctx, tx, a)
	})
}

// refusal is an ErrRefused that says why.
func refusal(why string) error { return fmt.Errorf("%s: %w", why, depot.ErrRefused) }
