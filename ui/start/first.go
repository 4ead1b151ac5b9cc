package start

import (
	"context"

	"tacit/app"
)

// First is the form that makes a profile.
//
//	editing --Submit--> busy --made--> OnDone
//	 |  ^ ^               '--failed--> editing, Err says why
//	 |  | '-- any change
//	 |  '--------------.
//	 '--Submit, weak--> asking --Submit--> busy
//
// Owner of every field: the window's goroutine.
type First struct {
	OnChange func() // something that is shown has changed
	OnDone   func() // the profile is made

	name, passphrase, again string

	NameErr, PassphraseErr, AgainErr, Err error

	Hidden    bool // the name had hidden characters, which will be removed
	Suggested bool // the passphrase was proposed here and need not be typed twice
	Asking    bool // Submit again takes a passphrase that could be guessed
	Busy      bool

	create func(ctx context.Context, name, passphrase string) error
	run    Run
}

// NewFirst returns an empty form. create makes the profile; it may take seconds.
func NewFirst(run Run, create func(ctx context.Context, name, passphrase string) error) *First {
	return &First{OnChange: func() {}, OnDone: func() {}, create: create, run: run}
}

// SetName takes what stands in the field of the name.
func (f *First) SetName(name string) {
	if f.Busy || name == f.name {
		return
	}
	f.name = name
	f.NameErr, f.Err = nil, nil
	_, f.Hidden, _ = app.CleanName(name)
	f.OnChange()
}

// SetPassphrase takes what was typed. A proposed passphrase that was changed counts as typed.
func (f *First) SetPassphrase(p string) {
	if f.Busy || p == f.passphrase {
		return
	}
	f.passphrase = p
	f.Suggested = false
	f.PassphraseErr, f.AgainErr, f.Err, f.Asking = nil, nil, nil, false
	f.OnChange()
}

// Prefill takes a passphrase that is known to be meant, such as one from a file: it need
// not be typed twice.
func (f *First) Prefill(p string) {
	f.SetPassphrase(p)
	f.again = p
}

// SetAgain takes what stands in the second field.
func (f *First) SetAgain(p string) {
	if f.Busy || p == f.again {
		return
	}
	f.again = p
	f.AgainErr, f.Err = nil, nil
	f.OnChange()
}

// Suggest proposes a passphrase and returns it, to be shown.
func (f *First) Suggest() string {
	if f.Busy {
		return f.passphrase
	}
	words, err := Suggest()
	if err != nil {
		f.Err = err
		f.OnChange()
		return f.passphrase
	}
	f.passphrase, f.again, f.Suggested = words, "", true
	f.PassphraseErr, f.AgainErr, f.Err, f.Asking = nil, nil, nil, false
	f.OnChange()
	return words
}

// Strength is the step of the meter.
func (f *First) Strength() Strength { return Measure(f.passphrase, f.name) }

// AskAgain reports whether the second field is needed.
func (f *First) AskAgain() bool { return f.passphrase != "" && !f.Suggested }

// Submit makes the profile, or says what is missing.
func (f *First) Submit() {
	if f.Busy {
		return
	}
	defer f.OnChange()
	strength := f.Strength()
	name, _, err := app.CleanName(f.name)
	f.NameErr = err
	f.PassphraseErr, f.AgainErr, f.Err = nil, nil, nil
	switch strength {
	case NoStrength:
		f.PassphraseErr = ErrPassphraseEmpty
	case Easy:
		f.PassphraseErr = ErrPassphraseEasy
	}
	if f.AskAgain() && f.again != f.passphrase {
		f.AgainErr = ErrPassphraseDiffers
	}
	if f.NameErr != nil || f.PassphraseErr != nil || f.AgainErr != nil {
		f.Asking = false
		return
	}
	if strength == Guessable && !f.Asking {
		f.Asking = true
		return
	}
	f.Busy, f.Asking = true, false
	passphrase := f.passphrase
	f.run(func(ctx context.Context) func() {
		err := f.create(ctx, name, passphrase)
		return func() { f.made(err) }
	})
}

func (f *First) made(err error) {
	f.Busy = false
	if f.Err = err; err == nil {
		f.passphrase, f.again = "", ""
	}
	f.OnChange()
	if err == nil {
		f.OnDone()
	}
}
