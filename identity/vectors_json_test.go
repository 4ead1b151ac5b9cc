package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"tacit/identity/vectors"
)

func counting(n int, from byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = from + byte(i)
	}
	return b
}

type hashVector struct {
	Name   string        `json:"name"`
	Values []vectors.Hex `json:"values"`
	Join   vectors.Hex   `json:"join"`
	Hash   vectors.Hex   `json:"hash"`
}

type hkdfVector struct {
	Name   string      `json:"name"`
	Secret vectors.Hex `json:"secret"`
	Salt   vectors.Hex `json:"salt"`
	Info   vectors.Hex `json:"info"`
	Out    vectors.Hex `json:"out"`
}

type kemVector struct {
	Name   string      `json:"name"`
	Seed   vectors.Hex `json:"seed"`
	Public vectors.Hex `json:"public"`
	Eseed  vectors.Hex `json:"eseed,omitempty"`
	Info   vectors.Hex `json:"info"`
	Ct     vectors.Hex `json:"ct"`
	Result string      `json:"result"`
	Ss     vectors.Hex `json:"ss,omitempty"`
}

type caeadVector struct {
	Name   string      `json:"name"`
	Key    vectors.Hex `json:"key"`
	Ad     vectors.Hex `json:"ad"`
	Box    vectors.Hex `json:"box"`
	Result string      `json:"result"`
	Plain  vectors.Hex `json:"plain"`
}

func TestVectorsOfPrimitives(t *testing.T) {
	var hashes []hashVector
	for _, c := range []struct {
		name   string
		values []vectors.Hex
	}{
		{"no value", []vectors.Hex{}},
		{"an empty value", []vectors.Hex{{}}},
		{"one value", []vectors.Hex{vectors.Hex("abc")}},
		{"two values", []vectors.Hex{vectors.Hex("a"), vectors.Hex("bc")}},
		{"the same bytes cut elsewhere", []vectors.Hex{vectors.Hex("ab"), vectors.Hex("c")}},
		{"an empty value in between", []vectors.Hex{vectors.Hex("a"), {}, vectors.Hex("bc")}},
		{"a value of 300 bytes", []vectors.Hex{counting(300, 0)}},
	} {
		var values [][]byte
		for _, v := range c.values {
			values = append(values, v)
		}
		sum := Hash(values...)
		hashes = append(hashes, hashVector{c.name, c.values, Join(values...), sum[:]})
	}
	vectors.Check(t, "hash", "1", "Join(values...) and H(values...)", hashes)

	var keys []hkdfVector
	for _, c := range []hkdfVector{
		{Name: "no salt", Secret: counting(32, 0), Info: vectors.Hex("tacit/1/session"), Out: make([]byte, 128)},
		{Name: "a salt", Secret: counting(32, 0), Salt: counting(32, 32), Info: vectors.Hex("tacit/1/rk"), Out: make([]byte, 96)},
		{Name: "a short secret", Secret: counting(16, 1), Info: vectors.Hex("lan"), Out: make([]byte, 32)},
		{Name: "empty everything", Out: make([]byte, 1)},
		{Name: "a long secret, salt and info", Secret: counting(200, 3), Salt: counting(100, 5), Info: counting(150, 7), Out: make([]byte, 33)},
	} {
		c.Out = Derive(c.Secret, c.Salt, string(c.Info), len(c.Out))
		keys = append(keys, c)
	}
	vectors.Check(t, "hkdf", "2", "HKDF(secret, salt, info, length of out)", keys)
	vectors.Check(t, "kem", "2", "Encap and Decap. eseed is the randomness of X-Wing's EncapsulateDerand. "+
		"result refused: Decap gives an error; implicit: it gives a secret that is not that of the sender", kemVectors(t))
	vectors.Check(t, "caead", "2", "cAEAD(key, plain, ad) = box, whose first 24 bytes are the nonce. result refused: the box must not open", caeadVectors(t))
}

