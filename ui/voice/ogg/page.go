package ogg

import (
	"encoding/binary"
	"math"
)

// A page (RFC 3533, 6): "OggS", version 1, flags 1, granule position 8, serial number 4,
// page number 4, checksum 4, number of segments 1, their lengths, the segments. Numbers
// are little-endian.
const (
	capture    = "OggS"
	offFlags   = 5
	offGranule = 6
	offSerial  = 14
	offNumber  = 18
	offSum     = 22
	offCount   = 26
	headerSize = 27

	flagContinued = 1
	flagFirst     = 2
	flagLast      = 4

	noGranule = -1 // no packet ends on the page
)

// page is a page that was read. What it holds lies in the file.
type page struct {
	flags   byte
	granule int64
	serial  uint32
	number  uint32
	lacing  []byte // lengths of the segments
	body    []byte
}

// readPage reads the page that data begins with and returns what follows it.
func readPage(data []byte) (p page, rest []byte, err error) {
	if len(data) < headerSize || string(data[:len(capture)]) != capture || data[4] != 0 {
		return p, nil, ErrMalformed
	}
	count := int(data[offCount])
	if len(data) < headerSize+count {
		return p, nil, ErrMalformed
	}
	p.lacing = data[headerSize : headerSize+count]
	size := 0
	for _, n := range p.lacing {
		size += int(n)
	}
	end := headerSize + count + size
	if len(data) < end {
		return p, nil, ErrMalformed
	}
	granule := binary.LittleEndian.Uint64(data[offGranule:])
	if granule > math.MaxInt64 && granule != math.MaxUint64 {
		return p, nil, ErrMalformed
	}
	p.flags, p.granule = data[offFlags], int64(granule)
	p.serial = binary.LittleEndian.Uint32(data[offSerial:])
	p.number = binary.LittleEndian.Uint32(data[offNumber:])
	p.body = data[headerSize+count : end]
	if checksum(data[:end]) != binary.LittleEndian.Uint32(data[offSum:]) || p.flags > flagContinued|flagFirst|flagLast {
		return p, nil, ErrMalformed
	}
	return p, data[end:], nil
}

// writePage appends a page with whole packets of less than 255 bytes each.
func writePage(dst []byte, flags byte, granule int64, number uint32, packets [][]byte) []byte {
	start := len(dst)
	dst = append(dst, capture...)
	dst = append(dst, 0, flags)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(granule))
	dst = binary.LittleEndian.AppendUint32(dst, serial)
	dst = binary.LittleEndian.AppendUint32(dst, number)
	dst = append(dst, 0, 0, 0, 0, byte(len(packets)))
	for _, p := range packets {
		dst = append(dst, byte(len(p)))
	}
	for _, p := range packets {
		dst = append(dst, p...)
	}
	binary.LittleEndian.PutUint32(dst[start+offSum:], checksum(dst[start:]))
	return dst
}

// sums is the table of the checksum: polynomial 0x04c11db7, highest bit first, which the
// standard library does not have.
var sums = func() (t [256]uint32) {
	for i := range t {
		v := uint32(i) << 24
		for range 8 {
			carry := v >> 31
			v = v<<1 ^ carry*0x04c11db7
		}
		t[i] = v
	}
	return t
}()

// checksum is that of a page, its own four bytes taken as zero.
func checksum(page []byte) (sum uint32) {
	for i, b := range page {
		if i >= offSum && i < offSum+4 {
			b = 0
		}
		sum = sum<<8 ^ sums[byte(sum>>24)^b]
	}
	return sum
}
