package app

import (
	"context"

	"tacit/identity"
	"tacit/identity/envelope"
)

// BoxSize is how many bytes a box of a blob has: the sealed part of a file cell.
const BoxSize = envelope.FileChunk + identity.Overhead // 65500

// BlobID names a blob. 0 names none; one is never given out again.
type BlobID int64

// Blobs keeps files as the boxes of their cells, sealed as they travel: what opens them
// lies in the rows of messages. A blob is an array of boxes. Methods are safe for
// concurrent use; none waits for an Update, or is waited for by one.
//
// Errors are those of Store.
type Blobs interface {
	// CreateBlob makes room for cells boxes, at least 1. Their contents are undefined.
	// The blob survives a crash from now on. ErrDiskFull, with nothing created.
	CreateBlob(ctx context.Context, cells uint32) (BlobID, error)
	// WriteBlob writes boxes, of BoxSize bytes each, from number first on. They are durable
	// after the next SyncBlobs; a crash before it may leave some, all or none. The boxes are
	// not kept. ErrNotFound for a blob that is not there (any more) or has no such boxes:
	// nothing is written then, nor ever into room that is of another blob by now.
	// ErrDiskFull leaves what was written before.
	WriteBlob(b BlobID, first uint32, boxes ...[]byte) error
	// ReadBlob fills box, of BoxSize bytes, with number i. ErrNotFound as above; ErrDamaged
	// where the disk does not give it back.
	ReadBlob(b BlobID, i uint32, box []byte) error
	// SyncBlobs makes everything durable that was written before it was called.
	SyncBlobs(ctx context.Context) error
	// RemoveBlob takes a blob away for good; its room may be used again. No error where
	// there is none.
	RemoveBlob(ctx context.Context, b BlobID) error
	// BlobIDs returns the blobs that there are, ascending.
	BlobIDs(ctx context.Context) ([]BlobID, error)
}

// FileRecord is the file of a message as it is stored. Message.File is its File.
type FileRecord struct {
	File
	Message    MessageID
	Contact    ContactID // of the message
	Own        bool      // of the message
	ID         envelope.FileID
	Descriptor []byte    // envelope.File.Marshal: the key
	Blob       BlobID    // 0: nothing of it is here
	Have       uint32    // how many leading boxes are durable in Blob
}

// FileReadTx is what a ReadTx tells of files.
type FileReadTx interface {
	// File returns the file of a message. ErrNotFound.
	File(MessageID) (FileRecord, error)
	// FileByID returns the file with this ID of the oldest such message of a chat that is
	// own, or not. ErrNotFound.
	FileByID(c ContactID, own bool, id envelope.FileID) (FileRecord, error)
	// FilesUnderWay returns the files of all chats, own ones too, that are FileWaiting or
	// FileMoving, by Message.
	FilesUnderWay() ([]FileRecord, error)
	// BlobsInUse returns the Blob of every file that has one, in any order.
	BlobsInUse() ([]BlobID, error)
}

// FileTx is what a Tx does with files. A file goes with its message: with RemoveMessage,
// SetMessageDeleted and RemoveContact its row is gone. Its blob is for the messenger to remove.
type FileTx interface {
	FileReadTx

	// AddFile stores the file of a message that has none; Contact and Own are those of the
	// message, whatever the record says. ErrNotFound for an unknown message.
	AddFile(FileRecord) error
	// SetFile replaces the file of a message. ErrNotFound where it has none.
	SetFile(FileRecord) error
	// RemoveFile takes the file of a message away; Message.File is nil then. No error where there is none.
	RemoveFile(MessageID) error
}

// FileTransport is what a Transport does with the cells of files. They have a way of
// their own beside the link, so that no message waits behind them.
type FileTransport interface {
	// SendFile writes file cells (envelope.FileCell bytes) to the proven link of a party, in
	// order. Errors, blocking and ownership are those of Send. At most 1 MiB waits in memory
	// for one link. Calls for one party do not overlap.
	SendFile(ctx context.Context, h identity.Handle, cells ...[]byte) error
}

// FileInbound is what a transport calls with them.
type FileInbound = interface {
	// FileCells hands over file cells that arrived from a party, in order. Calls for one
	// handle do not overlap one another; they may overlap any other call, come before
	// Reached and after Lost. While it does not return, the sender's SendFile comes to block.
	// The cells are the callee's.
	FileCells(h identity.Handle, cells [][]byte)
}
