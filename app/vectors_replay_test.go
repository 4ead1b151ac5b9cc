package app

import (
	"bytes"
	"slices"
	"testing"

	"tacit/identity/vectors"
)

// TestReplayContents takes the vectors as they are, from this program or from another one.
func TestReplayContents(t *testing.T) {
	for _, v := range vectors.Load[contentVector](t, "app", "content") {
		c, err := parseContent(v.Bytes)
		if (err == nil) == (v.Result == "malformed") {
			t.Errorf("%s: %v", v.Name, err)
		}
		if err != nil {
			continue
		}
		got := contentVector{Name: v.Name, Bytes: v.Bytes, Result: v.Result, SentAt: v.SentAt, Text: v.Text}
		got.read(c)
		if got.Kind != v.Kind || got.Stream != v.Stream || got.Seq != v.Seq || got.Base != v.Base ||
			got.AckStream != v.AckStream || got.Ack != v.Ack || !bytes.Equal(got.Body, v.Body) {
			t.Errorf("%s: another content", v.Name)
		}
		if !bytes.Equal(encode(&c), v.Bytes) {
			t.Errorf("%s: encoded otherwise", v.Name)
		}
		if said, err := says(c.Kind, c.Body); c.Kind != kindText {
			if (err == nil) != (v.Result == "ok") || !slices.Equal(said, v.Says) {
				t.Errorf("%s: %v, or says %q", v.Name, err, said)
			}
			continue
		}
		if body, err := parse[textBody](c.Body); (err == nil) != (v.Result == "ok") || err == nil && (decimal(body.SentAt) != v.SentAt || body.Text != v.Text) {
			t.Errorf("%s: %v, or another text", v.Name, err)
		}
	}
}
