package ratchet

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"tacit/identity"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// pair returns the two sides of a fresh session.
func pair(t testing.TB) (alice, bob State) {
	t.Helper()
	alice, bob, err := newPair()
	if err != nil {
		t.Fatal(err)
	}
	return alice, bob
}

func newPair() (alice, bob State, err error) {
	var k [5]key
	for i := range k {
		rand.Read(k[i][:])
	}
	alice, err = NewAlice(k[0], k[1], k[2], identity.NewPrivateKey(k[3]).Public(), k[4])
	return alice, NewBob(k[0], k[1], k[2], k[3], k[4]), err
}

func seal(t testing.TB, s *State, plain string) []byte {
	t.Helper()
	box, next, err := s.Seal([]byte(plain), start)
	if err != nil {
		t.Fatalf("seal %q: %v", plain, err)
	}
	*s = next
	return box
}

func open(t testing.TB, s *State, box []byte, want string) {
	t.Helper()
	plain, next, err := s.Open(box, start)
	if err != nil {
		t.Fatalf("open %q: %v", want, err)
	}
	if string(plain) != want {
		t.Fatalf("opened %q, want %q", plain, want)
	}
	*s = next
}

// refuse checks that a box does not open and that the state stays as it is.
func refuse(t testing.TB, s State, box []byte, now time.Time, want error) {
	t.Helper()
	before := s.Marshal()
	plain, next, err := s.Open(box, now)
	if !errors.Is(err, want) || plain != nil {
		t.Errorf("got %v, want %v", err, want)
	}
	if !bytes.Equal(next.Marshal(), before) || !bytes.Equal(s.Marshal(), before) {
		t.Error("a box that does not open changed the state")
	}
}

// restore passes a state through its bytes.
func restore(t testing.TB, s State) State {
	t.Helper()
	again, err := Unmarshal(s.Marshal())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Marshal(), s.Marshal()) {
		t.Fatal("the state changes when it is stored")
	}
	return again
}

// sealAll seals n messages, "0" to the last.
func sealAll(t testing.TB, s *State, n int) [][]byte {
	t.Helper()
	boxes := make([][]byte, n)
	for i := range boxes {
		boxes[i] = seal(t, s, fmt.Sprint(i))
	}
	return boxes
}

func TestConversation(t *testing.T) {
	a, b := pair(t)
	for i := range 5 {
		text := fmt.Sprint("there ", i)
		box := seal(t, &a, text)
		if len(box) != len(text)+Overhead {
			t.Fatalf("box of %d bytes", len(box))
		}
		open(t, &b, box, text)
		open(t, &b, seal(t, &a, "and more"), "and more")
		a, b = restore(t, a), restore(t, b)
		open(t, &a, seal(t, &b, "back"), "back")
		a, b = restore(t, a), restore(t, b)
	}
}

func TestBobHasToBeWrittenToFirst(t *testing.T) {
	a, b := pair(t)
	if b.Ready() || !a.Ready() {
		t.Error("readiness is wrong")
	}
	if _, _, err := b.Seal(nil, start); err != ErrNotReady {
		t.Errorf("Bob seals first: %v", err)
	}
	open(t, &b, seal(t, &a, ""), "")
	if !b.Ready() {
		t.Error("Bob is not ready after the first message")
	}
}

func TestAnyOrder(t *testing.T) {
	a, b := pair(t)
	boxes := sealAll(t, &a, 10)
	for _, i := range []int{7, 9, 0, 8, 3, 1, 2, 6, 5, 4} {
		open(t, &b, boxes[i], fmt.Sprint(i))
		b = restore(t, b)
	}
	for _, box := range boxes {
		refuse(t, b, box, start, ErrUsed)
	}
	if len(b.skipped) != 0 {
		t.Errorf("%d keys are left over", len(b.skipped))
	}
}

func TestLateMessagesOfOldChains(t *testing.T) {
	a, b := pair(t)
	var late [][]byte
	for i := range maxOldChains + 2 {
		late = append(late, seal(t, &a, fmt.Sprint(i)))
		open(t, &b, seal(t, &a, "in time"), "in time")
		open(t, &a, seal(t, &b, "answer"), "answer")
		b = restore(t, b)
	}
	// The last late one is of the current chain, maxOldChains more are remembered.
	refuse(t, b, late[0], start, ErrUnknown)
	if len(b.old) != maxOldChains {
		t.Fatalf("%d old chains", len(b.old))
	}
	for i := len(late) - 1; i > 0; i-- {
		open(t, &b, late[i], fmt.Sprint(i))
		b = restore(t, b)
	}
	if len(b.old) != 0 || len(b.skipped) != 0 {
		t.Errorf("%d old chains and %d keys are left over", len(b.old), len(b.skipped))
	}
	refuse(t, b, late[1], start, ErrUnknown) // its chain is forgotten
}

