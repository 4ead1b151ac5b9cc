package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A JPEG is a row of segments: FF, a marker and, for most, a length of two bytes that
// counts itself, and data. After the header of a scan (SOS) come bytes in which FF is followed by 00 or
// by a restart marker, until the next segment.

func (r *Reader) jpegBegin() error {
	b, err := r.take(2)
	if err != nil {
		return err
	}
	r.out, r.step = b, r.jpegSegment
	return nil
}

// jpegSegment is the step of a segment. Bytes that fill up the space before it are left out.
func (r *Reader) jpegSegment() error {
	b, err := r.take(1)
	if err != nil {
		return err
	}
	if b[0] != 0xff {
		return fmt.Errorf("%w: no segment", ErrMalformed)
	}
	for b[0] == 0xff {
		if b, err = r.take(1); err != nil {
			return err
		}
	}
	marker := b[0]
	switch {
	case marker == 0xd9: // end of image
		r.out, r.step = []byte{0xff, marker}, r.ended
		return nil
	case marker == 0x01 || 0xd0 <= marker && marker <= 0xd7:
		r.out = []byte{0xff, marker}
		return nil
	case marker < 0xc0 || marker == 0xd8:
		return fmt.Errorf("%w: marker", ErrMalformed)
	}
	size, err := r.take(2)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(size))
	if n < 2 {
		return fmt.Errorf("%w: length of a segment", ErrMalformed)
	}
	data, err := r.take(n - 2)
	if err != nil {
		return err
	}
	if data = r.jpegData(marker, data); data != nil {
		r.out = jpegSegmentOf(marker, data)
	}
	if marker == 0xda {
		r.step = r.jpegScan
	}
	return nil
}

func jpegSegmentOf(marker byte, data []byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(data)+2))
	return append(out, data...)
}

var (
	exifMark  = []byte("Exif\x00\x00")
	jfifMark  = []byte("JFIF\x00")
	iccMark   = []byte("ICC_PROFILE\x00")
	adobeMark = []byte("Adobe")
)

// jpegData returns what is left of the data of a segment, nil for nothing.
func (r *Reader) jpegData(marker byte, data []byte) []byte {
	switch {
	case marker == 0xfe: // comment
		return nil
	case marker < 0xe0 || marker > 0xef:
		isFrame := 0xc0 <= marker && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
		if isFrame && len(data) >= 5 {
			r.info.Progressive = r.info.Progressive || marker&3 == 2
			r.sides(int(binary.BigEndian.Uint16(data[3:])), int(binary.BigEndian.Uint16(data[1:])))
		}
		return data
	case marker == 0xe0 && bytes.HasPrefix(data, jfifMark) && len(data) >= 14:
		return append(bytes.Clone(data[:12]), 0, 0) // without its thumbnail
	case marker == 0xe1 && bytes.HasPrefix(data, exifMark):
		if tiff := r.orient(data[len(exifMark):]); tiff != nil {
			return append(bytes.Clone(exifMark), tiff...)
		}
	case marker == 0xe2 && bytes.HasPrefix(data, iccMark), marker == 0xee && bytes.HasPrefix(data, adobeMark):
		return data
	}
	return nil
}

// jpegScan is the step of the compressed bytes after the header of a scan. A picture that
// ends within them has nothing behind them that could tell anything.
func (r *Reader) jpegScan() error {
	if rest, err := r.src.Peek(2); errors.Is(err, io.EOF) {
		r.pass, r.step = int64(len(rest)), r.ended
		return nil
	} else if err != nil {
		return err
	}
	piece, _ := r.src.Peek(r.src.Buffered())
	n := 0
	for {
		i := bytes.IndexByte(piece[n:], 0xff)
		switch {
		case i < 0:
			n = len(piece)
		case n+i+1 == len(piece):
			n += i // what follows decides, and is not here yet
		default:
			n += i
			if next := piece[n+1]; next == 0 || 0xd0 <= next && next <= 0xd7 {
				n += 2
				continue
			}
			r.step = r.jpegSegment
		}
		break
	}
	r.pass = int64(n)
	return nil
}
