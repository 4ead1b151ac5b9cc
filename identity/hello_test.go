package identity

import (
	"bytes"
	"crypto/rand"
	"testing"

	"pgregory.net/rapid"
)

var peerD, peerL = []byte("dialler's peer ID"), []byte("listener's")

func linkKeys(n int) []LinkKey {
	keys := make([]LinkKey, n)
	for i := range keys {
		rand.Read(keys[i][:])
	}
	return keys
}

func TestHelloFindsTheOneThatIsShared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dial := linkKeys(rapid.IntRange(1, HelloTags).Draw(t, "dial"))
		accept := linkKeys(rapid.IntRange(1, 50).Draw(t, "accept"))
		i := rapid.IntRange(0, len(dial)-1).Draw(t, "i")
		j := rapid.IntRange(0, len(accept)-1).Draw(t, "j")
		dial[i] = accept[j]

		cell := NewHello(dial, peerD, peerL)
		matched, answer, ok := MatchHello(cell, accept, peerD, peerL)
		if !ok || matched != j {
			t.Fatalf("matched %d, %t, want %d", matched, ok, j)
		}
		proven, ok := CheckAnswer(answer, dial, peerD, peerL)
		if !ok || proven != i {
			t.Fatalf("proven %d, %t, want %d", proven, ok, i)
		}

		answer[rapid.IntRange(0, AnswerSize-1).Draw(t, "at")] ^= 1
		if i, ok := CheckAnswer(answer, dial, peerD, peerL); ok || i != -1 {
			t.Fatal("a changed answer proves")
		}
	})
}

func TestHelloTellsStrangersNothing(t *testing.T) {
	dial, accept := linkKeys(100), linkKeys(100)
	cell := NewHello(dial, peerD, peerL)
	i, answer, ok := MatchHello(cell, accept, peerD, peerL)
	if ok || i != -1 {
		t.Error("strangers match")
	}
	if _, again, _ := MatchHello(cell, accept, peerD, peerL); again == answer || answer == [AnswerSize]byte{} {
		t.Error("the answer to a stranger is not random")
	}
	if _, ok := CheckAnswer(answer, dial, peerD, peerL); ok {
		t.Error("a random answer proves")
	}
	if _, _, ok := MatchHello(cell, nil, peerD, peerL); ok {
		t.Error("no key matches")
	}
	if _, ok := CheckAnswer(answer, nil, peerD, peerL); ok {
		t.Error("no key is proven")
	}
}

func TestHelloIsAsWritten(t *testing.T) {
	key := linkKeys(1)[0]
	cell := NewHello([]LinkKey{key}, peerD, peerL)
	tag := MAC(key[:], Join([]byte("d"), peerD, peerL))
	if !bytes.Contains(cell[:], tag[:tagSize]) {
		t.Error("no tag HMAC(kb, d, E_D, E_L)")
	}
	_, answer, _ := MatchHello(cell, []LinkKey{key}, peerD, peerL)
	if answer != MAC(key[:], Join([]byte("l"), peerL, peerD)) {
		t.Error("the answer is not HMAC(kb, l, E_L, E_D)")
	}
}

// A hello or an answer that is carried to, or from, another pair of ends is worth nothing.
func TestHelloIsBoundToItsEnds(t *testing.T) {
	keys := linkKeys(1)
	cell := NewHello(keys, peerD, peerL)
	_, answer, _ := MatchHello(cell, keys, peerD, peerL)
	other := []byte("somebody else's")
	joined := append(bytes.Clone(peerD), peerL[0]) // the same bytes, divided elsewhere
	for name, ends := range map[string][2][]byte{
		"other dialler":  {other, peerL},
		"other listener": {peerD, other},
		"swapped":        {peerL, peerD},
		"divided":        {joined, peerL[1:]},
	} {
		if _, _, ok := MatchHello(cell, keys, ends[0], ends[1]); ok {
			t.Errorf("%s: matches", name)
		}
		if _, ok := CheckAnswer(answer, keys, ends[0], ends[1]); ok {
			t.Errorf("%s: proves", name)
		}
	}
	var reflected [AnswerSize]byte
	tag := dialTag(keys[0], peerD, peerL)
	copy(reflected[:], tag[:])
	if _, ok := CheckAnswer(reflected, keys, peerD, peerL); ok {
		t.Error("a tag proves")
	}
}

func TestHelloOfManyKeysShowsTheFirst(t *testing.T) {
	keys := linkKeys(HelloTags + 10)
	cell := NewHello(keys, peerD, peerL)
	for i, key := range keys {
		_, _, ok := MatchHello(cell, []LinkKey{key}, peerD, peerL)
		if want := i < HelloTags; ok != want {
			t.Errorf("key %d is shown: %t", i, ok)
		}
	}
	_, answer, _ := MatchHello(NewHello(keys[HelloTags:], peerD, peerL), keys[HelloTags:], peerD, peerL)
	if _, ok := CheckAnswer(answer, keys, peerD, peerL); ok {
		t.Error("a key that was not shown is proven")
	}
}

func TestFirstOfSeveralMatches(t *testing.T) {
	keys := linkKeys(4)
	i, answer, ok := MatchHello(NewHello(keys, peerD, peerL), []LinkKey{{}, keys[2], keys[0]}, peerD, peerL)
	if !ok || i != 1 {
		t.Fatalf("matched %d, %t", i, ok)
	}
	if i, ok := CheckAnswer(answer, keys, peerD, peerL); !ok || i != 2 {
		t.Errorf("proven %d, %t", i, ok)
	}
}

// Where a tag lies says nothing about which key it is of.
func TestHelloIsShuffled(t *testing.T) {
	keys := linkKeys(1)
	tag := dialTag(keys[0], peerD, peerL)
	places := map[int]bool{}
	for range 50 {
		cell := NewHello(keys, peerD, peerL)
		at := bytes.Index(cell[:], tag[:])
		if at < 0 || at%tagSize != 0 || at >= HelloTags*tagSize {
			t.Fatalf("tag at %d", at)
		}
		places[at] = true
	}
	if len(places) < 25 {
		t.Errorf("only %d places in 50 hellos", len(places))
	}
	if len(NewHello(nil, peerD, peerL)) != 4096 {
		t.Error("a hello is not one cell")
	}
}

func BenchmarkMatchHello200(b *testing.B) {
	cell, keys := NewHello(linkKeys(200), peerD, peerL), linkKeys(200)
	for b.Loop() {
		MatchHello(cell, keys, peerD, peerL)
	}
}
