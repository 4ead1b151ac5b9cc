package app

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	handshake "tacit/identity/pairing"
	"tacit/identity/session"
)

// line is what two people share once their keys agree: the ratchets, the rights
// to write, and the numbering both ways. Until this side has authenticated the
// other, it hangs on the pairing; then on the contact. It is a value.
type line struct {
	session session.State
	reset   session.Reset // on a contact's line only
	grants  session.Grants

	stream   uint64 // names the own numbering
	next     uint64 // number of the next own content
	floor    uint64 // lowest own number still to be delivered
	theirs   uint64 // the peer's stream
	received uint64 // highest contiguous number of it
	loaded   uint64 // next when the program started; 0 where the stream was drawn since
	fresh    bool   // the ratchet that sends was made by a reset since the program started
	again    bool   // the peer used a number twice: it was put back to a copy, and is told so

	grantDue   bool   // the peer is to get a new grant as soon as something can be sealed
	grantSeq   uint64 // the number of the latest grant, 0 when none was sent
	grantAcked bool   // it arrived
	sealAnew   bool   // the boxes under way belong to a ratchet that the peer may have lost
	wanted     bool   // a reset is to be begun: nothing is left of the ratchets
	unheard    bool   // the renewed ratchet sends, and the peer has said nothing in it yet
	refused    bool   // messages failed for good and nothing came since
	letterAt   int64  // when the last message of a reset was left at a node, milliseconds since 1970; 0: not yet

	heard   uint64 // contents of people received since anything was said
	heardAt int64  // when the first of them came, milliseconds since 1970
}

func newLine(s handshake.Secrets, stream uint64, now time.Time) (line, error) {
	state, err := session.New(s, now)
	if err != nil {
		return line{}, err
	}
	return line{session: state, stream: stream, next: 1, floor: 1}, nil
}

// merge adds what another pairing with the same person gave; both number the
// same stream.
func (l *line) merge(o line, now time.Time) {
	l.session = l.session.Merge(o.session, now)
	l.next = max(l.next, o.next)
	if l.theirs == o.theirs || l.theirs == 0 {
		l.theirs, l.received = o.theirs, max(l.received, o.received)
	}
	if !l.grants.Writable() && o.grants.Writable() {
		l.grants = o.grants
	}
}

func newStream() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:])
}

// lineRecord is what the store keeps as a session: never copied by a backup.
type lineRecord struct {
	_          struct{} `cbor:",toarray"`
	Session    []byte
	Stream     uint64
	Floor      uint64
	Theirs     uint64
	GrantDue   bool
	GrantSeq   uint64
	GrantAcked bool
	SealAnew   bool
	Refused    bool
	Heard      uint64
	HeardAt    int64
	Reset      []byte
	Wanted     bool
	Unheard    bool
	Again      bool
	LetterAt   int64
}

func (l *line) marshal() []byte {
	return encode(&lineRecord{
		Session: l.session.Marshal(), Stream: l.stream, Floor: l.floor, Theirs: l.theirs,
		GrantDue: l.grantDue, GrantSeq: l.grantSeq, GrantAcked: l.grantAcked,
		SealAnew: l.sealAnew, Refused: l.refused, Heard: l.heard, HeardAt: l.heardAt,
		Reset: l.reset.Marshal(), Wanted: l.wanted, Unheard: l.unheard, Again: l.again, LetterAt: l.letterAt,
	})
}

func (l *line) delivery() DeliveryRecord {
	return DeliveryRecord{NextSeq: l.next, Received: l.received}
}

// readLine decodes a record. Older ones end sooner: before sessions could be reset there
// were 11 fields, and before a reset could go by mailbox 15.
func readLine(b []byte) (lineRecord, error) {
	var fields []cbor.RawMessage
	if err := decode(b, &fields); err != nil {
		return lineRecord{}, err
	}
	if len(fields) == 11 {
		no := encode(false)
		fields = append(fields, encode([]byte{}), no, no, no)
	}
	if len(fields) == 15 {
		fields = append(fields, encode(0))
	}
	var r lineRecord
	err := decode(encode(fields), &r)
	return r, err
}

