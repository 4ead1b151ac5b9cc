package transport

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
)

// fileCell returns a file cell that begins with its number.
func fileCell(i int) []byte {
	c := make([]byte, fileCellSize)
	binary.BigEndian.PutUint64(c, uint64(i))
	return c
}

// numbered reports whether these are the file cells from 0 to n-1, in order.
func numbered(files [][16]byte, n int) bool {
	for i, c := range files {
		if c != [16]byte(fileCell(i)) {
			return false
		}
	}
	return len(files) == n
}

// TestFilesBothWays: a lane each way carries cells in order, while messages go on.
func TestFilesBothWays(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			a, b, toB := meet(t, p.only)
			const count = 200
			var sending sync.WaitGroup
			for from, to := range map[*node]identity.Handle{a: toB, b: handle('a')} {
				sending.Go(func() {
					for i := range count {
						if err := from.SendFile(t.Context(), to, fileCell(i)); err != nil {
							t.Errorf("SendFile: %v", err)
							return
						}
					}
				})
			}
			if err := a.Send(t.Context(), toB, randomCell(cellSize)); err != nil {
				t.Error(err)
			}
			sending.Wait()
			for _, n := range []*node{a, b} {
				n.in.await(t, "all file cells", wait, func() bool { return len(n.in.files) == count })
				if !numbered(n.in.files, count) {
					t.Error("file cells out of order")
				}
			}
			b.in.await(t, "a message", wait, func() bool { return len(b.in.cells) == 1 })
			if _, lost := a.in.links(); lost > 0 {
				t.Error("the link broke")
			}
		})
	}
}

// TestMessagesPassFiles: while the other side takes no file cell, SendFile blocks with
// little in memory and ends with its context; messages arrive both ways, the link lives,
// and later everything comes that was taken.
func TestMessagesPassFiles(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			a, b, toB := meet(t, p.only)
			gate := make(chan struct{})
			open := sync.OnceFunc(func() { close(gate) })
			defer open()
			b.in.onFiles = func() { <-gate }

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var mu sync.Mutex
			taken := 0
			ended := make(chan error)
			go func() {
				for {
					mu.Lock()
					c := fileCell(taken)
					mu.Unlock()
					if err := a.SendFile(ctx, toB, c); err != nil {
						ended <- err
						return
					}
					mu.Lock()
					taken++
					mu.Unlock()
				}
			}()
			soFar := func() int { mu.Lock(); defer mu.Unlock(); return taken }
			for before := 0; before < maxFilesQueued || before != soFar(); { // it has come to a halt
				before = soFar()
				for range 20 {
					cell := randomCell(cellSize)
					if err := a.Send(t.Context(), toB, cell); err != nil {
						t.Fatal(err)
					}
					a.in.await(t, "an acknowledgement", time.Second, func() bool { return a.in.acks[[16]byte(cell)] > 0 })
				}
			}
			// The queue, a batch, and what the connection takes of a stream that nobody reads.
			if most := maxFilesQueued + 3*maxLaneBatch + 32; soFar() > most {
				t.Errorf("%d cells were taken, want at most %d", soFar(), most)
			}
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("SendFile: %v, want the context's error", err)
			}
			if err := b.Send(t.Context(), handle('a'), randomCell(cellSize)); err != nil {
				t.Fatal(err)
			}
			a.in.await(t, "a message the other way", time.Second, func() bool { return len(a.in.cells) > 0 })
			if _, lost := a.in.links(); lost > 0 {
				t.Error("the link broke")
			}
			open()
			b.in.await(t, "what was taken", wait, func() bool { return len(b.in.files) == soFar() })
			if !numbered(b.in.files, soFar()) {
				t.Error("file cells out of order")
			}
		})
	}
}

// TestSendFileEnds: when the other side is gone, or is no party any more, whoever waits in
// SendFile learns it, and so does whoever comes later.
func TestSendFileEnds(t *testing.T) {
	for name, end := range map[string]func(a, b *node){
		"stopped":         func(a, b *node) { b.stop() },
		"removed here":    func(a, b *node) { a.SetParties(nil) },
		"removed there":   func(a, b *node) { b.SetParties(nil) },
		"switched off":    func(a, b *node) { a.SetOpen(false) },
		"no longer there": func(a, b *node) { b.SetOpen(false) },
	} {
		t.Run(name, func(t *testing.T) {
			a, b, toB := meet(t, Both)
			gate, inside := make(chan struct{}), make(chan struct{}, 1<<16)
			open := sync.OnceFunc(func() { close(gate) })
			defer open()
			b.in.onFiles = func() { inside <- struct{}{}; <-gate }
			ended := make(chan error, 1)
			go func() {
				for {
					if err := a.SendFile(context.Background(), toB, fileCell(0)); err != nil {
						ended <- err
						return
					}
				}
			}()
			<-inside
			time.AfterFunc(100*time.Millisecond, open) // the application returns some time
			end(a, b)
			select {
			case err := <-ended:
				if !errors.Is(err, ErrNoLink) {
					t.Errorf("SendFile: %v, want ErrNoLink", err)
				}
			case <-time.After(wait):
				t.Fatal("SendFile waits for ever")
			}
			a.in.awaitReached(t, toB, false, wait)
			if err := a.SendFile(t.Context(), toB, fileCell(0)); !errors.Is(err, ErrNoLink) {
				t.Errorf("SendFile without a link: %v, want ErrNoLink", err)
			}
		})
	}
}

