package app

import (
	"strings"
	"testing"
	"time"

	"tacit/identity/session"
)

func TestContentFits(t *testing.T) {
	if MaxTextBytes+contentFraming > session.MaxContent {
		t.Errorf("a text of %d bytes may not fit %d", MaxTextBytes, session.MaxContent)
	}
	body := encode(&textBody{SentAt: -1 << 62, Text: strings.Repeat("x", MaxTextBytes)})
	full := encode(&content{Kind: 1<<64 - 1, Stream: 1<<64 - 1, Seq: maxSeq, Base: maxSeq, AckStream: 1<<64 - 1, Ack: maxSeq, Body: body})
	if got := len(full) - MaxTextBytes; got > contentFraming {
		t.Errorf("framing takes %d bytes, stated %d", got, contentFraming)
	}
}

func TestContentIsRefused(t *testing.T) {
	good := content{Kind: kindText, Stream: 7, Seq: 3, Base: 2, Body: encode(&textBody{SentAt: 1, Text: "hello"})}
	if c, err := parseContent(encode(&good)); err != nil || c.Seq != 3 {
		t.Fatalf("good content: %+v, %v", c, err)
	}
	change := func(f func(*content)) []byte {
		c := good
		f(&c)
		return encode(&c)
	}
	for what, b := range map[string][]byte{
		"nothing":                 nil,
		"trailing byte":           append(encode(&good), 0),
		"cut":                     encode(&good)[:10],
		"number 0":                change(func(c *content) { c.Seq, c.Base = 0, 0 }),
		"no base":                 change(func(c *content) { c.Base = 0 }),
		"base above the number":   change(func(c *content) { c.Base = 4 }),
		"number too great":        change(func(c *content) { c.Seq = maxSeq + 1 }),
		"receipt too great":       change(func(c *content) { c.Ack = maxSeq + 1 }),
		"null for a body":         change(func(c *content) { c.Kind, c.Body = kindEmpty, nil }),
		"another type":            encode("hello"),
		"an element too many":     encode([]any{1, 7, 3, 2, 0, 0, []byte{}, 0}),
		"a number written longer": append([]byte{0x87, 0x18, 0x01}, encode(&good)[2:]...),
		"indefinite length":       append(append([]byte{0x9f}, encode(&good)[1:]...), 0xff),
	} {
		if c, err := parseContent(b); err == nil {
			t.Errorf("%s: accepted as %+v", what, c)
		}
	}
}

func TestTextIsRefused(t *testing.T) {
	for what, b := range map[string][]byte{
		"empty":         encode(&textBody{}),
		"too long":      encode(&textBody{Text: strings.Repeat("x", MaxTextBytes+1)}),
		"invalid UTF-8": {0x82, 0x01, 0x61, 0xff},
	} {
		if _, err := parse[textBody](b); err == nil {
			t.Errorf("%s text was accepted", what)
		}
	}
}

func TestSentAtOutsideTheCalendar(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	for _, ms := range []int64{-1, lastSentAt, 1<<63 - 1, -1 << 63} {
		if got := sentAt(ms, now); !got.Equal(now) {
			t.Errorf("sentAt(%d) = %v", ms, got)
		}
	}
	if got := sentAt(lastSentAt-1, now).UTC().Year(); got != 9999 {
		t.Errorf("the last good time is in %d", got)
	}
}
