package mailbox

import (
	"crypto/rand"
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte"
)

// Status is what a node says of a request, the first byte of its answer.
type Status byte

// What a node says.
const (
	StatusOK      Status = 0
	StatusRefused Status = 1 // not this, or not you
	StatusLater   Status = 2 // no room or no service now; nothing has changed
	StatusNothing Status = 3 // nothing there
)

// Answer is what a node says: a *Done with any status but StatusOK, or a pointer to the
// type below that the request has.
type Answer interface{ says() Status }

type (
	// Done says how it went where there is no more to say.
	Done struct{ Status Status }
	// Looked is a presence, or random bytes: nobody but its reader can tell.
	Looked struct{ Content [ContentSize]byte }
	// Cell is the cell of a pairing; where there is none the answer is Done with StatusNothing.
	Cell struct{ Cell [SmallCell]byte }
	// Standing is the state of an account.
	Standing struct {
		Used, Quota int64
		Cells, Lots int
		Time        int64 // of the node's clock, seconds since 1970
	}
	// Fetched is a page of what waits.
	Fetched struct {
		Left, Refused int
		Used, Quota   int64
		Items         []Item // oldest first; their classes cost PagePlaces in all at most
	}
	// Item is a cell that waits, and what settles it.
	Item struct {
		Mark [16]byte
		Cell []byte
	}
)

func (a *Done) says() Status   { return a.Status }
func (*Looked) says() Status   { return StatusOK }
func (*Cell) says() Status     { return StatusOK }
func (*Standing) says() Status { return StatusOK }
func (*Fetched) says() Status  { return StatusOK }

// pageHead is the part of a page before its places.
const pageHead = 512

// answerClass returns the class of the answer to a request of the kind.
func answerClass(kind byte) Class {
	if kind == kindFetch {
		return Page
	}
	return Small
}

// marshalAnswer returns the payload of an answer to a request of the kind. ErrMalformed
// where the kind has another answer, ErrTooLong.
func marshalAnswer(kind byte, a Answer) ([]byte, error) {
	size := answerClass(kind).PayloadSize()
	if !fits(kind, a) {
		return nil, ErrMalformed
	}
	b := append(make([]byte, 0, size), byte(a.says()))
	switch a := a.(type) {
	case *Looked:
		b = append(b, a.Content[:]...)
	case *Cell:
		b = append(b, a.Cell[:]...)
	case *Standing:
		b = binary.BigEndian.AppendUint64(b, uint64(a.Used))
		b = binary.BigEndian.AppendUint64(b, uint64(a.Quota))
		b = binary.BigEndian.AppendUint32(b, uint32(a.Cells))
		b = binary.BigEndian.AppendUint32(b, uint32(a.Lots))
		b = binary.BigEndian.AppendUint64(b, uint64(a.Time))
	case *Fetched:
		return marshalPage(b, a)
	case *Done:
		if a.Status == StatusNothing {
			b = b[:1+SmallCell]
			rand.Read(b[1:])
		}
	}
	return fill(b, size), nil
}

// fits reports whether a is an answer to a request of the kind.
func fits(kind byte, a Answer) bool {
	if d, ok := a.(*Done); ok && d.Status != StatusOK {
		return kind != kindLook && d.Status <= StatusNothing && (kind == kindReadCell || d.Status != StatusNothing)
	}
	var ok bool
	switch kind {
	case kindLook:
		_, ok = a.(*Looked)
	case kindReadCell:
		_, ok = a.(*Cell)
	case kindLogin:
		_, ok = a.(*Standing)
	case kindFetch:
		_, ok = a.(*Fetched)
	default:
		_, ok = a.(*Done)
	}
	return ok
}

func marshalPage(b []byte, a *Fetched) ([]byte, error) {
	b = binary.BigEndian.AppendUint32(b, uint32(a.Left))
	b = binary.BigEndian.AppendUint32(b, uint32(a.Refused))
	b = binary.BigEndian.AppendUint64(b, uint64(a.Used))
	b = binary.BigEndian.AppendUint64(b, uint64(a.Quota))
	if len(a.Items) > PagePlaces {
		return nil, ErrTooLong
	}
	b = append(b, byte(len(a.Items)))
	size := 0
	for _, it := range a.Items {
		c, ok := ClassOf(len(it.Cell))
		if size += len(it.Cell); !ok || size > PagePlaces*SmallCell {
			return nil, ErrTooLong
		}
		b = append(append(b, it.Mark[:]...), byte(c))
	}
	b = fill(b, pageHead)
	for _, it := range a.Items {
		b = append(b, it.Cell...)
	}
	b = b[:Page.PayloadSize()]
	rand.Read(b[pageHead+size:])
	return b, nil
}

// unmarshalAnswer reads what marshalAnswer returned. ErrMalformed.
func unmarshalAnswer(kind byte, payload []byte) (Answer, error) {
	in := cryptobyte.String(payload)
	var status uint8
	if !in.ReadUint8(&status) {
		return nil, ErrMalformed
	}
	var a Answer = &Done{Status(status)}
	ok := true
	switch {
	case Status(status) == StatusNothing:
		ok = in.Skip(SmallCell)
	case Status(status) != StatusOK:
	case kind == kindLook:
		looked := new(Looked)
		a, ok = looked, in.CopyBytes(looked.Content[:])
	case kind == kindReadCell:
		cell := new(Cell)
		a, ok = cell, in.CopyBytes(cell.Cell[:])
	case kind == kindLogin:
		a, ok = readStanding(&in)
	case kind == kindFetch:
		return readPage(in)
	}
	if !ok || !fits(kind, a) || !zero(in) {
		return nil, ErrMalformed
	}
	return a, nil
}

func readStanding(in *cryptobyte.String) (Answer, bool) {
	var a Standing
	var used, quota uint64
	var cells, lots uint32
	ok := in.ReadUint64(&used) && in.ReadUint64(&quota) && in.ReadUint32(&cells) && in.ReadUint32(&lots) && readTime(in, &a.Time)
	a.Used, a.Quota, a.Cells, a.Lots = int64(used), int64(quota), int(cells), int(lots)
	return &a, ok && a.Used >= 0 && a.Quota >= 0
}

func readPage(in cryptobyte.String) (Answer, error) {
	var a Fetched
	var left, refused uint32
	var used, quota uint64
	var count uint8
	var head []byte
	if !in.ReadBytes(&head, pageHead-1) {
		return nil, ErrMalformed
	}
	top := cryptobyte.String(head)
	if !top.ReadUint32(&left) || !top.ReadUint32(&refused) || !top.ReadUint64(&used) || !top.ReadUint64(&quota) ||
		!top.ReadUint8(&count) || count > PagePlaces {
		return nil, ErrMalformed
	}
	a.Left, a.Refused, a.Used, a.Quota = int(left), int(refused), int64(used), int64(quota)
	for range count {
		var it Item
		var class uint8
		if !top.CopyBytes(it.Mark[:]) || !top.ReadUint8(&class) || Class(class).CellSize() == 0 ||
			!in.ReadBytes(&it.Cell, Class(class).CellSize()) {
			return nil, ErrMalformed
		}
		a.Items = append(a.Items, it)
	}
	if a.Used < 0 || a.Quota < 0 || !zero(top) {
		return nil, ErrMalformed
	}
	return &a, nil
}