// unmarshalLine reads what marshal returned. rs and number are of the contact, for a
// record that was stored before sessions could be reset.
func unmarshalLine(b, grants []byte, d DeliveryRecord, rs [32]byte, number uint64) (line, error) {
	r, err := readLine(b)
	if err != nil {
		return line{}, err
	}
	state, err := session.Unmarshal(r.Session)
	if err != nil {
		return line{}, fmt.Errorf("session: %w", err)
	}
	l := line{
		session: state.WithResetSecret(rs), reset: session.NewReset(rs, number), stream: r.Stream, next: d.NextSeq, floor: r.Floor, theirs: r.Theirs, received: d.Received,
		grantDue: r.GrantDue, grantSeq: r.GrantSeq, grantAcked: r.GrantAcked,
		sealAnew: r.SealAnew, refused: r.Refused, heard: r.Heard, heardAt: r.HeardAt,
		wanted: r.Wanted, unheard: r.Unheard, again: r.Again, letterAt: r.LetterAt,
	}
	if len(r.Reset) > 0 {
		if l.reset, err = session.UnmarshalReset(r.Reset); err != nil {
			return line{}, fmt.Errorf("reset: %w", err)
		}
	}
	if len(grants) == 0 {
		return l, nil
	}
	if l.grants, err = session.UnmarshalGrants(grants); err != nil {
		return line{}, fmt.Errorf("grants: %w", err)
	}
	return l, nil
}

// speaks reports whether contents may be sealed. In a renewed ratchet they wait until
// the peer was heard: its first word says whether the own numbering is of today.
func (l *line) speaks() bool { return l.session.Ready() && !l.unheard }

// seal seals content number seq and moves the ratchet. Anything said answers what was heard.
func (l *line) seal(k kind, body []byte, seq uint64, now time.Time) (box []byte, err error) {
	if body == nil {
		body = []byte{}
	}
	ack := l.received
	if l.again {
		ack = usedTwice | min(ack, usedTwice-1)
	}
	plain := encode(&content{
		Kind: k, Stream: l.stream, Seq: seq, Base: l.floor,
		AckStream: l.theirs, Ack: ack, Body: body,
	})
	box, next, err := l.session.Seal(plain, now)
	if err != nil {
		return nil, err
	}
	l.session = next
	l.heard, l.heardAt = 0, 0
	return box, nil
}

// arrival is what a number says about a content.
type arrival int

const (
	isNew    arrival = iota // the next one
	isRepeat                // it came before
	isEarly                 // one before it is missing
)

// open opens a box. Only with isNew and isRepeat did the line move; an early one
// is forgotten and comes again, after what is missing: the peer resends in order.
// So content is never shown out of order, and nothing has to be held back.
func (l *line) open(box []byte, now time.Time) (content, arrival, error) {
	plain, next, err := l.session.Open(box, now)
	if err != nil {
		return content{}, 0, err
	}
	c, err := parseContent(plain)
	if err != nil {
		return content{}, 0, err
	}
	theirs, received := l.theirs, l.received
	anew := c.Stream != theirs && theirs != 0
	if anew { // they lost what they had, and answer to this ratchet only
		if _, next, err = l.session.Adopt(box, now); err != nil {
			return content{}, 0, fmt.Errorf("%w: %w", errLate, err)
		}
	}
	again := l.again
	if c.Stream != theirs {
		theirs, received, again = c.Stream, c.Base-1, false
	}
	received = max(received, c.Base-1) // they gave up what lies below
	a := isNew
	switch {
	case c.Seq <= received:
		a = isRepeat
	case c.Seq > received+1:
		return c, isEarly, nil
	default:
		received = c.Seq
	}
	l.session, l.theirs, l.received, l.refused, l.again = next, theirs, received, false, again
	if anew {
		l.sealAnew, l.grantDue = true, true
	}
	return c, a, nil
}

// errLate is a content of a stream that the peer has left since.
var errLate = errors.New("content of an earlier stream")

// surpassed reports that the peer has received numbers that were never given out: this
// side was put back to an older copy of itself.
func (l *line) surpassed(c content) bool { return c.AckStream == l.stream && c.Ack >= l.next }

// acknowledges returns the highest number that c acknowledges, or 0. Numbers given out
// since the program started are left to receipts of the link, which name the box: where
// this side was put back to a copy, the peer has other contents of these numbers.
func (l *line) acknowledges(c content) uint64 {
	switch {
	case c.AckStream != l.stream:
		return 0
	case l.loaded > 0:
		return min(c.Ack&^usedTwice, l.loaded-1)
	case l.surpassed(c):
		return 0
	}
	return c.Ack
}
