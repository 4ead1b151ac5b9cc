package app

import (
	"errors"
	"fmt"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// FileCells takes cells on a contact's own link. Those of a pairing's carry none.
func (in inbound) FileCells(h identity.Handle, cells [][]byte) {
	if c, ok := contactOf(h); ok {
		in.m.files.intake(c).take(cells)
	}
}

// take takes cells as they come.
func (in *intake) take(cells [][]byte) {
	in.work.Lock()
	defer in.work.Unlock()
	in.takeRows(cells)
}

// takeMailed takes cells that lay at a node, which forgets them then: when it returns, what
// is kept of them is durable. It reports whether any was the next of its file: a node may
// hand out others as often as it likes.
func (in *intake) takeMailed(cells [][]byte) (taken bool) {
	in.work.Lock()
	defer in.work.Unlock()
	fetched := in.all()
	before := in.here(fetched)
	in.patient = true
	in.takeRows(cells)
	in.patient = false
	for _, q := range in.all() {
		if in.isMoving(q) {
			in.restOne(q)
		}
	}
	return in.here(fetched) > before
}

// here is how many cells of some files are here.
func (in *intake) here(of []*incoming) (n int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, q := range of {
		n += int64(q.arrived)
	}
	return n
}

// takeRows takes the cells of one file at a time. The caller holds work.
func (in *intake) takeRows(cells [][]byte) {
	for len(cells) > 0 {
		_, id, _, err := envelope.SplitFile(cells[0])
		n := 1
		for ; err == nil && n < min(len(cells), fileBatch); n++ {
			if _, next, _, err := envelope.SplitFile(cells[n]); err != nil || next != id {
				break
			}
		}
		if q := in.wanted(id); err == nil && q != nil {
			in.settle(q, in.takeRow(q, cells[:n]))
		}
		cells = cells[n:]
	}
}

// wanted returns the file that is fetched under this name, or nil.
func (in *intake) wanted(id envelope.FileID) *incoming {
	in.mu.Lock()
	defer in.mu.Unlock()
	i := in.index(id)
	if i < 0 {
		return nil
	}
	q := in.incoming[i]
	if q.deaf {
		return nil
	}
	if q.again {
		q.again, q.next, q.arrived, q.treeNext, q.known = false, q.have, q.have, q.tree, q.known || q.have == 0
	}
	return q
}

var (
	errAltered = errors.New("what came of a file is not what was promised")
	errMissing = errors.New("cells of a file are missing")
	errOver    = errors.New("a file is not wanted any more")
)

// takeRow takes cells of one file, of which each may be any.
func (in *intake) takeRow(q *incoming, cells [][]byte) error {
	var boxes [][]byte
	first, tree := q.next, q.treeNext
	for _, cell := range cells {
		_, _, i, _ := envelope.SplitFile(cell)
		switch next := first + uint32(len(boxes)); {
		case i < next || i >= q.file.Chunks():
			continue // it came before, or is padding
		case i > next:
			return errors.Join(in.write(q, tree, boxes), errMissing)
		}
		if !q.known {
			if err := in.readBack(q); err != nil {
				return err
			}
			first, tree = q.next, q.treeNext
			if i != first {
				return errMissing
			}
		}
		_, chunk, err := q.file.AppendChunk(in.chunk[:0], cell)
		if err != nil && in.patient { // by the node: a link brings what it was
			return errors.Join(in.write(q, tree, boxes), errMissing)
		}
		if err != nil {
			return errAltered
		}
		if tree, err = tree.Add(chunk); err != nil {
			return errAltered
		}
		in.chunk = chunk
		boxes = append(boxes, cell[envelope.FileCell-BoxSize:])
	}
	return in.write(q, tree, boxes)
}

// write stores boxes from q.next on, and makes them durable from time to time.
func (in *intake) write(q *incoming, tree envelope.Tree, boxes [][]byte) error {
	if len(boxes) == 0 {
		return nil
	}
	if q.blob == 0 || !in.isMoving(q) {
		if err := in.begin(q); err != nil {
			return err
		}
	}
	err := in.m.store.WriteBlob(q.blob, q.next, boxes...)
	if errors.Is(err, ErrNotFound) { // of a file that is still wanted: the disk lost it
		in.startOver(q, 0, envelope.Tree{})
		q.blob = 0
		return errMissing
	}
	if err != nil {
		return fmt.Errorf("write blob: %w", err)
	}
	q.next, q.treeNext = q.next+uint32(len(boxes)), tree
	now := in.m.clock.Elapsed()
	in.progressed(q, now)
	if q.next == q.file.Chunks() {
		in.finishAside(q, tree)
		return nil
	}
	in.syncAside(q, now)
	in.tell(q, now, len(boxes))
	return nil
}

func (in *intake) isMoving(q *incoming) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return q.moving
}

