package ratchet

import (
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/vectors"
)

// ratchetVector is a conversation. Alice is S of the pairing.
type ratchetVector struct {
	Name    string        `json:"name"`
	AD      vectors.Hex   `json:"ad"`
	SK      vectors.Hex   `json:"sk"`
	HKa     vectors.Hex   `json:"hka"`
	NHKb    vectors.Hex   `json:"nhkb"`
	BobSeed vectors.Hex   `json:"bob_seed"`
	Steps   []ratchetStep `json:"steps"`
}

// ratchetStep is one Seal or one Open.
type ratchetStep struct {
	Seal  string      `json:"seal,omitempty"`
	Open  string      `json:"open,omitempty"`
	At    int64       `json:"at,omitempty"`
	As    string      `json:"as,omitempty"`
	Skip  int         `json:"skip,omitempty"`
	Seed  vectors.Hex `json:"seed,omitempty"`
	Eseed vectors.Hex `json:"eseed,omitempty"`
	RK    vectors.Hex `json:"rk,omitempty"`
	CK    vectors.Hex `json:"ck,omitempty"`
	NHK   vectors.Hex `json:"nhk,omitempty"`

	Box    string      `json:"box,omitempty"`
	Alter  [][2]int    `json:"alter,omitempty"`
	Cut    int         `json:"cut,omitempty"`
	Add    vectors.Hex `json:"add,omitempty"`
	Bytes  vectors.Hex `json:"bytes,omitempty"`
	Result string      `json:"result,omitempty"`
	Plain  vectors.Hex `json:"plain,omitempty"`
}

var ratchetResults = map[string]error{
	"ok": nil, "unknown": ErrUnknown, "used": ErrUsed, "too far": ErrTooFar, "forged": ErrForged, "malformed": ErrMalformed,
}

// play makes one ratchetVector by playing it.
type play struct {
	t     *testing.T
	v     ratchetVector
	ends  map[string]*State
	boxes map[string]vectors.Hex
	seed  uint64
	at    int64
}

func newPlay(t *testing.T, name string, seed uint64) *play {
	stream := mathrand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	var k [5]key
	for i := range k {
		stream.Read(k[i][:])
	}
	alice, err := NewAlice(k[0], k[1], k[2], identity.NewPrivateKey(k[3]).Public(), k[4])
	if err != nil {
		t.Fatal(err)
	}
	bob := NewBob(k[0], k[1], k[2], k[3], k[4])
	return &play{
		t: t, ends: map[string]*State{"alice": &alice, "bob": &bob}, boxes: map[string]vectors.Hex{}, seed: seed,
		v: ratchetVector{Name: name, SK: k[0][:], HKa: k[1][:], NHKb: k[2][:], BobSeed: k[3][:], AD: k[4][:]},
	}
}

func (p *play) now() time.Time { return time.Unix(p.at, 0) }

// seal lets somebody seal the name of the box.
func (p *play) seal(who string, names ...string) {
	p.t.Helper()
	for _, as := range names {
		end := p.ends[who]
		p.seed++
		step := ratchetStep{Seal: who, At: p.at, As: as, Plain: vectors.Hex(as)}
		stream := vectors.Reseed(p.t, p.seed)
		if end.stage == turn {
			begun := *end
			if err := begun.beginChain(); err != nil {
				p.t.Fatal(err)
			}
			step.Eseed, step.Seed = vectors.NextEseed(stream), begun.seed[:]
			step.RK, step.CK, step.NHK = begun.root[:], begun.sendChain[:], begun.nextSendHeader[:]
			vectors.Reseed(p.t, p.seed)
		}
		box, next, err := end.Seal(step.Plain, p.now())
		if err != nil {
			p.t.Fatal(err)
		}
		*end, step.Bytes, p.boxes[as] = next, box, box
		p.v.Steps = append(p.v.Steps, step)
	}
}

// skip seals what nobody gets.
func (p *play) skip(who string, n int) {
	p.t.Helper()
	for range n {
		_, next, err := p.ends[who].Seal(nil, p.now())
		if err != nil {
			p.t.Fatal(err)
		}
		*p.ends[who] = next
	}
	p.v.Steps = append(p.v.Steps, ratchetStep{Seal: who, At: p.at, Skip: n})
}

// open gives somebody boxes that must open.
func (p *play) open(who string, names ...string) {
	p.t.Helper()
	for _, name := range names {
		p.try(ratchetStep{Open: who, Box: name, Result: "ok"})
	}
}