func TestUsedNumberOfOldChain(t *testing.T) {
	a, b := pair(t)
	first, used := seal(t, &a, "first"), seal(t, &a, "used")
	open(t, &b, used, "used")
	open(t, &a, seal(t, &b, "answer"), "answer")
	open(t, &b, seal(t, &a, "next chain"), "next chain")
	refuse(t, b, used, start, ErrUsed)
	open(t, &b, first, "first")
}

func TestSkipLimit(t *testing.T) {
	a, b := pair(t)
	boxes := sealAll(t, &a, maxSkip+2)
	refuse(t, b, boxes[maxSkip+1], start, ErrTooFar)
	open(t, &b, boxes[maxSkip], fmt.Sprint(maxSkip))
	if len(b.skipped) != maxSkip {
		t.Fatalf("%d keys are stored", len(b.skipped))
	}
	open(t, &b, boxes[0], "0")
	open(t, &b, boxes[maxSkip+1], fmt.Sprint(maxSkip+1))
}

func TestHeaderForABillionMessages(t *testing.T) {
	a, b := pair(t)
	open(t, &b, seal(t, &a, "x"), "x")
	far := a
	far.ns = 1e9
	refuse(t, b, seal(t, &far, "far"), start, ErrTooFar)
	far.ns = math.MaxUint32 - 1
	refuse(t, b, seal(t, &far, "far"), start, ErrTooFar)
	if _, _, err := far.Seal(nil, start); err != ErrExhausted {
		t.Errorf("the last number is used: %v", err)
	}

	open(t, &a, seal(t, &b, "y"), "y")
	far = a
	far.pn = 1e9
	refuse(t, b, seal(t, &far, "far"), start, ErrTooFar)
	far.pn = 0
	refuse(t, b, seal(t, &far, "fewer than arrived"), start, ErrMalformed)

	a, b = pair(t)
	a.pn = 1
	refuse(t, b, seal(t, &a, "a chain before the first"), start, ErrMalformed)
}

func TestFullStoreEvictsTheOldest(t *testing.T) {
	a, b := pair(t)
	boxes := sealAll(t, &a, 2503)
	open(t, &b, boxes[1000], "1000")
	open(t, &b, boxes[2001], "2001")
	open(t, &b, boxes[2502], "2502")
	b = restore(t, b)
	if len(b.skipped) != maxSkipped {
		t.Fatalf("%d keys are stored", len(b.skipped))
	}
	refuse(t, b, boxes[499], start, ErrUsed)
	for _, i := range []int{500, 999, 1001, 2000, 2002, 2501} {
		open(t, &b, boxes[i], fmt.Sprint(i))
	}
	open(t, &b, seal(t, &a, "goes on"), "goes on")
}

// Eviction empties whole chains too, and their header keys go with them.
func TestEvictionForgetsEmptyChains(t *testing.T) {
	a, b := pair(t)
	lost := seal(t, &a, "lost")
	open(t, &b, seal(t, &a, "x"), "x")
	open(t, &a, seal(t, &b, "y"), "y")
	boxes := sealAll(t, &a, 2002)
	open(t, &b, boxes[1000], "1000")
	if len(b.old) != 1 {
		t.Fatal("the chain with a lost message is not remembered")
	}
	open(t, &b, boxes[2001], "2001")
	b = restore(t, b)
	if len(b.old) != 0 {
		t.Error("an emptied chain is remembered")
	}
	refuse(t, b, lost, start, ErrUnknown)
}

func TestMissingKeysExpire(t *testing.T) {
	a, b := pair(t)
	lost := seal(t, &a, "lost")
	open(t, &b, seal(t, &a, "x"), "x")
	before := b.Marshal()
	later := start.Add(skippedLife)
	if _, _, err := b.Open(lost, later); err != nil {
		t.Errorf("after 30 days: %v", err)
	}
	if _, changed := b.Expire(later); changed {
		t.Error("expired too early")
	}
	later = later.Add(time.Second)
	expired, changed := b.Expire(later)
	if !changed {
		t.Error("nothing expired")
	}
	refuse(t, expired, lost, later, ErrUsed)

	_, next, err := b.Seal(nil, later)
	if err != nil || len(next.skipped) != 0 {
		t.Errorf("Seal keeps an expired key: %v", err)
	}
	_, next, err = b.Open(seal(t, &a, "y"), later)
	if err != nil || len(next.skipped) != 0 {
		t.Errorf("Open keeps an expired key: %v", err)
	}
	if !bytes.Equal(b.Marshal(), before) {
		t.Error("the state before was written to")
	}
}

