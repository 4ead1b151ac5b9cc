package settings

import (
	"context"
	"strings"

	"tacit/app"
)

// Name is the person's own name, as others see it.
//
// Owner of every field: the window's goroutine.
type Name struct {
	OnChange func()
	Err      error // why it was not taken
	Hidden   bool  // it has hidden characters, which will be removed
	Busy     bool

	stored, typed string
	rename        func(ctx context.Context, name string) error
	run           Run
}

// NewName returns the name of a profile.
func NewName(name string, rename func(ctx context.Context, name string) error, run Run) *Name {
	return &Name{OnChange: func() {}, stored: name, typed: name, rename: rename, run: run}
}

// Text is what stands in the field.
func (n *Name) Text() string { return n.typed }

// Edit takes what is typed.
func (n *Name) Edit(name string) {
	if name == n.typed {
		return
	}
	n.typed, n.Err = name, nil
	_, n.Hidden, _ = app.CleanName(name)
	n.OnChange()
}

// Changed reports whether there is something to save.
func (n *Name) Changed() bool { return strings.TrimSpace(n.typed) != n.stored && !n.Busy }

// Save stores the name.
func (n *Name) Save() {
	if !n.Changed() {
		return
	}
	defer n.OnChange()
	clean, _, err := app.CleanName(n.typed)
	if n.Err = err; err != nil {
		return
	}
	n.Busy = true
	n.run(func(ctx context.Context) func() {
		err := n.rename(ctx, clean)
		return func() {
			n.Busy = false
			if n.Err = err; err == nil {
				n.stored, n.typed, n.Hidden = clean, clean, false
			}
			n.OnChange()
		}
	})
}
