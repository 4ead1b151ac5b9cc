// Package chat is the chat list and the conversation: their models, which know
// nothing of the toolkit, and the panes that show them.
//
// Models belong to the goroutine of the window. What may wait for the disk runs
// elsewhere, through Work, and its outcome is posted back.
package chat

import (
	"context"
	"time"

	"tacit/app"
)

// Messenger is what the panes ask of *app.Messenger.
type Messenger interface {
	// Post begins to send a message; it is durable when wait returns. A file is read in wait.
	Post(ctx context.Context, c app.ContactID, out app.Outgoing) (wait func() (app.Message, error))
	// Retry queues a failed message again.
	Retry(ctx context.Context, id app.MessageID) (app.Message, error)
	// Messages returns at most limit messages with ID < before (0: from the newest), newest first.
	Messages(ctx context.Context, c app.ContactID, before app.MessageID, limit int) ([]app.Message, error)
	// MessagesAfter returns at most limit messages with ID > after, oldest first.
	MessagesAfter(ctx context.Context, c app.ContactID, after app.MessageID, limit int) ([]app.Message, error)
	// MessageCount returns the number of messages of a chat.
	MessageCount(ctx context.Context, c app.ContactID) (int, error)
	// Search returns the messages that contain every word of a query, best first.
	Search(ctx context.Context, q app.SearchQuery) ([]app.Hit, error)
	// MarkRead marks received messages with ID <= upTo as seen.
	MarkRead(ctx context.Context, c app.ContactID, upTo app.MessageID) error
	// Edit replaces the text of an own message.
	Edit(ctx context.Context, id app.MessageID, text string) (app.Message, error)
	// Edits returns the earlier texts of a message, oldest first.
	Edits(ctx context.Context, id app.MessageID) ([]app.Edit, error)
	// React puts an emoji to a message or takes it away.
	React(ctx context.Context, id app.MessageID, emoji string, on bool) error
	// Delete removes a message from this computer, or takes an own one back for all.
	Delete(ctx context.Context, id app.MessageID, forAll bool) error
	// Forward sends what a message says to others.
	Forward(ctx context.Context, id app.MessageID, to []app.ContactID) error
	// SetTimer says how long messages of a chat stay from now on; 0: for good.
	SetTimer(ctx context.Context, c app.ContactID, d time.Duration) error
	// SetMarks replaces the marks of a chat.
	SetMarks(ctx context.Context, c app.ContactID, marks app.ChatMarks) error
	// SetDraft keeps what was typed and not sent.
	SetDraft(ctx context.Context, c app.ContactID, text string) error
	// SetPosition keeps the last message that was in sight; 0 is the end.
	SetPosition(ctx context.Context, c app.ContactID, id app.MessageID) error
	// Typing tells the contact that something is typed, where the person chose to tell.
	Typing(ctx context.Context, c app.ContactID, on bool)
	// OpenFile reads the file of a message, as far as it is here.
	OpenFile(ctx context.Context, id app.MessageID) (*app.FileReader, error)
	// FetchFile asks for the file of a message, or for the rest of it.
	FetchFile(ctx context.Context, id app.MessageID) error
	// PauseFile stops the file of a message where it is.
	PauseFile(ctx context.Context, id app.MessageID) error
	// CancelFile gives up the file of a message on both sides.
	CancelFile(ctx context.Context, id app.MessageID) error
	// ExportFile writes the file of a message to a path where there is none.
	ExportFile(ctx context.Context, id app.MessageID, path string) error
}