func TestSendFileRefusesOtherSizes(t *testing.T) {
	a, _, toB := meet(t, QUIC)
	for _, n := range []int{0, 1, cellSize, largeCellSize, fileCellSize - 1, fileCellSize + 1} {
		if err := a.SendFile(t.Context(), toB, make([]byte, n)); !errors.Is(err, ErrCellSize) {
			t.Errorf("SendFile of %d bytes: %v, want ErrCellSize", n, err)
		}
	}
	if err := a.Send(t.Context(), toB, make([]byte, fileCellSize)); !errors.Is(err, ErrCellSize) {
		t.Errorf("Send of a file cell: %v, want ErrCellSize", err)
	}
}

// another opens a second stream on a stream's connection and makes a hello there.
func (c *caller) another(on network.Stream, k identity.LinkKey) (s network.Stream, proven bool) {
	c.t.Helper()
	to := on.Conn().RemotePeer()
	at := sighting{announcement: announcement{id: to}}
	keys := []identity.LinkKey{k}
	us, them := hostName(c.ID), hostName(to)
	s, answer := c.say(at, identity.NewHello(keys, us, them))
	_, proven = identity.CheckAnswer(answer, keys, us, them)
	return s, proven
}

// TestLanesOfStrangers: a lane needs a link of the same party on the same connection, and
// the link's own key.
func TestLanesOfStrangers(t *testing.T) {
	forA, forB := friends('a', 'b')
	k := forB.Dial[0]
	a, at := startQuiet(t, forA)
	t.Run("without a link", func(t *testing.T) {
		c := newCaller(t, Both)
		keys := []identity.LinkKey{laneKey(k)}
		s, answer := c.say(at, identity.NewHello(keys, hostName(c.ID), hostName(at.id)))
		if _, ok := identity.CheckAnswer(answer, keys, hostName(c.ID), hostName(at.id)); ok {
			t.Error("a lane without a link was proven")
		}
		awaitClosed(t, s, time.Second)
	})
	friend := newCaller(t, QUIC)
	link := friend.prove(at, k)
	a.in.awaitReached(t, forA.Handle, true, wait)
	t.Run("on another connection", func(t *testing.T) {
		thief := newCaller(t, Both)
		keys := []identity.LinkKey{laneKey(k)}
		_, answer := thief.say(at, identity.NewHello(keys, hostName(thief.ID), hostName(at.id)))
		if _, ok := identity.CheckAnswer(answer, keys, hostName(thief.ID), hostName(at.id)); ok {
			t.Error("a lane on another connection than its link was proven")
		}
	})
	t.Run("another key", func(t *testing.T) {
		if _, proven := friend.another(link, laneKey(key('x'))); proven {
			t.Error("a guess was proven")
		}
	})
	t.Run("with its link", func(t *testing.T) {
		s, proven := friend.another(link, laneKey(k))
		if !proven {
			t.Fatal("the right key was not proven")
		}
		s.Write(append([]byte{frameFile}, fileCell(0)...))
		a.in.await(t, "its cell", wait, func() bool { return len(a.in.files) == 1 })
	})
	if _, lost := a.in.links(); lost > 0 {
		t.Error("refused lanes broke the link")
	}
}

