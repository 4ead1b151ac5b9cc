package profiles

import (
	"context"
	"strings"

	"tacit/ui/lang"
)

// Removal is the form that asks before a profile is erased: for its passphrase, and for a
// word that nobody types by accident.
//
//	asking --Confirm--> checking --right--> OnConfirmed(passphrase)
//	   ^                    '---refused--> asking, Err says why
//
// Owner of every field: the window's goroutine.
type Removal struct {
	OnChange    func()
	OnConfirmed func(passphrase string)
	Err         error
	Busy        bool

	passphrase, word string
	check            func(ctx context.Context, passphrase string) error
	run              Run
}

// NewRemoval returns an empty form. check fails with app.ErrPassphrase; it may take seconds.
func NewRemoval(run Run, check func(ctx context.Context, passphrase string) error) *Removal {
	return &Removal{OnChange: func() {}, OnConfirmed: func(string) {}, check: check, run: run}
}

// Word is what has to be typed.
func (r *Removal) Word() string { return lang.T("profile.remove_word") }

// Edit takes what stands in the two fields.
func (r *Removal) Edit(passphrase, word string) {
	if r.Busy || passphrase == r.passphrase && word == r.word {
		return
	}
	r.passphrase, r.word, r.Err = passphrase, word, nil
	r.OnChange()
}

// Ready reports whether both were typed.
func (r *Removal) Ready() bool {
	return !r.Busy && r.passphrase != "" && strings.EqualFold(strings.TrimSpace(r.word), r.Word())
}

// Confirm checks the passphrase.
func (r *Removal) Confirm() {
	if !r.Ready() {
		return
	}
	r.Busy, r.Err = true, nil
	r.OnChange()
	passphrase := r.passphrase
	r.run(func(ctx context.Context) func() {
		err := r.check(ctx, passphrase)
		return func() {
			r.Busy = false
			if r.Err = err; err == nil {
				r.passphrase, r.word = "", ""
				r.OnConfirmed(passphrase)
			}
			r.OnChange()
		}
	})
}
