package apptest

import (
	"bytes"
	"errors"
	"slices"
	"sync"
	"testing"

	"tacit/app"
)

// BlobSuite proves that a store of blobs keeps the promises of app.Blobs. open returns a
// fresh, empty one each time, closed when the test ends, and a function that closes it
// in an orderly way and opens it again.
func BlobSuite(t *testing.T, open func(t *testing.T) (b app.Blobs, reopen func() app.Blobs)) {
	tests := []struct {
		name string
		run  func(t *testing.T, s *blobSuite)
	}{
		{"Create", testBlobCreate},
		{"RoundTrip", testBlobRoundTrip},
		{"Bounds", testBlobBounds},
		{"BoxesAreNotKept", testBlobNotKept},
		{"Durable", testBlobDurable},
		{"Remove", testBlobRemove},
		{"RoomIsUsedAgain", testBlobReuse},
		{"NamesAreNot", testBlobNames},
		{"Concurrent", testBlobConcurrent},
		{"RemoveWhileWriting", testBlobRemoveWhileWriting},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &blobSuite{T: t}
			s.Blobs, s.reopen = open(t)
			tt.run(t, s)
		})
	}
}

type blobSuite struct {
	*testing.T
	app.Blobs
	reopen func() app.Blobs
}

// suiteBox returns a box that is told by two numbers.
func suiteBox(a, b int) []byte {
	box := bytes.Repeat([]byte{byte(a), byte(b), byte(b >> 8), 0xb0}, app.BoxSize/4+1)
	return box[:app.BoxSize]
}

func (s *blobSuite) create(boxes uint32) app.BlobID {
	s.Helper()
	id, err := s.CreateBlob(s.Context(), boxes)
	if err != nil || id <= 0 {
		s.Fatalf("create: %d, %v", id, err)
	}
	return id
}

func (s *blobSuite) write(id app.BlobID, first uint32, boxes ...[]byte) {
	s.Helper()
	if err := s.WriteBlob(id, first, boxes...); err != nil {
		s.Fatalf("write: %v", err)
	}
}

func (s *blobSuite) sync(id app.BlobID) {
	s.Helper()
	if err := s.SyncBlob(s.Context(), id); err != nil {
		s.Fatalf("sync: %v", err)
	}
}

func (s *blobSuite) remove(id app.BlobID) {
	s.Helper()
	if err := s.RemoveBlob(s.Context(), id); err != nil {
		s.Fatalf("remove: %v", err)
	}
}

func (s *blobSuite) want(id app.BlobID, i uint32, want []byte) {
	s.Helper()
	got := bytes.Repeat([]byte{0xee}, app.BoxSize)
	if err := s.ReadBlob(id, i, got); err != nil {
		s.Fatalf("read box %d: %v", i, err)
	}
	if !bytes.Equal(got, want) {
		s.Fatalf("box %d is another one: begins %x, want %x", i, got[:4], want[:4])
	}
}

func (s *blobSuite) wantIDs(want ...app.BlobID) {
	s.Helper()
	got, err := s.BlobIDs(s.Context())
	if err != nil || !slices.Equal(got, want) {
		s.Fatalf("blobs %v, %v; want %v", got, err, want)
	}
}

func (s *blobSuite) wantNotFound(what string, err error) {
	s.Helper()
	if !errors.Is(err, app.ErrNotFound) {
		s.Fatalf("%s: error %v, want ErrNotFound", what, err)
	}
}

func testBlobCreate(t *testing.T, s *blobSuite) {
	s.wantIDs()
	if _, err := s.CreateBlob(t.Context(), 0); err == nil {
		t.Error("a blob without boxes was created")
	}
	a, b := s.create(1), s.create(3)
	s.wantIDs(a, b)
	s.Blobs = s.reopen()
	s.wantIDs(a, b)
}

func testBlobRoundTrip(t *testing.T, s *blobSuite) {
	a, b := s.create(5), s.create(100)
	s.write(a, 0, suiteBox(1, 0), suiteBox(1, 1))
	for i := range 100 {
		s.write(b, uint32(i), suiteBox(2, i))
	}
	s.write(a, 4, suiteBox(1, 4))
	s.write(a, 1, suiteBox(9, 1), suiteBox(9, 2), suiteBox(9, 3))
	s.want(a, 0, suiteBox(1, 0))
	s.want(a, 2, suiteBox(9, 2))
	s.want(a, 4, suiteBox(1, 4))
	for i := range 100 {
		s.want(b, uint32(i), suiteBox(2, i))
	}
	s.write(a, 3) // nothing
}

func testBlobBounds(t *testing.T, s *blobSuite) {
	a := s.create(2)
	s.write(a, 0, suiteBox(1, 0), suiteBox(1, 1))
	s.wantNotFound("write behind the end", s.WriteBlob(a, 2, suiteBox(1, 2)))
	s.wantNotFound("write across the end", s.WriteBlob(a, 1, suiteBox(7, 1), suiteBox(7, 2)))
	s.wantNotFound("write far behind the end", s.WriteBlob(a, 1<<32-1, suiteBox(7, 1), suiteBox(7, 2)))
	s.want(a, 1, suiteBox(1, 1))
	box := make([]byte, app.BoxSize)
	s.wantNotFound("read behind the end", s.ReadBlob(a, 2, box))
	s.wantNotFound("write to none", s.WriteBlob(a+1, 0, box))
	s.wantNotFound("read from none", s.ReadBlob(a+1, 0, box))
	s.wantNotFound("sync of none", s.SyncBlob(t.Context(), a+1))
	s.wantNotFound("write to blob 0", s.WriteBlob(0, 0, box))
	if s.WriteBlob(a, 0, box[1:]) == nil || s.WriteBlob(a, 0, append(box, 0)) == nil || s.ReadBlob(a, 0, box[1:]) == nil {
		t.Error("a box of another size was taken")
	}
}

