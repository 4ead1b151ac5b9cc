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
	kindEmpty kind = 0 // says only what the counters say
	kindText  kind = 1 // body: textBody
	kindGrant kind = 2 // body: envelope.Grant
)

type textBody struct {
	_      struct{} `cbor:",toarray"`
	SentAt int64    // milliseconds since 1970, the sender's clock
	Text   string
}

const (
	// maxSeq bounds the numbers so that none can overflow a signed column.
	maxSeq = 1 << 62
	// usedTwice is added to an ack to say that a number came twice with different
	// texts: whoever numbers so was put back to a copy. Nobody counts as far.
	usedTwice = 1 << 61
)

// contentFraming bounds the bytes of a content around its text: array head, six
// numbers of at most 9 bytes, the head of the body, and its own heads and time.
const contentFraming = 1 + 6*9 + 5 + (1 + 9 + 5)

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

func parseText(b []byte) (textBody, error) {
	var t textBody
	if err := decode(b, &t); err != nil {
		return textBody{}, err
	}
	if t.Text == "" || len(t.Text) > MaxTextBytes {
		return textBody{}, fmt.Errorf("%w: text", errContent)
	}
	return t, nil
}
