package ogg

import (
	"bytes"
	"encoding/binary"
)

// File is a file that was read.
type File struct {
	Channels int      // 1 or 2
	Skip     int      // samples at the beginning that are not to be heard
	Gain     int16    // to be added, in 1/256 dB
	Packets  [][]byte // Opus packets; they may lie in what Parse was given
	Length   int64    // samples to be heard, of each channel
}

// head is the first packet (RFC 7845, 5.1): "OpusHead", version 1, channels 1, skip 2,
// rate of the recording 4, gain 2, mapping family 1.
const (
	headMark = "OpusHead"
	tagsMark = "OpusTags"
	headSize = 19
)

// Parse reads a file. ErrMalformed, ErrTooLarge.
func Parse(data []byte) (*File, error) {
	if len(data) > MaxFile {
		return nil, ErrTooLarge
	}
	r := reader{rest: data}
	head, err := r.packet()
	if err != nil {
		return nil, err
	}
	f, err := parseHead(head)
	if err != nil {
		return nil, err
	}
	if !r.pageDone() { // the head has a page to itself
		return nil, ErrMalformed
	}
	tags, err := r.packet()
	if err != nil {
		return nil, err
	}
	if len(tags) > maxTags {
		return nil, ErrTooLarge
	}
	if !bytes.HasPrefix(tags, []byte(tagsMark)) || !r.pageDone() {
		return nil, ErrMalformed
	}
	return f, f.readSound(&r)
}

func parseHead(b []byte) (*File, error) {
	if len(b) < headSize || string(b[:len(headMark)]) != headMark || b[8]>>4 != 0 || b[18] != 0 {
		return nil, ErrMalformed
	}
	f := &File{
		Channels: int(b[9]),
		Skip:     int(binary.LittleEndian.Uint16(b[10:])),
		Gain:     int16(binary.LittleEndian.Uint16(b[16:])),
	}
	if f.Channels < 1 || f.Channels > 2 {
		return nil, ErrMalformed
	}
	return f, nil
}

// readSound reads the packets of the sound up to the last page, which says how much of
// them is to be heard.
func (f *File) readSound(r *reader) error {
	total := int64(0)
	for !r.ended() {
		if r.pageDone() { // the last page may hold nothing but the end
			if err := r.turn(false); err != nil {
				return err
			}
			continue
		}
		p, err := r.packet()
		if err != nil {
			return err
		}
		n := Samples(p)
		if n == 0 {
			return ErrMalformed
		}
		if len(f.Packets) == maxPackets {
			return ErrTooLarge
		}
		f.Packets = append(f.Packets, p)
		total += int64(n)
	}
	f.Length = min(r.granule, total) - int64(f.Skip)
	if f.Length <= 0 {
		return ErrMalformed
	}
	return nil
}

// Samples returns how many samples of each channel an Opus packet holds (RFC 6716, 3.1),
// 0 where it is none.
func Samples(packet []byte) int {
	if len(packet) == 0 {
		return 0
	}
	frames := 0
	switch packet[0] & 3 {
	case 0:
		frames = 1
	case 1, 2:
		frames = 2
	default:
		if len(packet) < 2 {
			return 0
		}
		frames = int(packet[1] & 63)
	}
	n := frames * frameSamples(packet[0]>>3)
	if n > MaxPacket {
		return 0
	}
	return n
}

// frameSamples is the length of a frame in one of the 32 configurations.
func frameSamples(config byte) int {
	const ms = Rate / 1000
	switch {
	case config < 12: // speech
		return []int{10, 20, 40, 60}[config%4] * ms
	case config < 16: // both
		return []int{10, 20}[config%2] * ms
	}
	return Rate / 400 << (config % 4) // 2.5, 5, 10, 20 ms
}

// reader takes packets out of the pages of one stream.
type reader struct {
	rest    []byte // pages to come
	page    page
	next    int // segment of page
	number  uint32
	granule int64 // of the last page on which a packet ended
	begun   bool
}

// pageDone reports whether the page at hand holds no more packets.
func (r *reader) pageDone() bool { return r.next == len(r.page.lacing) }

// ended reports whether the last page was read to its end.
func (r *reader) ended() bool { return r.begun && r.pageDone() && r.page.flags&flagLast != 0 }

// packet returns the next packet: where it lies, if one page holds it, else a copy.
func (r *reader) packet() ([]byte, error) {
	var whole []byte
	started := false
	for {
		if r.pageDone() {
			if err := r.turn(started); err != nil {
				return nil, err
			}
			continue
		}
		size, done := 0, false
		for ; !done && r.next < len(r.page.lacing); r.next++ {
			size += int(r.page.lacing[r.next])
			done = r.page.lacing[r.next] < 255
		}
		part := r.page.body[:size:size]
		r.page.body = r.page.body[size:]
		if done && !started {
			return part, nil
		}
		started = true
		if whole = append(whole, part...); done {
			return whole, nil
		}
	}
}

// turn goes to the next page; continued says that it must go on with a packet.
func (r *reader) turn(continued bool) error {
	if r.ended() {
		return ErrMalformed
	}
	p, rest, err := readPage(r.rest)
	if err != nil {
		return err
	}
	first := !r.begun
	switch {
	case p.number != r.number, first != (p.flags&flagFirst != 0), continued != (p.flags&flagContinued != 0):
		return ErrMalformed
	case !first && p.serial != r.page.serial:
		return ErrMalformed
	case len(p.lacing) == 0 && p.flags&flagLast == 0: // pages of nothing would cost time for nothing
		return ErrMalformed
	case p.flags&flagLast != 0 && len(rest) > 0:
		return ErrMalformed
	}
	if p.granule != noGranule {
		if p.granule < r.granule {
			return ErrMalformed
		}
		r.granule = p.granule
	}
	r.page, r.rest, r.next, r.begun = p, rest, 0, true
	r.number++
	return nil
}
