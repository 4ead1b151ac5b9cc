package batch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

func TestTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sizes []int
		began, goOn := make(chan struct{}), make(chan struct{})
		odd := errors.New("odd")
		q := New(1, 8, func(works []int) []error {
			sizes = append(sizes, len(works))
			began <- struct{}{}
			<-goOn
			errs := make([]error, len(works))
			for i, w := range works {
				if w%2 == 1 {
					errs[i] = odd
				}
			}
			return errs
		})
		var wg sync.WaitGroup
		do := func(w int) {
			wg.Go(func() {
				if err := q.Do(t.Context(), w); (err != nil) != (w%2 == 1) {
					t.Errorf("work %d: %v", w, err)
				}
			})
		}
		do(0)
		<-began
		for w := 1; w < 12; w++ {
			do(w)
		}
		synctest.Wait()
		for range 2 { // the batch of eight, and the rest
			goOn <- struct{}{}
			<-began
		}
		goOn <- struct{}{}
		wg.Wait()
		q.Close()
		if want := []int{1, 8, 3}; !slices.Equal(sizes, want) {
			t.Errorf("batches of %v, want %v", sizes, want)
		}
	})
}

func TestGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done []int
		began, goOn := make(chan struct{}), make(chan struct{})
		q := New(1, 8, func(works []int) []error {
			done = append(done, works...)
			began <- struct{}{}
			<-goOn
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		errs := make([]error, 3)
		var wg sync.WaitGroup
		wg.Go(func() { errs[0] = q.Do(ctx, 0) }) // taken when ctx ends: its end is waited for
		<-began
		wg.Go(func() { errs[1] = q.Do(ctx, 1) }) // waiting: not done
		wg.Go(func() { errs[2] = q.Do(t.Context(), 2) })
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(errs[1], context.Canceled) {
			t.Errorf("given up: %v", errs[1])
		}
		goOn <- struct{}{}
		<-began
		goOn <- struct{}{}
		wg.Wait()
		q.Close()
		if errs[0] != nil || errs[2] != nil || !slices.Equal(done, []int{0, 2}) {
			t.Errorf("done %v, errors %v", done, errs)
		}
		if err := q.Do(t.Context(), 3); !errors.Is(err, ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}
