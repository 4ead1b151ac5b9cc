package mailbox

import (
	"encoding/binary"
	"slices"
	"strconv"
	"testing"

	"tacit/identity"
	"tacit/identity/vectors"
)

// join puts parts together: bytes, or numbers of one byte.
func join(parts ...any) (b []byte) {
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = append(b, byte(p))
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

func be(n uint64, size int) []byte { return binary.BigEndian.AppendUint64(nil, n)[8-size:] }

func TestVectorsOfRequests(t *testing.T) {
	name := pattern(16)
	hint, err := identity.Hint{Node: [32]byte(pattern(32)), Port: 443, Name: "node.example"}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	tokens := func(n int) []byte { return pattern(16 * n) }
	var cases []saidVector
	for _, c := range []struct {
		name    string
		class   Class
		head    []byte
		pattern int
	}{
		{"put a small cell", Small, join(1, name, 1), SmallCell},
		{"put a large cell", Large, join(1, name, 4, tokens(3)), LargeCell},
		{"put a file cell", Page, join(1, name, 16, tokens(15)), FileCell},
		{"put with a token too few", Large, join(1, name, 3, tokens(2)), LargeCell},
		{"put in another class", Large, join(1, name, 1), SmallCell},
		{"put and a byte more", Small, join(1, name, 1), SmallCell + 1},
		{"look", Small, join(2, name), 0},
		{"look and a byte more", Small, join(2, name, 1), 0},
		{"look in a page", Page, join(2, name), 0},
		{"leave a cell", Small, join(3, name), SmallCell},
		{"read a cell", Small, join(4, name), 0},
		{"forward", Small, join(5, len(hint), hint), 0},
		{"forward to an unknown type", Small, join(5, len(hint), 4, hint[1:]), 0},
		{"forward to a short hint", Small, join(5, 35, hint[:35]), 0},
		{"login", Small, join(16, pattern(32), name, pattern(64)), 0},
		{"fetch", Small, join(17, be(600, 2), 16, tokens(16)), 0},
		{"fetch, nothing to settle", Small, join(17, be(0, 2), 0), 0},
		{"fetch, wait too long", Small, join(17, be(601, 2), 0), 0},
		{"fetch, 17 marks", Small, join(17, be(0, 2), 17, tokens(17)), 0},
		{"lot", Page, join(18, name, be(1_900_000_000, 8)), 4096 * 16},
		{"lot beyond the year 10000", Page, join(18, name, be(endOfTime+1, 8)), 4096 * 16},
		{"lot and a byte more", Page, join(18, name, be(1, 8)), 4096*16 + 1},
		{"drop a lot", Small, join(19, name), 0},
		{"presence", Page, join(20, 15), 64 * 528},
		{"presence, page 16", Page, join(20, 16), 64 * 528},
		{"register", Small, join(21, be(1_800_000_000, 8), 2, tokens(2)), 0},
		{"register 17", Small, join(21, be(1_800_000_000, 8), 17, tokens(17)), 0},
		{"register nothing", Small, join(21, be(1_800_000_000, 8), 0), 0},
		{"leave", Small, join(22), 0},
		{"leave and a byte more", Small, join(22, 1), 0},
		{"kind 0", Small, join(0), 0},
		{"kind 6", Small, join(6), 0},
		{"kind 23", Small, join(23), 0},
	} {
		v := saidVector{Name: c.name, Class: c.class, Head: c.head, Pattern: c.pattern}
		q, err := unmarshalRequest(v.payload(), c.class)
		if v.Result = results[err]; err == nil {
			v.Kind = q.kind()
			v.asks(t, q)
		}
		cases = append(cases, v)
	}
	vectors.Check(t, "request", "23", "payloads of requests", cases)
}

func TestVectorsOfAnswers(t *testing.T) {
	page := func(count int, classes ...int) []byte {
		b := join(0, be(5, 4), be(6, 4), be(7, 8), be(1<<26, 8), count)
		for i, c := range classes {
			b = join(b, pattern(16 + i)[i:], c)
		}
		return b
	}
	full := func(b []byte) []byte { return append(b, make([]byte, pageHead-len(b))...) }
	var cases []saidVector
	for _, c := range []struct {
		name    string
		kind    byte
		head    []byte
		pattern int
	}{
		{"done", kindPut, nil, 0},
		{"refused", kindPut, join(1), 0},
		{"later", kindPut, join(2), 0},
		{"nothing there, of a put", kindPut, join(3), 0},
		{"status 4", kindPut, join(4), 0},
		{"done and a byte more", kindPut, join(0, 1), 0},
		{"presence", kindLook, join(0), ContentSize},
		{"presence refused", kindLook, join(1), 0},
		{"presence and a byte more", kindLook, join(0, pattern(ContentSize), 1), 0},
		{"cell", kindReadCell, join(0), SmallCell},
		{"no cell", kindReadCell, join(3), SmallCell},
		{"no cell and a byte more", kindReadCell, join(3), SmallCell + 1},
		{"standing", kindLogin, join(0, be(5, 8), be(1<<26, 8), be(7, 4), be(8, 4), be(1_800_000_000, 8)), 0},
		{"standing, 2^63 bytes", kindLogin, join(0, be(1<<63, 8)), 0},
		{"standing beyond the year 10000", kindLogin, join(0, be(5, 8), be(1, 8), be(7, 4), be(8, 4), be(endOfTime+1, 8)), 0},
		{"login refused", kindLogin, join(1), 0},
		{"page of nothing", kindFetch, full(page(0)), FileCell},
		{"page of three classes", kindFetch, full(page(3, 1, 2, 1)), FileCell},
		{"page of a file cell", kindFetch, full(page(1, 3)), FileCell},
		{"page of 16", kindFetch, full(page(16, slices.Repeat([]int{1}, 16)...)), FileCell},
		{"page of 17", kindFetch, full(page(17, slices.Repeat([]int{1}, 17)...)), FileCell},
		{"page of 17 places", kindFetch, full(page(2, 3, 1)), FileCell},
		{"page with a class of none", kindFetch, full(page(1, 4)), FileCell},
		{"page with a byte more", kindFetch, append(full(page(1, 1))[:pageHead-1], 1), FileCell},
		{"page refused", kindFetch, join(1), 0},
	} {
		v := saidVector{Name: c.name, Kind: c.kind, Class: answerClass(c.kind), Head: c.head, Pattern: c.pattern}
		a, err := unmarshalAnswer(c.kind, v.payload())
		if v.Result = results[err]; err == nil {
			v.answers(a)
		}
		cases = append(cases, v)
	}
	vectors.Check(t, "answer", "23", "payloads of answers to requests of a kind", cases)
}

type presenceVector struct {
	Name    string        `json:"name"`
	LinkKey vectors.Hex   `json:"kb"`
	ID      vectors.Hex   `json:"id"`
	Key     vectors.Hex   `json:"key"`
	Content vectors.Hex   `json:"content"`
	Now     string        `json:"now"`
	Result  string        `json:"result"`
	Peer    vectors.Hex   `json:"peer,omitempty"`
	Until   string        `json:"until,omitempty"`
	Relays  []vectors.Hex `json:"relays,omitempty"`
}

func TestVectorsOfPresence(t *testing.T) {
	vectors.Reseed(t, 24)
	kb := identity.LinkKey(pattern(32))
	id := PresenceID(kb)
	hint, err := identity.Hint{Node: [32]byte(pattern(32)), Port: 443, Name: "node.example"}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	at := func(until uint64, relays int, rest []byte) []byte {
		b := join(pattern(32), be(until, 8), relays, rest)
		return append(b, make([]byte, presencePlain-len(b))...)
	}
	one, now := join(len(hint), hint), start.Unix()
	six := slices.Repeat(one, 6)
	var cases []presenceVector
	for _, c := range []struct {
		name  string
		plain []byte
		ad    []byte
	}{
		{"no relay", at(uint64(now)+1, 0, nil), id[:]},
		{"one relay", at(uint64(now)+7200, 1, one), id[:]},
		{"six relays", at(uint64(now)+60, 6, six), id[:]},
		{"seven relays", at(uint64(now)+60, 7, slices.Repeat(one, 7)), id[:]},
		{"over", at(uint64(now), 0, nil), id[:]},
		{"too far ahead", at(uint64(now)+7201, 0, nil), id[:]},
		{"beyond the year 10000", at(endOfTime+1, 0, nil), id[:]},
		{"a relay that is no hint", at(uint64(now)+60, 1, []byte{1, 1}), id[:]},
		{"a byte more", at(uint64(now)+60, 1, append(slices.Clone(one), 1)), id[:]},
		{"of another id", at(uint64(now)+60, 0, nil), pattern(16)},
	} {
		key := presenceKey(kb)
		content := [ContentSize]byte(identity.Seal(key, c.plain, c.ad))
		v := presenceVector{Name: c.name, LinkKey: kb[:], ID: id[:], Key: key, Content: content[:], Now: strconv.FormatInt(now, 10)}
		p, err := OpenPresence(kb, content, start)
		if v.Result = results[err]; err == nil {
			v.Peer, v.Until = p.Peer[:], strconv.FormatInt(p.Until, 10)
			for _, r := range p.Relays {
				b, err := r.Marshal()
				if err != nil {
					t.Fatal(err)
				}
				v.Relays = append(v.Relays, b)
			}
		}
		cases = append(cases, v)
	}
	vectors.Check(t, "presence", "23", "presences", cases)
}
