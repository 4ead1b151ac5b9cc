package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// partBits of a hash say in which row of hashes it stands.
const partBits = 7

func partOf(h [16]byte) int16 { return int16(h[0] >> (8 - partBits)) }

// tagOf is what a mark has of a cell's hash, as a number.
func tagOf(h []byte) int64 { return int64(binary.BigEndian.Uint64(h)) }

// request is one call of Deposit.
type request struct {
	now    time.Time
	claims []claim
}

// claim is a deposit with its hashes.
type claim struct {
	*identity.Deposit
	verdict *identity.Verdict
	cell    [16]byte   // hash
	tokens  [][16]byte // hashes
	first   int        // where its tokens begin among those of the batch
}

// Deposit implements depot.Senders.
func (d *Depot) Deposit(ctx context.Context, now time.Time, deposits []identity.Deposit) ([]identity.Verdict, error) {
	verdicts := make([]identity.Verdict, len(deposits))
	r := request{now: now}
	for i := range deposits {
		verdicts[i] = identity.DepositRefused
		if !depot.Check(deposits[i]) {
			continue
		}
		c := claim{Deposit: &deposits[i], verdict: &verdicts[i], cell: depot.CellHash(deposits[i].Cell)}
		for _, token := range deposits[i].Tokens {
			c.tokens = append(c.tokens, depot.TokenHash(token))
		}
		r.claims = append(r.claims, c)
	}
	if len(r.claims) == 0 {
		return verdicts, ctx.Err()
	}
	err := translate(ctx, d.queue.Do(ctx, &r))
	if errors.Is(err, depot.ErrFull) {
		for i := range verdicts {
			verdicts[i] = identity.DepositLater
		}
		return verdicts, nil
	}
	if err != nil {
		return nil, err
	}
	return verdicts, nil
}

// commit is the queue's: it stores all requests in one transaction.
func (d *Depot) commit(requests []*request) []error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var b *attempt
	err := d.again(func() error {
		b = newAttempt(d, requests)
		return b.store(ctx)
	})
	if err == nil {
		if d.committed != nil {
			d.committed()
		}
		d.arrived(b.woken)
		return nil
	}
	errs := make([]error, len(requests))
	for i := range errs {
		errs[i] = err
	}
	return errs
}

// attempt is one at the deposits of one transaction.
type attempt struct {
	*Depot
	requests []*request
	lots     map[[16]byte]*lot
	accounts map[int64]*account
	tokens   []*token // of all claims, in their order
	woken    []name
	rows     rows
}

type lot struct {
	id      int64
	until   time.Time
	account *account
}

// token is one of a claim, or of several that want the same.
type token struct {
	known bool
	spent *depot.Spent
}

func newAttempt(d *Depot, requests []*request) *attempt {
	return &attempt{Depot: d, requests: requests, lots: map[[16]byte]*lot{}, accounts: map[int64]*account{}}
}

func (b *attempt) store(ctx context.Context) error {
	for _, r := range b.requests {
		if err := b.ensure(ctx, depot.DayOf(r.now)); err != nil {
			return err
		}
	}
	conn, err := b.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := b.transaction(ctx, conn); err != nil {
		_, _ = conn.Exec(ctx, "ROLLBACK") // the error that led here says more; a lost connection is closed by Release
		return err
	}
	return nil
}

func (b *attempt) transaction(ctx context.Context, conn *pgxpool.Conn) error {
	if err := b.lock(ctx, conn); err != nil {
		return err
	}
	if err := b.lookUp(ctx, conn); err != nil {
		return err
	}
	for _, r := range b.requests {
		for i := range r.claims {
			b.judge(&r.claims[i], r.now)
		}
	}
	return b.write(ctx, conn)
}

// lockLots finds lots, and locks their accounts in the order of their ids.
const lockLots = `SELECT l.name, l.id, l.until, a.id, a.key, a.seq, a.used, a.cells, a.floor, a.refused, a.told
	FROM lots l JOIN accounts a ON a.id = l.account WHERE l.name = ANY($1) ORDER BY a.id FOR UPDATE OF a`

