package chat

import (
	"context"

	"tacit/app"
)

// full is what the messenger can do besides.
type full interface {
	Messenger
	// FetchFile asks for the file of a message, or for the rest of it.
	FetchFile(ctx context.Context, id app.MessageID) error
	// PauseFile stops the file of a message where it is.
	PauseFile(ctx context.Context, id app.MessageID) error
	// CancelFile gives up the file of a message on both sides.
	CancelFile(ctx context.Context, id app.MessageID) error
	// ExportFile writes the file of a message to a path where there is none.
	ExportFile(ctx context.Context, id app.MessageID, path string) error
}

func complete(m Messenger) full {
	if f, ok := m.(full); ok {
		return f
	}
	return missing{m}
}

type missing struct{ Messenger }

func (missing) FetchFile(context.Context, app.MessageID) error          { return app.ErrFileNotHere }
func (missing) PauseFile(context.Context, app.MessageID) error          { return app.ErrFileNotHere }
func (missing) CancelFile(context.Context, app.MessageID) error         { return app.ErrFileNotHere }
func (missing) ExportFile(context.Context, app.MessageID, string) error { return app.ErrFileNotHere }