func kemVectors(t *testing.T) []kemVector {
	var cases []kemVector
	for i, info := range []string{"", "tacit/1/ratchet"} {
		stream := vectors.Reseed(t, uint64(100+i))
		private := NewPrivateKey([32]byte(counting(32, byte(i))))
		public, err := ParsePublicKey(private.Public())
		if err != nil {
			t.Fatal(err)
		}
		ct, ss, err := public.Encapsulate([]byte(info))
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, kemVector{
			Name: fmt.Sprintf("info of %d bytes", len(info)), Seed: counting(32, byte(i)), Public: private.Public(),
			Eseed: vectors.NextEseed(stream), Info: vectors.Hex(info), Ct: ct, Result: "ok", Ss: ss,
		})
	}
	base := cases[0]
	altered := func(name, result string, change func(*kemVector)) {
		c := base
		c.Name, c.Result, c.Eseed, c.Ct, c.Ss = name, result, nil, slices.Clone(base.Ct), nil
		change(&c)
		if ss, err := NewPrivateKey([32]byte(c.Seed)).Decapsulate(c.Ct, c.Info); err == nil {
			c.Ss = ss
		}
		cases = append(cases, c)
	}
	altered("another info", "implicit", func(c *kemVector) { c.Info = vectors.Hex("x") })
	altered("the ML-KEM half altered", "implicit", func(c *kemVector) { c.Ct[0] ^= 1 })
	altered("the X25519 half altered", "implicit", func(c *kemVector) { c.Ct[1119] ^= 1 })
	altered("the X25519 half of low order", "refused", func(c *kemVector) { clear(c.Ct[1088:]) })
	altered("a byte short", "refused", func(c *kemVector) { c.Ct = c.Ct[:1119] })
	altered("a byte long", "refused", func(c *kemVector) { c.Ct = append(c.Ct, 0) })
	return cases
}

func caeadVectors(t *testing.T) []caeadVector {
	key := counting(32, 0)
	var cases []caeadVector
	for i, c := range []struct{ plain, ad []byte }{
		{[]byte("hello"), []byte("ad")}, {[]byte("hello"), nil}, {nil, []byte("ad")}, {nil, nil}, {counting(100, 0), counting(200, 9)},
	} {
		vectors.Reseed(t, uint64(200+i))
		cases = append(cases, caeadVector{
			Name: fmt.Sprintf("%d bytes, %d of associated data", len(c.plain), len(c.ad)),
			Key:  key, Ad: c.ad, Box: Seal(key, c.plain, c.ad), Result: "ok", Plain: c.plain,
		})
	}
	base := cases[0]
	refused := func(name string, change func(*caeadVector)) {
		c := base
		c.Name, c.Result, c.Plain, c.Box = name, "refused", nil, slices.Clone(base.Box)
		change(&c)
		cases = append(cases, c)
	}
	refused("another key", func(c *caeadVector) { c.Key = counting(32, 1) })
	refused("other associated data", func(c *caeadVector) { c.Ad = vectors.Hex("ae") })
	refused("no associated data", func(c *caeadVector) { c.Ad = nil })
	for _, at := range []int{0, 23, 24, 55, 56, 60, 61, 76} {
		refused(fmt.Sprintf("byte %d altered", at), func(c *caeadVector) { c.Box[at] ^= 0x80 })
	}
	refused("nothing", func(c *caeadVector) { c.Box = nil })
	refused("shorter than any", func(c *caeadVector) { c.Box = c.Box[:71] })
	refused("a byte short", func(c *caeadVector) { c.Box = c.Box[:76] })
	refused("a byte long", func(c *caeadVector) { c.Box = append(c.Box, 0) })
	refused("a commitment to another key, before what this key opens", func(c *caeadVector) {
		copy(c.Box[sealNonce:], counting(sealCommit, 0))
	})
	refused("the AEAD alone under the key itself", func(c *caeadVector) {
		aead, err := chacha20poly1305.NewX(c.Key)
		if err != nil {
			t.Fatal(err)
		}
		c.Box = aead.Seal(c.Box[:56:56], c.Box[:24], []byte("hello"), c.Ad)
	})
	return cases
}

type identityVector struct {
	Name        string      `json:"name"`
	Root        vectors.Hex `json:"root,omitempty"`
	EdSeed      vectors.Hex `json:"ed25519_seed,omitempty"`
	XWingSeed   vectors.Hex `json:"xwing_seed,omitempty"`
	Bundle      vectors.Hex `json:"bundle"`
	Result      string      `json:"result"`
	Fingerprint vectors.Hex `json:"fingerprint,omitempty"`
}

