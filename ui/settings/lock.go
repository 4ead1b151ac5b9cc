package settings

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// lockKey names the setting in the vault.
const lockKey = "ui.lock"

// IdleMinutes are the times after which an unused window locks, in the order in which
// they are offered; 0 stands for never.
var IdleMinutes = []int{0, 1, 5, 15, 60}

// Lock is when the window locks by itself. At first it never does: a locked profile
// cannot be reached, and that is not what a new program should do unasked.
//
// Owner of every field: the window's goroutine.
type Lock struct {
	OnChange func()
	Minutes  int   // one of IdleMinutes
	Err      error // why the last change was not kept

	store Store
	run   Run
}

// NewLock returns a lock that never closes by itself.
func NewLock(store Store, run Run) *Lock {
	return &Lock{OnChange: func() {}, store: store, run: run}
}

type storedLock struct {
	Minutes int `json:"minutes"`
}

// Load takes the choice from the vault. What is there and not understood changes nothing.
func (l *Lock) Load() {
	l.run(func(ctx context.Context) func() {
		value, err := l.store.Setting(ctx, lockKey)
		return func() {
			var s storedLock
			if err == nil && json.Unmarshal(value, &s) == nil && slices.Contains(IdleMinutes, s.Minutes) {
				l.Minutes = s.Minutes
				l.OnChange()
			}
		}
	})
}

// SetMinutes chooses a time.
func (l *Lock) SetMinutes(m int) {
	if m == l.Minutes || !slices.Contains(IdleMinutes, m) {
		return
	}
	l.Minutes, l.Err = m, nil
	l.OnChange()
	value, err := json.Marshal(storedLock{m})
	if err != nil {
		l.Err = err
		return
	}
	l.run(func(ctx context.Context) func() {
		err := l.store.SetSetting(ctx, lockKey, value)
		return func() {
			if l.Err = err; err != nil {
				l.OnChange()
			}
		}
	})
}

// After is how long nothing may happen before the window locks; 0 is for ever.
func (l *Lock) After() time.Duration { return time.Duration(l.Minutes) * time.Minute }
