package app

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// Content is what travels inside the ratchet: one deterministic CBOR array
//
//	[kind, stream, seq, base, ack stream, ack, body]
//
// stream names the sender's numbering: drawn at random when the sender made the
// contact, so that somebody who removed a contact and met again starts a new one.
// seq numbers the contents of a stream from 1 without holes. base is the lowest
// number that the sender still wants to deliver; what lies below was acknowledged
// or given up. ack is the highest contiguous number received of stream "ack stream".
type content struct {
	_         struct{} `cbor:",toarray"`
	Kind      kind
	Stream    uint64
	Seq       uint64
	Base      uint64
	AckStream uint64
	Ack       uint64
	Body      []byte
}

type kind uint64

const (
	kindEmpty    kind = 0  // says only what the counters say
	kindText     kind = 1  // body: textBody; read, and no longer written
	kindGrant    kind = 2  // body: envelope.Grant
	kindMessage  kind = 3  // body: messageBody
	kindReaction kind = 4  // body: reactionBody
	kindEdit     kind = 5  // body: editBody
	kindDelete   kind = 6  // body: deleteBody
	kindTimer    kind = 7  // body: timerBody
	kindRead     kind = 8  // body: readBody
	kindTyping   kind = 9  // body: typingBody
	kindActive   kind = 10 // body: activeBody
	kindFileWant kind = 11 // body: of files
	kindFileEnd  kind = 12 // body: of files
	kindReceipt  kind = 13 // body: receiptBody
	kindOffer    kind = 14 // body: offerBody
)

const (
	// maxSeq bounds the numbers so that none can overflow a signed column.
	maxSeq = 1 << 62
	// usedTwice is added to an ack to say that a number came twice with different
	// texts: whoever numbers so was put back to a copy. Nobody counts as far.
	usedTwice = 1 << 61
)

// contentFraming bounds the bytes of a content around its text and what it says of a file:
// array head, six numbers of at most 9 bytes, the head of the body; in the body its own
// head, a ref, a time, the head of the text, what is answered, two flags and a timer.
const contentFraming = 1 + 6*9 + 5 + (1 + 17 + 9 + 5 + 19 + 2 + 9)

var errContent = errors.New("content malformed")

var (
	encMode = must(cbor.CoreDetEncOptions().EncMode())
	decMode = must(cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		MaxNestedLevels:   4,
		MaxArrayElements:  4096,
		MaxMapPairs:       16,
		UTF8:              cbor.UTF8RejectInvalid,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // options of this file, fixed at compile time
	}
	return v
}

// encode never fails: every field has an encoding.
func encode(v any) []byte { return must(encMode.Marshal(v)) }

// decode refuses trailing bytes and anything that encode would not have written so.
func decode(b []byte, v any) error {
	if err := decMode.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: %w", errContent, err)
	}
	if !bytes.Equal(encode(v), b) {
		return fmt.Errorf("%w: not deterministic", errContent)
	}
	return nil
}

func parseContent(b []byte) (content, error) {
	var c content
	if err := decode(b, &c); err != nil {
		return content{}, err
	}
	if c.Body == nil {
		return content{}, fmt.Errorf("%w: null for a body", errContent) // the library takes it for a byte string
	}
	if c.Seq == 0 || c.Seq > maxSeq || c.Base == 0 || c.Base > c.Seq || c.Ack > maxSeq {
		return content{}, fmt.Errorf("%w: numbers", errContent)
	}
	return c, nil
}