type safetyVector struct {
	Name   string      `json:"name"`
	A      vectors.Hex `json:"a"`
	B      vectors.Hex `json:"b"`
	Number string      `json:"number"`
}

func TestVectorsOfIdentity(t *testing.T) {
	var cases []identityVector
	for _, first := range []byte{1, 2, 0xff} {
		id := FromRoot([32]byte{first})
		root, bundle, fp := id.Root(), id.Bundle(), id.Fingerprint()
		cases = append(cases, identityVector{
			Name: fmt.Sprintf("root %02x and 31 zeros", first), Root: root[:],
			EdSeed: Derive(root[:], nil, "tacit/1/ed25519", 32), XWingSeed: Derive(root[:], nil, "tacit/1/xwing", 32),
			Bundle: bundle[:], Result: "ok", Fingerprint: fp[:],
		})
	}
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
	}{
		{"version 0", func(b []byte) []byte { b[0] = 0; return b }},
		{"version 2", func(b []byte) []byte { b[0] = 2; return b }},
		{"a byte short", func(b []byte) []byte { return b[:BundleSize-1] }},
		{"a byte long", func(b []byte) []byte { return append(b, 0) }},
		{"a number of the ML-KEM key not below q", func(b []byte) []byte { b[bundleKEM], b[bundleKEM+1] = 0xff, b[bundleKEM+1]|0x0f; return b }},
	} {
		bundle := slices.Clone(cases[0].Bundle)
		cases = append(cases, identityVector{Name: c.name, Bundle: c.change(bundle), Result: "refused"})
	}
	vectors.Check(t, "identity", "3", "keys, bundle and fingerprint of a root. result refused: no bundle of anybody", cases)

	one, two := FromRoot([32]byte{1}).Fingerprint(), FromRoot([32]byte{2}).Fingerprint()
	zeros := two
	for n := uint64(0); SafetyNumber(one, zeros)[:2] != "00" && SafetyNumber(one, zeros)[30:32] != "00"; n++ {
		zeros = sha256.Sum256(binary.BigEndian.AppendUint64(nil, n))
	}
	var numbers []safetyVector
	for _, c := range []struct {
		name string
		a, b Fingerprint
	}{
		{"two", one, two}, {"the other way round", two, one}, {"leading zeros", one, zeros},
		{"the lowest and the highest", Fingerprint(bytes.Repeat([]byte{0xff}, 32)), Fingerprint{}},
	} {
		numbers = append(numbers, safetyVector{c.name, c.a[:], c.b[:], SafetyNumber(c.a, c.b)})
	}
	vectors.Check(t, "safety", "3", "safety number of two fingerprints, the same in both orders", numbers)
}

type cardVector struct {
	Name        string      `json:"name"`
	Text        string      `json:"text"`
	Result      string      `json:"result"`
	Bytes       vectors.Hex `json:"bytes,omitempty"`
	Shown       bool        `json:"shown,omitempty"`
	Fingerprint vectors.Hex `json:"fingerprint,omitempty"`
	Invite      vectors.Hex `json:"invite,omitempty"`
	Expiry      int64       `json:"expiry,omitempty"`
	Hint        vectors.Hex `json:"hint,omitempty"`
	LinkKey     vectors.Hex `json:"kb,omitempty"`
}

type hintVector struct {
	Name   string      `json:"name"`
	Bytes  vectors.Hex `json:"bytes"`
	Result string      `json:"result"`
	Node   vectors.Hex `json:"node,omitempty"`
	Port   uint16      `json:"port,omitempty"`
	Addr   string      `json:"addr,omitempty"`
	Host   string      `json:"host,omitempty"`
}

var cardResults = map[error]string{nil: "ok", ErrCardMalformed: "malformed", ErrCardNewer: "newer"}

func newCardVector(name, text string) cardVector {
	card, err := ParseCard(text)
	v := cardVector{Name: name, Text: text, Result: cardResults[err]}
	if err == nil {
		kb := card.LinkKey()
		v.Bytes, v.Shown, v.Fingerprint, v.Invite = card.Marshal(), card.Shown, card.Fingerprint[:], card.Invite[:]
		v.Expiry, v.Hint, v.LinkKey = card.Expiry.Unix(), card.Hint, kb[:]
	}
	return v
}

