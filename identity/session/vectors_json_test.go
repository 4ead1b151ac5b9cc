package session

import (
	"errors"
	mathrand "math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
	"tacit/identity/ratchet"
	"tacit/identity/vectors"
)

// sessionVector is a conversation of S and R after their pairing.
type sessionVector struct {
	Name  string        `json:"name"`
	AD    vectors.Hex   `json:"ad"`
	SK    vectors.Hex   `json:"sk"`
	HKa   vectors.Hex   `json:"hka"`
	NHKb  vectors.Hex   `json:"nhkb"`
	RSeed vectors.Hex   `json:"r_seed"`
	Steps []sessionStep `json:"steps"`
}

// sessionStep is one Seal or one Open.
type sessionStep struct {
	Seal  string      `json:"seal,omitempty"`
	Open  string      `json:"open,omitempty"`
	As    string      `json:"as,omitempty"`
	Seed  vectors.Hex `json:"seed,omitempty"`
	Eseed vectors.Hex `json:"eseed,omitempty"`
	RK    vectors.Hex `json:"rk,omitempty"`
	CK    vectors.Hex `json:"ck,omitempty"`
	NHK   vectors.Hex `json:"nhk,omitempty"`

	Fields  []string    `json:"fields,omitempty"` // kind, stream, seq, base, ack stream, ack
	Body    vectors.Hex `json:"body,omitempty"`
	Content vectors.Hex `json:"content,omitempty"`
	Cell    vectors.Hex `json:"cell,omitempty"`
	Digest  vectors.Hex `json:"digest,omitempty"`

	Box    string   `json:"box,omitempty"`
	Alter  [][2]int `json:"alter,omitempty"`
	Result string   `json:"result,omitempty"`
}

var sessionResults = map[string]error{
	"ok": nil, "unknown": ErrUnknown, "used": ErrUsed, "too far": ErrTooFar, "forged": ErrForged, "malformed": ErrMalformed,
}

// chainKeys is what section 9 derives along the chains of one conversation.
type chainKeys struct {
	ad   []byte
	rk   []byte
	hk   map[string][]byte // of the next chain of each sender
	seed map[string][]byte // of the key pair that the next chain of the other is sealed to
}

// begin derives the keys of a chain from its first box, as the peer of its sender does.
func (k *chainKeys) begin(t *testing.T, sender, peer string, box []byte) (rk, ck, nhk []byte) {
	t.Helper()
	header, err := identity.Open(k.hk[sender], box[:ratchet.HeaderSize], k.ad)
	if err != nil {
		t.Fatalf("a chain of %s: %v", sender, err)
	}
	ct := header[identity.KEMPublicSize:][:identity.KEMCiphertextSize]
	ss, err := identity.NewPrivateKey([32]byte(k.seed[peer])).Decapsulate(ct, slices.Concat([]byte("tacit/1/ratchet"), k.ad))
	if err != nil {
		t.Fatal(err)
	}
	out := identity.Derive(ss, k.rk, "tacit/1/rk", 96)
	k.rk, k.hk[sender] = out[:32], out[64:]
	return out[:32], out[32:64], out[64:]
}

// sessionPlay makes one sessionVector by playing it.
type sessionPlay struct {
	t     *testing.T
	v     sessionVector
	ends  map[string]*State
	cells map[string]vectors.Hex
	keys  chainKeys
	turn  map[string]bool // whose next box begins a chain
	seed  uint64
}

func newSessionPlay(t *testing.T, name string, seed uint64) *sessionPlay {
	stream := mathrand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	var k [6][32]byte
	for i := range k {
		stream.Read(k[i][:])
	}
	p := pairing.Secrets{SK: k[0], HKa: k[1], NHKb: k[2], AD: k[3], RS: k[5], T2: [32]byte{1}, RatchetKey: k[4][:]}
	r, err := New(p, start)
	if err != nil {
		t.Fatal(err)
	}
	p.Sender, p.RatchetKey = true, identity.NewPrivateKey(k[4]).Public()
	s, err := New(p, start)
	if err != nil {
		t.Fatal(err)
	}
	return &sessionPlay{
		t: t, ends: map[string]*State{"R": &r, "S": &s}, cells: map[string]vectors.Hex{}, seed: seed, turn: map[string]bool{"S": true},
		keys: chainKeys{ad: k[3][:], rk: k[0][:], hk: map[string][]byte{"S": k[1][:], "R": k[2][:]}, seed: map[string][]byte{"R": k[4][:]}},
		v:    sessionVector{Name: name, SK: k[0][:], HKa: k[1][:], NHKb: k[2][:], AD: k[3][:], RSeed: k[4][:]},
	}
}

