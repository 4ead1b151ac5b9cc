package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"tacit/app"
	"tacit/storage"
)

const (
	searches     = 40   // of each kind
	receivings   = 15   // rounds
	receivedOnce = 16   // messages a commit
	receivedAll  = 8192 // messages a round
)

// searching measures finding 50 messages, as somebody types and as they have typed. Each of a
// kind seeks something else, so that the cache of pages does not know it.
func searching(ctx context.Context, s *storage.Store, contacts []app.ContactID) error {
	w := newWriter()
	seldom := func(i int) string { return string(appendRare(nil, 200+i*53)) }
	for _, kind := range []struct {
		name  string
		query func(i int) app.SearchQuery
		least int // so many are found at least
	}{
		{"common_words", func(i int) app.SearchQuery {
			return app.SearchQuery{Text: frequent[i%len(frequent)] + " " + frequent[(i+7)%len(frequent)]}
		}, page},
		{"rare_word", func(i int) app.SearchQuery { return app.SearchQuery{Text: seldom(i)} }, 1},
		{"one_letter", func(i int) app.SearchQuery {
			return app.SearchQuery{Text: string([]rune(frequent[i%len(frequent)])[:1])}
		}, 0},
		{"two_letters", func(i int) app.SearchQuery { return app.SearchQuery{Text: string(appendRare(nil, i+1))} }, page},
		{"four_letters", func(i int) app.SearchQuery {
			return app.SearchQuery{Text: []string{"cont", "mini", "reun", "chil", "spok", "sour", "plea", "publ"}[i%8]}
		}, page},
		{"in_chat_common", func(i int) app.SearchQuery {
			return app.SearchQuery{Text: frequent[i%len(frequent)], Contact: contacts[i%len(contacts)]}
		}, page},
		{"in_chat_rare", func(i int) app.SearchQuery { return app.SearchQuery{Text: seldom(i), Contact: contacts[0]} }, 0},
		{"arabic", func(i int) app.SearchQuery {
			return app.SearchQuery{Text: []string{"السَّاعة", "العاشره", "شكرا", "الملف جا", "اجتماع غدا"}[i%5]}
		}, page},
		{"chinese", func(int) app.SearchQuery { return app.SearchQuery{Text: string([]rune(w.unspaced())[:2])} }, 0},
		{"one_chinese", func(int) app.SearchQuery { return app.SearchQuery{Text: string([]rune(w.unspaced())[:1])} }, 1},
		{"words_not_together", func(i int) app.SearchQuery {
			return app.SearchQuery{Text: "minister contract réunion publish " + seldom(i) + " " + seldom(i+1)}
		}, 0},
	} {
		err := times("search_"+kind.name+"_at_1000000_messages", searches, func(i int) error {
			q := kind.query(i)
			q.Limit = page
			return s.View(ctx, func(tx app.ReadTx) error {
				found, err := tx.SearchMessages(q)
				if err == nil && len(found) < kind.least {
					err = fmt.Errorf("search %s found %d messages", kind.name, len(found))
				}
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// indexing compares receiving, while the index is filled, with the same without an index.
func indexing(ctx context.Context, b *bench) (err error) {
	var stores [2]*storage.Store
	var chats [2]app.ContactID
	for i, o := range []storage.Options{{}, {Unindexed: true}} {
		dir := b.path(fmt.Sprintf("receiving%d", i))
		if stores[i], err = o.Create(ctx, dir, passphrase); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stores[i].Close(), os.RemoveAll(dir)) }()
		err = stores[i].Update(ctx, func(tx app.Tx) (err error) {
			chats[i], err = tx.AddContact(contact(i))
			return err
		})
		if err != nil {
			return err
		}
	}
	w := newWriter()
	var rates, ratios []float64
	for round := range receivings {
		var took [2]time.Duration
		for k := range stores {
			k = (k + round) % 2
			began := time.Now()
			for range receivedAll / receivedOnce {
				if err := receive(ctx, stores[k], chats[k], w); err != nil {
					return err
				}
			}
			took[k] = time.Since(began)
			if k == 0 { // what it has yet to index must not slow the other
				if err := rest(ctx, stores[0]); err != nil {
					return err
				}
			}
		}
		rates = append(rates, receivedAll/took[0].Seconds())
		ratios = append(ratios, took[1].Seconds()/took[0].Seconds())
	}
	slices.Sort(rates)
	slices.Sort(ratios)
	print("store_receiving_while_indexing", rates[receivings/2], "messages/s")
	print("store_receiving_ratio_to_no_index", ratios[receivings/2], "ratio")
	return nil
}

// receive makes durable what messages that arrived together write.
func receive(ctx context.Context, s *storage.Store, c app.ContactID, w *writer) error {
	now := time.Now()
	return s.Update(ctx, func(tx app.Tx) error {
		for range receivedOnce {
			m := app.Message{Contact: c, Ref: newRef(), Text: w.sentence(), SentAt: now, At: now, State: app.StateReceived, StateAt: now}
			if _, err := tx.MessageByRef(c, false, m.Ref); !errors.Is(err, app.ErrNotFound) {
				return fmt.Errorf("a message that nobody wrote: %w", err)
			}
			if err := tx.AddSeen(c, app.Digest(newRef()), now); err != nil {
				return err
			}
			if _, err := tx.AddMessage(m); err != nil {
				return err
			}
		}
		if err := tx.SetSession(c, make([]byte, 3000)); err != nil {
			return err
		}
		return tx.SetDelivery(c, app.DeliveryRecord{Received: 1})
	})
}