func TestVectorsOfCards(t *testing.T) {
	card := Card{Fingerprint: FromRoot([32]byte{1}).Fingerprint(), Invite: [16]byte(counting(16, 0)), Expiry: time.Unix(1_800_000_000, 0)}
	with := func(change func(*Card)) string {
		c := card
		change(&c)
		return c.String()
	}
	raw := func(change func([]byte) []byte) string {
		return cardPrefix + cardEncoding.EncodeToString(change(card.Marshal()))
	}
	put := func(at int, c byte) string { return raw(func(b []byte) []byte { b[at] = c; return b }) }
	text := card.String()
	node := [32]byte(counting(32, 64))
	ipv4 := Hint{Node: node, Port: 443, Addr: netip.MustParseAddr("192.0.2.7")}
	var cases []cardVector
	for _, c := range [][2]string{
		{"sent", text},
		{"shown", with(func(c *Card) { c.Shown = true })},
		{"expiry 2^32 - 1", with(func(c *Card) { c.Expiry = time.Unix(1<<32-1, 0) })},
		{"a hint", with(func(c *Card) { c.Hint = hint(t, ipv4) })},
		{"the longest hint", with(func(c *Card) { c.Hint = hint(t, Hint{Node: node, Port: 1, Name: "abcdefghijklmnopqrstuvwxyz.ab"}) })},
		{"blanks around", " \t\n" + text + "\r\n "},
		{"nothing", ""},
		{"the prefix alone", cardPrefix},
		{"no prefix", text[len(cardPrefix):]},
		{"lower-case prefix", "tacit1:" + text[len(cardPrefix):]},
		{"a lower-case letter", text[:10] + "a" + text[11:]},
		{"a blank within", text[:20] + " " + text[20:]},
		{"a line break within", text[:20] + "\n" + text[20:]},
		{"padded", text + "="},
		{"a last bit that is not 0", text[:len(text)-1] + string(base32Next(text[len(text)-1]))},
		{"a digit that is none", text[:10] + "1" + text[11:]},
		{"a byte short", raw(func(b []byte) []byte { return b[:cardFixed-1] })},
		{"a hint of 1 byte", raw(func(b []byte) []byte { return append(b, 1) })},
		{"a hint of 65 bytes", raw(func(b []byte) []byte { return append(b, make([]byte, 65)...) })},
		{"a hint with port 0", raw(func(b []byte) []byte { return append(append(append(b, 1), node[:]...), 0, 0, 192, 0, 2, 7) })},
		{"version 0", put(0, 0)},
		{"version 2 in the bytes", put(0, 2)},
		{"version 2 in the text", "TACIT2:" + text[len(cardPrefix):]},
		{"version 10 in the text", "TACIT10:X"},
		{"version 0 in the text", "TACIT0:" + text[len(cardPrefix):]},
		{"version 01 in the text", "TACIT01:" + text[len(cardPrefix):]},
		{"an unknown flag", put(cardFlags, 2)},
		{"an unknown flag beside the known one", put(cardFlags, 0x81)},
		{"an unknown type of hint", raw(func(b []byte) []byte { return append(append(append(b, 4), node[:]...), 0, 1, 1) })},
		{"longer than 512 bytes", text + string(bytes.Repeat([]byte{' '}, 512))},
	} {
		cases = append(cases, newCardVector(c[0], c[1]))
	}
	vectors.Check(t, "card", "4", "text form of cards. result malformed, or newer: of a newer version", cases)
	vectors.Check(t, "hint", "4", "hints", hintVectors(t, node))
}

// base32Next returns the next letter of the alphabet; of the last letter of a card only the upper two bits are used.
func base32Next(c byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	return alphabet[bytes.IndexByte([]byte(alphabet), c)|1]
}

