// Package picture reads the outsides of pictures: what type a file is of by its content,
// how large a picture is, and which of its bytes tell about its making and not what it shows.
//
// It decodes no pixel, and reads streams of any length in constant memory.
package picture

import (
	"bytes"
	"errors"
)

// ErrMalformed says that a picture is not built as its type is, so that nobody can say
// what in it is metadata.
var ErrMalformed = errors.New("picture malformed")

// Types of pictures.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	GIF  = "image/gif"
	WebP = "image/webp"
)

// Info is what the outside of a picture says.
type Info struct {
	Type          string // one of the types of this package; "" of anything else
	Width, Height int    // as it is stored; 0 where that was not found
	Orientation   int    // of EXIF, 2 to 8: how to turn it before it is shown; 0 where nothing says so
	Progressive   bool   // a JPEG that is decoded as a whole, with all its coefficients in memory
	Deep          bool   // a PNG of 16 bits a channel
}

// Shown returns the sides of the picture when it is turned as it should be.
func (i Info) Shown() (width, height int) {
	if i.Orientation >= 5 {
		return i.Height, i.Width
	}
	return i.Width, i.Height
}

// Decodable reports whether the picture is within the limits for decoding.
func (i Info) Decodable() bool {
	return 0 < i.Width && i.Width <= MaxSide && 0 < i.Height && i.Height <= MaxSide && i.Width*i.Height <= MaxPixels
}

// signatures of files, by what stands at an offset. The first that fits counts.
var signatures = []struct {
	offset int
	begins string
	media  string
}{
	{0, "\xff\xd8\xff", JPEG},
	{0, "\x89PNG\r\n\x1a\n", PNG},
	{0, "GIF87a", GIF},
	{0, "GIF89a", GIF},
	{8, "WEBPVP8", WebP},
	{0, "%PDF-", "application/pdf"},
	{0, "PK\x03\x04", "application/zip"},
	{0, "\x1f\x8b\x08", "application/gzip"},
	{0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
	{0, "OggS\x00", "audio/ogg"},
	{0, "fLaC", "audio/flac"},
	{0, "ID3", "audio/mpeg"},
	{8, "WAVEfmt ", "audio/wav"},
	{4, "ftypavif", "image/avif"},
	{4, "ftypheic", "image/heic"},
	{4, "ftypM4A", "audio/mp4"},
	{4, "ftypqt", "video/quicktime"},
	{4, "ftyp", "video/mp4"},
	{0, "\x1a\x45\xdf\xa3", "video/webm"},
}

// Sniff returns the media type of a file that begins with head, "" where it is none of
// those that are known here. A name never counts.
func Sniff(head []byte) string {
	for _, s := range signatures {
		if len(head) < s.offset || !bytes.HasPrefix(head[s.offset:], []byte(s.begins)) {
			continue
		}
		if s.offset == 8 && !bytes.HasPrefix(head, []byte("RIFF")) {
			continue
		}
		return s.media
	}
	return ""
}

// IsPicture reports whether a media type is one that this package reads.
func IsPicture(media string) bool {
	return media == JPEG || media == PNG || media == GIF || media == WebP
}
