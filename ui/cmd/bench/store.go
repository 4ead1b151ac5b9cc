package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"tacit/app"
	"tacit/storage"
)

// How often each thing is repeated.
const (
	unlocks      = 7
	chatOpenings = 100
	page         = 50
	rounds       = 25
	pageReads    = 100 // a round
	inserts      = 60  // a round
)

// unlock measures what a person waits for after the passphrase, at the real cost.
func unlock(ctx context.Context, b *bench) error {
	dir := b.path("unlock")
	s, err := storage.Create(ctx, dir, passphrase)
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	var took []time.Duration
	for range unlocks {
		began := time.Now()
		s, err := storage.Open(ctx, dir, passphrase)
		if err != nil {
			return err
		}
		took = append(took, time.Since(began))
		if err := s.Close(); err != nil {
			return err
		}
	}
	quantiles("unlock", took, 50)
	return nil
}

// store opens, searches and pages chats of a store with a million messages, and compares
// it with the same store in plain.
func store(ctx context.Context, b *bench) (err error) {
	var both twins
	var contacts []app.ContactID
	for i, o := range []storage.Options{{}, {Plain: true}} {
		dir := b.path(fmt.Sprintf("store%d", i))
		if both[i], contacts, err = filled(ctx, dir, o); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, both[i].Close(), os.RemoveAll(dir)) }()
	}
	err = times("chat_open_at_1000000_messages", chatOpenings, func(i int) error { return openChat(ctx, both[0], contacts[i]) })
	if err != nil {
		return err
	}
	if err := searching(ctx, both[0], contacts); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(3, 4))
	var places [rounds * pageReads]app.MessageID
	for i := range places {
		places[i] = app.MessageID(random.Int64N(manyMessages-page*4) + page*4)
	}
	read := func(s *storage.Store, i int) error { return readPage(ctx, s, contacts[0], places[i]) }
	err = times("chat_page_at_1000000_messages", pageReads, func(i int) error { return read(both[0], len(places)-1-i) })
	if err != nil {
		return err
	}
	if err := both.compare("store_page_reads", pageReads, read); err != nil {
		return err
	}
	return both.compare("store_durable_inserts", inserts, func(s *storage.Store, i int) error {
		return insert(ctx, s, contacts[0], uint64(i)+1)
	})
}

// times prints how long something takes that is done n times.
func times(name string, n int, f func(i int) error) error {
	var took []time.Duration
	for i := range n {
		began := time.Now()
		if err := f(i); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	quantiles(name, took, 50, 99)
	return nil
}

// twins are an encrypted store and the same in plain.
type twins [2]*storage.Store

// compare does something in both by turns, in many short rounds of n, so that whatever
// else the machine does falls on both. It prints medians.
func (t twins) compare(name string, n int, f func(s *storage.Store, i int) error) error {
	var rates, ratios []float64
	for round := range rounds {
		var took [len(t)]time.Duration
		for k := range t {
			k = (k + round) % len(t)
			began := time.Now()
			for i := range n {
				if err := f(t[k], round*n+i); err != nil {
					return err
				}
			}
			took[k] = time.Since(began)
		}
		rates = append(rates, float64(n)/took[0].Seconds())
		ratios = append(ratios, took[1].Seconds()/took[0].Seconds())
	}
	slices.Sort(rates)
	slices.Sort(ratios)
	print(name, rates[rounds/2], "1/s")
	print(name+"_ratio_to_plain", ratios[rounds/2], "ratio")
	return nil
}

func openChat(ctx context.Context, s *storage.Store, c app.ContactID) error {
	return s.View(ctx, func(tx app.ReadTx) error {
		if _, err := tx.ChatHead(c); err != nil {
			return err
		}
		_, err := tx.Messages(c, 0, page)
		return err
	})
}

func readPage(ctx context.Context, s *storage.Store, c app.ContactID, before app.MessageID) error {
	return s.View(ctx, func(tx app.ReadTx) error {
		ms, err := tx.Messages(c, before, page)
		if err == nil && len(ms) < page {
			err = fmt.Errorf("a page has %d messages", len(ms))
		}
		return err
	})
}

// insert makes durable what one sent message writes.
func insert(ctx context.Context, s *storage.Store, c app.ContactID, seq uint64) error {
	const sessionSize, boxSize = 3000, 4080
	now := time.Now()
	return s.Update(ctx, func(tx app.Tx) error {
		id, err := tx.AddMessage(app.Message{Contact: c, Own: true, Ref: newRef(), Text: hundredLetters, SentAt: now, At: now, State: app.StateQueued, StateAt: now})
		if err != nil {
			return err
		}
		if err := tx.SetSession(c, make([]byte, sessionSize)); err != nil {
			return err
		}
		if err := tx.SetDelivery(c, app.DeliveryRecord{NextSeq: seq + 1}); err != nil {
			return err
		}
		digest := app.Digest{byte(seq), byte(seq >> 8), byte(seq >> 16)}
		return tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: seq, Digest: digest, Box: make([]byte, boxSize), Message: id, At: now})
	})
}
