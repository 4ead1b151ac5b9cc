package mailbox

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"tacit/identity"
	"tacit/identity/vectors"
)

// The replays take the vectors as they are, from this program or from another one, and
// read the bytes by the tables of section 23, not by the code of this package.

const vectorsDir = "transport/mailbox"

func TestReplayKeyRecords(t *testing.T) {
	for _, c := range vectors.Load[recordVector](t, vectorsDir, "key_record") {
		r, err := ParseKeyRecord([32]byte(c.Node), c.Record)
		if results[err] != c.Result {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		ed := ed25519.NewKeyFromSeed(c.NodeSeed)
		public := identity.NewPrivateKey([32]byte(c.Seed)).Public()
		id := sha256.Sum256(append([]byte("tacit/1/node"), public...))
		b := slices.Concat([]byte{1}, public, number(t, c.From), number(t, c.Until))
		sig, err := ed.Sign(nil, b, &ed25519.Options{Context: "tacit/1/node key"})
		if err != nil || !bytes.Equal(c.Record, append(b, sig...)) || !bytes.Equal(c.Node, ed[32:]) || !bytes.Equal(c.ID, id[:8]) ||
			!bytes.Equal(r.ID[:], c.ID) || !bytes.Equal(number(t, c.Until), binary.BigEndian.AppendUint64(nil, uint64(r.Until))) {
			t.Errorf("%s: another record: %v", c.Name, err)
		}
	}
}

// number reads a decimal string into 8 bytes.
func number(t *testing.T, s string) []byte {
	t.Helper()
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return n.FillBytes(make([]byte, 8))
}

func TestReplayTalks(t *testing.T) {
	for _, c := range vectors.Load[talkVector](t, vectorsDir, "talk") {
		ed := ed25519.NewKeyFromSeed(c.NodeSeed)
		private := identity.NewPrivateKey([32]byte(c.KeySeed))
		id := sha256.Sum256(append([]byte("tacit/1/node"), private.Public()...))
		ct := vectors.EncapsulateDerand(t, private.Public(), c.Eseed)
		ss, err := private.Decapsulate(ct, append([]byte("tacit/1/talk"), hash(ed[32:], id[:8])...))
		if err != nil {
			t.Fatal(err)
		}
		keys := identity.Derive(ss, nil, "tacit/1/talk keys", 64)
		if !bytes.Equal(c.Opening, append(id[:8:8], ct...)) || !bytes.Equal(c.KQ, keys[:32]) || !bytes.Equal(c.KA, keys[32:]) {
			t.Errorf("%s: another opening, or other keys", c.Name)
		}
		account := ed25519.NewKeyFromSeed(c.AccountSeed)
		sig, err := account.Sign(nil, hash(ed[32:], id[:8], ct), &ed25519.Options{Context: "tacit/1/login"})
		if err != nil || !bytes.Equal(c.Login, slices.Concat([]byte{16}, []byte(account[32:]), c.Invite, sig)) {
			t.Errorf("%s: another login: %v", c.Name, err)
		}
		var frames [][]byte
		for i, f := range c.Frames {
			key := keys[:32]
			if f.Direction == "a" {
				key = keys[32:]
			}
			if f.Result != "ok" {
				frame := slices.Clone(frames[f.Of])
				for _, a := range f.Alter {
					frame[a[0]] ^= byte(a[1])
				}
				l := line{kq: keys[:32], ka: keys[32:], number: f.Number}
				if _, _, err := l.openFrame(key, frame, f.Direction); err != ErrSealed && err != ErrMalformed {
					t.Errorf("%s: frame %d: %v", c.Name, i, err)
				}
				continue
			}
			frame := replayFrame(t, f, key)
			frames = append(frames, frame)
			sum := sha256.Sum256(frame)
			if f.Frame != nil && !bytes.Equal(frame, f.Frame) || f.Frame == nil && !bytes.Equal(sum[:], f.SHA256) {
				t.Errorf("%s: frame %d is another", c.Name, i)
			}
			l := line{kq: keys[:32], ka: keys[32:], number: f.Number}
			if payload, class, err := l.openFrame(key, frame, f.Direction); err != nil || class != f.Class || !bytes.HasPrefix(payload, f.Head) {
				t.Errorf("%s: frame %d does not open: %v", c.Name, i, err)
			}
		}
	}
}

func hash(values ...[]byte) []byte {
	h := identity.Hash(values...)
	return h[:]
}

// replayFrame seals what a frame carries under its nonce.
func replayFrame(t *testing.T, f frameVector, key []byte) []byte {
	t.Helper()
	nonce := []byte(f.Nonce)
	if f.Frame != nil {
		nonce = f.Frame[1:25]
	}
	data := identity.Join([]byte(f.Direction), binary.BigEndian.AppendUint64(nil, f.Number), []byte{byte(f.Class)})
	h := sha256.Sum256(data)
	keys := identity.Derive(key, nonce, "tacit/1/aead"+string(h[:]), 64)
	aead, err := chacha20poly1305.NewX(keys[:32])
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[Class]int{1: 4608, 2: 16896, 3: 66048}
	payload := append(slices.Clone([]byte(f.Head)), pattern(f.Pattern)...)
	payload = append(payload, make([]byte, sizes[f.Class]-len(payload))...)
	return slices.Concat([]byte{byte(f.Class)}, nonce, keys[32:], aead.Seal(nil, nonce, payload, data))
}

// reader takes a payload apart.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.bad, n = true, 0
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) number(n int) (v uint64) {
	for _, c := range r.take(n) {
		v = v<<8 | uint64(c)
	}
	return v
}

