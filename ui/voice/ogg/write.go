package ogg

import "encoding/binary"

// serial tells streams of one file apart; a file of ours has one. The same in each: a
// number drawn at random would tell nothing and could mark a file.
const serial = 1

// vendor stands in the comments, where the programs that encoded name themselves.
const vendor = "tacit"

// Writer makes a file of one channel. Its zero value is not usable.
//
// Owner: one goroutine.
type Writer struct {
	out     []byte
	page    [][]byte // packets of the page that is being filled
	number  uint32
	granule int64 // samples of all packets
}

// NewWriter begins a file. skip is the samples that a decoder is to leave out at the
// beginning: what the encoder looks ahead.
func NewWriter(skip int) *Writer {
	head := append([]byte(headMark), 1, 1)
	head = binary.LittleEndian.AppendUint16(head, uint16(skip))
	head = binary.LittleEndian.AppendUint32(head, Rate)
	head = append(head, 0, 0, 0)
	tags := append([]byte(tagsMark), byte(len(vendor)), 0, 0, 0)
	tags = append(tags, vendor...)
	tags = append(tags, 0, 0, 0, 0)
	w := &Writer{}
	w.flush(flagFirst, [][]byte{head})
	w.flush(0, [][]byte{tags})
	return w
}

// Add appends a packet of less than 255 bytes with its number of samples. The writer
// keeps it.
func (w *Writer) Add(packet []byte, samples int) {
	if len(w.page) == pagePackets {
		w.flush(0, w.page)
		w.page = w.page[:0]
	}
	w.page = append(w.page, packet)
	w.granule += int64(samples)
}

// Samples returns how many samples were added.
func (w *Writer) Samples() int64 { return w.granule }

// Close ends the file and returns it. length is how many samples of what was added are
// to be heard, those left out at the beginning included; the last packet is seldom full.
func (w *Writer) Close(length int64) []byte {
	w.granule = min(w.granule, length)
	w.flush(flagLast, w.page)
	return w.out
}

func (w *Writer) flush(flags byte, packets [][]byte) {
	w.out = writePage(w.out, flags, w.granule, w.number, packets)
	w.number++
}