func coreDet(t *testing.T, v any) []byte {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	b, err := mode.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// seal lets S or R seal a content; fields are kind, stream, seq, base, ack stream, ack.
func (p *sessionPlay) seal(who, as string, body []byte, fields ...uint64) {
	p.t.Helper()
	step := sessionStep{Seal: who, As: as, Body: body}
	var array []any
	for _, f := range fields {
		array = append(array, f)
		step.Fields = append(step.Fields, strconv.FormatUint(f, 10))
	}
	step.Content = coreDet(p.t, append(array, append([]byte{}, body...)))
	p.seed++
	stream := vectors.Reseed(p.t, p.seed)
	box, next, err := p.ends[who].Seal(step.Content, start)
	if err != nil {
		p.t.Fatal(err)
	}
	*p.ends[who] = next
	if p.turn[who] {
		p.turn[who] = false
		step.Eseed, step.Seed = vectors.NextEseed(stream), make(vectors.Hex, 32)
		stream.Read(step.Seed)
		step.RK, step.CK, step.NHK = p.keys.begin(p.t, who, peerOf[who], box)
		p.keys.seed[who] = step.Seed
	}
	if step.Cell, err = envelope.NewCell(envelope.RandomToken(), box); err != nil {
		p.t.Fatal(err)
	}
	digest := Digest(box)
	step.Digest, p.cells[as] = digest[:], step.Cell
	p.v.Steps = append(p.v.Steps, step)
}

var peerOf = map[string]string{"S": "R", "R": "S"}

// open gives S or R a cell. begins says that it is the first to arrive of a chain.
func (p *sessionPlay) open(who, cell, result string, begins bool, alter ...[2]int) {
	p.t.Helper()
	b := slices.Clone(p.cells[cell])
	for _, a := range alter {
		b[a[0]] ^= byte(a[1])
	}
	_, box, err := envelope.Split(b)
	if err != nil {
		p.t.Fatal(err)
	}
	content, next, err := p.ends[who].Open(box, start)
	if !errors.Is(err, sessionResults[result]) {
		p.t.Fatalf("%s opens %s: %v, not %s", who, cell, err, result)
	}
	*p.ends[who] = next
	if begins {
		p.turn[who] = true
	}
	p.v.Steps = append(p.v.Steps, sessionStep{Open: who, Box: cell, Alter: alter, Result: result, Content: content})
}

func TestVectorsOfSession(t *testing.T) {
	const streamS, streamR = 0x0123456789abcdef, 1<<63 + 7
	at := start.UnixMilli()
	text := func(s string) []byte { return coreDet(t, []any{at, s}) }
	grant := func(n byte) []byte {
		return envelope.Grant{Seed: [32]byte{n}, Count: envelope.GrantCount, NotAfter: start.Add(envelope.GrantLife), LinkKey: identity.LinkKey{n}}.Marshal()
	}
	p := newSessionPlay(t, "after a meeting", 5000)
	p.seal("S", "S1: empty, after M5", nil, 0, streamS, 1, 1, 0, 0)
	p.open("R", "S1: empty, after M5", "ok", true)
	p.seal("R", "R1: grant", grant(1), 2, streamR, 1, 1, streamS, 1)
	p.seal("S", "S2: grant", grant(2), 2, streamS, 2, 1, 0, 0)
	p.open("S", "R1: grant", "ok", true)
	p.open("R", "S2: grant", "ok", false)
	p.seal("S", "S3: text", text("hello"), 1, streamS, 3, 3, streamR, 1)
	p.seal("S", "S4: text", text("Grüße, \u0633\u0644\u0627\u0645, \U0001f44b\U0001f3fd"), 1, streamS, 4, 3, streamR, 1)
	p.open("R", "S4: text", "ok", true)
	p.open("R", "S3: text", "forged", false, [2]int{envelope.TokenSize + 2416, 1})
	p.open("R", "S3: text", "ok", false, [2]int{0, 0xff}) // the token is of no account on a link
	p.open("R", "S3: text", "used", false)
	p.seal("R", "R2: the longest text", text(strings.Repeat("x", 12288)), 1, streamR, 2, 2, streamS, 4)
	p.open("S", "R2: the longest text", "ok", true)
	p.seal("S", "S5: of a newer kind", []byte{1, 2, 3}, 77, streamS, 5, 5, streamR, 2)
	p.open("R", "S5: of a newer kind", "ok", true)
	p.open("S", "S5: of a newer kind", "unknown", false)
	vectors.Check(t, "session", "11", "conversations of S and R from the keys of a pairing on: cells, padding, contents, digests", []sessionVector{p.v})
}
