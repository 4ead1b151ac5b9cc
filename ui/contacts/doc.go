// Package contacts is the details pane: who a contact is, how they were met, their safety
// number, and what can be changed about them.
//
// The model Details knows nothing of Fyne. It belongs to the window's goroutine; what
// takes time goes through a Run.
package contacts

import (
	"context"

	"tacit/app"
)

// Messenger is what the pane asks of *app.Messenger.
type Messenger interface {
	SetAlias(ctx context.Context, c app.ContactID, alias string) error
	SetBlocked(ctx context.Context, c app.ContactID, blocked bool) error
	RenewSession(ctx context.Context, c app.ContactID) error
	// SetHideFrom says whether the contact may learn an address of this computer.
	SetHideFrom(ctx context.Context, c app.ContactID, hide bool) error
	RemoveContact(ctx context.Context, c app.ContactID) error
}

// Run calls work away from the window's goroutine, and what work returns on it.
type Run func(work func(context.Context) (done func()))
