package app

import (
	"context"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// BoxSize is how many bytes a box of a blob has: the sealed part of a file cell.
const BoxSize = envelope.FileChunk + identity.Overhead // 65500

// BlobID names a blob. It is never given twice; 0 names none.
type BlobID int64

// Blobs keeps files as the boxes of their cells, sealed as they travel: what opens them
// lies in the rows of messages. A blob is an array of boxes. Methods are safe for
// concurrent use and are never called within a View or an Update: some take their turn
// with those. WriteBlob, ReadBlob and SyncBlob wait for none.
//
// Errors are those of Store.
type Blobs interface {
	// CreateBlob makes room for that many boxes, at least 1. The blob survives a crash from
	// now on. ErrDiskFull, with nothing created.
	CreateBlob(ctx context.Context, boxes uint32) (BlobID, error)
	// WriteBlob writes boxes, of BoxSize bytes each, from number first on. They are durable
	// after SyncBlob; a crash before it may leave some, all or none. The boxes are not kept.
	// ErrNotFound for a blob that is not there (any more) or has no such boxes: nothing is
	// written then, nor ever into room that is of another blob by now.
	WriteBlob(b BlobID, first uint32, boxes ...[]byte) error
	// ReadBlob fills box, of BoxSize bytes, with number i, with anything where that was
	// never written. ErrNotFound as above; ErrDamaged where the disk does not give it back.
	ReadBlob(b BlobID, i uint32, box []byte) error
	// SyncBlob makes durable what was written to b before. After an error nothing is that
	// was written since SyncBlob last returned nil: write it again.
	SyncBlob(ctx context.Context, b BlobID) error
	// RemoveBlob takes a blob away for good, which is durable when it returns; its bytes are
	// overwritten soon, and its room may be used again. No error where there is none.
	RemoveBlob(ctx context.Context, b BlobID) error
	// BlobIDs returns the blobs that there are, ascending.
	BlobIDs(ctx context.Context) ([]BlobID, error)
}

// FileRecord is the file of a message as it is stored.
type FileRecord struct {
	Message       MessageID
	Contact       ContactID     // of the message
	Own           bool          // of the message
	File          envelope.File // key, name on the wire, length, tree
	Name          string        // fit to be shown (CleanFileName)
	Type          string
	Width, Height int
	State         FileState
	Reason        Reason
	Have          uint32 // leading boxes that are durable in Blob; of an own file, cells that the contact has
	Blob          BlobID // 0: nothing of it is here
	Posted        uint32 // of an own file: leading cells that lie, or lay, at the contact's node
	At            time.Time
}

// Shown returns the file as messages show it.
func (r FileRecord) Shown() *File {
	return &File{
		Name: r.Name, Type: r.Type, Size: r.File.Length, Width: r.Width, Height: r.Height,
		State: r.State, Reason: r.Reason, Done: min(int64(r.Have)*envelope.FileChunk, r.File.Length),
	}
}

// FileReadTx is what a ReadTx tells of files. Message.File is FileRecord.Shown.
type FileReadTx interface {
	// File returns the file of a message. ErrNotFound.
	File(MessageID) (FileRecord, error)
	// FileByID returns the file of this name in a message that one side wrote to a chat, of
	// the oldest message where there are several. ErrNotFound.
	FileByID(c ContactID, own bool, id envelope.FileID) (FileRecord, error)
	// FilesUnderWay returns the files of all chats, own ones too, in FileWaiting, FileMoving
	// and FilePaused, by Message.
	FilesUnderWay() ([]FileRecord, error)
	// BlobsInUse returns the Blob of every file that has one, each once.
	BlobsInUse() ([]BlobID, error)
}

// FileTx is what a Tx does with files. A file goes with its message, by RemoveMessage and
// RemoveContact; its blob is for the messenger to remove.
type FileTx interface {
	FileReadTx

	// AddFile stores the file of a message that has none. Contact and Own are those of the
	// message, whatever the record says. ErrNotFound for an unknown message.
	AddFile(FileRecord) error
	// SetFile replaces the file of a message. ErrNotFound where it has none.
	SetFile(FileRecord) error
	// RemoveFile takes the file of a message away. No error where there is none.
	RemoveFile(MessageID) error
}

// FileTransport is what a Transport does with the cells of files. They have a way of
// their own beside the link, so that no message waits behind them.
type FileTransport interface {
	// SendFile queues file cells (envelope.FileCell bytes) for the proven link of a party, in
	// order, and blocks while 1 MiB of them waits. Errors are those of Send; nil says nothing
	// about arrival. Where this way breaks, so does the link. The cells are not kept. Calls
	// for one party do not overlap.
	SendFile(ctx context.Context, h identity.Handle, cells ...[]byte) error
}

// FileInbound is what a transport calls with them.
type FileInbound = interface {
	// FileCells hands over file cells (envelope.FileCell bytes) in the order of their arrival.
	// They are overwritten after the return. Calls for one handle do not overlap one another,
	// but may run beside all others for it, also a little after Lost. It may block: the
	// sender of cells waits then, messages do not.
	FileCells(h identity.Handle, cells [][]byte)
}