func (in *intake) progressed(q *incoming, now time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.progressAt, q.resting, q.pace, q.gaps, q.arrived = now, false, fileStall, 0, q.next
}

// begin makes room for a file whose first cell of late is here, and has it move.
func (in *intake) begin(q *incoming) error {
	blob := q.blob
	if blob == 0 {
		var err error
		if blob, err = in.m.files.create(in.m.lifetime, q.file.Chunks()); err != nil {
			return err
		}
		defer func() { in.m.files.release(blob, q.blob == blob) }()
	}
	have := in.durable(q)
	err := in.change(q, func(w *work, rec FileRecord) error {
		rec.State, rec.Reason, rec.Blob, rec.Have = FileMoving, ReasonNone, blob, have
		return w.setFile(rec)
	})
	if err != nil {
		return err
	}
	q.blob, q.syncedAt = blob, in.m.clock.Elapsed()
	q.meter.begin(q.syncedAt)
	in.mu.Lock()
	defer in.mu.Unlock()
	q.moving = true
	return nil
}

// change changes the record of a file that is still wanted; errOver where it is not.
func (in *intake) change(q *incoming, f func(*work, FileRecord) error) error {
	over := false
	err := in.m.doWhile(in.m.lifetime, writing, func(w *work) error {
		rec, found, err := w.file(q.message)
		if over = !found || rec.File.ID != q.file.ID || rec.Own || rec.State != FileWaiting && rec.State != FileMoving; over || err != nil {
			return err
		}
		return f(w, rec)
	})
	if err == nil && over {
		return errOver
	}
	return err
}

// settle does what follows from how a row of cells was taken.
func (in *intake) settle(q *incoming, err error) {
	switch {
	case err == nil:
		return
	case errors.Is(err, errAltered):
		in.give(q, FileFailed, ReasonAltered, endFailed)
	case errors.Is(err, ErrDiskFull):
		in.give(q, FilePaused, ReasonDiskFull, endPaused)
	case errors.Is(err, errOver), errors.Is(err, ErrNotFound), in.m.lifetime.Err() != nil:
	case errors.Is(err, errMissing):
		in.flushOne(q)
		if in.gap(q, in.m.clock.Elapsed()) {
			in.m.doWhile(in.m.lifetime, inMemory, func(w *work) error {
				w.later(func() { in.m.files.ask(in.contact) })
				return nil
			})
		}
	default:
		in.deafen(q, in.m.clock.Elapsed())
		in.m.failedWhile(in.m.lifetime, err)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	q.again = true // nothing counts that is not durable
}

// give gives up a file for now, or for good.
func (in *intake) give(q *incoming, s FileState, r Reason, why fileEnd) {
	err := in.change(q, func(w *work, rec FileRecord) error {
		rec.State, rec.Reason = s, r
		if s == FileFailed {
			rec.Blob, rec.Have = 0, 0
		}
		if err := w.setFile(rec); err != nil {
			return err
		}
		w.later(func() { in.gone(q); nudge(in.m.files.sweep) })
		return w.sayEnd(rec, why)
	})
	if err != nil && !errors.Is(err, errOver) && in.m.lifetime.Err() == nil {
		in.deafen(q, in.m.clock.Elapsed()) // the next try may find room to say so
		in.m.failedWhile(in.m.lifetime, err)
	}
}
