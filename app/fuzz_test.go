package app

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"
	"unicode/utf8"

	"tacit/identity/envelope"
)

// FuzzContent is what a contact can put into a box, compared with a reader of the
// same CBOR that knows nothing of the library.
func FuzzContent(f *testing.F) {
	f.Add(encode(&content{Seq: 1, Base: 1, Body: []byte{}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseContent(b)
		want, ok := readContent(b)
		if ok != (err == nil) {
			t.Fatalf("%x is a content by a plain reader: %t; %v", b, ok, err)
		}
		if err != nil {
			return
		}
		if c.Kind != want.Kind || c.Stream != want.Stream || c.Seq != want.Seq || c.Base != want.Base ||
			c.AckStream != want.AckStream || c.Ack != want.Ack || !bytes.Equal(c.Body, want.Body) {
			t.Fatalf("%+v, by a plain reader %+v", c, want)
		}
		if !bytes.Equal(encode(&c), b) {
			t.Fatalf("%x has another spelling", b)
		}
		compareText(t, c.Body)
		compareFileWords(t, c.Body)
		if g, err := envelope.UnmarshalGrant(c.Body); err == nil && !bytes.Equal(g.Marshal(), c.Body) {
			t.Fatal("two encodings of one grant")
		}
	})
}

// compareText compares a body with the plain reader too.
func compareText(t *testing.T, body []byte) {
	t.Helper()
	in := plainCBOR{rest: body, ok: true}
	in.take(0x82)
	at := in.integer()
	text := in.bytes(0x60)
	ok := in.ended() && len(text) > 0 && len(text) <= MaxTextBytes && utf8.Valid(text)
	parsed, err := parse[textBody](body)
	if ok != (err == nil) || ok && (parsed.SentAt != at || parsed.Text != string(text)) {
		t.Fatalf("text %q at %d by a plain reader, %t; %+v, %v", text, at, ok, parsed, err)
	}
	now := time.UnixMilli(1)
	if shown := sentAt(parsed.SentAt, now); shown.UTC().Year() < 1970 || shown.UTC().Year() > 9999 {
		t.Fatalf("%d is shown as %v", parsed.SentAt, shown)
	}
}

// readContent reads [kind, stream, seq, base, ack stream, ack, body].
func readContent(b []byte) (c content, ok bool) {
	in := plainCBOR{rest: b, ok: true}
	in.take(0x87)
	c.Kind, c.Stream = kind(in.number(0)), in.number(0)
	c.Seq, c.Base = in.number(0), in.number(0)
	c.AckStream, c.Ack = in.number(0), in.number(0)
	c.Body = in.bytes(0x40)
	return c, in.ended() && c.Seq >= 1 && c.Seq <= maxSeq && c.Base >= 1 && c.Base <= c.Seq && c.Ack <= maxSeq
}

// plainCBOR reads items in their shortest form only (RFC 8949, 4.2.1).
type plainCBOR struct {
	rest []byte
	ok   bool // nothing was amiss so far
}

func (in *plainCBOR) ended() bool { return in.ok && len(in.rest) == 0 }

func (in *plainCBOR) take(head byte) {
	in.ok = in.ok && len(in.rest) > 0 && in.rest[0] == head
	if in.ok {
		in.rest = in.rest[1:]
	}
}

// number reads the head of an item of a major type, 0x00 to 0xe0.
func (in *plainCBOR) number(major byte) uint64 {
	if !in.ok || len(in.rest) == 0 || in.rest[0]&0xe0 != major || in.rest[0]&0x1f > 27 {
		in.ok = false
		return 0
	}
	short := in.rest[0] & 0x1f
	in.rest = in.rest[1:]
	if short < 24 {
		return uint64(short)
	}
	size := 1 << (short - 24)
	if len(in.rest) < size {
		in.ok = false
		return 0
	}
	var wide [8]byte
	copy(wide[8-size:], in.rest)
	in.rest = in.rest[size:]
	n := binary.BigEndian.Uint64(wide[:])
	least := uint64(24) // what does not fit the next shorter form
	if size > 1 {
		least = 1 << (4 * size)
	}
	in.ok = n >= least
	return n
}

// integer reads an int64.
func (in *plainCBOR) integer() int64 {
	if in.ok && len(in.rest) > 0 && in.rest[0]&0xe0 == 0x20 {
		n := in.number(0x20)
		in.ok = in.ok && n < 1<<63
		return -1 - int64(n)
	}
	n := in.number(0)
	in.ok = in.ok && n < 1<<63
	return int64(n)
}

// bytes reads a byte string (0x40) or a text (0x60).
func (in *plainCBOR) bytes(major byte) []byte {
	n := in.number(major)
	if !in.ok || n > uint64(len(in.rest)) {
		in.ok = false
		return nil
	}
	b := in.rest[:n]
	in.rest = in.rest[n:]
	return b
}