// check refuses what the condition does not allow.
func (r *reader) check(good bool) { r.bad = r.bad || !good }

func (r *reader) names(n, most int) (all []vectors.Hex) {
	r.check(n <= most)
	for range min(n, most) {
		all = append(all, r.take(16))
	}
	return all
}

func (r *reader) time() string {
	n := r.number(8)
	r.check(n <= 253402300800)
	return strconv.FormatUint(n, 10)
}

func (r *reader) zeros() { r.check(len(bytes.Trim(r.b, "\x00")) == 0) }

// replayRequest reads a request by the table.
func replayRequest(payload []byte, class Class) (v saidVector, ok bool) {
	r := &reader{b: payload}
	cells := map[Class]int{1: 1, 2: 4, 3: 16}[class]
	v.Kind = byte(r.number(1))
	wanted := Class(1)
	switch v.Kind {
	case 1:
		wanted = class
		v.Lot = r.take(16)
		r.check(int(r.number(1)) == cells)
		rest := r.names(cells-1, 15)
		v.Tokens = append([]vectors.Hex{r.take(4096 * cells)}, rest...)
		v.Tokens[0] = v.Tokens[0][:min(16, len(v.Tokens[0]))]
	case 2, 4:
		v.ID = r.take(16)
	case 3:
		v.ID = r.take(16)
		r.take(4096)
	case 5:
		v.Hint = r.take(int(r.number(1)))
		_, err := identity.ParseHint(v.Hint)
		r.check(err == nil)
	case 16:
		v.Account, v.Invite, v.Signature = r.take(32), r.take(16), r.take(64)
	case 17:
		v.Wait = int(r.number(2))
		r.check(v.Wait <= 600)
		v.Names = r.names(int(r.number(1)), 16)
	case 18:
		wanted = 3
		v.Lot, v.Until = r.take(16), r.time()
		r.take(4096 * 16)
	case 19:
		v.Lot = r.take(16)
	case 20:
		wanted = 3
		v.Page = byte(r.number(1))
		r.check(v.Page < 16)
		r.take(64 * 528)
	case 21:
		v.Until = r.time()
		v.Names = r.names(int(r.number(1)), 16)
		r.check(len(v.Names) > 0)
	case 22:
	default:
		r.bad = true
	}
	r.zeros()
	return v, !r.bad && class == wanted
}

