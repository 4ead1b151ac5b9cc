package session

import (
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity/pairing"
)

const resetVersion = 1

// Marshal returns the reset as bytes, secrets included: 50 where none is under way,
// else at most 12 KiB.
//
//	version 1 || asking 1 || RS 32 || n 8 || ended 8 || pairing, if there is one
func (r Reset) Marshal() []byte {
	b := []byte{resetVersion, 0}
	if r.asking {
		b[1] = 1
	}
	b = append(b, r.rs[:]...)
	b = binary.BigEndian.AppendUint64(b, r.seen)
	b = binary.BigEndian.AppendUint64(b, uint64(r.ended))
	if r.pairing.Phase() != 0 {
		b = append(b, r.pairing.Marshal()...)
	}
	return b
}

// UnmarshalReset reads what Marshal returned. ErrMalformed.
func UnmarshalReset(b []byte) (Reset, error) {
	in := cryptobyte.String(b)
	var r Reset
	var version, asking uint8
	var ended uint64
	if !in.ReadUint8(&version) || version != resetVersion || !in.ReadUint8(&asking) || asking > 1 ||
		!in.CopyBytes(r.rs[:]) || !in.ReadUint64(&r.seen) || r.seen > maxNumber ||
		!in.ReadUint64(&ended) {
		return Reset{}, ErrMalformed
	}
	r.asking, r.ended = asking == 1, int64(ended)
	if r.asking && r.seen == maxNumber {
		return Reset{}, ErrMalformed
	}
	if in.Empty() {
		return r, nil
	}
	p, err := pairing.Unmarshal(in)
	if err != nil || r.asking || r.seen == 0 || !canHold(p) {
		return Reset{}, ErrMalformed
	}
	r.pairing = p
	return r, nil
}

// canHold reports whether Start and Receive leave a pairing where p is.
func canHold(p pairing.State) bool {
	switch p.Phase() {
	case pairing.Searching, pairing.Answered, pairing.Replied, pairing.Confirming:
		return p.IsReset()
	case pairing.Agreed:
		return p.IsReset() && !p.Presenter()
	}
	return false
}
