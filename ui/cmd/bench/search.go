package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/storage"
)

const (
	searches   = 40   // of each kind
	receivings = 15   // rounds
	received   = 4000 // messages a round
	underWay   = 64   // of them
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

// receiving compares receiving, while the index is filled, with the same without an index.
func receiving(ctx context.Context, b *bench) (err error) {
	var both [2]*receiver
	for i, o := range []storage.Options{{}, {Unindexed: true}} {
		r, err := newReceiver(ctx, b.path(fmt.Sprintf("receiving%d", i)), o)
		if err != nil {
			return err
		}
		defer r.stop()
		both[i] = r
	}
	var rates, ratios []float64
	for round := range receivings {
		var took [2]time.Duration
		for k := range both {
			k = (k + round) % 2
			began := time.Now()
			if err := both[k].receive(ctx); err != nil {
				return err
			}
			took[k] = time.Since(began)
			if k == 0 { // what it has yet to index must not slow the other
				if err := rest(ctx, both[0].store); err != nil {
					return err
				}
			}
		}
		rates = append(rates, received/took[0].Seconds())
		ratios = append(ratios, took[1].Seconds()/took[0].Seconds())
	}
	slices.Sort(rates)
	slices.Sort(ratios)
	print("receiving_while_indexing", rates[receivings/2], "messages/s")
	print("receiving_ratio_to_no_index", ratios[receivings/2], "ratio")
	return nil
}

// receiver is somebody with a store on the disk, to whom another one writes who keeps all in memory.
type receiver struct {
	store   *storage.Store
	they    *app.Messenger
	contact app.ContactID // theirs
	writer  *writer
	stop    func()
}

func newReceiver(ctx context.Context, dir string, o storage.Options) (*receiver, error) {
	person := func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: identity.New().Root(), Name: "One of two", CreatedAt: time.Now()})
	}
	o.First = person
	s, err := o.Create(ctx, dir, passphrase)
	if err != nil {
		return nil, err
	}
	memory := apptest.NewStore()
	if err := memory.Update(ctx, person); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	net := apptest.NewNetwork()
	me, stopMe, err := runPerson(s, net.NewTransport())
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	they, stopThey, err := runPerson(memory, net.NewTransport())
	if err != nil {
		stopMe()
		return nil, errors.Join(err, s.Close())
	}
	r := &receiver{store: s, they: they, writer: newWriter(), stop: func() { stopThey(); stopMe(); _ = s.Close(); _ = os.RemoveAll(dir) }}
	if _, r.contact, err = acquaint(ctx, me, they); err != nil {
		r.stop()
		return nil, err
	}
	return r, nil
}

// receive has them write many messages, some of which always are under way, until all are durable here.
func (r *receiver) receive(ctx context.Context) error {
	var waits []func() (app.Message, error)
	var last app.Message
	for range received {
		waits = append(waits, r.they.Post(ctx, r.contact, app.Outgoing{Text: r.writer.sentence()}))
		if len(waits) < underWay {
			continue
		}
		var err error
		if last, err = waits[0](); err != nil {
			return err
		}
		waits = waits[1:]
	}
	for _, wait := range waits {
		var err error
		if last, err = wait(); err != nil {
			return err
		}
	}
	for {
		m, err := r.they.Message(ctx, last.ID)
		if err != nil || m.State == app.StateDelivered {
			return err
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
}
