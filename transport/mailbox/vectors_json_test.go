package mailbox

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"slices"
	"strconv"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/vectors"
)

// pattern is what stands for cells and hashes in vectors: byte j is j mod 251.
func pattern(n int) []byte {
	b := make([]byte, n)
	for j := range b {
		b[j] = byte(j % 251)
	}
	return b
}

type recordVector struct {
	Name     string      `json:"name"`
	Record   vectors.Hex `json:"record"`
	Node     vectors.Hex `json:"node"`
	Result   string      `json:"result"`
	NodeSeed vectors.Hex `json:"node_seed,omitempty"`
	Seed     vectors.Hex `json:"seed,omitempty"`
	From     string      `json:"from,omitempty"`
	Until    string      `json:"until,omitempty"`
	ID       vectors.Hex `json:"id,omitempty"`
}

var results = map[error]string{nil: "ok", ErrMalformed: "malformed", ErrPresence: "refused"}

func TestVectorsOfKeyRecords(t *testing.T) {
	ed, seed := ed25519.NewKeyFromSeed(pattern(32)), [32]byte(pattern(64)[32:])
	signed := func(from, until int64) []byte { return newKey(seed, from, until).Record(ed) }
	good := signed(1_800_000_000, 1_801_209_600)
	flip := func(at int) []byte { b := slices.Clone(good); b[at] ^= 1; return b }
	again := func(change func([]byte)) []byte {
		b := slices.Clone(good[:recordSigned])
		change(b)
		sig, err := ed.Sign(nil, b, &ed25519.Options{Context: signKey})
		if err != nil {
			t.Fatal(err)
		}
		return append(b, sig...)
	}
	pure := append(slices.Clone(good[:recordSigned]), ed25519.Sign(ed, good[:recordSigned])...)
	var cases []recordVector
	for _, c := range []struct {
		name string
		b    []byte
	}{
		{"good", good},
		{"until the year 10000", signed(0, endOfTime)},
		{"after the year 10000", signed(0, endOfTime+1)},
		{"no time", signed(5, 5)},
		{"version 2, signed", again(func(b []byte) { b[0] = 2 })},
		{"an X25519 half of low order, signed", again(func(b []byte) { clear(b[recordFrom-32 : recordFrom]) })},
		{"another key", flip(recordKEM)},
		{"another time", flip(recordUntil - 1)},
		{"another signature", flip(KeyRecordSize - 1)},
		{"signed without the context", pure},
		{"a byte short", good[:KeyRecordSize-1]},
		{"a byte long", append(slices.Clone(good), 0)},
	} {
		r, err := ParseKeyRecord([32]byte(ed[32:]), c.b)
		v := recordVector{Name: c.name, Record: c.b, Node: vectors.Hex(ed[32:]), Result: results[err]}
		if err == nil {
			v.NodeSeed, v.Seed, v.ID = ed.Seed(), seed[:], r.ID[:]
			v.From, v.Until = strconv.FormatInt(r.From, 10), strconv.FormatInt(r.Until, 10)
		}
		cases = append(cases, v)
	}
	vectors.Check(t, "key_record", "23", "what nodes say of their keys", cases)
}

type talkVector struct {
	Name        string        `json:"name"`
	NodeSeed    vectors.Hex   `json:"node_seed"`
	KeySeed     vectors.Hex   `json:"key_seed"`
	Eseed       vectors.Hex   `json:"eseed"`
	Opening     vectors.Hex   `json:"opening"`
	KQ          vectors.Hex   `json:"kq"`
	KA          vectors.Hex   `json:"ka"`
	AccountSeed vectors.Hex   `json:"account_seed"`
	Invite      vectors.Hex   `json:"invite"`
	Login       vectors.Hex   `json:"login"`
	Frames      []frameVector `json:"frames"`
}

type frameVector struct {
	Direction string      `json:"direction"`
	Number    uint64      `json:"number,omitempty"`
	Class     Class       `json:"class,omitempty"`
	Head      vectors.Hex `json:"head,omitempty"`
	Pattern   int         `json:"pattern,omitempty"`
	Frame     vectors.Hex `json:"frame,omitempty"`
	SHA256    vectors.Hex `json:"sha256,omitempty"`
	Nonce     vectors.Hex `json:"nonce,omitempty"`
	Result    string      `json:"result"`
	Of        int         `json:"of,omitempty"`
	Alter     [][2]int    `json:"alter,omitempty"`
}