// TestBadLanes: what is no lane ends it together with its link, and nothing of it arrives.
func TestBadLanes(t *testing.T) {
	const soon = silenceTime / 2
	forA, forB := friends('a', 'b')
	a, at := startQuiet(t, forA)
	whole := append([]byte{frameFile}, fileCell(0)...)
	for name, tt := range map[string]struct {
		says  []byte
		close bool
		cells int
	}{
		"small cell":         {says: append([]byte{frameCell}, make([]byte, cellSize)...)},
		"large cell":         {says: append([]byte{frameLargeCell}, make([]byte, largeCellSize)...)},
		"acknowledgement":    {says: append([]byte{frameAck}, make([]byte, ackSize)...)},
		"heartbeat":          {says: []byte{frameHeartbeat}},
		"zero":               {says: []byte{0}},
		"oversized":          {says: append(slices.Clone(whole), 0), cells: 1},
		"cut short":          {says: whole[:fileCellSize], close: true},
		"closed":             {says: whole, close: true, cells: 1},
		"a message after it": {says: slices.Concat(whole, []byte{frameCell}, make([]byte, cellSize)), cells: 1},
	} {
		t.Run(name, func(t *testing.T) {
			a.in.update(func() { a.in.files = nil })
			c := newCaller(t, QUIC)
			link := c.prove(at, forB.Dial[0])
			a.in.awaitReached(t, forA.Handle, true, wait)
			s, proven := c.another(link, laneKey(forB.Dial[0]))
			if !proven {
				t.Fatal("not proven")
			}
			s.Write(tt.says)
			if tt.close {
				s.Close()
			}
			a.in.awaitReached(t, forA.Handle, false, soon)
			awaitClosed(t, s, time.Second)
			if len(a.in.files) > tt.cells {
				t.Errorf("%d cells arrived, want at most %d", len(a.in.files), tt.cells)
			}
		})
	}
	t.Run("two", func(t *testing.T) {
		c := newCaller(t, QUIC)
		link := c.prove(at, forB.Dial[0])
		a.in.awaitReached(t, forA.Handle, true, wait)
		k := laneKey(forB.Dial[0])
		if _, proven := c.another(link, k); !proven {
			t.Fatal("not proven")
		}
		s, err := link.Conn().NewStream(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cell := identity.NewHello([]identity.LinkKey{k}, hostName(c.ID), hostName(at.id))
		multistream.NewMSSelect(s, protocolID).Write(cell[:]) // the answer may come or not
		a.in.awaitReached(t, forA.Handle, false, soon)
	})
	if len(a.in.cells) > 0 {
		t.Errorf("%d messages arrived over lanes", len(a.in.cells))
	}
}

// pipedLane returns a link whose lane is a pipe into the test.
func pipedLane() (l *link, far net.Conn) {
	near, end := net.Pipe()
	link, other := net.Pipe()
	other.Close()
	l = newLink(handle('x'), key('k'), pipeWire{link}, "", true, nil)
	l.prove = func() (wire, error) { return pipeWire{near}, nil }
	return l, end
}

// TestRefusedLaneIsAskedForAgain: the other side has the link a moment later than this one.
func TestRefusedLaneIsAskedForAgain(t *testing.T) {
	for refusals, ok := range map[int]bool{0: true, laneTries - 1: true, laneTries: false} {
		synctest.Test(t, func(t *testing.T) {
			l, far := pipedLane()
			prove, asked := l.prove, 0
			l.prove = func() (wire, error) {
				if asked++; asked <= refusals {
					return nil, errLaneRefused
				}
				return prove()
			}
			go l.writeFiles()
			if err := l.sendFile(t.Context(), [][]byte{fileCell(1)}); err != nil {
				t.Fatal(err)
			}
			if !ok {
				time.Sleep(laneTries * laneRetry)
				synctest.Wait()
				if !hasEnded(l) {
					t.Error("the link lives without the lane that it was asked for")
				}
				return
			}
			r := laneReader{from: far}
			if b, err := r.next(); err != nil || len(b.cells) != 1 {
				t.Errorf("%v, %v", b, err)
			}
			finish(l)
		})
	}
}

// TestLaneReaderTakesWhatIsThere: cells come in batches as large as what has arrived.
func TestLaneReaderTakesWhatIsThere(t *testing.T) {
	var all []byte
	const count = 3*maxLaneBatch + 1
	for i := range count {
		all = append(append(all, frameFile), fileCell(i)...)
	}
	for _, step := range []int{1 << 10, fileFrameSize - 1, fileFrameSize, 1 << 20} {
		r := laneReader{from: &slowReader{all, step - 1}}
		var got [][16]byte
		largest := 0
		for len(got) < count {
			b, err := r.next()
			if err != nil {
				t.Fatal(err)
			}
			largest = max(largest, len(b.cells))
			for _, c := range b.cells {
				got = append(got, [16]byte(c))
			}
			b.release()
		}
		if !numbered(got, count) {
			t.Errorf("pieces of %d: cells out of order", step)
		}
		if want := min(maxLaneBatch, max(1, step/fileFrameSize)); largest < want || largest > maxLaneBatch {
			t.Errorf("pieces of %d: at most %d cells at once, want %d", step, largest, want)
		}
		r.rest()
	}
}
