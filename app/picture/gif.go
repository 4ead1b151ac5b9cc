package picture

import (
	"encoding/binary"
	"fmt"
)

// A GIF is a header with a screen and maybe a table of colours, and a row of blocks, each a
// first byte and what belongs to it. Long data is a row of sub-blocks: a length of one byte
// and so many bytes, until a length of 0.

func (r *Reader) gifBegin() error {
	b, err := r.take(13)
	if err != nil {
		return err
	}
	r.sides(int(binary.LittleEndian.Uint16(b[6:])), int(binary.LittleEndian.Uint16(b[8:])))
	r.out, r.pass, r.step = b, colourTable(b[10]), r.gifBlock
	if r.info.Width == 0 {
		return fmt.Errorf("%w: sides", ErrMalformed)
	}
	return nil
}

// colourTable returns how long the table of colours is that the flags announce.
func colourTable(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

func (r *Reader) gifBlock() error {
	b, err := r.take(1)
	if err != nil {
		return err
	}
	switch b[0] {
	case 0x3b: // trailer
		r.out, r.step = b, r.ended
	case 0x2c: // image: place, size, flags, table, size of the first code
		place, err := r.take(9)
		if err != nil {
			return err
		}
		r.out, r.pass, r.step = append(b, place...), colourTable(place[8])+1, r.gifSubBlocks
	case 0x21:
		return r.gifExtension()
	default:
		return fmt.Errorf("%w: block", ErrMalformed)
	}
	return nil
}

// gifExtension keeps timing, text that is drawn, and how often an animation runs.
func (r *Reader) gifExtension() error {
	b, err := r.take(1)
	if err != nil {
		return err
	}
	out := append([]byte{0x21}, b...)
	kept := b[0] == 0xf9 || b[0] == 0x01
	if b[0] == 0xff {
		name, err := r.subBlock()
		if err != nil {
			return err
		}
		out = append(out, name...)
		kept = len(name) == 12 && (string(name[1:]) == "NETSCAPE2.0" || string(name[1:]) == "ANIMEXTS1.0")
		if len(name) == 1 {
			return nil // it ended at once
		}
	}
	if kept {
		r.out, r.step = out, r.gifSubBlocks
		return nil
	}
	for {
		sub, err := r.subBlock()
		if err != nil || len(sub) == 1 {
			return err
		}
	}
}

// subBlock reads a sub-block with its length; one byte is the end of the row.
func (r *Reader) subBlock() ([]byte, error) {
	n, err := r.take(1)
	if err != nil || n[0] == 0 {
		return n, err
	}
	data, err := r.take(int(n[0]))
	return append(n, data...), err
}

// gifSubBlocks is the step of a row of sub-blocks that is kept.
func (r *Reader) gifSubBlocks() error {
	for len(r.out) < pieceSize {
		sub, err := r.subBlock()
		if err != nil {
			return err
		}
		r.out = append(r.out, sub...)
		if len(sub) == 1 {
			r.step = r.gifBlock
			return nil
		}
	}
	return nil
}