// refuse gives somebody boxes that must not.
func (p *play) refuse(who, result string, names ...string) {
	p.t.Helper()
	for _, name := range names {
		p.try(ratchetStep{Open: who, Box: name, Result: result})
	}
}

func (p *play) try(step ratchetStep) {
	p.t.Helper()
	step.At = p.at
	end, box := p.ends[step.Open], step.Bytes
	if step.Box != "" {
		box = step.apply(p.boxes[step.Box])
	}
	plain, next, err := end.Open(box, p.now())
	if !errors.Is(err, ratchetResults[step.Result]) {
		p.t.Fatalf("%s: %s opens %s: %v, not %s", p.v.Name, step.Open, step.Box, err, step.Result)
	}
	*end, step.Plain = next, plain
	p.v.Steps = append(p.v.Steps, step)
}

// apply does to a box what the step says.
func (s ratchetStep) apply(box []byte) []byte {
	b := slices.Concat(box[:len(box)-s.Cut], s.Add)
	for _, a := range s.Alter {
		b[a[0]] ^= byte(a[1])
	}
	return b
}

// forge is a box with a good header that was never sealed, and no body.
func (p *play) forge(header []byte, hk key) vectors.Hex {
	p.seed++
	vectors.Reseed(p.t, p.seed)
	return slices.Concat(identity.Seal(hk[:], header, p.v.AD), make([]byte, identity.Overhead+1))
}

func TestVectorsOfRatchet(t *testing.T) {
	var cases []ratchetVector
	for i, c := range []struct {
		name   string
		script func(*play)
	}{
		{"in order", playInOrder},
		{"out of order and twice", playOutOfOrder},
		{"both at once", playCrossing},
		{"late messages of a chain that ended", playLate},
		{"the greatest skip, and one more", playSkip},
		{"a full store of skipped keys", playFullStore},
		{"more old chains than are kept", playOldChains},
		{"skipped keys expire", playExpiry},
		{"altered, cut and sent back", playRefused},
		{"headers that no peer writes", playForged},
	} {
		p := newPlay(t, c.name, uint64(2000+1000*i))
		c.script(p)
		cases = append(cases, p.v)
	}
	vectors.Check(t, "ratchet", "9", "conversations of alice (S) and bob (R)", cases)
}

func playInOrder(p *play) {
	for i := range 3 {
		a, b := fmt.Sprintf("a%d", i), fmt.Sprintf("b%d", i)
		p.seal("alice", a)
		p.open("bob", a)
		p.seal("bob", b)
		p.open("alice", b)
	}
}

func playOutOfOrder(p *play) {
	p.seal("alice", "a0", "a1", "a2", "a3")
	p.open("bob", "a3", "a0")
	p.refuse("bob", "used", "a0", "a3")
	p.open("bob", "a2", "a1")
	p.refuse("bob", "used", "a0", "a1", "a2", "a3")
}

// Both seal the first of a chain before they have heard of the other's.
func playCrossing(p *play) {
	p.seal("alice", "a0", "a1")
	p.open("bob", "a0")
	p.seal("bob", "b0")
	p.seal("alice", "a2")
	p.open("alice", "b0")
	p.seal("alice", "a3")
	p.seal("bob", "b1")
	p.open("bob", "a2", "a3")
	p.open("alice", "b1")
	p.seal("bob", "b2")
	p.seal("alice", "a4")
	p.open("alice", "b2")
	p.open("bob", "a1", "a4")
}

func playLate(p *play) {
	p.seal("alice", "a0", "a1", "a2", "a3")
	p.open("bob", "a1")
	p.seal("bob", "b0")
	p.open("alice", "b0")
	p.seal("alice", "a4", "a5")
	p.open("bob", "a5", "a0", "a3")
	p.seal("bob", "b1")
	p.open("bob", "a2", "a4")
	p.refuse("bob", "unknown", "a0", "a1", "a2")
	p.refuse("bob", "used", "a4", "a5")
	p.open("alice", "b1")
}

func playSkip(p *play) {
	p.seal("alice", "0")
	p.skip("alice", 999)
	p.seal("alice", "1000")
	p.skip("alice", 1000)
	p.seal("alice", "2001", "2002")
	p.open("bob", "1000")
	p.refuse("bob", "too far", "2002")
	p.open("bob", "2001", "2002", "0")
}

