package identity

import (
	"bytes"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"
)

func FuzzParseCard(f *testing.F) {
	c := NewCard(Fingerprint{1}, time.Hour, true, start)
	f.Add(c.String())
	c.Hint = hint(f, Hint{Port: 443, Name: "example.org"})
	f.Add(c.String())
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCard(s)
		if err != nil {
			if err != ErrCardMalformed && err != ErrCardNewer || c.Hint != nil || c.Fingerprint != (Fingerprint{}) {
				t.Fatalf("%v, and %v", err, c)
			}
			return
		}
		if c.String() != strings.TrimSpace(s) {
			t.Fatal("two spellings of one card")
		}
		if n := len(c.Marshal()); n < cardFixed || n > cardFixed+MaxHint {
			t.Fatalf("card of %d bytes", n)
		}
		if len(c.Hint) == 0 {
			return
		}
		h, err := ParseHint(c.Hint)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := h.Marshal(); err != nil || !bytes.Equal(again, c.Hint) {
			t.Fatalf("two encodings of one hint: %v", err)
		}
	})
}

// FuzzHello is a dialler that puts anything into its hello, the tags of keys that it
// has among it, and a listener that answers anything.
func FuzzHello(f *testing.F) {
	keys := make([]LinkKey, 300)
	for i := range keys {
		keys[i] = LinkKey{byte(i), byte(i >> 8), 1}
	}
	f.Add(uint16(10), uint16(3), uint16(16*7), []byte("fill"), []byte("dialler"), []byte("listener"), uint8(0))
	f.Fuzz(func(t *testing.T, count, plant, at uint16, fill, dialler, listener []byte, flip uint8) {
		cryptotest.SetGlobalRandom(t, 1)
		own := keys[:int(count)%(len(keys)+1)]
		var cell [HelloSize]byte
		for i := 0; len(fill) > 0 && i < len(cell); {
			i += copy(cell[i:], fill)
		}
		tag := dialTag(keys[int(plant)%len(keys)], dialler, listener)
		copy(cell[int(at)%(len(cell)-tagSize+1):], tag[:])

		want := -1 // the first own key whose tag is in one of the places
		for i := len(own) - 1; i >= 0; i-- {
			tag := dialTag(own[i], dialler, listener)
			for place := range HelloTags {
				if bytes.Equal(cell[place*tagSize:][:tagSize], tag[:]) {
					want = i
				}
			}
		}
		i, answer, ok := MatchHello(cell, own, dialler, listener)
		if i != want || ok != (want >= 0) {
			t.Fatalf("key %d, %t, want %d", i, ok, want)
		}
		if !bytes.Equal(dialler, listener) {
			if i, _, ok := MatchHello(cell, own, listener, dialler); ok {
				t.Fatalf("key %d between other ends", i)
			}
		}
		shown := keys[:min(len(own), HelloTags)]
		answer[int(flip)%AnswerSize] ^= flip & 1
		got, ok := CheckAnswer(answer, keys[:len(shown)], dialler, listener)
		if proven := want >= 0 && want < len(shown) && flip&1 == 0; ok != proven || ok && got != want {
			t.Fatalf("the answer proves key %d, %t, want %d, %t", got, ok, want, proven)
		}
		if i, _, ok := MatchHello(NewHello(own, dialler, listener), own, dialler, listener); ok != (len(own) > 0) || ok && i != 0 {
			t.Fatalf("an honest hello: key %d, %t", i, ok)
		}
	})
}
