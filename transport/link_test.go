package transport

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// pipeWire is a stream without buffers between.
type pipeWire struct{ net.Conn }

func (w pipeWire) Reset() error { return w.Close() }

// newPipedLink runs a link whose other end is in the test's hands.
func newPipedLink() (l *link, far net.Conn) {
	near, far := net.Pipe()
	l = newLink(handle('x'), key('x'), pipeWire{near}, "", true, nil)
	go l.read()
	go l.write()
	return l, far
}

// finish ends a link and gives the goroutines of a bubble the time to see it.
func finish(l *link) {
	l.end()
	time.Sleep(time.Minute)
}

func hasEnded(l *link) bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

func TestSilentPeerIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, far := newPipedLink()
		go io.Copy(io.Discard, far) // it reads, as a frozen peer's kernel does
		time.Sleep(silenceTime - time.Millisecond)
		synctest.Wait()
		if hasEnded(l) {
			t.Fatal("ended too early")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if !hasEnded(l) {
			t.Fatal("silence was not noticed")
		}
	})
}

func TestPeerThatReadsNothingIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, far := newPipedLink()
		go func() { // it sends heartbeats, and that is all
			for {
				if _, err := far.Write([]byte{frameHeartbeat}); err != nil {
					return
				}
				time.Sleep(heartbeatTime)
			}
		}()
		begin := time.Now()
		var err error
		for err == nil {
			err = l.send(t.Context(), [][]byte{make([]byte, cellSize)})
		}
		if took := time.Since(begin); !errors.Is(err, ErrNoLink) || took > 10*time.Second {
			t.Errorf("Send returned %v after %v", err, took)
		}
		finish(l)
	})
}

func TestIdleLinkLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		a := newLink(handle('a'), key('a'), pipeWire{near}, "", true, nil)
		b := newLink(handle('b'), key('b'), pipeWire{far}, "", false, nil)
		for _, l := range []*link{a, b} {
			go l.read()
			go l.write()
		}
		time.Sleep(time.Hour)
		if hasEnded(a) || hasEnded(b) {
			t.Error("an idle link ended")
		}
		finish(a)
		finish(b)
	})
}

// TestSlowReaderIsNotBlamed: while the own side takes nothing from the link, it cannot
// hear heartbeats, and must not call that silence.
func TestSlowReaderIsNotBlamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, far := newPipedLink()
		go io.Copy(io.Discard, far)
		go func() {
			ack := appendAck(nil, [16]byte{1})
			for i := 0; ; i++ {
				if _, err := far.Write(ack); err != nil {
					return
				}
				if i > 2*maxBatch {
					time.Sleep(heartbeatTime)
				}
			}
		}()
		time.Sleep(time.Minute)
		if hasEnded(l) {
			t.Fatal("the link ended because its owner was slow")
		}
		if _, acks, ok := l.next(); !ok || len(acks) != maxBatch {
			t.Errorf("%d acknowledgements in a batch, want %d", len(acks), maxBatch)
		}
		finish(l)
	})
}

// TestQueuesAreBounded: whatever the other side sends, an owner that takes nothing holds a
// batch and no more.
func TestQueuesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, far := newPipedLink()
		go io.Copy(io.Discard, far)
		written := 0
		go func() {
			f, _ := appendCell(nil, make([]byte, largeCellSize))
			for {
				n, err := far.Write(f)
				written += n
				if err != nil {
					return
				}
			}
		}()
		time.Sleep(time.Minute)
		synctest.Wait()
		if most := (maxBatch + 2) * (1 + largeCellSize + maxWrite/maxBatch); written > most {
			t.Errorf("took %d bytes, want at most %d", written, most)
		}
		finish(l)
	})
}

// TestWhatArrivedBeforeTheEnd is still handed over.
func TestWhatArrivedBeforeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, far := newPipedLink()
		go io.Copy(io.Discard, far)
		f, _ := appendCell(nil, bytes.Repeat([]byte{7}, cellSize))
		far.Write(appendAck(f, [16]byte{8}))
		far.Close()
		synctest.Wait()
		cells, acks, ok := l.next()
		if !ok || len(cells) != 1 || len(acks) != 1 || acks[0] != [16]byte{8} {
			t.Errorf("got %d cells and %v", len(cells), acks)
		}
		if _, _, ok := l.next(); ok {
			t.Error("more than was sent")
		}
	})
}

// TestWritesAreShared: what waits goes out in one write, acknowledgements first.
func TestWritesAreShared(t *testing.T) {
	l := newLink(handle('x'), key('x'), nil, "", true, nil)
	for i := range byte(3) {
		f, _ := appendCell(nil, bytes.Repeat([]byte{i}, cellSize))
		l.cells <- f
		l.acks <- [16]byte{i}
	}
	buf := l.gather(nil)
	if want := 3*(1+ackSize) + 3*(1+cellSize); len(buf) != want || buf[0] != frameAck {
		t.Errorf("gathered %d bytes beginning with type %d, want %d beginning with %d", len(buf), buf[0], want, frameAck)
	}
}
