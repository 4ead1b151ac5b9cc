// Package ui is the window: its screens and panes, the keyboard, and the one crossing into
// Fyne's thread. What the screens show is in the packages below it.
//
// Everything in this package belongs to Fyne's thread, except crossing and pump, which
// lead to it, and the functions given to them.
package ui

import (
	"context"

	"tacit/app"
	"tacit/ui/chat"
	"tacit/ui/contacts"
	"tacit/ui/pairing"
	"tacit/ui/settings"
)

// Profiles is where the profile comes from. Create and Open may take seconds and are
// called off Fyne's thread.
type Profiles interface {
	Exists() bool
	// Create makes the profile and leaves it open.
	Create(ctx context.Context, name, passphrase string) (Running, error)
	// Open fails with app.ErrPassphrase, app.ErrInUse, app.ErrDamaged, app.ErrDiskFull,
	// app.ErrDiskReadOnly.
	Open(ctx context.Context, passphrase string) (Running, error)
}

// Running is an open profile.
type Running struct {
	Messenger Messenger
	Ended     <-chan struct{} // closed when the messenger has ended, by Close or by itself
	Close     func() error    // called once
}

// Messenger is what the window asks of *app.Messenger.
type Messenger interface {
	chat.Messenger
	pairing.Messenger
	contacts.Messenger
	settings.Store
	Subscribe() *app.Subscription
	Rename(ctx context.Context, name string) error
}
