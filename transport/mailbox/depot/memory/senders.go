package memory

import (
	"bytes"
	"context"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/depot"
)

// Deposit implements depot.Senders.
func (d *Depot) Deposit(ctx context.Context, now time.Time, deposits []identity.Deposit) ([]identity.Verdict, error) {
	verdicts := make([]identity.Verdict, len(deposits))
	var woken []depot.Account
	err := d.locked(ctx, func() error {
		for i, p := range deposits {
			verdicts[i] = identity.DepositRefused
			if !depot.Check(p) {
				continue
			}
			l := d.lots[p.Lot]
			if l == nil || !l.until.After(now) {
				continue
			}
			verdicts[i] = d.deposit(l, p, now)
			woken = append(woken, l.owner)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.board.Wake(woken...)
	return verdicts, nil
}

func (d *Depot) deposit(l *lot, p identity.Deposit, now time.Time) identity.Verdict {
	spent := make([]*depot.Spent, len(p.Tokens))
	for i, token := range p.Tokens {
		s, known := l.tokens[depot.TokenHash(token)]
		if !known {
			return identity.DepositRefused
		}
		spent[i] = s
	}
	hash := depot.CellHash(p.Cell)
	switch depot.Judge(spent, hash, now) {
	case depot.ClaimRefused:
		return identity.DepositRefused
	case depot.ClaimKept:
		return identity.DepositKept
	}
	a := d.accounts[l.owner]
	if a.used+int64(len(p.Cell)) > d.options.Quota {
		a.refused++
		return identity.DepositLater
	}
	day := depot.DayOf(now)
	for _, token := range p.Tokens {
		l.tokens[depot.TokenHash(token)] = &depot.Spent{Cell: hash, Day: day}
	}
	mark := depot.Mark{Day: day, Seq: a.seq, Hash: [8]byte(hash[:])}
	a.cells = append(a.cells, cell{mark.Bytes(), day, bytes.Clone(p.Cell)})
	a.seq++
	a.used += int64(len(p.Cell))
	return identity.DepositKept
}

// Look implements depot.Senders.
func (d *Depot) Look(ctx context.Context, now time.Time, id [16]byte) (content []byte, err error) {
	err = d.locked(ctx, func() error {
		var latest time.Time
		for _, a := range d.accounts {
			for i := range a.presence {
				p := &a.presence[i]
				if !now.Before(p.at.Add(depot.PresenceLife)) || p.at.Before(latest) {
					continue
				}
				for j := range p.slots {
					if p.slots[j].ID == id {
						content, latest = bytes.Clone(p.slots[j].Content[:]), p.at
					}
				}
			}
		}
		return nil
	})
	return content, err
}

// LeaveCell implements depot.Senders.
func (d *Depot) LeaveCell(ctx context.Context, now time.Time, id [16]byte, c []byte) (v identity.Verdict, err error) {
	v = identity.DepositRefused
	err = d.locked(ctx, func() error {
		s := d.slots[id]
		switch {
		case s == nil || !s.until.After(now) || len(c) != depot.CellSize:
		case s.cell == nil:
			s.cell = bytes.Clone(c)
			v = identity.DepositKept
		case bytes.Equal(s.cell, c):
			v = identity.DepositKept
		}
		return nil
	})
	return v, err
}

// ReadCell implements depot.Senders.
func (d *Depot) ReadCell(ctx context.Context, now time.Time, id [16]byte) (c []byte, err error) {
	err = d.locked(ctx, func() error {
		if s := d.slots[id]; s != nil && s.until.After(now) {
			c = bytes.Clone(s.cell)
		}
		return nil
	})
	return c, err
}
