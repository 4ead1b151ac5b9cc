// Package start is the first thing a person sees: making a profile, and unlocking it
// later.
//
// The models First and Unlock know nothing of Fyne. They belong to the window's
// goroutine; what takes time goes through a Run.
package start

import (
	"context"
	"errors"
)

// Run calls work away from the window's goroutine, and what work returns on it.
type Run func(work func(context.Context) (done func()))

// Why a passphrase is not taken.
var (
	ErrPassphraseEmpty   = errors.New("the passphrase is empty")
	ErrPassphraseEasy    = errors.New("the passphrase is easy to guess")
	ErrPassphraseDiffers = errors.New("the two passphrases differ")
)
