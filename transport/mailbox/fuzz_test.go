package mailbox

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"testing/cryptotest"
	"time"

	"tacit/identity"
)

// payload is head, brought to the size of a class: cut, or with zeros.
func payload(c Class, head []byte) []byte {
	b := make([]byte, c.PayloadSize())
	copy(b, head)
	return b
}

func FuzzRequest(f *testing.F) {
	f.Fuzz(func(t *testing.T, class byte, head []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		c := Class(class)
		if c.PayloadSize() == 0 {
			return
		}
		b := payload(c, head)
		client, served := newNode(1).talk(t)
		q, err := served.Open(seal(client.kq, b, client.data("q", c), c))
		if err != nil {
			if err != ErrMalformed || q != nil {
				t.Fatalf("%v, and %T", err, q)
			}
			return
		}
		again, class2, err := marshalRequest(q)
		if err != nil || class2 != c || !bytes.Equal(again, b) {
			t.Fatalf("%T has another spelling: %v", q, err)
		}
		frame, err := served.Answer(&Done{StatusLater})
		if _, isLook := q.(*Look); (err != nil) != isLook {
			t.Fatalf("%T is not answered: %v", q, err)
		}
		if err == nil && len(frame) != answerClass(b[0]).FrameSize() {
			t.Fatalf("an answer of %d bytes", len(frame))
		}
	})
}

func FuzzAnswer(f *testing.F) {
	asked := map[byte]Request{}
	for _, x := range exchanges() {
		asked[x.q.kind()] = x.q
	}
	f.Fuzz(func(t *testing.T, kind byte, head []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		q, ok := asked[kind]
		if !ok {
			return
		}
		client, served := newNode(1).talk(t)
		if _, err := client.Ask(q); err != nil {
			t.Fatal(err)
		}
		c := answerClass(kind)
		b := payload(c, head)
		a, err := client.Hear(seal(served.ka, b, served.data("a", c), c))
		if err != nil {
			if err != ErrMalformed || a != nil {
				t.Fatalf("%v, and %T", err, a)
			}
			return
		}
		again, err := marshalAnswer(kind, a)
		if err != nil {
			t.Fatalf("%T: %v", a, err)
		}
		if n := fixed(a); !bytes.Equal(again[:n], b[:n]) {
			t.Fatalf("%T has another spelling", a)
		}
		if _, err := client.Ask(&Leave{}); err != nil {
			t.Fatalf("the talk does not go on: %v", err)
		}
	})
}

// fixed is how much of an answer is not filled with random bytes.
func fixed(a Answer) int {
	switch a := a.(type) {
	case *Done:
		if a.Status == StatusNothing {
			return 1
		}
	case *Fetched:
		n := pageHead
		for _, it := range a.Items {
			n += len(it.Cell)
		}
		return n
	}
	return Small.PayloadSize()
}

// FuzzKeyRecord signs what the fuzzer made, and alters what was signed.
func FuzzKeyRecord(f *testing.F) {
	f.Fuzz(func(t *testing.T, version byte, from, until uint64, at uint16, flip byte) {
		cryptotest.SetGlobalRandom(t, 1)
		n := newNode(1)
		k := n.keys[0]
		k.from, k.until = int64(from), int64(until)
		b := k.Record(n.ed)
		if b[0] = version; version != recordVersion {
			sig, err := n.ed.Sign(nil, b[:recordSigned], &ed25519.Options{Context: signKey})
			if err != nil {
				t.Fatal(err)
			}
			copy(b[recordSigned:], sig)
		}
		b[int(at)%len(b)] ^= flip
		r, err := ParseKeyRecord(n.id(), b)
		good := version == recordVersion && flip == 0 && from < until && until <= endOfTime
		if (err == nil) != good || err == nil && (r.From != k.from || r.Until != k.until || r.ID != k.id) {
			t.Fatalf("%v, good %t", err, good)
		}
		if err != nil && (err != ErrMalformed || !r.Public.IsZero()) {
			t.Fatalf("%v, and a record", err)
		}
		stored, err := UnmarshalKey(k.Marshal())
		if timely := from < until && until <= endOfTime; (err == nil) != timely || err == nil && !bytes.Equal(stored.Marshal(), k.Marshal()) {
			t.Fatalf("stored: %v", err)
		}
	})
}

// FuzzPresence seals what the fuzzer made.
func FuzzPresence(f *testing.F) {
	f.Fuzz(func(t *testing.T, head []byte, now int64) {
		cryptotest.SetGlobalRandom(t, 1)
		kb := identity.LinkKey{1}
		plain := make([]byte, presencePlain)
		copy(plain, head)
		id := PresenceID(kb)
		content := [ContentSize]byte(identity.Seal(presenceKey(kb), plain, id[:]))
		p, err := OpenPresence(kb, content, time.Unix(now%endOfTime, 0))
		if err != nil {
			if err != ErrPresence || p.Relays != nil {
				t.Fatalf("%v, and %d relays", err, len(p.Relays))
			}
			return
		}
		if left := p.Until - now%endOfTime; left <= 0 || left > int64(PresenceLife/time.Second) {
			t.Fatalf("taken with %d s left", left)
		}
		slot, err := SealPresence(kb, p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := identity.Open(presenceKey(kb), slot.Content[:], id[:])
		if err != nil || !bytes.Equal(again, plain) {
			t.Fatalf("another spelling: %v", err)
		}
	})
}
