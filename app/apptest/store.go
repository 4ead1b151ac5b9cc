package apptest

import (
	"context"
	"errors"
	"sync"

	"tacit/app"
)

// ErrKilled is what a store answers after Kill: the process is gone.
var ErrKilled = errors.New("killed")

// Fault is what an Update meets.
type Fault struct {
	Err   error // the commit fails with it and changes nothing
	Kill  bool  // the process dies at this commit
	After bool  // with Kill: only after the commit became durable
}

// Store is an app.Store in memory with the promises of the real one: an Update
// that fails changes nothing, and what was committed survives Kill and Reopen.
type Store struct {
	*Blobs

	mu         sync.RWMutex // held for writing during an Update
	data       *tables
	dead       bool
	rolledBack bool // at its opening
	updates    int
	fault      func(update int) Fault
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{Blobs: NewBlobs(), data: newTables()} }

// Reopen kills the store, if it lives, and opens what was committed.
func (s *Store) Reopen() *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead = true
	return &Store{Blobs: s.Blobs.reopen(), data: s.data, rolledBack: s.data.rolledBack}
}

// Copy returns a store that holds what this one holds now, and nothing of what comes.
func (s *Store) Copy() *Store {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return &Store{Blobs: s.Blobs.copy(), data: s.data.clone(), rolledBack: s.rolledBack}
}

// Kill makes every later call fail with ErrKilled, as if the process had ended.
func (s *Store) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.die()
}

// die ends the process. The caller holds mu.
func (s *Store) die() {
	s.dead = true
	s.Blobs.kill()
}

// Killed reports whether the store was killed, by Kill or by a Fault.
func (s *Store) Killed() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.dead
}

// FailNext makes the next Update fail with err.
func (s *Store) FailNext(err error) {
	var once sync.Once
	s.Inject(func(int) (f Fault) {
		once.Do(func() { f.Err = err })
		return f
	})
}

// Inject asks f what each following Update meets. Updates count from 1 since the store was opened.
func (s *Store) Inject(f func(update int) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Updates returns how many times Update was called since the store was opened.
func (s *Store) Updates() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.updates
}

// SetRolledBack makes the store report that it is an older copy of itself.
func (s *Store) SetRolledBack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rolledBack, s.data.rolledBack = true, true
}

// RolledBack implements app.Store.
func (s *Store) RolledBack() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.rolledBack
}

// View implements app.Store.
func (s *Store) View(ctx context.Context, f func(app.ReadTx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.dead {
		return ErrKilled
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return f(&tx{tables: s.data})
}

// Update implements app.Store.
func (s *Store) Update(ctx context.Context, f func(app.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return ErrKilled
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.updates++
	t := &tx{tables: s.data}
	kept := false
	defer func() { // also when f panics
		if !kept {
			t.rollback()
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	var fault Fault
	if s.fault != nil {
		fault = s.fault(s.updates)
	}
	if fault.Kill {
		s.die()
		fault.Err = ErrKilled
	}
	kept = fault.Err == nil || fault.Kill && fault.After
	return fault.Err
}
