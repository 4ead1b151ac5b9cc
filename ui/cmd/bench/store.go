package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"tacit/app"
	"tacit/storage"
)

// How large the measured store is, and how often each thing is repeated.
const (
	manyMessages   = 1_000_000
	bulk           = 10_000 // messages a transaction while filling
	storedContacts = 200
	durableInserts = 1500
	insertRounds   = 5
	chatOpenings   = 50
	pageReads      = 400
	page           = 50
)

// unlock measures what a person waits for after the passphrase, at the real cost.
func unlock(ctx context.Context, b *bench) error {
	dir := b.path("unlock")
	s, err := storage.Create(ctx, dir, "only for this measurement")
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	var took []time.Duration
	for range 7 {
		began := time.Now()
		s, err := storage.Open(ctx, dir, "only for this measurement")
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

// store compares the encrypted store with the same store in plain, in one run, and
// opens and pages a chat in it at a million messages.
func store(ctx context.Context, b *bench) error {
	var runs [2]measured
	for i, o := range []storage.Options{{}, {Plain: true}} {
		dir := b.path(fmt.Sprintf("store%d", i))
		r, err := measure(ctx, dir, o)
		if err != nil {
			return err
		}
		runs[i] = r
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	enc, plain := runs[0], runs[1]
	print("store_durable_inserts", enc.inserts, "transactions/s")
	print("store_durable_inserts_ratio_to_plain", enc.inserts/plain.inserts, "ratio")
	print("store_page_reads", enc.reads, "pages/s")
	print("store_page_reads_ratio_to_plain", enc.reads/plain.reads, "ratio")
	quantiles("chat_open_at_1000000_messages", enc.opens, 50, 99)
	quantiles("chat_page_at_1000000_messages", enc.pages, 50, 99)
	quantiles("search_at_1000000_messages", enc.searches, 50)
	return nil
}

type measured struct {
	inserts, reads         float64 // per second
	opens, pages, searches []time.Duration
}

func measure(ctx context.Context, dir string, o storage.Options) (m measured, err error) {
	s, err := o.Create(ctx, dir, "only for this measurement")
	if err != nil {
		return m, err
	}
	contacts, err := fill(ctx, s)
	if err != nil {
		return m, err
	}
	if m.inserts, err = inserts(ctx, s, contacts[0]); err != nil {
		return m, err
	}
	// Reading begins on a freshly opened store, as after a start.
	if err := s.Close(); err != nil {
		return m, err
	}
	if s, err = o.Open(ctx, dir, "only for this measurement"); err != nil {
		return m, err
	}
	defer s.Close()
	return m, m.read(ctx, s, contacts)
}

// fill stores the contacts and messages: half of them in one chat, the rest spread.
func fill(ctx context.Context, s *storage.Store) ([]app.ContactID, error) {
	var contacts []app.ContactID
	random := rand.New(rand.NewPCG(1, 2))
	err := s.Update(ctx, func(tx app.Tx) error {
		for i := range storedContacts {
			id, err := tx.AddContact(contact(i))
			if err != nil {
				return err
			}
			contacts = append(contacts, id)
		}
		return nil
	})
	at := time.Now().Add(-manyMessages * time.Second)
	for done := 0; done < manyMessages && err == nil; done += bulk {
		err = s.Update(ctx, func(tx app.Tx) error {
			for i := range bulk {
				c := contacts[0]
				if i%2 == 1 {
					c = contacts[random.IntN(len(contacts))]
				}
				at = at.Add(time.Second)
				m := app.Message{Contact: c, Own: i%3 == 0, Text: sentence(random), SentAt: at, At: at, State: app.StateReceived, StateAt: at}
				if m.Own {
					m.State = app.StateDelivered
				}
				if _, err := tx.AddMessage(m); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return contacts, err
}

func contact(i int) app.ContactRecord {
	bundle := make([]byte, 1249)
	bundle[0], bundle[1], bundle[2] = 1, byte(i), byte(i>>8)
	return app.ContactRecord{Bundle: bundle, TheirName: fmt.Sprint("Contact ", i), Trust: app.Verified, Meeting: app.MetByCodes, MetAt: time.Now(), Writable: true}
}

var vocabulary = []string{
	"la", "réunion", "demain", "matin", "dossier", "contract", "please", "confirm", "we", "should", "publish", "after",
	"the", "minister", "has", "spoken", "merci", "draft", "page", "sources", "verified", "train", "noon", "children",
	"نعم", "غداً", "الملف", "جاهز", "شكراً", "اجتماع", "الساعة", "العاشرة",
}

func sentence(r *rand.Rand) string {
	var b []byte
	for range 3 + r.IntN(20) {
		b = append(append(b, vocabulary[r.IntN(len(vocabulary))]...), ' ')
	}
	return string(b)
}

// inserts makes what one sent message writes durable, again and again, and returns the
// median rate of several rounds.
func inserts(ctx context.Context, s *storage.Store, c app.ContactID) (float64, error) {
	session, box := make([]byte, 3000), make([]byte, 4080)
	var rates []float64
	seq := uint64(0)
	for range insertRounds {
		began := time.Now()
		for range durableInserts / insertRounds {
			seq++
			err := s.Update(ctx, func(tx app.Tx) error {
				id, err := tx.AddMessage(app.Message{Contact: c, Own: true, Text: hundredLetters, SentAt: began, At: began, State: app.StateQueued, StateAt: began})
				if err != nil {
					return err
				}
				if err := tx.SetSession(c, session); err != nil {
					return err
				}
				if err := tx.SetDelivery(c, app.DeliveryRecord{NextSeq: seq + 1}); err != nil {
					return err
				}
				digest := app.Digest{byte(seq), byte(seq >> 8), byte(seq >> 16)}
				return tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: seq, Digest: digest, Box: box, Message: id, At: began})
			})
			if err != nil {
				return 0, err
			}
		}
		rates = append(rates, float64(durableInserts/insertRounds)/time.Since(began).Seconds())
	}
	slices.Sort(rates)
	return rates[len(rates)/2], nil
}

func (m *measured) read(ctx context.Context, s *storage.Store, contacts []app.ContactID) error {
	var top app.MessageID
	for i := range chatOpenings {
		began := time.Now()
		err := s.View(ctx, func(tx app.ReadTx) error {
			if _, err := tx.ChatHead(contacts[i]); err != nil {
				return err
			}
			ms, err := tx.Messages(contacts[i], 0, page)
			if i == 0 && err == nil {
				top = ms[0].ID
			}
			return err
		})
		if err != nil {
			return err
		}
		m.opens = append(m.opens, time.Since(began))
	}
	random := rand.New(rand.NewPCG(3, 4))
	all := time.Now()
	for range pageReads {
		began := time.Now()
		err := s.View(ctx, func(tx app.ReadTx) error {
			_, err := tx.Messages(contacts[0], app.MessageID(random.Int64N(int64(top))+page*4), page)
			return err
		})
		if err != nil {
			return err
		}
		m.pages = append(m.pages, time.Since(began))
	}
	m.reads = pageReads / time.Since(all).Seconds()
	for range 5 {
		began := time.Now()
		err := s.View(ctx, func(tx app.ReadTx) error {
			_, err := tx.Search("minister réunion", page)
			return err
		})
		if err != nil {
			return err
		}
		m.searches = append(m.searches, time.Since(began))
	}
	return nil
}
