package postgres

import (
	"context"
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tacit/transport/mailbox/depot"
)

// name is the beginning of an account's key: enough to wake hardly anybody for nothing.
type name [8]byte

func nameOf(a depot.Account) name { return name(a[:8]) }

// channel on which front ends tell one another for whom cells arrived.
const channel = "tacit_arrived"

var nameEncoding = base64.RawURLEncoding

// nameText is the length of a name in a notice.
const nameText = 11

// notices are what the other front ends were not told yet.
type notices struct {
	mu      sync.Mutex
	pending map[name]struct{} // by mu
	wake    chan struct{}     // capacity 1
}

// Watch implements depot.Owners.
func (d *Depot) Watch(a depot.Account) (<-chan struct{}, func()) { return d.board.Watch(nameOf(a)) }

// arrived wakes who waits here, and has the others told.
func (d *Depot) arrived(names []name) {
	if len(names) == 0 {
		return
	}
	d.board.Wake(names...)
	n := &d.notices
	n.mu.Lock()
	if n.pending == nil {
		n.pending = map[name]struct{}{}
	}
	for _, name := range names {
		n.pending[name] = struct{}{}
	}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// next returns the text of a notice, and whether more waits; empty: there is none.
func (n *notices) next() (text string, more bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var b strings.Builder
	for name := range n.pending {
		if b.Len() == noticeMost*nameText {
			return b.String(), true
		}
		b.WriteString(nameEncoding.EncodeToString(name[:]))
		delete(n.pending, name)
	}
	return b.String(), false
}

// notify sends notices until ctx ends. What cannot be sent is dropped: who reconnects wakes everybody.
func (d *Depot) notify(ctx context.Context, config *pgx.ConnConfig) {
	config = config.Copy()
	config.RuntimeParams["synchronous_commit"] = "off" // nothing is stored
	var conn *pgx.Conn
	defer func() { closeConn(conn) }()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.notices.wake:
		}
		for text, more := d.notices.next(); text != ""; text, more = d.notices.next() {
			conn = d.send(ctx, config, conn, text)
			if !more {
				break
			}
		}
		if pause(ctx, noticeEvery) != nil {
			return
		}
	}
}

// send says text on the channel, and returns the connection for the next time; nil: it was lost.
func (d *Depot) send(ctx context.Context, config *pgx.ConnConfig, conn *pgx.Conn, text string) *pgx.Conn {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if conn == nil {
		var err error
		if conn, err = pgx.ConnectConfig(ctx, config); err != nil {
			return nil
		}
	}
	if _, err := conn.Exec(ctx, `SELECT pg_notify($1, $2)`, channel, text); err != nil {
		closeConn(conn)
		return nil
	}
	return conn
}

// listen wakes who waits here for what arrived at other front ends, until ctx ends.
func (d *Depot) listen(ctx context.Context, config *pgx.ConnConfig) {
	for {
		d.listenOnce(ctx, config)
		if pause(ctx, listenAgain) != nil {
			return
		}
	}
}

// listenOnce listens until the connection is lost.
func (d *Depot) listenOnce(ctx context.Context, config *pgx.ConnConfig) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return
	}
	defer closeConn(conn)
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		return
	}
	d.board.WakeAll() // what arrived while nobody listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return
		}
		d.hear(n.Payload)
	}
}

// hear wakes whom a notice names.
func (d *Depot) hear(text string) {
	for ; len(text) >= nameText; text = text[nameText:] {
		var n name
		if b, err := nameEncoding.DecodeString(text[:nameText]); err == nil && len(b) == len(n) {
			d.board.Wake(name(b))
		}
	}
}

// closeConn says good-bye where there is a connection.
func closeConn(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // it is lost already, or nothing is lost with it
}

// pause waits, and returns an error when ctx ends before.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
