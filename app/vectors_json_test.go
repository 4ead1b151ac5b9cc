package app

import (
	"slices"
	"strconv"
	"testing"

	"tacit/identity/vectors"
)

// contentVector is a content as it stands inside the padding. Numbers of 64 bits are text.
type contentVector struct {
	Name      string      `json:"name"`
	Bytes     vectors.Hex `json:"bytes"`
	Result    string      `json:"result"`
	Kind      string      `json:"kind,omitempty"`
	Stream    string      `json:"stream,omitempty"`
	Seq       string      `json:"seq,omitempty"`
	Base      string      `json:"base,omitempty"`
	AckStream string      `json:"ack_stream,omitempty"`
	Ack       string      `json:"ack,omitempty"`
	Body      vectors.Hex `json:"body,omitempty"`
	SentAt    string      `json:"sent_at,omitempty"`
	Text      string      `json:"text,omitempty"`
}

// read fills in what b says.
func (v *contentVector) read(c content) {
	number := func(n uint64) string { return strconv.FormatUint(n, 10) }
	v.Kind, v.Stream, v.Seq, v.Base = number(uint64(c.Kind)), number(c.Stream), number(c.Seq), number(c.Base)
	v.AckStream, v.Ack, v.Body = number(c.AckStream), number(c.Ack), c.Body
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func TestVectorsOfContents(t *testing.T) {
	good := content{Kind: kindText, Stream: 1<<64 - 1, Seq: 300, Base: 23, AckStream: 1 << 32, Ack: 24, Body: encode(&textBody{SentAt: 1_800_000_000_123, Text: "Grüße"})}
	change := func(f func(*content)) []byte {
		c := good
		f(&c)
		return encode(&c)
	}
	body := func(b []byte) []byte { return change(func(c *content) { c.Body = b }) }
	text := func(s string) []byte { return body(encode(&textBody{SentAt: 1, Text: s})) }
	encoded := encode(&good)
	raw := func(v any) []byte { return encode(v) }
	cases := []contentVector{
		{Name: "a text", Result: "ok", Bytes: encoded},
		{Name: "an empty one", Result: "ok", Bytes: encode(&content{Stream: 1, Seq: 1, Base: 1, Body: []byte{}})},
		{Name: "an empty one with a body that nobody looks at", Result: "ok", Bytes: encode(&content{Stream: 1, Seq: 1, Base: 1, Body: []byte{1}})},
		{Name: "the greatest numbers", Result: "ok", Bytes: change(func(c *content) { c.Kind, c.Seq, c.Base, c.AckStream, c.Ack = 1<<64-1, maxSeq, maxSeq, 1<<64-1, maxSeq })},
		{Name: "a text sent before 1970", Result: "ok", Bytes: body(encode(&textBody{SentAt: -1, Text: "x"}))},
		{Name: "an empty text", Result: "body malformed", Bytes: text("")},
		{Name: "a text that is not UTF-8", Result: "body malformed", Bytes: body([]byte{0x82, 1, 0x61, 0xff})},
		{Name: "a text as bytes", Result: "body malformed", Bytes: body([]byte{0x82, 1, 0x41, 'x'})},
		{Name: "a time as a float", Result: "body malformed", Bytes: body([]byte{0x82, 0xf9, 0x3c, 0, 0x61, 'x'})},
		{Name: "a time written longer", Result: "body malformed", Bytes: body([]byte{0x82, 0x18, 1, 0x61, 'x'})},
		{Name: "a byte after the text", Result: "body malformed", Bytes: body(append(encode(&textBody{SentAt: 1, Text: "x"}), 0))},
		{Name: "a text without a body", Result: "body malformed", Bytes: body([]byte{})},
		{Name: "nothing", Result: "malformed", Bytes: []byte{}},
		{Name: "a byte short", Result: "malformed", Bytes: encoded[:len(encoded)-1]},
		{Name: "a byte long", Result: "malformed", Bytes: append(slices.Clone(encoded), 0)},
		{Name: "number 0", Result: "malformed", Bytes: change(func(c *content) { c.Seq, c.Base = 0, 0 })},
		{Name: "base 0", Result: "malformed", Bytes: change(func(c *content) { c.Base = 0 })},
		{Name: "base above the number", Result: "malformed", Bytes: change(func(c *content) { c.Base = 301 })},
		{Name: "a number above 2^62", Result: "malformed", Bytes: change(func(c *content) { c.Seq = maxSeq + 1 })},
		{Name: "a receipt above 2^62", Result: "malformed", Bytes: change(func(c *content) { c.Ack = maxSeq + 1 })},
		{Name: "an element less", Result: "malformed", Bytes: raw([]any{1, 7, 3, 2, 0, 0})},
		{Name: "an element more", Result: "malformed", Bytes: raw([]any{1, 7, 3, 2, 0, 0, []byte{}, 0})},
		{Name: "a negative number", Result: "malformed", Bytes: raw([]any{1, -7, 3, 2, 0, 0, []byte{}})},
		{Name: "a number as a float", Result: "malformed", Bytes: raw([]any{1, 7, 3.5, 2, 0, 0, []byte{}})},
		{Name: "a body as a text", Result: "malformed", Bytes: raw([]any{1, 7, 3, 2, 0, 0, "x"})},
		{Name: "a body that is null", Result: "malformed", Bytes: raw([]any{1, 7, 3, 2, 0, 0, nil})},
		{Name: "a map", Result: "malformed", Bytes: raw(map[int]int{1: 1})},
		{Name: "a number written longer", Result: "malformed", Bytes: append([]byte{0x87, 0x18, 0x01}, encoded[2:]...)},
		{Name: "indefinite length", Result: "malformed", Bytes: append(append([]byte{0x9f}, encoded[1:]...), 0xff)},
		{Name: "a tag", Result: "malformed", Bytes: append([]byte{0xc1}, encoded...)},
	}
	for i := range cases {
		v := &cases[i]
		c, err := parseContent(v.Bytes)
		if (err == nil) == (v.Result == "malformed") {
			t.Errorf("%s: %v", v.Name, err)
		}
		if err != nil {
			continue
		}
		v.read(c)
		if c.Kind != kindText {
			continue
		}
		body, err := parse[textBody](c.Body)
		if (err == nil) != (v.Result == "ok") {
			t.Errorf("text of %s: %v", v.Name, err)
		}
		if err == nil {
			v.SentAt, v.Text = decimal(body.SentAt), body.Text
		}
	}
	vectors.Check(t, "content", "12", "contents. result body malformed: kept like a newer kind", cases)
}
