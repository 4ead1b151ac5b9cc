package apptest

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// FileCells copies the cells: they are overwritten later.
func (e *transportEnd) FileCells(h identity.Handle, cells [][]byte) {
	e.mu.Lock()
	gate, late := e.gate, e.ended
	e.mu.Unlock()
	if gate != nil {
		<-gate
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range cells {
		e.files = append(e.files, bytes.Clone(c))
	}
	if late {
		e.late++
	}
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// testFileCells: whole, in order, and not kept by the transport.
func testFileCells(t *testing.T, l *transportLab) {
	l.meet()
	const count = 100
	row := [][]byte{make([]byte, envelope.FileCell), make([]byte, envelope.FileCell)}
	for i := 0; i < count; i += 2 {
		copy(row[0], suiteCell(envelope.FileCell, i))
		copy(row[1], suiteCell(envelope.FileCell, i+1))
		if err := l.a.tr.SendFile(t.Context(), partyB, row...); err != nil {
			t.Fatalf("SendFile: %v", err)
		}
	}
	clear(row[0])
	l.b.await("all file cells", func() bool { return len(l.b.files) == count })
	for i, c := range l.b.files {
		if !bytes.Equal(c, suiteCell(envelope.FileCell, i)) {
			t.Fatalf("file cell %d changed or out of order", i)
		}
	}
	if err := l.a.tr.SendFile(t.Context(), partyB, make([]byte, envelope.FileCell-1)); err == nil {
		t.Error("a file cell of another size was taken")
	}
}

// testFilesHoldNothingUp: while the other side does not return from FileCells, SendFile
// comes to wait and ends with its context, and messages pass.
func testFilesHoldNothingUp(t *testing.T, l *transportLab) {
	l.b.gate = make(chan struct{})
	l.meet()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	taken := 0
	var err error
	for err == nil {
		if err = l.a.tr.SendFile(ctx, partyB, suiteCell(envelope.FileCell, taken)); err == nil {
			taken++
		}
		if taken > 4000 {
			t.Fatal("SendFile takes cells without end")
		}
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("SendFile: %v, want the context's error", err)
	}
	l.a.send(suiteCell(4096, 1))
	l.b.await("a message", func() bool { return len(l.b.cells) == 1 })
	l.a.await("its acknowledgement", func() bool { return len(l.a.acks) == 1 })
	close(l.b.gate)
	l.b.await("what was taken", func() bool { return len(l.b.files) >= taken })
}

func testFilesNeedALink(t *testing.T, l *transportLab) {
	cell := suiteCell(envelope.FileCell, 1)
	if err := l.a.tr.SendFile(t.Context(), partyB, cell); err == nil {
		t.Error("SendFile before Run succeeded")
	}
	l.meet()
	if err := l.a.tr.SendFile(t.Context(), identity.Handle{'?'}, cell); err == nil {
		t.Error("SendFile to an unknown party succeeded")
	}
	l.a.tr.SetParties(nil)
	l.a.awaitReached(false)
	if err := l.a.tr.SendFile(t.Context(), partyB, cell); err == nil {
		t.Error("SendFile to a removed party succeeded")
	}
}