func TestForgedBoxes(t *testing.T) {
	a, b := pair(t)
	open(t, &b, seal(t, &a, "x"), "x")
	box := seal(t, &a, "hello")
	for _, at := range []int{0, 24, 56, 100, HeaderSize - 1} {
		forged := bytes.Clone(box)
		forged[at] ^= 1
		refuse(t, b, forged, start, ErrUnknown)
	}
	for _, at := range []int{HeaderSize, HeaderSize + 24, HeaderSize + 56, len(box) - 1} {
		forged := bytes.Clone(box)
		forged[at] ^= 1
		refuse(t, b, forged, start, ErrForged)
	}
	other := seal(t, &a, "other")
	refuse(t, b, append(bytes.Clone(box[:HeaderSize]), other[HeaderSize:]...), start, ErrForged)
	for n := range Overhead {
		if _, _, err := b.Open(box[:n], start); err != ErrMalformed {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
	refuse(t, b, append(bytes.Clone(box), 0), start, ErrForged)
	open(t, &b, other, "other")
	open(t, &b, box, "hello")
}

func TestStrangersBox(t *testing.T) {
	_, b := pair(t)
	stranger, _ := pair(t)
	refuse(t, b, seal(t, &stranger, "x"), start, ErrUnknown)
	random := make([]byte, 4080)
	rand.Read(random)
	refuse(t, b, random, start, ErrUnknown)
}

func TestPeersKeyIsChecked(t *testing.T) {
	a, b := pair(t)
	seal(t, &a, "begins the chain")
	bad := a
	bad.public = bytes.Repeat([]byte{255}, identity.KEMPublicSize) // coefficients out of range
	refuse(t, b, seal(t, &bad, "x"), start, ErrMalformed)
	bad = a
	bad.ct = make([]byte, identity.KEMCiphertextSize) // X25519 point of low order
	refuse(t, b, seal(t, &bad, "x"), start, ErrMalformed)
	if _, err := NewAlice(key{}, key{}, key{}, bad.ct, key{}); err != ErrMalformed {
		t.Errorf("Alice begins with no key of Bob's: %v", err)
	}
}

// A key that no answer can be sealed for is not accepted: whoever sent it would
// otherwise stop what this side does for others in the same breath.
func TestLowOrderPeerKey(t *testing.T) {
	a, b := pair(t)
	seal(t, &a, "begins the chain")
	a.public = append(bytes.Clone(a.public[:identity.KEMPublicSize-32]), make([]byte, 32)...)
	refuse(t, b, seal(t, &a, "x"), start, ErrMalformed)
}

// A stolen state is worth nothing after a message in each direction.
func TestHealing(t *testing.T) {
	a, b := pair(t)
	open(t, &b, seal(t, &a, "1"), "1")
	thief := b
	reply := seal(t, &b, "2")
	open(t, &a, reply, "2")
	refuse(t, thief, seal(t, &a, "3"), start, ErrUnknown)

	a, b = pair(t)
	seal(t, &a, "lost")
	thief = a // now in the middle of a chain
	open(t, &b, seal(t, &a, "1"), "1")
	box := seal(t, &b, "2")
	open(t, &thief, box, "2") // this one is still lost
	open(t, &a, box, "2")
	open(t, &b, seal(t, &a, "3"), "3")
	refuse(t, thief, seal(t, &b, "4"), start, ErrUnknown)
}

// What was opened before cannot be opened with a state stolen later.
func TestForwardSecrecy(t *testing.T) {
	a, b := pair(t)
	box := seal(t, &a, "1")
	open(t, &b, box, "1")
	refuse(t, b, box, start, ErrUsed)
	if b.seed != (key{}) || !b.private.IsZero() {
		t.Error("the private key outlives the step that used it")
	}
	message, next := kdfChain(key{1})
	if message == next || next == (key{1}) {
		t.Error("chain keys repeat")
	}
}