func testBlobNotKept(t *testing.T, s *blobSuite) {
	a := s.create(1)
	box := suiteBox(1, 0)
	s.write(a, 0, box)
	clear(box)
	s.want(a, 0, suiteBox(1, 0))
}

func testBlobDurable(t *testing.T, s *blobSuite) {
	a, b := s.create(40), s.create(2)
	for i := range 40 {
		s.write(a, uint32(i), suiteBox(1, i))
	}
	s.write(b, 1, suiteBox(2, 1))
	s.sync(a)
	s.sync(b)
	s.Blobs = s.reopen()
	for i := range 40 {
		s.want(a, uint32(i), suiteBox(1, i))
	}
	s.want(b, 1, suiteBox(2, 1))
}

func testBlobRemove(t *testing.T, s *blobSuite) {
	a, b := s.create(2), s.create(2)
	s.write(b, 0, suiteBox(2, 0))
	s.remove(a)
	s.wantIDs(b)
	box := make([]byte, app.BoxSize)
	s.wantNotFound("write to a removed one", s.WriteBlob(a, 0, box))
	s.wantNotFound("read from a removed one", s.ReadBlob(a, 0, box))
	s.wantNotFound("sync of a removed one", s.SyncBlob(t.Context(), a))
	s.remove(a)
	s.remove(a + 100)
	s.want(b, 0, suiteBox(2, 0))
	s.sync(b)
	s.Blobs = s.reopen()
	s.wantIDs(b)
	s.want(b, 0, suiteBox(2, 0))
}

// testBlobReuse: whatever room is given again, no blob writes into another.
func testBlobReuse(t *testing.T, s *blobSuite) {
	kept := s.create(3)
	for i := range uint32(3) {
		s.write(kept, i, suiteBox(200, int(i)))
	}
	for round := range 12 {
		a, b := s.create(uint32(1+round)), s.create(uint32(7*round+2))
		s.write(b, uint32(7*round+1), suiteBox(round, 1))
		s.write(a, uint32(round), suiteBox(round, 2))
		s.want(b, uint32(7*round+1), suiteBox(round, 1))
		s.want(a, uint32(round), suiteBox(round, 2))
		s.remove(a)
		s.want(b, uint32(7*round+1), suiteBox(round, 1))
		if round%2 == 0 {
			s.remove(b)
		}
		if round == 6 {
			s.sync(kept)
			s.Blobs = s.reopen()
		}
	}
	for i := range uint32(3) {
		s.want(kept, i, suiteBox(200, int(i)))
	}
}

func testBlobNames(t *testing.T, s *blobSuite) {
	a := s.create(1)
	s.remove(a)
	if b := s.create(1); b <= a {
		t.Errorf("blob %d after %d", b, a)
	} else {
		s.remove(b)
		a = b
	}
	s.Blobs = s.reopen()
	if b := s.create(1); b <= a {
		t.Errorf("blob %d after %d and opening again", b, a)
	}
}

func testBlobConcurrent(t *testing.T, s *blobSuite) {
	const writers, boxes = 6, 24
	ids := make([]app.BlobID, writers)
	var writing sync.WaitGroup
	for n := range writers {
		writing.Go(func() {
			id, err := s.CreateBlob(t.Context(), boxes)
			ids[n] = id
			for i := 0; i < boxes && err == nil; i += 2 {
				err = s.WriteBlob(id, uint32(i), suiteBox(n, i), suiteBox(n, i+1))
				if err == nil && i%8 == 0 {
					err = s.SyncBlob(t.Context(), id)
				}
			}
			if err != nil {
				t.Errorf("writer %d: %v", n, err)
			}
		})
	}
	writing.Wait()
	if t.Failed() {
		return
	}
	for n, id := range ids {
		for i := range boxes {
			s.want(id, uint32(i), suiteBox(n, i))
		}
	}
}

// testBlobRemoveWhileWriting: what is written to a blob that is just removed is refused,
// and never found in the one that got its room.
func testBlobRemoveWhileWriting(t *testing.T, s *blobSuite) {
	for round := range 8 {
		a := s.create(16)
		var writing sync.WaitGroup
		writing.Go(func() {
			for i := range uint32(16) {
				if err := s.WriteBlob(a, i, suiteBox(1, int(i))); err != nil {
					s.wantGone(err)
					return
				}
			}
		})
		s.remove(a)
		b := s.create(16)
		for i := range uint32(16) {
			s.write(b, i, suiteBox(2, int(i)))
		}
		writing.Wait()
		for i := range uint32(16) {
			s.want(b, i, suiteBox(2, int(i)))
		}
		if round%2 == 0 {
			s.remove(b)
		}
	}
}

// wantGone is wantNotFound for other goroutines than the test's.
func (s *blobSuite) wantGone(err error) {
	if !errors.Is(err, app.ErrNotFound) {
		s.Errorf("write to a removed blob: %v, want ErrNotFound", err)
	}
}