// replayAnswer reads an answer by the table.
func replayAnswer(payload []byte, kind byte) (v saidVector, ok bool) {
	r := &reader{b: payload}
	v.Status = Status(r.number(1))
	switch {
	case v.Status == 3:
		r.check(kind == 4)
		r.take(4096)
	case v.Status != 0:
		r.check(v.Status < 3 && kind != 2)
	case kind == 2:
		r.take(512)
	case kind == 4:
		r.take(4096)
	case kind == 16:
		v.Used, v.Quota = r.bytes(), r.bytes()
		v.Cells, v.Lots = int(r.number(4)), int(r.number(4))
		v.Time = r.time()
	case kind == 17:
		head := &reader{b: r.take(511)}
		v.Left, v.Refused = int(head.number(4)), int(head.number(4))
		v.Used, v.Quota = head.bytes(), head.bytes()
		count := int(head.number(1))
		head.check(count <= 16)
		for range min(count, 16) {
			v.Names = append(v.Names, head.take(16))
			c := int(head.number(1))
			head.check(c >= 1 && c <= 3)
			v.Classes = append(v.Classes, c)
			r.take(4096 * map[int]int{1: 1, 2: 4, 3: 16}[c])
		}
		head.zeros()
		r.bad, r.b = r.bad || head.bad, nil
	}
	r.zeros()
	return v, !r.bad
}

// bytes reads a number of bytes, which is below 2^63.
func (r *reader) bytes() string {
	n := r.number(8)
	r.check(n < 1<<63)
	return strconv.FormatUint(n, 10)
}

func TestReplayRequestsAndAnswers(t *testing.T) {
	for _, c := range vectors.Load[saidVector](t, vectorsDir, "request") {
		want, ok := replayRequest(c.payload(), c.Class)
		q, err := unmarshalRequest(c.payload(), c.Class)
		if ok != (c.Result == "ok") || results[err] != c.Result {
			t.Errorf("%s: %v, by the table %t", c.Name, err, ok)
			continue
		}
		if !ok {
			continue
		}
		got := saidVector{Kind: q.kind()}
		got.asks(t, q)
		compare(t, c, got, want)
		if b, class, err := marshalRequest(q); err != nil || class != c.Class || !bytes.Equal(b, c.payload()) {
			t.Errorf("%s: written in another way: %v", c.Name, err)
		}
	}
	for _, c := range vectors.Load[saidVector](t, vectorsDir, "answer") {
		want, ok := replayAnswer(c.payload(), c.Kind)
		a, err := unmarshalAnswer(c.Kind, c.payload())
		if ok != (c.Result == "ok") || results[err] != c.Result {
			t.Errorf("%s: %v, by the table %t", c.Name, err, ok)
			continue
		}
		if !ok {
			continue
		}
		var got saidVector
		got.answers(a)
		got.Kind, want.Kind = c.Kind, c.Kind
		compare(t, c, got, want)
	}
}

// compare holds what is said to what the code and the table read.
func compare(t *testing.T, c, code, table saidVector) {
	t.Helper()
	for _, v := range []*saidVector{&code, &table} {
		v.Name, v.Class, v.Head, v.Pattern, v.Result = c.Name, c.Class, c.Head, c.Pattern, c.Result
	}
	if said := text(t, c); text(t, code) != said || text(t, table) != said {
		t.Errorf("%s: %s\nby the code %s\nby the table %s", c.Name, said, text(t, code), text(t, table))
	}
}

func TestReplayPresence(t *testing.T) {
	for _, c := range vectors.Load[presenceVector](t, vectorsDir, "presence") {
		kb := identity.LinkKey(c.LinkKey)
		mac, key := identity.MAC(c.LinkKey, []byte("slot")), identity.Derive(c.LinkKey, nil, "tacit/1/presence", 32)
		if !bytes.Equal(c.ID, mac[:16]) || !bytes.Equal(c.Key, key) {
			t.Errorf("%s: another name or key", c.Name)
		}
		now, err := strconv.ParseInt(c.Now, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		p, err := OpenPresence(kb, [ContentSize]byte(c.Content), time.Unix(now, 0))
		if results[err] != c.Result {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		plain, err := identity.Open(key, c.Content, c.ID)
		want := slices.Concat(c.Peer, number(t, c.Until), []byte{byte(len(c.Relays))})
		for _, r := range c.Relays {
			want = append(append(want, byte(len(r))), r...)
		}
		want = append(want, make([]byte, 440-len(want))...)
		if err != nil || !bytes.Equal(plain, want) || !bytes.Equal(p.Peer[:], c.Peer) || len(p.Relays) != len(c.Relays) {
			t.Errorf("%s: another presence: %v", c.Name, err)
		}
	}
}

func text(t *testing.T, v saidVector) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