func hintVectors(t *testing.T, node [32]byte) []hintVector {
	head := func(kind byte, port uint16) []byte {
		return binary.BigEndian.AppendUint16(append([]byte{kind}, node[:]...), port)
	}
	name := func(s string) []byte { return append(head(hintName, 443), s...) }
	mapped := netip.MustParseAddr("::ffff:192.0.2.7").As16()
	var cases []hintVector
	for _, c := range []struct {
		name string
		b    []byte
	}{
		{"IPv4", append(head(1, 443), 192, 0, 2, 7)},
		{"IPv6", append(head(2, 65535), netip.MustParseAddr("2001:db8::7").AsSlice()...)},
		{"name", name("node.example.org")},
		{"name of one letter", name("a")},
		{"longest name", name("a-b.0-9.abcdefghijklmnopqrstu")},
		{"nothing", nil}, {"no host", head(1, 443)}, {"port 0", append(head(1, 0), 192, 0, 2, 7)},
		{"type 0", append(head(0, 1), 192, 0, 2, 7)}, {"type 4", append(head(4, 1), 192, 0, 2, 7)}, {"type 255", append(head(255, 1), 1)},
		{"IPv4 of 3 bytes", append(head(1, 1), 192, 0, 2)}, {"IPv4 of 16 bytes", append(head(1, 1), make([]byte, 16)...)},
		{"IPv6 of 4 bytes", append(head(2, 1), 192, 0, 2, 7)}, {"IPv4 inside IPv6", append(head(2, 1), mapped[:]...)},
		{"name of 30 bytes", name("abcdefghijklmnopqrstuvwxyz.abc")}, {"upper case", name("Node.example")},
		{"an empty label", name("node..example")}, {"a dot at the end", name("node.")}, {"a hyphen first", name("-node")},
		{"a hyphen last in a label", name("node-.example")}, {"an underscore", name("a_b")}, {"a letter beyond ASCII", name("nöde")},
	} {
		h, err := ParseHint(c.b)
		v := hintVector{Name: c.name, Bytes: c.b, Result: cardResults[err]}
		if err == nil {
			v.Node, v.Port, v.Host = h.Node[:], h.Port, h.Name
			if h.Addr.IsValid() {
				v.Addr = h.Addr.String()
			}
		}
		cases = append(cases, v)
	}
	return cases
}

type helloVector struct {
	Name     string        `json:"name"`
	Dialler  vectors.Hex   `json:"dialler"`
	Listener vectors.Hex   `json:"listener"`
	Keys     []vectors.Hex `json:"listener_keys"`
	Hello    vectors.Hex   `json:"hello"`
	Found    int           `json:"found"`
	Tag      vectors.Hex   `json:"tag,omitempty"`
	Answer   vectors.Hex   `json:"answer,omitempty"`
}

func TestVectorsOfHello(t *testing.T) {
	keys := []LinkKey{LinkKey(counting(32, 0)), LinkKey(counting(32, 32)), LinkKey(counting(32, 64))}
	vectors.Reseed(t, 300)
	hello := NewHello(keys[:2], []byte("D"), []byte("L"))
	var cases []helloVector
	for _, c := range []struct {
		name string
		d, l string
		of   []LinkKey
	}{
		{name: "the second of the dialler's keys", d: "D", l: "L", of: keys[1:]},
		{name: "the first own key that is there", d: "D", l: "L", of: []LinkKey{keys[2], keys[0], keys[1]}},
		{name: "no key in common", d: "D", l: "L", of: keys[2:]},
		{name: "no key at all", d: "D", l: "L"},
		{name: "replayed by another dialler", d: "X", l: "L", of: keys},
		{name: "replayed to another listener", d: "D", l: "X", of: keys},
		{name: "sent back", d: "L", l: "D", of: keys},
	} {
		v := helloVector{Name: c.name, Dialler: vectors.Hex(c.d), Listener: vectors.Hex(c.l), Keys: []vectors.Hex{}, Hello: hello[:]}
		for _, k := range c.of {
			v.Keys = append(v.Keys, k[:])
		}
		i, answer, ok := MatchHello(hello, c.of, v.Dialler, v.Listener)
		v.Found = i
		if ok {
			tag := dialTag(c.of[i], v.Dialler, v.Listener)
			v.Tag, v.Answer = tag[:], answer[:]
		}
		cases = append(cases, v)
	}
	vectors.Check(t, "hello", "6", "a dialler's hello, which of the listener's keys is in it, from 0, or -1, and the listener's answer", cases)
}