// lock begins the transaction.
func (b *attempt) lock(ctx context.Context, conn *pgxpool.Conn) error {
	var names [][]byte
	for _, r := range b.requests {
		for i := range r.claims {
			id := &r.claims[i].Lot
			if _, twice := b.lots[*id]; !twice {
				b.lots[*id] = nil
				names = append(names, id[:])
			}
		}
	}
	var batch pgx.Batch
	batch.Queue("BEGIN")
	batch.Queue(lockLots, names).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := b.addLot(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return conn.SendBatch(ctx, &batch).Close()
}

func (b *attempt) addLot(rows pgx.Rows) error {
	var name, key []byte
	var until int64
	l, a := &lot{}, &account{}
	if err := rows.Scan(&name, &l.id, &until, &a.id, &key, &a.seq, &a.used, &a.cells, &a.floor, &a.refused, &a.told); err != nil {
		return err
	}
	if len(name) != 16 || len(key) != len(a.key) {
		return depot.ErrDamaged
	}
	a.key = depot.Account(key)
	if known := b.accounts[a.id]; known != nil {
		a = known
	}
	l.until, l.account = time.Unix(until, 0), a
	b.lots[[16]byte(name)], b.accounts[a.id] = l, a
	return nil
}

// selectTokens says of each token what it was spent on, or whether the lot has it.
const selectTokens = `SELECT u.n, s.cell, coalesce(s.day, 0), s.cell IS NOT NULL OR coalesce(position(u.hash IN h.hashes) > 0, false)
	FROM unnest($1::bigint[], $2::smallint[], $3::bytea[]) WITH ORDINALITY AS u (lot, part, hash, n)
	LEFT JOIN spent s ON s.lot = u.lot AND s.hash = u.hash
	LEFT JOIN hashes h ON h.lot = u.lot AND h.part = u.part AND s.lot IS NULL`

// lookUp asks for all tokens at once. It must come after lock, in a statement of its own:
// only then it sees what those who had the locks before spent.
func (b *attempt) lookUp(ctx context.Context, conn *pgxpool.Conn) error {
	var lots []int64
	var parts []int16
	var hashes [][]byte
	seen := map[claimed]*token{}
	var asked []*token
	for _, r := range b.requests {
		for i := range r.claims {
			c := &r.claims[i]
			c.first = len(b.tokens)
			l := b.lots[c.Lot]
			if l == nil {
				continue
			}
			for j, h := range c.tokens {
				key := claimed{l.id, h}
				if seen[key] == nil {
					seen[key] = &token{}
					asked = append(asked, seen[key])
					lots, parts, hashes = append(lots, l.id), append(parts, partOf(h)), append(hashes, c.tokens[j][:])
				}
				b.tokens = append(b.tokens, seen[key])
			}
		}
	}
	if len(asked) == 0 {
		return nil
	}
	rows, err := conn.Query(ctx, selectTokens, lots, parts, hashes)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n, day int64
		var cell []byte
		var known bool
		if err := rows.Scan(&n, &cell, &day, &known); err != nil {
			return err
		}
		t := asked[n-1]
		t.known = known
		if cell == nil {
			continue
		}
		if len(cell) != 16 {
			return depot.ErrDamaged
		}
		t.spent = &depot.Spent{Cell: [16]byte(cell), Day: day}
	}
	return rows.Err()
}

type claimed struct {
	lot  int64
	hash [16]byte
}

// judge decides about one deposit, and notes what is to be written for it.
func (b *attempt) judge(c *claim, now time.Time) {
	*c.verdict = identity.DepositRefused
	l := b.lots[c.Lot]
	if l == nil || !l.until.After(now) {
		return
	}
	tokens := b.tokens[c.first : c.first+len(c.tokens)]
	spent := make([]*depot.Spent, len(tokens))
	for i, t := range tokens {
		if !t.known {
			return
		}
		spent[i] = t.spent
	}
	a := l.account
	switch judged := depot.Judge(spent, c.cell, now); {
	case judged == depot.ClaimRefused:
		return
	case judged == depot.ClaimKept:
		*c.verdict = identity.DepositKept
		return
	case a.used+int64(len(c.Cell)) > b.options.Quota:
		a.refused++
		a.changed = true
		*c.verdict = identity.DepositLater
		return
	}
	*c.verdict = identity.DepositKept
	// A clock that is far behind must not put it where cells count no more.
	day := max(depot.DayOf(now), a.floor)
	for i, t := range tokens {
		t.spent = &depot.Spent{Cell: c.cell, Day: day}
		b.rows.spend(l.id, c.tokens[i][:], t.spent)
	}
	b.rows.store(a, day, c)
	b.woken = append(b.woken, nameOf(a.key))
}