// newFrame tells a frame by what it carries.
func newFrame(direction string, number uint64, frame []byte, head []byte, pattern int) frameVector {
	v := frameVector{Direction: direction, Number: number, Class: Class(frame[0]), Head: head, Pattern: pattern, Result: "ok"}
	if v.Class == Small {
		v.Frame = frame
		return v
	}
	sum := sha256.Sum256(frame)
	v.SHA256, v.Nonce = sum[:], frame[1:25]
	return v
}

func TestVectorsOfTalks(t *testing.T) {
	stream := vectors.Reseed(t, 23)
	n := node{ed25519.NewKeyFromSeed(pattern(32)), []Key{newKey([32]byte(pattern(64)[32:]), 1_800_000_000, 1_801_209_600)}}
	record := n.record(t)
	home := identity.Home{Account: [32]byte(pattern(96)[64:]), Invite: [16]byte(pattern(112)[96:])}
	v := talkVector{Name: "login, put, fetch", NodeSeed: pattern(32), KeySeed: pattern(64)[32:], AccountSeed: home.Account[:], Invite: home.Invite[:]}
	v.Eseed = vectors.NextEseed(stream)
	opening, client, err := NewTalk(n.id(), record)
	if err != nil {
		t.Fatal(err)
	}
	served, ok := Accept(n.id(), n.keys, [OpeningSize]byte(opening))
	if !ok {
		t.Fatal("refused")
	}
	v.Opening, v.KQ, v.KA = opening, client.kq, client.ka
	deposit := &Put{Lot: [16]byte(pattern(16)), Tokens: make([][16]byte, 4), Cell: pattern(LargeCell)}
	for i := range deposit.Tokens {
		deposit.Tokens[i] = [16]byte(pattern(16 + i)[i:])
	}
	login := client.Login(home)
	page := &Fetched{Left: 1, Used: 4096, Quota: 1 << 26, Items: []Item{{Mark: [16]byte{7}, Cell: pattern(FileCell)}}}
	for i, turn := range []struct {
		q Request
		a Answer
	}{
		{login, &Standing{Used: 5, Quota: 6, Cells: 7, Lots: 8, Time: 1_800_000_000}},
		{deposit, &Done{StatusLater}},
		{&Fetch{Wait: 10 * time.Minute, Marks: [][16]byte{{1}, {2}}}, page},
		{&Leave{}, &Done{}},
	} {
		payload, c, err := marshalRequest(turn.q)
		if err != nil {
			t.Fatal(err)
		}
		frame, err := client.Ask(turn.q)
		if err != nil {
			t.Fatal(err)
		}
		head, p := heads(payload, c)
		v.Frames = append(v.Frames, newFrame("q", uint64(i), frame, head, p))
		if i == 0 {
			v.Login = head
		}
		if _, err := served.Open(frame); err != nil {
			t.Fatal(err)
		}
		if payload, err = marshalAnswer(turn.q.kind(), turn.a); err != nil {
			t.Fatal(err)
		}
		if frame, err = served.Answer(turn.a); err != nil {
			t.Fatal(err)
		}
		head, p = heads(payload, Class(frame[0]))
		v.Frames = append(v.Frames, newFrame("a", uint64(i), frame, head, p))
		if _, err := client.Hear(frame); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range []frameVector{
		{Direction: "q", Number: 1, Of: 0},
		{Direction: "a", Number: 0, Of: 0},
		{Direction: "q", Number: 0, Of: 1},
		{Direction: "a", Number: 0, Of: 1, Alter: [][2]int{{0, 3}}},
		{Direction: "a", Number: 0, Of: 1, Alter: [][2]int{{1, 1}}},
		{Direction: "a", Number: 0, Of: 1, Alter: [][2]int{{4680, 128}}},
	} {
		r.Result = "refused"
		v.Frames = append(v.Frames, r)
	}
	vectors.Check(t, "talk", "23", "talks between a client and a node", []talkVector{v})
}

// heads takes pattern bytes out of a payload: those that end it, zeros apart.
func heads(payload []byte, c Class) (head []byte, patterned int) {
	if cell := pattern(c.CellSize()); c != Small {
		if i := bytes.Index(payload, cell); i >= 0 {
			return payload[:i], len(cell)
		}
	}
	n := len(payload)
	for n > 1 && payload[n-1] == 0 {
		n--
	}
	return payload[:n], 0
}

// saidVector is a request or an answer; of the fields those that its kind has.
type saidVector struct {
	Name    string      `json:"name"`
	Kind    byte        `json:"kind,omitempty"`
	Class   Class       `json:"class"`
	Head    vectors.Hex `json:"head"`
	Pattern int         `json:"pattern,omitempty"`
	Result  string      `json:"result"`

	Lot       vectors.Hex   `json:"lot,omitempty"`
	Tokens    []vectors.Hex `json:"tokens,omitempty"`
	ID        vectors.Hex   `json:"id,omitempty"`
	Hint      vectors.Hex   `json:"hint,omitempty"`
	Account   vectors.Hex   `json:"account,omitempty"`
	Invite    vectors.Hex   `json:"invite,omitempty"`
	Signature vectors.Hex   `json:"signature,omitempty"`
	Wait      int           `json:"wait,omitempty"`
	Names     []vectors.Hex `json:"names,omitempty"` // marks or slots
	Until     string        `json:"until,omitempty"`
	Page      byte          `json:"page,omitempty"`

	Status  Status `json:"status,omitempty"`
	Used    string `json:"used,omitempty"`
	Quota   string `json:"quota,omitempty"`
	Cells   int    `json:"cells,omitempty"`
	Lots    int    `json:"lots,omitempty"`
	Time    string `json:"time,omitempty"`
	Left    int    `json:"left,omitempty"`
	Refused int    `json:"refused,omitempty"`
	Classes []int  `json:"classes,omitempty"`
}

func (v saidVector) payload() []byte {
	b := make([]byte, v.Class.PayloadSize())
	copy(b[copy(b, v.Head):], pattern(v.Pattern))
	return b
}

func hexes(names [][16]byte) (all []vectors.Hex) {
	for _, n := range names {
		all = append(all, n[:])
	}
	return all
}

// asks fills in what a request says.
func (v *saidVector) asks(t *testing.T, q Request) {
	switch q := q.(type) {
	case *Put:
		v.Lot, v.Tokens = q.Lot[:], hexes(q.Tokens)
	case *Look:
		v.ID = q.ID[:]
	case *LeaveCell:
		v.ID = q.Slot[:]
	case *ReadCell:
		v.ID = q.Slot[:]
	case *Forward:
		b, err := q.To.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		v.Hint = b
	case *Login:
		v.Account, v.Invite, v.Signature = q.Account[:], q.Invite[:], q.Signature[:]
	case *Fetch:
		v.Wait, v.Names = int(q.Wait/time.Second), hexes(q.Marks)
	case *PutLot:
		v.Lot, v.Until = q.ID[:], strconv.FormatInt(q.Until, 10)
	case *DropLot:
		v.Lot = q.Lot[:]
	case *Presences:
		v.Page = q.Page
	case *Register:
		v.Until, v.Names = strconv.FormatInt(q.Until, 10), hexes(q.Slots)
	}
}

// answers fills in what an answer says.
func (v *saidVector) answers(a Answer) {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	v.Status = a.says()
	switch a := a.(type) {
	case *Standing:
		v.Used, v.Quota, v.Cells, v.Lots, v.Time = number(a.Used), number(a.Quota), a.Cells, a.Lots, number(a.Time)
	case *Fetched:
		v.Left, v.Refused, v.Used, v.Quota = a.Left, a.Refused, number(a.Used), number(a.Quota)
		for _, it := range a.Items {
			c, _ := ClassOf(len(it.Cell))
			v.Names, v.Classes = append(v.Names, it.Mark[:]), append(v.Classes, int(c))
		}
	}
}
