// Package ui is the window: its screens and panes, the keyboard, and the one crossing into
// Fyne's thread. What the screens show is in the packages below it.
//
//	window.go, size.go                 the window: which profile is open, locked or chosen
//	profiles.go, addcard.go            several profiles; the card for a new contact
//	session.go, desk.go, panes.go      an open profile: panes beside or over one another
//	chatpanes.go, settings.go          what fills them
//	keys.go, idle.go, clipboard.go     keys, whether somebody is there, what is lent
//	tray.go, notices.go                the desktop around the window: tray, notes, start
//	crossing.go, pump.go               the way into Fyne's thread
//	errors.go                          errors in sentences
//
// Everything in this package belongs to Fyne's thread, except crossing and pump, which
// lead to it, and the functions given to them.
package ui

import (
	"context"

	"tacit/app"
	"tacit/ui/chat"
	"tacit/ui/contacts"
	"tacit/ui/desktop"
	"tacit/ui/pairing"
	"tacit/ui/profiles"
	"tacit/ui/settings"
)

// Profiles is where profiles come from. What may take long is called off Fyne's thread:
// Create, Open and Remove take seconds.
type Profiles interface {
	// List returns the profiles that exist, by number.
	List() []profiles.Entry
	// Next is the number of a profile that is made; ok is false where there can be no
	// further one, since the window was opened for one folder.
	Next() (number int, ok bool)
	// Create makes the profile and leaves it open.
	Create(ctx context.Context, number int, name, passphrase string) (Running, error)
	// Open fails with app.ErrPassphrase, app.ErrInUse, app.ErrDamaged, app.ErrDiskFull,
	// app.ErrDiskReadOnly.
	Open(ctx context.Context, number int, passphrase string) (Running, error)
	// SetLabel writes down, in clear, what the person calls a profile; "" forgets it.
	SetLabel(number int, label string) error
	// Remove erases a profile that is closed; app.ErrPassphrase.
	Remove(ctx context.Context, number int, passphrase string) error
}

// Running is an open profile.
type Running struct {
	Messenger Messenger
	Ended     <-chan struct{} // closed when the messenger has ended, by Close or by itself
	Close     func() error    // called once, when nothing below is running

	Folder           string
	Size             func() (int64, error) // bytes in the folder
	CheckPassphrase  func(ctx context.Context, passphrase string) error
	ChangePassphrase func(ctx context.Context, old, passphrase string) error
}

// Messenger is what the window asks of *app.Messenger.
type Messenger interface {
	chat.Messenger
	pairing.Messenger
	contacts.Messenger
	settings.Store
	settings.Preferences
	settings.Mailboxes
	// Connections returns what is open on the network now.
	Connections(ctx context.Context) ([]app.Connection, error)
	// Watch says whether what comes to a mailbox is wanted at once.
	Watch(on bool)
	// Active says whether somebody is at the window.
	Active(on bool)
	Subscribe() *app.Subscription
	Rename(ctx context.Context, name string) error
}

// Desktop is what stands around the window: notes and the tray. Its methods are called on
// Fyne's thread and return at once; what they ask for comes about as fast as other programs
// draw it, in any order but for one key and the tray, where the last word counts.
type Desktop interface {
	// Notify has a note stand, in place of the one with the same key.
	Notify(desktop.Note)
	// Withdraw takes a note away, also one that does not stand yet, and leaves nothing of
	// what it said that can be helped. No error where there is none.
	Withdraw(key int64)
	// SetTray changes what the tray shows.
	SetTray(desktop.Tray)
	// Close takes all away and waits for that, for a second at most.
	Close()
}

// System is what the window system does beyond what Fyne offers. Its methods are called
// on Fyne's thread once the window is shown.
type System interface {
	// Iconify puts the window away, to come back from where the system keeps windows.
	Iconify()
	// Raise brings the window forward, also from where Iconify put it.
	Raise()
	// OnInput calls f at each key, press, turn of the wheel and movement of the pointer.
	OnInput(f func())
}
