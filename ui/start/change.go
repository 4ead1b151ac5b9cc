package start

import (
	"context"
	"errors"

	"tacit/app"
)

// Change is the form that gives the open profile another passphrase.
//
//	editing --Submit--> busy --changed--> done --any change--> editing
//	 ^                    '---refused--> editing, OldErr or Err says why
//
// Owner of every field: the window's goroutine.
type Change struct {
	OnChange func()

	OldErr, NewErr, AgainErr, Err error

	Asking bool // Submit again takes a passphrase that could be guessed
	Busy   bool
	Done   bool

	old, passphrase, again string
	name                   func() string // of the person, which is no good passphrase
	change                 func(ctx context.Context, old, passphrase string) error
	run                    Run
}

// NewChange returns an empty form. change may take seconds; it fails with
// app.ErrPassphrase where old is not the passphrase.
func NewChange(run Run, name func() string, change func(ctx context.Context, old, passphrase string) error) *Change {
	return &Change{OnChange: func() {}, name: name, change: change, run: run}
}

// Texts are what stands in the three fields.
func (c *Change) Texts() (old, passphrase, again string) { return c.old, c.passphrase, c.again }

// Edit takes what stands in the three fields.
func (c *Change) Edit(old, passphrase, again string) {
	if c.Busy || old == c.old && passphrase == c.passphrase && again == c.again {
		return
	}
	c.old, c.passphrase, c.again = old, passphrase, again
	c.OldErr, c.NewErr, c.AgainErr, c.Err = nil, nil, nil, nil
	c.Asking, c.Done = false, false
	c.OnChange()
}

// Clear empties the form.
func (c *Change) Clear() {
	if !c.Busy {
		c.Edit("", "", "")
		c.Done = false
		c.OnChange()
	}
}

// Strength is the step of the meter.
func (c *Change) Strength() Strength { return Measure(c.passphrase, c.name()) }

// Submit changes the passphrase, or says what is missing.
func (c *Change) Submit() {
	if c.Busy {
		return
	}
	defer func() { c.OnChange() }()
	c.Done = false
	c.OldErr, c.NewErr, c.AgainErr, c.Err = nil, nil, nil, nil
	if c.old == "" {
		c.OldErr = ErrPassphraseEmpty
	}
	strength := c.Strength()
	switch strength {
	case NoStrength:
		c.NewErr = ErrPassphraseEmpty
	case Easy:
		c.NewErr = ErrPassphraseEasy
	}
	if c.again != c.passphrase {
		c.AgainErr = ErrPassphraseDiffers
	}
	if c.OldErr != nil || c.NewErr != nil || c.AgainErr != nil {
		c.Asking = false
		return
	}
	if strength == Guessable && !c.Asking {
		c.Asking = true
		return
	}
	c.Busy, c.Asking = true, false
	old, passphrase := c.old, c.passphrase
	c.run(func(ctx context.Context) func() {
		err := c.change(ctx, old, passphrase)
		return func() { c.changed(err) }
	})
}

func (c *Change) changed(err error) {
	c.Busy = false
	switch {
	case errors.Is(err, app.ErrPassphrase):
		c.OldErr = err
	case err != nil:
		c.Err = err
	default:
		c.old, c.passphrase, c.again, c.Done = "", "", "", true
	}
	c.OnChange()
}