// Each chain loses 1000: the third makes room by the keys of the first.
func playFullStore(p *play) {
	for i := range 3 {
		first, last, reply := fmt.Sprintf("first %d", i), fmt.Sprintf("last %d", i), fmt.Sprintf("b%d", i)
		p.seal("alice", first)
		p.skip("alice", 999)
		p.seal("alice", last)
		p.open("bob", last)
		p.seal("bob", reply)
		p.open("alice", reply)
	}
	p.refuse("bob", "unknown", "first 0")
	p.open("bob", "first 1", "first 2")
}

func playOldChains(p *play) {
	for i := range 10 {
		a, b := fmt.Sprintf("a%d", i), fmt.Sprintf("b%d", i)
		p.seal("alice", a)
		if i < 2 {
			p.seal("alice", "late "+a)
		} else {
			p.skip("alice", 1)
		}
		p.open("bob", a)
		if i < 9 {
			p.seal("bob", b)
			p.open("alice", b)
		}
	}
	p.refuse("bob", "unknown", "late a0")
	p.open("bob", "late a1")
}

func playExpiry(p *play) {
	const day = 24 * 60 * 60
	p.seal("alice", "a0", "a1", "a2", "a3", "a4")
	p.open("bob", "a2")
	p.at = 30 * day
	p.open("bob", "a3", "a0")
	p.at = 30*day + 1
	p.open("bob", "a4")
	p.refuse("bob", "used", "a1")
}

func playRefused(p *play) {
	p.seal("alice", "a0")
	for _, at := range []int{0, 24, 56, HeaderSize - 1} {
		p.try(ratchetStep{Open: "bob", Box: "a0", Alter: [][2]int{{at, 1}}, Result: "unknown"})
	}
	for _, at := range []int{HeaderSize, HeaderSize + 24, HeaderSize + 56, Overhead + 1} {
		p.try(ratchetStep{Open: "bob", Box: "a0", Alter: [][2]int{{at, 0x80}}, Result: "forged"})
	}
	p.try(ratchetStep{Open: "bob", Box: "a0", Cut: 1, Result: "forged"})
	p.try(ratchetStep{Open: "bob", Box: "a0", Add: vectors.Hex{0}, Result: "forged"})
	p.try(ratchetStep{Open: "bob", Box: "a0", Cut: 3, Result: "malformed"})
	p.refuse("alice", "unknown", "a0")
	p.open("bob", "a0")
	p.refuse("bob", "used", "a0")
	p.try(ratchetStep{Open: "bob", Box: "a0", Alter: [][2]int{{HeaderSize + 56, 1}}, Result: "used"})
	p.seal("bob", "b0")
	p.refuse("bob", "unknown", "b0")
	p.open("alice", "b0")
}

func playForged(p *play) {
	alice := p.ends["alice"]
	p.seal("alice", "a0", "a1")
	hk := alice.sendHeader
	header := slices.Concat(alice.public, alice.ct, []byte{0, 0, 0, 0, 0, 0, 0, 0})
	with := func(change func([]byte)) []byte {
		b := slices.Clone(header)
		change(b)
		return b
	}
	bob := func(box vectors.Hex, result string) { p.try(ratchetStep{Open: "bob", Bytes: box, Result: result}) }
	bob(p.forge(with(func(b []byte) { b[headerPN+3] = 1 }), hk), "malformed") // PN in the first chain there is
	bob(p.forge(with(func(b []byte) { b[0], b[1] = 0xff, b[1]|0x0f }), hk), "malformed")
	bob(p.forge(with(func(b []byte) { clear(b[headerPN-32 : headerPN]) }), hk), "malformed")
	bob(p.forge(with(func(b []byte) { b[headerN+2], b[headerN+3] = 0x03, 0xe9 }), hk), "too far")
	bob(p.forge(header, hk), "forged")
	p.open("bob", "a0", "a1")
	p.seal("bob", "b0")
	p.open("alice", "b0")
	p.seal("alice", "a2")
	hk, header = alice.sendHeader, slices.Concat(alice.public, alice.ct, []byte{0, 0, 0, 2, 0, 0, 0, 0})
	bob(p.forge(with(func(b []byte) { b[headerPN+3] = 1 }), hk), "malformed") // fewer than have arrived
	bob(p.forge(with(func(b []byte) { b[headerPN+2], b[headerPN+3] = 0x03, 0xeb }), hk), "too far")
	p.open("bob", "a2")
}
