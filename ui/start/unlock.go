package start

import "context"

// Unlock is the form that opens a profile.
//
//	locked --Submit--> busy --opened--> OnDone
//	   ^                 '---refused--> locked, Err says why
//
// Owner of every field: the window's goroutine.
type Unlock struct {
	OnChange func()
	OnDone   func()

	Err  error
	Busy bool

	passphrase string
	open       func(ctx context.Context, passphrase string) error
	run        Run
}

// NewUnlock returns a form. open opens the profile; it may take seconds.
func NewUnlock(run Run, open func(ctx context.Context, passphrase string) error) *Unlock {
	return &Unlock{OnChange: func() {}, OnDone: func() {}, open: open, run: run}
}

// SetPassphrase takes what stands in the field.
func (u *Unlock) SetPassphrase(p string) {
	if u.Busy || p == u.passphrase {
		return
	}
	u.passphrase = p
	u.Err = nil
	u.OnChange()
}

// Ready reports whether there is something to submit.
func (u *Unlock) Ready() bool { return u.passphrase != "" && !u.Busy }

// Submit tries the passphrase.
func (u *Unlock) Submit() {
	if !u.Ready() {
		return
	}
	u.Busy, u.Err = true, nil
	u.OnChange()
	passphrase := u.passphrase
	u.run(func(ctx context.Context) func() {
		err := u.open(ctx, passphrase)
		return func() { u.opened(err) }
	})
}

func (u *Unlock) opened(err error) {
	u.Busy = false
	if u.Err = err; err == nil {
		u.passphrase = ""
	}
	u.OnChange()
	if err == nil {
		u.OnDone()
	}
}
