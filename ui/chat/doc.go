// Package chat is the chat list and the conversation: their models, which know
// nothing of the toolkit, and the panes that show them.
//
// Models belong to the goroutine of the window. What may wait for the disk runs
// elsewhere, through Work, and its outcome is posted back.
package chat

import (
	"context"

	"tacit/app"
)

// Messenger is what the panes ask of *app.Messenger.
type Messenger interface {
	// Send commits an own message; it is durable when Send returns.
	Send(ctx context.Context, c app.ContactID, text string) (app.Message, error)
	// Retry queues a failed message again.
	Retry(ctx context.Context, id app.MessageID) (app.Message, error)
	// Messages returns at most limit messages with ID < before (0: from the newest), newest first.
	Messages(ctx context.Context, c app.ContactID, before app.MessageID, limit int) ([]app.Message, error)
	// MessagesAfter returns at most limit messages with ID > after, oldest first.
	MessagesAfter(ctx context.Context, c app.ContactID, after app.MessageID, limit int) ([]app.Message, error)
	// MessageCount returns the number of messages of a chat.
	MessageCount(ctx context.Context, c app.ContactID) (int, error)
	// Search returns at most limit messages that contain every word of query, newest first.
	Search(ctx context.Context, query string, limit int) ([]app.Message, error)
	// MarkRead marks received messages with ID <= upTo as seen.
	MarkRead(ctx context.Context, c app.ContactID, upTo app.MessageID) error
}
