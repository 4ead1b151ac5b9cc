package picture

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// A PNG is its signature and a row of chunks: a length of four bytes, a type, data and a
// checksum. A type that begins with a small letter may be left out.

// pngKept are the chunks that may be left out and change what is seen.
var pngKept = map[string]bool{
	"tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true, "sRGB": true, "cICP": true,
	"mDCV": true, "cLLI": true, "bKGD": true, "hIST": true, "pHYs": true, "sPLT": true,
	"acTL": true, "fcTL": true, "fdAT": true, // animation
}

func (r *Reader) pngBegin() error {
	b, err := r.take(8)
	if err != nil {
		return err
	}
	head, err := r.src.Peek(8 + 13)
	if err != nil {
		return truncated(err)
	}
	if string(head[:8]) != "\x00\x00\x00\x0dIHDR" {
		return fmt.Errorf("%w: no header", ErrMalformed)
	}
	w, h := binary.BigEndian.Uint32(head[8:]), binary.BigEndian.Uint32(head[12:])
	if w == 0 || h == 0 || w > 1<<31-1 || h > 1<<31-1 {
		return fmt.Errorf("%w: sides", ErrMalformed)
	}
	r.sides(int(w), int(h))
	r.info.Deep = head[16] > 8
	r.out, r.pass, r.step = b, 8+13+4, r.pngChunk
	return nil
}

func (r *Reader) pngChunk() error {
	head, err := r.take(8)
	if err != nil {
		return err
	}
	n, kind := binary.BigEndian.Uint32(head), string(head[4:])
	if n > 1<<31-1 || !isChunkType(kind) || kind == "IEND" && n > 0 {
		return fmt.Errorf("%w: chunk", ErrMalformed)
	}
	switch {
	case kind == "IEND":
		r.out, r.pass, r.step = head, 4, r.ended
	case kind[0]&0x20 == 0 || pngKept[kind]:
		r.out, r.pass = head, int64(n)+4
	case kind == "eXIf" && n <= maxExif:
		data, err := r.take(int(n) + 4)
		if err != nil {
			return err
		}
		if tiff := r.orient(data[:n]); tiff != nil {
			r.out = pngChunkOf(kind, tiff)
		}
	default:
		return r.skip(int64(n) + 4)
	}
	return nil
}

func isChunkType(kind string) bool {
	for _, c := range []byte(kind) {
		if c |= 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func pngChunkOf(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}
