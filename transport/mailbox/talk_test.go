package mailbox

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"reflect"
	"testing"
	"time"

	"tacit/identity"
)

var start = time.Unix(1_800_000_000, 0)

// node is a node's keys.
type node struct {
	ed   ed25519.PrivateKey
	keys []Key
}

func newNode(n byte) node {
	return node{ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, 32)), []Key{NewKey(start)}}
}

func (n node) id() [32]byte { return [32]byte(n.ed[32:]) }

func (n node) record(t testing.TB) KeyRecord {
	t.Helper()
	r, err := ParseKeyRecord(n.id(), n.keys[0].Record(n.ed))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// talk begins a talk between a client and the node.
func (n node) talk(t testing.TB) (*Talk, *Served) {
	t.Helper()
	opening, c, err := NewTalk(n.id(), n.record(t))
	if err != nil {
		t.Fatal(err)
	}
	s, ok := Accept(n.id(), n.keys, [OpeningSize]byte(opening))
	if !ok {
		t.Fatal("the talk is refused")
	}
	return c, s
}

func put(c Class) *Put {
	q := &Put{Lot: [16]byte{3}, Tokens: make([][16]byte, c.Cost()), Cell: make([]byte, c.CellSize())}
	rand.Read(q.Cell)
	for i := range q.Tokens {
		rand.Read(q.Tokens[i][:])
	}
	q.Tokens[0] = [16]byte(q.Cell)
	return q
}

func lot() *PutLot {
	q := &PutLot{ID: [16]byte{5}, Until: 1_900_000_000}
	for i := range q.Hashes {
		rand.Read(q.Hashes[i][:])
	}
	return q
}

func presences() *Presences {
	q := &Presences{Page: MaxPages - 1}
	for i := range q.Slots {
		rand.Read(q.Slots[i].ID[:])
		rand.Read(q.Slots[i].Content[:])
	}
	return q
}

func names(n int) [][16]byte {
	names := make([][16]byte, n)
	for i := range names {
		rand.Read(names[i][:])
	}
	return names
}

// page is a full one of several classes.
func page() *Fetched {
	a := &Fetched{Left: 1 << 31, Refused: 2, Used: 3, Quota: 1 << 62}
	for _, c := range []Class{Small, Large, Small, Large, Small, Large, Small} {
		it := Item{Cell: make([]byte, c.CellSize())}
		rand.Read(it.Cell)
		rand.Read(it.Mark[:])
		a.Items = append(a.Items, it)
	}
	return a
}

type exchange struct {
	name     string
	q        Request
	class    Class
	answers  []Answer
	answered Class
}

func exchanges() []exchange {
	hint := identity.Hint{Node: [32]byte{8}, Port: 443, Name: "example.org"}
	plain := []Answer{&Done{StatusOK}, &Done{StatusRefused}, &Done{StatusLater}}
	cell := &Cell{}
	rand.Read(cell.Cell[:])
	return []exchange{
		{"put a small cell", put(Small), Small, plain, Small},
		{"put a large cell", put(Large), Large, plain, Small},
		{"put a file cell", put(Page), Page, plain, Small},
		{"look", &Look{[16]byte{1}}, Small, []Answer{&Looked{[ContentSize]byte{9}}}, Small},
		{"leave a cell", &LeaveCell{[16]byte{1}, cell.Cell}, Small, plain, Small},
		{"read a cell", &ReadCell{[16]byte{1}}, Small, append(plain[1:], cell, &Done{StatusNothing}), Small},
		{"forward", &Forward{hint}, Small, plain, Small},
		{"login", &Login{[32]byte{1}, [16]byte{2}, [64]byte{3}}, Small, append(plain[1:], &Standing{1, 2, 3, 4, 5}), Small},
		{"fetch", &Fetch{MaxWait, names(MaxMarks)}, Small, append(plain[1:], page(), &Fetched{}, &Fetched{Items: []Item{{Cell: make([]byte, FileCell)}}}), Page},
		{"fetch at once", &Fetch{}, Small, []Answer{&Fetched{}}, Page},
		{"put a lot", lot(), Page, plain, Small},
		{"drop a lot", &DropLot{[16]byte{1}}, Small, plain, Small},
		{"presences", presences(), Page, plain, Small},
		{"register", &Register{1_800_000_000, names(MaxSlotsAtOnce)}, Small, plain, Small},
		{"leave", &Leave{}, Small, plain, Small},
	}
}

func TestEveryRequestAndAnswerArrives(t *testing.T) {
	client, served := newNode(1).talk(t)
	for _, x := range exchanges() {
		for _, want := range x.answers {
			frame, err := client.Ask(x.q)
			if err != nil {
				t.Fatalf("%s: %v", x.name, err)
			}
			if len(frame) != x.class.FrameSize() || frame[0] != byte(x.class) {
				t.Errorf("%s: a frame of %d bytes, class %d", x.name, len(frame), frame[0])
			}
			read, err := ReadFrame(bytes.NewReader(append(frame, 7)))
			if err != nil || !bytes.Equal(read, frame) {
				t.Fatalf("%s: %v", x.name, err)
			}
			q, err := served.Open(read)
			if err != nil || !reflect.DeepEqual(q, x.q) {
				t.Fatalf("%s: %v", x.name, err)
			}
			frame, err = served.Answer(want)
			if err != nil {
				t.Fatalf("%s: %v", x.name, err)
			}
			if len(frame) != x.answered.FrameSize() {
				t.Errorf("%s: an answer of %d bytes", x.name, len(frame))
			}
			got, err := client.Hear(frame)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %T, %v", x.name, got, err)
			}
		}
	}
}

