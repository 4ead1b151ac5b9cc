package session

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// meet pairs two people; s had the card of r.
func meet(t testing.TB, idR, idS *identity.Identity) (secretsR, secretsS pairing.Secrets) {
	t.Helper()
	card := identity.NewCard(idR.Fingerprint(), time.Hour, false, start)
	r, err := pairing.Present(idR, "Rosa", card, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pairing.Scan(idS, "Søren", card, false)
	if err != nil {
		t.Fatal(err)
	}
	cell := s.Last()
	for cell != nil {
		var result pairing.Result
		if result, r, err = r.Receive(idR, cell, start); err != nil {
			t.Fatal(err)
		}
		if cell = result.Reply; cell == nil {
			break
		}
		if result, s, err = s.Receive(idS, cell, start); err != nil {
			t.Fatal(err)
		}
		cell = result.Reply
	}
	secretsR, okR := r.Secrets()
	secretsS, okS := s.Secrets()
	if !okR || !okS {
		t.Fatal("no secrets")
	}
	return secretsR, secretsS
}

// pair returns both ends of a session, the card's presenter first.
func pair(t testing.TB) (r, s State) {
	t.Helper()
	secretsR, secretsS := meet(t, identity.New(), identity.New())
	r, err := New(secretsR, start)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = New(secretsS, start); err != nil {
		t.Fatal(err)
	}
	return r, s
}

func seal(t testing.TB, s *State, content string) []byte {
	t.Helper()
	box, next, err := s.Seal([]byte(content), start)
	if err != nil {
		t.Fatal(err)
	}
	*s = next
	return box
}

func open(t testing.TB, s *State, box []byte, want string) {
	t.Helper()
	content, next, err := s.Open(box, start)
	if err != nil {
		t.Fatal(err)
	}
	if string(content) != want {
		t.Fatalf("opened %d bytes that are not the %d sealed", len(content), len(want))
	}
	*s = next
}

func refuse(t testing.TB, s State, box []byte, want error) {
	t.Helper()
	before := s.Marshal()
	content, next, err := s.Open(box, start)
	if !errors.Is(err, want) || content != nil || !bytes.Equal(next.Marshal(), before) {
		t.Errorf("got %v, want %v and no change", err, want)
	}
}

func restore(t testing.TB, s State) State {
	t.Helper()
	again, err := Unmarshal(s.Marshal())
	if err != nil || !bytes.Equal(again.Marshal(), s.Marshal()) {
		t.Fatalf("stored and read: %v", err)
	}
	return again
}

func TestConversation(t *testing.T) {
	r, s := pair(t)
	fresh, asFresh := s, s.Marshal()
	if r.Ready() || !s.Ready() {
		t.Error("S has to begin")
	}
	if _, _, err := r.Seal(nil, start); !errors.Is(err, ErrNotReady) {
		t.Errorf("R begins: %v", err)
	}
	for i := range 3 {
		open(t, &r, seal(t, &s, fmt.Sprint("there ", i)), fmt.Sprint("there ", i))
		open(t, &s, seal(t, &r, fmt.Sprint("back ", i)), fmt.Sprint("back ", i))
		r, s = restore(t, r), restore(t, s)
	}
	if !bytes.Equal(fresh.Marshal(), asFresh) {
		t.Error("the state before was written to")
	}
	if n := len(r.Marshal()); n > 3<<10 {
		t.Errorf("a session takes %d bytes", n)
	}
}

func TestClasses(t *testing.T) {
	r, s := pair(t)
	for n, want := range map[int]int{
		0: envelope.SmallBox, 1: envelope.SmallBox, envelope.SmallContent: envelope.SmallBox,
		envelope.SmallContent + 1: envelope.LargeBox, MaxContent: envelope.LargeBox,
	} {
		content := make([]byte, n)
		rand.Read(content)
		box := seal(t, &s, string(content))
		if len(box) != want {
			t.Errorf("%d bytes of content take a box of %d", n, len(box))
		}
		open(t, &r, box, string(content))
	}
	before := s.Marshal()
	if _, next, err := s.Seal(make([]byte, MaxContent+1), start); err != ErrTooLong || !bytes.Equal(next.Marshal(), before) {
		t.Errorf("too long: %v", err)
	}
}

func TestBadBoxes(t *testing.T) {
	r, s := pair(t)
	box := seal(t, &s, "hello")
	random := make([]byte, envelope.SmallBox)
	rand.Read(random)
	refuse(t, r, random, ErrUnknown)
	for _, n := range []int{0, 1, 100, envelope.SmallBox - 1, envelope.SmallBox + 1, envelope.LargeBox + 1, 1 << 20} {
		refuse(t, r, make([]byte, n), ErrMalformed)
	}
	_, stranger := pair(t)
	refuse(t, r, seal(t, &stranger, "of another contact"), ErrUnknown)
	refuse(t, s, box, ErrUnknown) // one's own
	forged := bytes.Clone(box)
	forged[len(forged)-1] ^= 1
	refuse(t, r, forged, ErrForged)
	open(t, &r, box, "hello")
	refuse(t, r, box, ErrUsed)

	var none State
	refuse(t, none, random, ErrUnknown)
	if _, _, err := none.Seal(nil, start); !errors.Is(err, ErrNotReady) {
		t.Errorf("a session without a ratchet seals: %v", err)
	}
}

// A peer whose padding is not as written is refused, and the state stays.
func TestBadPadding(t *testing.T) {
	r, s := pair(t)
	padded, err := envelope.Pad([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	padded[len(padded)-1] = 1
	box, _, err := s.lines[0].r.Seal(padded, start)
	if err != nil {
		t.Fatal(err)
	}
	refuse(t, r, box, ErrMalformed)
}

func TestHeaderForMoreMessagesThanAllowed(t *testing.T) {
	r, s := pair(t)
	for range 1001 {
		seal(t, &s, "")
	}
	refuse(t, r, seal(t, &s, "far"), ErrTooFar)
}

// again pairs the two a second time and adds it at both ends; presenter says who showed the card.
func again(t *testing.T, idA, idB *identity.Identity, a, b State, now time.Time) (State, State, [32]byte) {
	t.Helper()
	secretsA, secretsB := meet(t, idA, idB)
	a, err := a.Replace(secretsA, now)
	if err != nil {
		t.Fatal(err)
	}
	if b, err = b.Replace(secretsB, now); err != nil {
		t.Fatal(err)
	}
	return a, b, secretsA.T2
}

func TestTwoSessionsMadeTogether(t *testing.T) {
	idA, idB := identity.New(), identity.New()
	for range 4 { // either transcript may be the greater
		var a, b State
		a, b, first := again(t, idA, idB, a, b, start)
		b, a, second := again(t, idB, idA, b, a, start.Add(9*time.Minute))
		greater := first
		if bytes.Compare(second[:], first[:]) > 0 {
			greater = second
		}
		if a.lines[0].t2 != greater || b.lines[0].t2 != greater {
			t.Fatal("the session with the lesser T2 sends")
		}
		a, b = restore(t, a), restore(t, b)
		begins, answers := &a, &b
		if !a.Ready() {
			begins, answers = &b, &a
		}
		open(t, answers, seal(t, begins, "x"), "x")
		open(t, begins, seal(t, answers, "y"), "y")
	}
}

func TestLaterSessionSends(t *testing.T) {
	idA, idB := identity.New(), identity.New()
	for range 4 {
		var a, b State
		a, b, _ = again(t, idA, idB, a, b, start)
		box := seal(t, &b, "sealed before")
		second := start.Add(togetherSpan + time.Second)
		a, b, t2 := again(t, idA, idB, a, b, second)
		if a.lines[0].t2 != t2 || b.lines[0].t2 != t2 {
			t.Fatal("an old session sends")
		}
		open(t, &a, seal(t, &b, "new"), "new")
		open(t, &a, box, "sealed before")

		late, changed := a.Expire(second.Add(receiveLife + time.Second))
		if !changed || len(late.lines) != 1 {
			t.Error("a replaced ratchet receives for more than 30 days")
		}
		if early, changed := a.Expire(second.Add(receiveLife)); changed || len(early.lines) != 2 {
			t.Error("a replaced ratchet receives for less than 30 days")
		}
	}
}

func TestReplaceTwiceChangesNothing(t *testing.T) {
	secretsR, _ := meet(t, identity.New(), identity.New())
	s, err := New(secretsR, start)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := s.Replace(secretsR, start.Add(time.Hour))
	if err != nil || !bytes.Equal(twice.Marshal(), s.Marshal()) {
		t.Errorf("the same session twice: %v", err)
	}
	for _, n := range []int{0, 31, 33, 1216} {
		bad := secretsR
		bad.T2[0] ^= 1
		bad.RatchetKey = make([]byte, n)
		if next, err := s.Replace(bad, start); err != ErrMalformed || !bytes.Equal(next.Marshal(), s.Marshal()) {
			t.Errorf("a ratchet key of %d bytes: %v", n, err)
		}
	}
}

func TestReceivingRatchetsAreBounded(t *testing.T) {
	idA, idB := identity.New(), identity.New()
	var a, b State
	a, b, _ = again(t, idA, idB, a, b, start)
	first := seal(t, &b, "first")
	for i := range maxReceiving {
		a, b, _ = again(t, idA, idB, a, b, start.Add(time.Duration(i+1)*time.Hour))
	}
	if len(a.lines) != 1+maxReceiving {
		t.Fatalf("%d ratchets", len(a.lines))
	}
	kept := restore(t, a)
	open(t, &kept, first, "first")
	a, _, _ = again(t, idA, idB, a, b, start.Add(24*time.Hour))
	refuse(t, a, first, ErrUnknown)
}

func TestExpireReachesTheRatchets(t *testing.T) {
	r, s := pair(t)
	seal(t, &s, "lost")
	open(t, &r, seal(t, &s, "x"), "x")
	if _, changed := r.Expire(start); changed {
		t.Error("expired at once")
	}
	next, changed := r.Expire(start.AddDate(0, 2, 0))
	if !changed || len(next.Marshal()) >= len(r.Marshal()) {
		t.Error("the key of a lost message is kept")
	}
}

func TestUnmarshalIsStrict(t *testing.T) {
	idA, idB := identity.New(), identity.New()
	var a, b State
	a, b, _ = again(t, idA, idB, a, b, start)
	a, _, _ = again(t, idA, idB, a, b, start.Add(time.Hour))
	good := a.Marshal()
	for n := range good {
		if _, err := Unmarshal(good[:n]); err != ErrMalformed {
			t.Fatalf("%d of %d bytes: %v", n, len(good), err)
		}
	}
	if _, err := Unmarshal(append(bytes.Clone(good), 0)); err != ErrMalformed {
		t.Errorf("a trailing byte: %v", err)
	}
	swapped := State{[]line{a.lines[1], a.lines[0]}}
	if _, err := Unmarshal(swapped.Marshal()); err != ErrMalformed {
		t.Errorf("a replaced ratchet that sends: %v", err)
	}
	many := State{}
	for range 2 + maxReceiving {
		many.lines = append(many.lines, a.lines[1])
	}
	many.lines[0] = a.lines[0]
	if _, err := Unmarshal(many.Marshal()); err != ErrMalformed {
		t.Errorf("too many ratchets: %v", err)
	}
	if s, err := Unmarshal(State{}.Marshal()); err != nil || s.Ready() {
		t.Errorf("no ratchet: %v", err)
	}
}

func TestDigest(t *testing.T) {
	want := sha256.Sum256([]byte("box"))
	if got := Digest([]byte("box")); !bytes.Equal(got[:], want[:16]) {
		t.Errorf("%x", got)
	}
}

// Who lost the ratchet that sends is answered in the one that they know; a box that
// comes late does not bring an older one back.
func TestAdopt(t *testing.T) {
	idR, idS := identity.New(), identity.New()
	later := start.Add(time.Hour)
	firstR, firstS := meet(t, idR, idS)
	secondR, secondS := meet(t, idR, idS)
	peers := map[string]State{}
	for name, p := range map[string]pairing.Secrets{"first": firstS, "second": secondS} {
		s, err := New(p, start)
		if err != nil {
			t.Fatal(err)
		}
		peers[name] = s
	}
	both := func(sending, other pairing.Secrets, sendingAt, otherAt time.Time) State {
		s, err := New(other, otherAt)
		if err != nil {
			t.Fatal(err)
		}
		top, err := New(sending, sendingAt)
		if err != nil {
			t.Fatal(err)
		}
		return State{append(top.lines, line{t2: s.lines[0].t2, made: s.lines[0].made, until: later.Unix(), r: s.lines[0].r})}
	}
	for name, tt := range map[string]struct {
		r     State
		adopt bool
	}{
		"younger":  {both(firstR, secondR, start, later), true},
		"together": {both(firstR, secondR, start.Add(9*time.Minute), start), true},
		"older":    {both(firstR, secondR, later, start), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := peers["second"]
			box := seal(t, &s, "what I know")
			content, next, err := tt.r.Adopt(box, later)
			if !tt.adopt {
				if !errors.Is(err, ErrUnknown) || !bytes.Equal(next.Marshal(), tt.r.Marshal()) {
					t.Errorf("an older ratchet sends again: %v", err)
				}
				return
			}
			if err != nil || string(content) != "what I know" {
				t.Fatalf("%q, %v", content, err)
			}
			if got, err := Unmarshal(next.Marshal()); err != nil || len(got.lines) != 2 {
				t.Errorf("stored: %d ratchets, %v", len(got.lines), err)
			}
			open(t, &s, seal(t, &next, "answer"), "answer")
			first := peers["first"]
			open(t, &next, seal(t, &first, "late"), "late") // the other one still receives
		})
	}
	s := peers["first"]
	r := both(firstR, secondR, start, later)
	if _, next, err := r.Adopt(seal(t, &s, "as before"), later); err != nil || next.lines[0].t2 != firstR.T2 {
		t.Errorf("the ratchet that sends does not go on: %v", err)
	}
}

// Merge brings in a ratchet that has moved.
func TestMerge(t *testing.T) {
	r, s := pair(t)
	open(t, &r, seal(t, &s, "one"), "one")
	merged := State{}.Merge(r, start)
	open(t, &s, seal(t, &merged, "two"), "two")
	if again := merged.Merge(r, start); !bytes.Equal(again.Marshal(), merged.Marshal()) {
		t.Error("a ratchet that is known already is taken again")
	}
}
