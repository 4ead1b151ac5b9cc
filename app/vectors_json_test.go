package app

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tacit/identity"
	"tacit/identity/envelope"
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
	Says      []string    `json:"says,omitempty"`
}

// read fills in what b says.
func (v *contentVector) read(c content) {
	number := func(n uint64) string { return strconv.FormatUint(n, 10) }
	v.Kind, v.Stream, v.Seq, v.Base = number(uint64(c.Kind)), number(c.Stream), number(c.Seq), number(c.Base)
	v.AckStream, v.Ack, v.Body = number(c.AckStream), number(c.Ack), c.Body
}

// says returns the elements of a body, or why a receiver refuses it. Bytes are in hex.
func says(k kind, body []byte) ([]string, error) {
	var err error
	switch k {
	case kindMessage:
		_, err = parse[messageBody](body)
	case kindReaction:
		_, err = parse[reactionBody](body)
	case kindEdit:
		_, err = parse[editBody](body)
	case kindDelete:
		_, err = parse[deleteBody](body)
	case kindTimer:
		_, err = parse[timerBody](body)
	case kindRead:
		_, err = parse[readBody](body)
	case kindTyping:
		_, err = parse[typingBody](body)
	case kindActive:
		_, err = parse[activeBody](body)
	case kindFileWant:
		_, err = parse[fileWantBody](body)
	case kindFileEnd:
		_, err = parse[fileEndBody](body)
	case kindReceipt:
		_, err = parse[receiptBody](body)
	case kindOffer:
		_, err = parse[offerBody](body)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []any
	if err := decode(body, &list); err != nil {
		return nil, err
	}
	var out []string
	for _, v := range list {
		out = append(out, spelled(v))
	}
	return out, nil
}

func spelled(v any) string {
	switch v := v.(type) {
	case []byte:
		return hex.EncodeToString(v)
	case []any:
		var list []string
		for _, v := range v {
			list = append(list, spelled(v))
		}
		return "[" + strings.Join(list, ", ") + "]"
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}

// remarks are contents of the kinds that people cause besides texts.
func remarks() (cases []contentVector) {
	var ref, other Ref
	for i := range ref {
		ref[i], other[i] = byte(i+1), byte(0xa0+i)
	}
	const at = 1_800_000_000_123
	file := envelope.File{Key: [32]byte{1}, ID: envelope.FileID{2}, Length: 300_000, Tree: [32]byte{3}}
	picture := &fileBody{Descriptor: file.Marshal(), Name: "leaf.jpg", Type: "image/jpeg", Width: 640, Height: 480}
	add := func(name, result string, k kind, body any) {
		b, raw := body.([]byte)
		if !raw {
			b = encode(body)
		}
		cases = append(cases, contentVector{Name: name, Result: result, Bytes: encode(&content{Kind: k, Stream: 7, Seq: 3, Base: 2, Body: b})})
	}
	bad := func(name string, k kind, body any) { add(name, "body malformed", k, body) }
	add("a message", "ok", kindMessage, &messageBody{Ref: ref, SentAt: at, Text: "Grüße"})
	add("an answer that vanishes after an hour", "ok", kindMessage, &messageBody{Ref: ref, SentAt: at, Text: "Ja!", Reply: &targetBody{By: byHearer, Ref: other}, Timer: 3600})
	add("an answer to what is gone, forwarded", "ok", kindMessage, &messageBody{Ref: ref, SentAt: -1, Text: "x", Reply: &targetBody{}, Forwarded: true})
	add("a picture without a text", "ok", kindMessage, &messageBody{Ref: ref, SentAt: at, File: picture})
	bad("a message without a name", kindMessage, &messageBody{SentAt: at, Text: "x"})
	bad("a message without a text", kindMessage, &messageBody{Ref: ref, SentAt: at})
	bad("a message that vanishes in 29 s", kindMessage, &messageBody{Ref: ref, SentAt: at, Text: "x", Timer: 29})
	bad("an answer to a third person", kindMessage, &messageBody{Ref: ref, SentAt: at, Text: "x", Reply: &targetBody{By: 2, Ref: other}})
	bad("a file without a descriptor", kindMessage, &messageBody{Ref: ref, SentAt: at, Text: "x", File: &fileBody{Descriptor: []byte{0xa0}, Name: "x"}})
	bad("an element less in a message", kindMessage, []any{ref[:], at, "x", nil, false, 0})
	add("a reaction", "ok", kindReaction, &reactionBody{By: byHearer, Ref: ref, Emoji: "👩🏽‍❤️‍💋‍👨🏾", On: true, At: at})
	add("a flag taken away", "ok", kindReaction, &reactionBody{By: byTeller, Ref: ref, Emoji: "🇫🇷", At: at})
	add("a key", "ok", kindReaction, &reactionBody{Ref: ref, Emoji: "1️⃣", On: true, At: at})
	for _, emoji := range []string{"x", "🎉🎉", "🇫", "👩" + strings.Repeat("\u200d👩", 9)} {
		bad(fmt.Sprintf("%q as a reaction", emoji), kindReaction, &reactionBody{Ref: ref, Emoji: emoji, On: true, At: at})
	}
	bad("a reaction to a third person's", kindReaction, &reactionBody{By: 2, Ref: ref, Emoji: "🎉", On: true, At: at})
	bad("a reaction that is on 1", kindReaction, []any{0, ref[:], "🎉", 1, at})
	add("an edit", "ok", kindEdit, &editBody{Ref: ref, Text: "Guten Tag", Revision: 2, At: at})
	bad("revision 0", kindEdit, &editBody{Ref: ref, Text: "x", At: at})
	bad("an edit to 12289 bytes", kindEdit, &editBody{Ref: ref, Text: strings.Repeat("x", MaxTextBytes+1), Revision: 1, At: at})
	add("a deletion", "ok", kindDelete, &deleteBody{Ref: ref})
	bad("a name of 15 bytes", kindDelete, []any{ref[:15]})
	add("a timer", "ok", kindTimer, &timerBody{Seconds: 30, Version: 1, At: at})
	add("no timer any more", "ok", kindTimer, &timerBody{Version: maxSeq, At: at})
	for _, seconds := range []int{-1, 31_536_000_000_000, 2_419_201} {
		bad(fmt.Sprintf("a timer of %d s", seconds), kindTimer, []any{seconds, 1, at})
	}
	bad("a timer of version 0", kindTimer, &timerBody{Seconds: 30, At: at})
	add("two read", "ok", kindRead, &readBody{Refs: []Ref{ref, other}})
	bad("none read", kindRead, []any{[]any{}})
	bad("65 read", kindRead, &readBody{Refs: make([]Ref, 65)})
	add("typing", "ok", kindTyping, &typingBody{On: true})
	bad("typing 1", kindTyping, []any{1})
	add("there", "ok", kindActive, &activeBody{Active: true, Seen: at})
	add("gone, and not said since when", "ok", kindActive, &activeBody{})
	add("a file wanted from a cell on", "ok", kindFileWant, &fileWantBody{ID: file.ID, From: 4})
	add("a file that has arrived", "ok", kindFileEnd, &fileEndBody{ID: file.ID, By: byHearer, Reason: endComplete})
	bad("a file that ends for reason 5", kindFileEnd, []any{file.ID[:], 0, 5})
	add("a receipt for two boxes", "ok", kindReceipt, &receiptBody{Digests: []Digest{Digest(ref), Digest(other)}})
	bad("a receipt for none", kindReceipt, []any{[]any{}})
	bad("a receipt for 65 boxes", kindReceipt, &receiptBody{Digests: make([]Digest, 65)})
	bad("a receipt for a digest of 15 bytes", kindReceipt, []any{[]any{ref[:15]}})
	add("an offer to hold messages", "ok", kindOffer, &offerBody{Address: exampleNode()})
	add("an offer withdrawn", "ok", kindOffer, &offerBody{Address: []byte{}})
	bad("an offer of half an address", kindOffer, &offerBody{Address: exampleNode()[:30]})
	return cases
}

// exampleNode is the address of the first vector of identity/node_address.
func exampleNode() []byte {
	addr, err := identity.ParseNodeAddress("TACITNODE1:AEXQGQCBIJBUIRKGI5EESSSLJRGU4T2QKFJFGVCVKZLVQWK2LNOF2XS7B6QW433EMUXGK6DBNVYGYZIBAIBQIBIGA4EASCQLBQGQ4DYQ")
	if err != nil {
		panic(err)
	}
	b, err := addr.Marshal()
	if err != nil {
		panic(err)
	}
	return b
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
	cases = append(cases, remarks()...)
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
		v.Says, err = says(c.Kind, c.Body)
		if c.Kind != kindText {
			if (err == nil) != (v.Result == "ok") {
				t.Errorf("body of %s: %v", v.Name, err)
			}
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
	vectors.Check(t, "content", "12", "contents. result body malformed: kept like a newer kind where it is one of kind 1 to 3, else dropped", cases)
}
