package app

import (
	"fmt"
	"regexp"

	"tacit/identity/envelope"
)

// fileBody is the file of a message, within its body.
type fileBody struct {
	_             struct{} `cbor:",toarray"`
	Descriptor    []byte   // envelope.File.Marshal
	Name          string
	Type          string
	Width, Height uint64
}

// fileWantBody: send the cells of a file that you wrote, from that one on.
type fileWantBody struct {
	_    struct{} `cbor:",toarray"`
	ID   envelope.FileID
	From uint64
}

// fileEndBody says why a file does not go on, or that it is all there.
type fileEndBody struct {
	_      struct{} `cbor:",toarray"`
	ID     envelope.FileID
	By     uint64 // who wrote its message: byTeller, byHearer
	Reason fileEnd
}

// fileEnd is a reason of a fileEndBody.
type fileEnd uint64

const (
	endPaused    fileEnd = 0
	endCancelled fileEnd = 1
	endGone      fileEnd = 2
	endComplete  fileEnd = 3
	endFailed    fileEnd = 4
)

func (b fileWantBody) valid() bool { return b.From < maxFileCells }

func (b fileEndBody) valid() bool { return b.By <= byHearer && b.Reason <= endFailed }

// maxFileCells is one more than the greatest number of a cell.
var maxFileCells = uint64(envelope.File{Length: envelope.MaxFile}.Chunks())

// valid also holds for none.
func (b *fileBody) valid() bool {
	if b == nil {
		return true
	}
	_, err := b.record()
	return err == nil
}

// record returns what is kept of a file that somebody offers.
func (b *fileBody) record() (FileRecord, error) {
	f, err := envelope.UnmarshalFile(b.Descriptor)
	if err != nil {
		return FileRecord{}, fmt.Errorf("%w: descriptor", errContent)
	}
	r := FileRecord{File: f, Name: CleanFileName(b.Name), Type: mediaType(b.Type), State: FileWaiting}
	if 0 < b.Width && b.Width <= maxPictureSide && 0 < b.Height && b.Height <= maxPictureSide {
		r.Width, r.Height = int(b.Width), int(b.Height)
	}
	return r, nil
}

// bodyOf reverses record.
func bodyOf(r FileRecord) *fileBody {
	return &fileBody{
		Descriptor: r.File.Marshal(), Name: r.Name, Type: r.Type,
		Width: uint64(r.Width), Height: uint64(r.Height),
	}
}

var mediaTypes = regexp.MustCompile(`^[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*$`)

// mediaType returns t if it has the form of a media type without parameters, else "".
func mediaType(t string) string {
	if len(t) > maxMediaType || !mediaTypes.MatchString(t) {
		return ""
	}
	return t
}
