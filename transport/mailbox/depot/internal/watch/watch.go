// Package watch wakes those who wait for the next cell of an account.
package watch

import "sync"

// Board is where they wait; K names an account. The zero value is ready.
type Board[K comparable] struct {
	mu      sync.Mutex
	waiting map[K]map[chan struct{}]struct{} // by mu
}

// Watch returns a channel that gets a value after each Wake of key, or one for several.
func (b *Board[K]) Watch(key K) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[K]map[chan struct{}]struct{}{}
	}
	if b.waiting[key] == nil {
		b.waiting[key] = map[chan struct{}]struct{}{}
	}
	b.waiting[key][c] = struct{}{}
	return c, func() { b.stop(key, c) }
}

func (b *Board[K]) stop(key K, c chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.waiting[key], c)
	if len(b.waiting[key]) == 0 {
		delete(b.waiting, key)
	}
}

// Wake gives a value to everybody who watches one of keys.
func (b *Board[K]) Wake(keys ...K) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, key := range keys {
		wake(b.waiting[key])
	}
}

// WakeAll gives a value to everybody.
func (b *Board[K]) WakeAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, channels := range b.waiting {
		wake(channels)
	}
}

func wake(channels map[chan struct{}]struct{}) {
	for c := range channels {
		select {
		case c <- struct{}{}:
		default: // one that was not taken yet says it all
		}
	}
}
