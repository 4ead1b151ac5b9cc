package settings

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Purpose is what a connection is for.
type Purpose int

const (
	Announcing Purpose = iota // telling the network that a Tacit is here, and hearing of others
	Listening                 // waiting for others to connect
	Talking                   // with a contact
	Relaying                  // a relay holds the line for contacts
	Depositing                // with a mailbox node
	Greeting                  // with somebody who has not proven to be a contact
)

// Link is something through which this computer can be reached, or reaches out, now.
type Link struct {
	Purpose Purpose
	With    string    // name of a contact, or empty
	Where   string    // the other end, or the own one of what waits; as the network names it
	Since   time.Time // zero: unknown
}

// Links are the open connections, as they are while the person looks at them.
//
// Owner of every field: the window's goroutine.
type Links struct {
	OnChange func()
	Now      []Link
	Ready    bool // Now is known
	Err      error

	load    func(context.Context) ([]Link, error)
	run     Run
	loading bool
}

// NewLinks returns a list that is empty before Load.
func NewLinks(load func(context.Context) ([]Link, error), run Run) *Links {
	return &Links{OnChange: func() {}, load: load, run: run}
}

// Load looks again, unless it is looking already. OnChange is called only if something
// is different.
func (l *Links) Load() {
	if l.loading {
		return
	}
	l.loading = true
	l.run(func(ctx context.Context) func() {
		now, err := l.load(ctx)
		slices.SortStableFunc(now, func(a, b Link) int {
			return cmp.Or(cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.With, b.With), a.Since.Compare(b.Since), cmp.Compare(a.Where, b.Where))
		})
		return func() {
			l.loading = false
			changed := !l.Ready || l.Err != err || !slices.Equal(l.Now, now)
			if l.Err = err; err == nil {
				l.Now, l.Ready = now, true
			}
			if changed {
				l.OnChange()
			}
		}
	})
}
