package near

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"tacit/identity/vectors"
)

// frameVector is a case of testdata/vectors/frame.json.
type frameVector struct {
	Name   string      `json:"name"`
	Bytes  vectors.Hex `json:"bytes"`
	Result string      `json:"result"`
	Kind   int         `json:"kind,omitempty"`
	Animal int         `json:"animal,omitempty"`
	Number int         `json:"number,omitempty"`
	Pick   bool        `json:"pick,omitempty"`
	Card   string      `json:"card,omitempty"`
}

// malformed returns a frame with any length, kind and body.
func malformed(length int, rest ...byte) vectors.Hex {
	return append(vectors.Hex{byte(length >> 8), byte(length)}, rest...)
}

func TestVectorsOfFrames(t *testing.T) {
	const card = "TACIT1:AEA7V4NEMABJGWN3WGFSGL57AJBJJ63VXI3DLFL2PCDUMRDP2KY2TRYAAEBAGBAFAYDQQCIKBMGA2DQPNNE5EAA"
	cases := []frameVector{}
	for _, c := range []struct {
		name string
		f    Frame
	}{
		{"name", Frame{kind: kindName, name: Name{17, 27}}},
		{"lowest name", Frame{kind: kindName, name: Name{0, MinNumber}}},
		{"highest name", Frame{kind: kindName, name: Name{Animals - 1, MaxNumber}}},
		{"pick", Frame{kind: kindPick, pick: true}},
		{"pick taken back", Frame{kind: kindPick}},
		{"card", Frame{kind: kindCard, card: card}},
		{"longest card", Frame{kind: kindCard, card: strings.Repeat("A", MaxCard)}},
		{"bye", Frame{kind: kindBye}},
	} {
		cases = append(cases, frameVector{
			Name: c.name, Bytes: c.f.Bytes(), Result: "ok", Kind: int(c.f.kind), Animal: c.f.name.Animal,
			Number: c.f.name.Number, Pick: c.f.pick, Card: c.f.card,
		})
	}
	for _, c := range []struct {
		name string
		b    vectors.Hex
	}{
		{"no kind", malformed(0)},
		{"kind 0", malformed(1, 0)},
		{"another kind", malformed(1, 5)},
		{"animal too high", malformed(3, kindName, Animals, 27)},
		{"number too low", malformed(3, kindName, 17, MinNumber-1)},
		{"number too high", malformed(3, kindName, 17, MaxNumber+1)},
		{"long name", malformed(4, kindName, 17, 27, 0)},
		{"short name", malformed(2, kindName, 17)},
		{"pick of 2", malformed(2, kindPick, 2)},
		{"pick without a value", malformed(1, kindPick)},
		{"empty card", malformed(1, kindCard)},
		{"card with a blank", malformed(3, kindCard, 'A', ' ')},
		{"card beyond ASCII", malformed(3, kindCard, 0xc3, 0xa9)},
		{"card too long", malformed(2+MaxCard, append([]byte{kindCard}, bytes.Repeat([]byte{'A'}, MaxCard+1)...)...)},
		{"bye with more", malformed(2, kindBye, 0)},
		{"too long", malformed(MaxFrame+1, append([]byte{kindBye}, make([]byte, MaxFrame)...)...)},
		{"broken off", malformed(3, kindName, 17)},
	} {
		cases = append(cases, frameVector{Name: c.name, Bytes: c.b, Result: "malformed"})
	}
	vectors.Check(t, "frame", "25", "what people who pair nearby say", cases)
}

func TestReplayFrames(t *testing.T) {
	for _, v := range vectors.Load[frameVector](t, "transport/near", "frame") {
		r := bytes.NewReader(v.Bytes)
		f, err := Read(r)
		if (err == nil) != (v.Result == "ok") {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		if err != nil {
			if f != (Frame{}) {
				t.Errorf("%s: %+v with an error", v.Name, f)
			}
			if v.Name == "animal too high" && !errors.Is(err, ErrFrame) {
				t.Errorf("%s: %v", v.Name, err)
			}
			continue
		}
		want := Frame{kind: byte(v.Kind), name: Name{v.Animal, v.Number}, pick: v.Pick, card: v.Card}
		if f != want || r.Len() > 0 || !bytes.Equal(f.Bytes(), v.Bytes) {
			t.Errorf("%s: %+v, %d bytes left, written %x", v.Name, f, r.Len(), f.Bytes())
		}
	}
}
