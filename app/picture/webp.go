package picture

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// A WebP is a RIFF file: "RIFF", the length of what follows in four bytes, "WEBP", and a
// row of chunks: a type, a length of four bytes, data and a byte of fill where it is odd.

// webpKept are the chunks that decoders need.
var webpKept = map[string]bool{
	"VP8X": true, "VP8 ": true, "VP8L": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true,
}

// Flags of VP8X.
const (
	webpHasExif = 0x08
	webpHasXMP  = 0x04
)

// layout is what has to be known of a WebP before its first byte is written anew.
type layout struct {
	size        uint32 // of what is left, as its header says it
	orientation int
}

// chunkHead reads the head of a chunk and returns its length with fill.
func (r *Reader) chunkHead() (head []byte, kind string, n int64, err error) {
	if head, err = r.take(8); err != nil {
		return nil, "", 0, err
	}
	n = int64(binary.LittleEndian.Uint32(head[4:]))
	return head, string(head[:4]), n + n&1, nil
}

// layoutOf reads a WebP from one end to the other.
func layoutOf(open func() (io.ReadCloser, error)) (layout, error) {
	f, err := open()
	if err != nil {
		return layout{}, err
	}
	defer f.Close()
	r := &Reader{src: bufio.NewReaderSize(f, pieceSize)}
	left, err := r.riff()
	if err != nil {
		return layout{}, err
	}
	size, drawn := int64(4), false
	for parts := 0; left > 0; parts++ {
		_, kind, n, err := r.chunkHead()
		if err != nil {
			return layout{}, err
		}
		isFirst := kind == "VP8X" || kind == "VP8 " || kind == "VP8L"
		if left -= 8 + n; left < 0 || parts == maxParts || parts == 0 && !isFirst {
			return layout{}, fmt.Errorf("%w: chunk", ErrMalformed)
		}
		switch {
		case kind == "EXIF" && n <= maxExif:
			data, err := r.take(int(n))
			if err != nil {
				return layout{}, err
			}
			r.orient(trimExifMark(data))
			continue
		case webpKept[kind]:
			size += 8 + n
			drawn = drawn || kind == "VP8 " || kind == "VP8L" || kind == "ANMF"
		}
		if err := r.skip(n); err != nil {
			return layout{}, err
		}
	}
	if !drawn {
		return layout{}, fmt.Errorf("%w: no frame", ErrMalformed)
	}
	if r.info.Orientation > 1 {
		size += int64(len(webpExif(r.info.Orientation)))
	}
	return layout{uint32(size), r.info.Orientation}, nil
}

// trimExifMark: some write EXIF into a WebP with the mark that belongs to JPEG.
func trimExifMark(b []byte) []byte {
	if len(b) >= len(exifMark) && string(b[:len(exifMark)]) == string(exifMark) {
		return b[len(exifMark):]
	}
	return b
}

func webpExif(orientation int) []byte {
	tiff := exifOf(orientation)
	return append(binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(tiff))), tiff...)
}

// riff reads the header of a RIFF file and returns how long its chunks are.
func (r *Reader) riff() (int64, error) {
	b, err := r.take(12)
	if err != nil {
		return 0, err
	}
	n := int64(binary.LittleEndian.Uint32(b[4:])) - 4
	if n <= 0 || n&1 != 0 {
		return 0, fmt.Errorf("%w: length", ErrMalformed)
	}
	return n, nil
}

func (r *Reader) webpBegin() error {
	left, err := r.riff()
	if err != nil {
		return err
	}
	r.out = binary.LittleEndian.AppendUint32([]byte("RIFF"), r.webp.size)
	r.out = append(r.out, "WEBP"...)
	r.step = func() error { return r.webpChunk(left) }
	return nil
}

// webpChunk is the step of a chunk of which left bytes and the following ones are left.
func (r *Reader) webpChunk(left int64) error {
	if left == 0 {
		r.step = r.ended
		if r.info.Orientation = r.webp.orientation; r.info.Orientation > 1 {
			r.out = webpExif(r.info.Orientation)
		}
		return nil
	}
	head, kind, n, err := r.chunkHead()
	if err != nil {
		return err
	}
	if left -= 8 + n; left < 0 {
		return fmt.Errorf("%w: chunk", ErrMalformed)
	}
	r.step = func() error { return r.webpChunk(left) }
	if !webpKept[kind] {
		return r.skip(n)
	}
	r.out, r.pass = head, n
	return r.webpSides(kind, n)
}

// webpSides reads the sides out of the chunk that begins here, and says in VP8X what is left.
func (r *Reader) webpSides(kind string, n int64) error {
	switch kind {
	case "ANMF":
		r.drew = true
		return nil
	case "VP8X", "VP8 ", "VP8L":
	default:
		return nil
	}
	b, err := r.src.Peek(int(min(n, 10)))
	if err != nil {
		return truncated(err)
	}
	switch {
	case kind == "VP8X" && n == 10:
		flags := b[0] &^ (webpHasExif | webpHasXMP)
		if r.webp.orientation > 1 {
			flags |= webpHasExif
		}
		r.sides(1+int(uint24(b[4:])), 1+int(uint24(b[7:])))
		r.out, r.pass = append(append(r.out, flags), b[1:]...), 0
		return r.skip(n)
	case kind == "VP8 " && len(b) == 10 && b[3] == 0x9d && b[4] == 0x01 && b[5] == 0x2a:
		return r.webpFrame(int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff))
	case kind == "VP8L" && len(b) >= 5 && b[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(b[1:])
		return r.webpFrame(1+int(bits&0x3fff), 1+int(bits>>14&0x3fff))
	}
	return fmt.Errorf("%w: header of a picture", ErrMalformed)
}

// webpFrame notes a frame. Decoders make room for what it says, whatever VP8X did.
func (r *Reader) webpFrame(width, height int) error {
	r.drew = true
	r.sides(width, height)
	if width > r.info.Width || height > r.info.Height {
		return fmt.Errorf("%w: a frame beyond the picture", ErrMalformed)
	}
	return nil
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
