package picture

import "encoding/binary"

const orientationTag = 0x0112

// orientationOf reads the orientation out of a TIFF structure, as EXIF is one: 1 to 8, or 0.
func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		e := entries[:12]
		entries = entries[12:]
		if order.Uint16(e) == orientationTag && order.Uint16(e[2:]) == 3 && order.Uint32(e[4:]) == 1 {
			if o := int(order.Uint16(e[8:])); 1 <= o && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}

// exifOf returns a TIFF structure that says an orientation and nothing else.
func exifOf(orientation int) []byte {
	return []byte{
		'M', 'M', 0, '*', 0, 0, 0, 8, // the first directory is at 8
		0, 1, // with one entry:
		orientationTag >> 8, orientationTag & 0xff, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0, // one SHORT
		0, 0, 0, 0, // and no directory follows
	}
}

// orient notes the orientation that a block of EXIF says and returns the block to put in
// its place, nil for none. The first block that says one counts.
func (r *Reader) orient(tiff []byte) []byte {
	o := orientationOf(tiff)
	if o <= 1 || r.info.Orientation != 0 {
		return nil
	}
	r.info.Orientation = o
	return exifOf(o)
}