// TestFramesFitTheirPlaceOnly: a frame that was altered, comes again, in another place,
// the other way or in another talk opens nowhere.
func TestFramesFitTheirPlaceOnly(t *testing.T) {
	n := newNode(1)
	client, served := n.talk(t)
	first, _ := client.Ask(&Look{})
	if _, err := client.Ask(&Look{}); err != ErrTurn {
		t.Errorf("asked twice: %v", err)
	}
	if _, err := served.Answer(&Looked{}); err != ErrTurn {
		t.Errorf("answered unasked: %v", err)
	}
	if _, err := client.Hear(first); err != ErrSealed {
		t.Errorf("the own request as an answer: %v", err)
	}
	for _, i := range []int{1, len(first) - 1} {
		altered := bytes.Clone(first)
		altered[i] ^= 1
		if _, err := served.Open(altered); err != ErrSealed {
			t.Errorf("byte %d altered: %v", i, err)
		}
	}
	altered := bytes.Clone(first)
	altered[0] = byte(Large)
	if _, err := served.Open(altered); err != ErrMalformed {
		t.Errorf("another class: %v", err)
	}
	if _, err := served.Open(first[:len(first)-1]); err != ErrMalformed {
		t.Errorf("cut: %v", err)
	}
	if _, err := served.Open(nil); err != ErrMalformed {
		t.Errorf("nothing: %v", err)
	}
	_, other := n.talk(t)
	if _, err := other.Open(first); err != ErrSealed {
		t.Errorf("in another talk: %v", err)
	}
	if _, err := served.Open(first); err != nil {
		t.Fatal(err)
	}
	if _, err := served.Open(first); err != ErrTurn {
		t.Errorf("a request before the answer: %v", err)
	}
	answer, err := served.Answer(&Looked{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := served.Open(first); err != ErrSealed {
		t.Errorf("a request again: %v", err)
	}
	if _, err := client.Hear(answer); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Hear(answer); err != ErrTurn {
		t.Errorf("an answer again: %v", err)
	}
	client.Ask(&Look{})
	if _, err := client.Hear(answer); err != ErrSealed {
		t.Errorf("an answer again, to another request: %v", err)
	}
}

func TestTalkNeedsTheNodesKey(t *testing.T) {
	n, other := newNode(1), newNode(2)
	opening, _, err := NewTalk(n.id(), n.record(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := Accept(n.id(), other.keys, [OpeningSize]byte(opening)); ok {
		t.Error("taken by a node without the key")
	}
	if _, ok := Accept(n.id(), nil, [OpeningSize]byte(opening)); ok {
		t.Error("taken without a key")
	}
	if _, ok := Accept(n.id(), []Key{NewKey(start), n.keys[0]}, [OpeningSize]byte(opening)); !ok {
		t.Error("not taken under the key before")
	}
	low := [OpeningSize]byte(opening)
	clear(low[OpeningSize-32:]) // the X25519 half, of low order
	if _, ok := Accept(n.id(), n.keys, low); ok {
		t.Error("taken with a secret of zero")
	}
	if _, _, err := NewTalk(n.id(), KeyRecord{}); err != ErrMalformed {
		t.Errorf("without a record: %v", err)
	}
	// A record that another node took over as its own seals to nobody.
	c, s := n.talk(t)
	frame, _ := c.Ask(&Leave{})
	opening, _, _ = NewTalk(other.id(), n.record(t))
	if s, ok := Accept(n.id(), n.keys, [OpeningSize]byte(opening)); ok {
		if _, err := s.Open(frame); err != ErrSealed {
			t.Errorf("a talk meant for another node: %v", err)
		}
	}
	if _, err := s.Open(frame); err != nil {
		t.Error(err)
	}
}

func TestLoginHoldsForItsTalkOnly(t *testing.T) {
	n := newNode(1)
	home := identity.Home{Account: [32]byte{9}, Invite: [16]byte{4}}
	client, served := n.talk(t)
	q := client.Login(home)
	if !served.Proves(q) || q.Invite != home.Invite {
		t.Error("the owner is not let in")
	}
	_, other := n.talk(t)
	if other.Proves(q) {
		t.Error("a login is good in another talk")
	}
	forged := *q
	forged.Account[0] ^= 1
	if served.Proves(&forged) {
		t.Error("a login is good for another account")
	}
}

func TestKeyRecord(t *testing.T) {
	n := newNode(1)
	b := n.keys[0].Record(n.ed)
	if len(b) != KeyRecordSize || KeyRecordSize != 1297 {
		t.Errorf("%d bytes", len(b))
	}
	r, err := ParseKeyRecord(n.id(), b)
	if err != nil || r.ID != n.keys[0].ID() || r.From != start.Unix() || r.Until != n.keys[0].Until().Unix() {
		t.Errorf("%v", err)
	}
	for name, c := range map[string]struct {
		at   time.Time
		want bool
	}{
		"now":               {start, true},
		"a day early":       {start.Add(-ClockGrace), true},
		"two days early":    {start.Add(-2 * ClockGrace), false},
		"at the end":        {n.keys[0].Until(), true},
		"two days too late": {n.keys[0].Until().Add(2 * ClockGrace), false},
	} {
		if r.Holds(c.at) != c.want {
			t.Errorf("%s: %t", name, !c.want)
		}
	}
	for i := range b {
		altered := bytes.Clone(b)
		altered[i] ^= 1
		if _, err := ParseKeyRecord(n.id(), altered); err != ErrMalformed {
			t.Fatalf("byte %d altered: %v", i, err)
		}
	}
	if _, err := ParseKeyRecord(newNode(2).id(), b); err != ErrMalformed {
		t.Errorf("of another node: %v", err)
	}
	if _, err := ParseKeyRecord(n.id(), b[1:]); err != ErrMalformed {
		t.Errorf("cut: %v", err)
	}
	again, err := UnmarshalKey(n.keys[0].Marshal())
	if err != nil || !bytes.Equal(again.Record(n.ed), b) {
		t.Errorf("the stored key: %v", err)
	}
	for _, stored := range [][]byte{nil, n.keys[0].Marshal()[1:], make([]byte, keySize)} {
		if _, err := UnmarshalKey(stored); err != ErrMalformed {
			t.Errorf("a stored key of %d bytes: %v", len(stored), err)
		}
	}
}
