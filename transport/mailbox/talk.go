package mailbox

import (
	"crypto/ed25519"
	"encoding/binary"

	"tacit/identity"
)

// line is what both ends of a talk share. Request and answer of a turn have its number.
type line struct {
	bound  []byte // H(node edPk, key id, ct), which a login signs
	kq, ka []byte // 32 each
	number uint64 // of the turn, from 0
	open   bool   // a request of this turn was made, its answer not
}

func newLine(node [32]byte, id KeyID, ct, ss []byte) line {
	bound := identity.Hash(node[:], id[:], ct)
	keys := identity.Derive(ss, nil, "tacit/1/talk keys", 64)
	return line{bound: bound[:], kq: keys[:32], ka: keys[32:]}
}

// talkInfo binds the secret of a talk to the node and its key.
func talkInfo(node [32]byte, id KeyID) []byte {
	h := identity.Hash(node[:], id[:])
	return append([]byte("tacit/1/talk"), h[:]...)
}

func (l *line) data(direction string, c Class) []byte {
	return identity.Join([]byte(direction), binary.BigEndian.AppendUint64(nil, l.number), []byte{byte(c)})
}

func seal(key, payload, data []byte, c Class) []byte {
	frame := append(make([]byte, 0, c.FrameSize()), byte(c))
	return identity.AppendSeal(frame, key, payload, data)
}

// openFrame opens a frame of whichever class it says.
func (l *line) openFrame(key, frame []byte, direction string) (payload []byte, c Class, err error) {
	if len(frame) == 0 {
		return nil, 0, ErrMalformed
	}
	c = Class(frame[0])
	if c.PayloadSize() == 0 || len(frame) != c.FrameSize() {
		return nil, 0, ErrMalformed
	}
	payload, err = identity.Open(key, frame[1:], l.data(direction, c))
	if err != nil {
		return nil, 0, ErrSealed
	}
	return payload, c, nil
}

// Talk is a client's end of a talk. It is used by one goroutine.
//
//	NewTalk --opening, TalkAccepted--> Ask --frame--> Hear --frame--> Ask ...
//
// After an error it is of no use any more.
type Talk struct {
	line
	asked byte // the kind of the request whose answer is next
}

// NewTalk begins a talk with the node of this Ed25519 key. The opening, OpeningSize
// bytes, goes behind the byte OpenTalk.
func NewTalk(node [32]byte, r KeyRecord) (opening []byte, t *Talk, err error) {
	if r.Public.IsZero() {
		return nil, nil, ErrMalformed
	}
	ct, ss, err := r.Public.Encapsulate(talkInfo(node, r.ID))
	if err != nil {
		return nil, nil, ErrMalformed
	}
	return append(r.ID[:], ct...), &Talk{line: newLine(node, r.ID, ct, ss)}, nil
}

// Login returns the request by which the owner of an account proves to be it, in this
// talk only.
func (t *Talk) Login(h identity.Home) *Login {
	key := ed25519.NewKeyFromSeed(h.Account[:])
	defer clear(key)
	sig, err := key.Sign(nil, t.bound, &ed25519.Options{Context: signLogin})
	if err != nil {
		panic(err) // only for a longer context
	}
	return &Login{Account: [32]byte(key[32:]), Invite: h.Invite, Signature: [64]byte(sig)}
}

// Ask returns the frame of a request. ErrTurn, ErrTooLong, ErrMalformed.
func (t *Talk) Ask(q Request) (frame []byte, err error) {
	if t.open {
		return nil, ErrTurn
	}
	payload, c, err := marshalRequest(q)
	if err != nil {
		return nil, err
	}
	t.open, t.asked = true, q.kind()
	return seal(t.kq, payload, t.data("q", c), c), nil
}

// Hear reads the frame of the answer to the last request: *Done, *Looked, *Cell,
// *Standing or *Fetched. ErrTurn, ErrSealed, ErrMalformed.
func (t *Talk) Hear(frame []byte) (Answer, error) {
	if !t.open {
		return nil, ErrTurn
	}
	payload, c, err := t.openFrame(t.ka, frame, "a")
	if err != nil {
		return nil, err
	}
	if c != answerClass(t.asked) {
		return nil, ErrMalformed
	}
	a, err := unmarshalAnswer(t.asked, payload)
	if err != nil {
		return nil, err
	}
	t.open, t.number = false, t.number+1
	return a, nil
}

// Served is a node's end of a talk. It is used by one goroutine.
//
//	Accept --> Open --request--> Answer --frame--> Open ...
//
// After an error it is of no use any more.
type Served struct {
	line
	asked byte
}

// Accept takes the opening of a talk with the node of this Ed25519 key, under one of its
// keys; ok unless none of them is meant, or the opening is none. Then TalkRefused is the answer.
func Accept(node [32]byte, keys []Key, opening [OpeningSize]byte) (s *Served, ok bool) {
	id, ct := KeyID(opening[:KeyIDSize]), opening[KeyIDSize:]
	for _, k := range keys {
		if k.id != id {
			continue
		}
		ss, err := k.private.Decapsulate(ct, talkInfo(node, id))
		if err != nil {
			return nil, false
		}
		return &Served{line: newLine(node, id, ct, ss)}, true
	}
	return nil, false
}

// Open reads the frame of the next request. ErrTurn, ErrSealed, ErrMalformed.
func (s *Served) Open(frame []byte) (Request, error) {
	if s.open {
		return nil, ErrTurn
	}
	payload, c, err := s.openFrame(s.kq, frame, "q")
	if err != nil {
		return nil, err
	}
	q, err := unmarshalRequest(payload, c)
	if err != nil {
		return nil, err
	}
	s.open, s.asked = true, q.kind()
	return q, nil
}

// Proves reports whether a login is of the owner of the account, made for this talk.
func (s *Served) Proves(q *Login) bool {
	return ed25519.VerifyWithOptions(q.Account[:], s.bound, q.Signature[:], &ed25519.Options{Context: signLogin}) == nil
}

// Answer returns the frame of the answer to the last request: a Refuse fits each, else
// it is of the type that its kind has. ErrTurn, ErrTooLong, ErrMalformed.
func (s *Served) Answer(a Answer) (frame []byte, err error) {
	if !s.open {
		return nil, ErrTurn
	}
	payload, err := marshalAnswer(s.asked, a)
	if err != nil {
		return nil, err
	}
	c := answerClass(s.asked)
	frame = seal(s.ka, payload, s.data("a", c), c)
	s.open, s.number = false, s.number+1
	return frame, nil
}
