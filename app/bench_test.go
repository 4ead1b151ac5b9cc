package app_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// BenchmarkSendToDelivered is the way of one message there and of its receipt
// back, without disk and network.
func BenchmarkSendToDelivered(b *testing.B) {
	alice, bobOfAlice := benchPair(b)
	s := alice.Subscribe()
	defer s.Close()
	var times []time.Duration
	for b.Loop() {
		start := time.Now()
		m := alice.Say(bobOfAlice, "a message of about one hundred bytes, which is what people write to one another all day long")
		awaitDelivered(s, m.ID)
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-us")
}

// BenchmarkSustained is one way with receipts: 64 callers write at once, and
// their messages share commits.
func BenchmarkSustained(b *testing.B) {
	alice, bobOfAlice := benchPair(b)
	s := alice.Subscribe()
	defer s.Close()
	text := "a message of about one hundred bytes, which is what people write to one another all day long"
	b.ResetTimer()
	var wg sync.WaitGroup
	work := make(chan int)
	for range 64 {
		wg.Go(func() {
			for range work {
				if _, err := alice.Send(context.Background(), bobOfAlice, text); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range b.N {
		work <- i
	}
	close(work)
	wg.Wait()
	for {
		n := 0
		alice.Store.View(context.Background(), func(tx app.ReadTx) (err error) {
			n, err = tx.OutboxCount(bobOfAlice)
			return err
		})
		if n == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

func benchPair(b *testing.B) (*apptest.Person, app.ContactID) {
	u := apptest.NewUniverse(b)
	alice, bob := u.Person("Alice"), u.Person("Bob")
	bobOfAlice, _ := u.Pair(alice, bob)
	return alice, bobOfAlice
}

func awaitDelivered(s *app.Subscription, id app.MessageID) {
	for e := range s.Events() {
		if c, ok := e.(app.MessageStateChanged); ok && c.Message.ID == id && c.Message.State == app.StateDelivered {
			return
		}
	}
	panic(fmt.Sprint("no receipt for ", id))
}
