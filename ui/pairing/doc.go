// Package pairing is the card that adds a contact: my card or theirs, then the codes.
//
// The model Add knows nothing of Fyne. It belongs to the window's goroutine; what takes
// time goes through a Run.
package pairing

import (
	"context"
	"errors"

	"tacit/app"
)

// Messenger is what the card asks of *app.Messenger.
type Messenger interface {
	CreateCard(ctx context.Context, r app.CardRequest) (app.CardOffer, error)
	AcceptCard(ctx context.Context, card string, scanned bool) (app.PairingID, error)
	EnterCode(ctx context.Context, p app.PairingID, code string) (app.ContactID, error)
	Attest(ctx context.Context, p app.PairingID, before bool) error
	StopPairing(ctx context.Context, p app.PairingID) error
	Pairings(ctx context.Context) ([]app.Pairing, error)
	Contacts(ctx context.Context) ([]app.Contact, error)
	StartNearby(ctx context.Context) (app.Nearby, error)
	PickNearby(ctx context.Context, partner string) error
	StopNearby(ctx context.Context) error
}

// Run calls work away from the window's goroutine, and what work returns on it.
type Run func(work func(context.Context) (done func()))

// Why a picture is no card; beside them stand the errors of package app.
var (
	ErrNoCode          = errors.New("no code in the picture")
	ErrPictureTooLarge = errors.New("the picture is too large")
)

// KnownError is app.ErrCardKnown with the contact whose card it is.
type KnownError struct{ Contact app.Contact }

func (KnownError) Error() string { return app.ErrCardKnown.Error() }
func (KnownError) Unwrap() error { return app.ErrCardKnown }
