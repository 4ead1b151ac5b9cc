package mailbox

import (
	"encoding/binary"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"tacit/identity"
)

// marshalRequest returns the payload of a request. ErrMalformed, ErrTooLong.
func marshalRequest(q Request) (payload []byte, c Class, err error) {
	c = q.class()
	size := c.PayloadSize()
	if size == 0 {
		return nil, 0, ErrMalformed // a cell of no class
	}
	payload, err = q.body(append(make([]byte, 0, size), q.kind()))
	if err != nil {
		return nil, 0, err
	}
	return fill(payload, size), c, nil
}

// fill brings a payload to its size with zeros.
func fill(payload []byte, size int) []byte {
	return append(payload, make([]byte, size-len(payload))...)
}

func (q *Put) body(b []byte) ([]byte, error) {
	c, ok := ClassOf(len(q.Cell))
	if !ok || len(q.Tokens) != c.Cost() || q.Tokens[0] != [16]byte(q.Cell) {
		return nil, ErrMalformed
	}
	b = append(append(b, q.Lot[:]...), byte(len(q.Tokens)))
	for _, t := range q.Tokens[1:] {
		b = append(b, t[:]...)
	}
	return append(b, q.Cell...), nil
}

func (q *Look) body(b []byte) ([]byte, error)     { return append(b, q.ID[:]...), nil }
func (q *ReadCell) body(b []byte) ([]byte, error) { return append(b, q.Slot[:]...), nil }
func (q *DropLot) body(b []byte) ([]byte, error)  { return append(b, q.Lot[:]...), nil }
func (*Leave) body(b []byte) ([]byte, error)      { return b, nil }

func (q *LeaveCell) body(b []byte) ([]byte, error) {
	return append(append(b, q.Slot[:]...), q.Cell[:]...), nil
}

func (q *Forward) body(b []byte) ([]byte, error) {
	hint, err := q.To.Marshal()
	if err != nil {
		return nil, ErrMalformed
	}
	return append(append(b, byte(len(hint))), hint...), nil
}

func (q *Login) body(b []byte) ([]byte, error) {
	return append(append(append(b, q.Account[:]...), q.Invite[:]...), q.Signature[:]...), nil
}

func (q *Fetch) body(b []byte) ([]byte, error) {
	if q.Wait < 0 || q.Wait > MaxWait || len(q.Marks) > MaxMarks {
		return nil, ErrTooLong
	}
	b = binary.BigEndian.AppendUint16(b, uint16(q.Wait/time.Second))
	return appendNames(b, q.Marks), nil
}

func (q *PutLot) body(b []byte) ([]byte, error) {
	b = binary.BigEndian.AppendUint64(append(b, q.ID[:]...), uint64(q.Until))
	for i := range q.Hashes {
		b = append(b, q.Hashes[i][:]...)
	}
	return b, nil
}

func (q *Presences) body(b []byte) ([]byte, error) {
	if q.Page >= MaxPages {
		return nil, ErrTooLong
	}
	b = append(b, q.Page)
	for i := range q.Slots {
		b = append(append(b, q.Slots[i].ID[:]...), q.Slots[i].Content[:]...)
	}
	return b, nil
}

func (q *Register) body(b []byte) ([]byte, error) {
	if len(q.Slots) == 0 || len(q.Slots) > MaxSlotsAtOnce {
		return nil, ErrTooLong
	}
	return appendNames(binary.BigEndian.AppendUint64(b, uint64(q.Until)), q.Slots), nil
}

// appendNames appends a count and the names.
func appendNames(b []byte, names [][16]byte) []byte {
	b = append(b, byte(len(names)))
	for _, n := range names {
		b = append(b, n[:]...)
	}
	return b
}

// unmarshalRequest reads what marshalRequest returned, and nothing else. ErrMalformed.
func unmarshalRequest(payload []byte, c Class) (Request, error) {
	in := cryptobyte.String(payload)
	var kind uint8
	if !in.ReadUint8(&kind) {
		return nil, ErrMalformed
	}
	q, ok := readRequest(kind, &in, c)
	if !ok || q.class() != c || !zero(in) {
		return nil, ErrMalformed
	}
	return q, nil
}

