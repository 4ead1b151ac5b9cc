package storage_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/storage"
)

// modes are the store as people have it, and the same one on SQLite's own file system.
var modes = []struct {
	name string
	o    storage.Options
}{{"encrypted", cheap}, {"plain", storage.Options{Plain: true}}}

func benchStore(b *testing.B, o storage.Options) (*storage.Store, app.ContactID) {
	b.Helper()
	s, err := o.Create(context.Background(), b.TempDir(), "passphrase")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	var id app.ContactID
	err = s.Update(context.Background(), func(tx app.Tx) (err error) {
		id, err = tx.AddContact(app.ContactRecord{Bundle: make([]byte, 1249), TheirName: "Ann", MetAt: time.Now()})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return s, id
}

// BenchmarkDurableInsert is what sending a message commits: the message, the next
// ratchet, the counters and the box; and what its acknowledgement commits.
func BenchmarkDurableInsert(b *testing.B) {
	for _, mode := range modes {
		b.Run(mode.name, func(b *testing.B) {
			s, c := benchStore(b, mode.o)
			box, session := make([]byte, 4080), make([]byte, 3000)
			rand.Read(box)
			rand.Read(session)
			seq := uint64(0)
			var took []time.Duration
			for b.Loop() {
				seq++
				start := time.Now()
				now := time.Now()
				err := s.Update(context.Background(), func(tx app.Tx) error {
					m := app.Message{Contact: c, Own: true, Text: "a hundred bytes of text, more or less, as people write", SentAt: now, At: now, State: app.StateQueued, StateAt: now}
					id, err := tx.AddMessage(m)
					if err != nil {
						return err
					}
					if err := tx.SetSession(c, session); err != nil {
						return err
					}
					if err := tx.SetDelivery(c, app.DeliveryRecord{NextSeq: seq + 1}); err != nil {
						return err
					}
					if _, err := tx.RemoveOutboxUpTo(c, seq-1); err != nil {
						return err
					}
					return tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: seq, Digest: app.Digest{byte(seq)}, Box: box, Message: id, At: now})
				})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// fill adds n messages to a chat.
func fill(b testing.TB, s app.Store, c app.ContactID, n int) {
	b.Helper()
	for done := 0; done < n; {
		err := s.Update(context.Background(), func(tx app.Tx) error {
			for range min(10000, n-done) {
				done++
				at := time.UnixMilli(int64(done) * 1000)
				m := app.Message{Contact: c, Text: fmt.Sprintf("message %d about lunch, word%d and a little more of it", done, done%5000), SentAt: at, At: at, State: app.StateReceived, StateAt: at}
				if _, err := tx.AddMessage(m); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPageRead reads pages of 50 messages spread over a chat of 100,000.
func BenchmarkPageRead(b *testing.B) {
	for _, mode := range modes {
		b.Run(mode.name, func(b *testing.B) {
			s, c := benchStore(b, mode.o)
			const n = 100_000
			fill(b, s, c, n)
			i := 0
			for b.Loop() {
				i = (i + 7919) % n
				err := s.View(context.Background(), func(tx app.ReadTx) error {
					ms, err := tx.Messages(c, app.MessageID(i+51), 50)
					if err == nil && len(ms) != 50 {
						err = fmt.Errorf("%d messages", len(ms))
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFurnishedPageRead reads pages of 50 messages that all have reactions and a file, and answer one another.
func BenchmarkFurnishedPageRead(b *testing.B) {
	s, c := benchStore(b, cheap)
	const n = 2000
	err := s.Update(context.Background(), func(tx app.Tx) error {
		for i := range n {
			id, err := tx.AddMessage(app.Message{Contact: c, Text: "a picture", Replies: i > 0, ReplyTo: app.MessageID(i), State: app.StateReceived})
			if err != nil {
				return err
			}
			for _, emoji := range []string{"👍", "❤️", "🎉"} {
				if err := tx.SetReaction(id, app.Reaction{Emoji: emoji, Own: i%2 == 0, At: time.UnixMilli(int64(i))}, true); err != nil {
					return err
				}
			}
			if err := tx.AddFile(app.FileRecord{Message: id, Name: "a picture.png", Type: "image/png", State: app.FileDone}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i = (i + 79) % (n - 100)
		err := s.View(context.Background(), func(tx app.ReadTx) error {
			ms, err := tx.Messages(c, app.MessageID(i+51), 50)
			if err == nil && (len(ms) != 50 || len(ms[0].Reactions) != 3 || ms[49].File == nil) {
				err = fmt.Errorf("%d messages, not whole", len(ms))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMillion measures a store of a million messages in 200 chats.
func BenchmarkMillion(b *testing.B) {
	const n, contacts = 1_000_000, 200
	ctx := context.Background()
	for _, mode := range modes {
		dir := b.TempDir()
		s, err := mode.o.Create(ctx, dir, "passphrase")
		if err != nil {
			b.Fatal(err)
		}
		var ids []app.ContactID
		for i := range contacts {
			err := s.Update(ctx, func(tx app.Tx) error {
				id, err := tx.AddContact(app.ContactRecord{Bundle: make([]byte, 1249), TheirName: fmt.Sprint("contact ", i), MetAt: time.Now()})
				ids = append(ids, id)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		for i := range contacts {
			fill(b, s, ids[i], n/2/contacts)
		}
		big := ids[0]
		fill(b, s, big, n/2)
		if err := s.IndexAll(); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.Run("open/"+mode.name, func(b *testing.B) {
			for b.Loop() {
				s, err := mode.o.Open(ctx, dir, "passphrase")
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				_ = s.Close()
				b.StartTimer()
			}
		})
		if s, err = mode.o.Open(ctx, dir, "passphrase"); err != nil {
			b.Fatal(err)
		}
		for name, f := range map[string]func(tx app.ReadTx) error{
			"chat":  func(tx app.ReadTx) error { _, err := tx.Messages(big, 0, 50); return err },
			"heads": func(tx app.ReadTx) error { _, err := tx.ChatHeads(); return err },
			"count": func(tx app.ReadTx) error { _, err := tx.MessageCount(big); return err },
			"search": func(tx app.ReadTx) error {
				_, err := tx.SearchMessages(app.SearchQuery{Text: "word4711 lunch", Limit: 50})
				return err
			},
			"prefix": func(tx app.ReadTx) error {
				_, err := tx.SearchMessages(app.SearchQuery{Text: "m", Limit: 50})
				return err
			},
		} {
			b.Run(name+"/"+mode.name, func(b *testing.B) {
				for b.Loop() {
					if err := s.View(ctx, f); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