func readRequest(kind byte, in *cryptobyte.String, c Class) (Request, bool) {
	switch kind {
	case kindPut:
		return readPut(in, c)
	case kindLook:
		var q Look
		return &q, in.CopyBytes(q.ID[:])
	case kindLeaveCell:
		var q LeaveCell
		return &q, in.CopyBytes(q.Slot[:]) && in.CopyBytes(q.Cell[:])
	case kindReadCell:
		var q ReadCell
		return &q, in.CopyBytes(q.Slot[:])
	case kindForward:
		return readForward(in)
	case kindLogin:
		var q Login
		return &q, in.CopyBytes(q.Account[:]) && in.CopyBytes(q.Invite[:]) && in.CopyBytes(q.Signature[:])
	case kindFetch:
		return readFetch(in)
	case kindPutLot:
		return readLot(in)
	case kindDropLot:
		var q DropLot
		return &q, in.CopyBytes(q.Lot[:])
	case kindPresences:
		return readPresences(in)
	case kindRegister:
		var q Register
		return &q, readTime(in, &q.Until) && readNames(in, &q.Slots, MaxSlotsAtOnce) && len(q.Slots) > 0
	case kindLeave:
		return &Leave{}, true
	}
	return nil, false
}

func readPut(in *cryptobyte.String, c Class) (Request, bool) {
	var q Put
	var n uint8
	if !in.CopyBytes(q.Lot[:]) || !in.ReadUint8(&n) || int(n) != c.Cost() {
		return nil, false
	}
	q.Tokens = make([][16]byte, n)
	for i := range q.Tokens[1:] {
		if !in.CopyBytes(q.Tokens[1+i][:]) {
			return nil, false
		}
	}
	q.Cell = make([]byte, c.CellSize())
	if !in.CopyBytes(q.Cell) {
		return nil, false
	}
	q.Tokens[0] = [16]byte(q.Cell)
	return &q, true
}

func readForward(in *cryptobyte.String) (Request, bool) {
	var hint cryptobyte.String
	if !in.ReadUint8LengthPrefixed(&hint) {
		return nil, false
	}
	to, err := identity.ParseHint(hint)
	return &Forward{to}, err == nil
}

func readFetch(in *cryptobyte.String) (Request, bool) {
	var q Fetch
	var wait uint16
	if !in.ReadUint16(&wait) || !readNames(in, &q.Marks, MaxMarks) {
		return nil, false
	}
	q.Wait = time.Duration(wait) * time.Second
	return &q, q.Wait <= MaxWait
}

func readLot(in *cryptobyte.String) (Request, bool) {
	var q PutLot
	if !in.CopyBytes(q.ID[:]) || !readTime(in, &q.Until) {
		return nil, false
	}
	for i := range q.Hashes {
		if !in.CopyBytes(q.Hashes[i][:]) {
			return nil, false
		}
	}
	return &q, true
}

func readPresences(in *cryptobyte.String) (Request, bool) {
	var q Presences
	if !in.ReadUint8(&q.Page) || q.Page >= MaxPages {
		return nil, false
	}
	for i := range q.Slots {
		if !in.CopyBytes(q.Slots[i].ID[:]) || !in.CopyBytes(q.Slots[i].Content[:]) {
			return nil, false
		}
	}
	return &q, true
}

// readTime reads seconds since 1970 up to the year 10000.
func readTime(in *cryptobyte.String, t *int64) bool {
	var n uint64
	if !in.ReadUint64(&n) || n > endOfTime {
		return false
	}
	*t = int64(n)
	return true
}

func readNames(in *cryptobyte.String, names *[][16]byte, most int) bool {
	var n uint8
	if !in.ReadUint8(&n) || int(n) > most {
		return false
	}
	for range n {
		var name [16]byte
		if !in.CopyBytes(name[:]) {
			return false
		}
		*names = append(*names, name)
	}
	return true
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
