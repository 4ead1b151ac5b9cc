package app

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"tacit/identity/envelope"
)

// syncAside has what came made durable from time to time, while more comes. The caller holds work.
func (in *intake) syncAside(q *incoming, now time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if q.syncing || q.next <= q.have || q.next-q.have < syncCells && now-q.syncedAt < syncAfter {
		return
	}
	q.syncing, q.syncedAt = true, now
	blob, next, tree := q.blob, q.next, q.treeNext
	in.m.senders.Go(func() { in.settle(q, in.sync(q, blob, next, tree)) })
}

func (in *intake) durable(q *incoming) uint32 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return q.have
}

// sync makes durable what came of a file into a blob before cell next, of which tree is the tree.
func (in *intake) sync(q *incoming, blob BlobID, next uint32, tree envelope.Tree) error {
	err := in.m.store.SyncBlob(in.m.lifetime, blob)
	if err == nil {
		err = in.change(q, func(w *work, rec FileRecord) error {
			if rec.Blob != blob {
				return refuse(ErrNotFound) // what was lost comes into another one
			}
			rec.Have = max(rec.Have, next)
			return w.tx.SetFile(rec)
		})
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if q.syncing = false; err == nil && next > q.have {
		q.have, q.tree = next, tree
	}
	return err
}

// flush makes durable what came of files of which nothing comes any more.
func (in *intake) flush() {
	in.work.Lock()
	defer in.work.Unlock()
	for _, q := range in.all() {
		in.flushOne(q)
	}
}

// flushOne is flush for one file. The caller holds work.
func (in *intake) flushOne(q *incoming) {
	in.mu.Lock()
	due := q.toFlush()
	q.syncing = q.syncing || due
	in.mu.Unlock()
	if due {
		in.settle(q, in.sync(q, q.blob, q.next, q.treeNext))
	}
}

// all returns the files that are fetched.
func (in *intake) all() []*incoming {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.incoming)
}

// finishAside ends a file while others come. The caller holds work.
func (in *intake) finishAside(q *incoming, tree envelope.Tree) {
	blob := q.blob
	in.mu.Lock()
	q.syncing = true
	in.mu.Unlock()
	end := func() {
		err := in.finish(q, blob, tree)
		in.mu.Lock()
		q.syncing = false
		in.mu.Unlock()
		in.settle(q, err)
	}
	if in.patient {
		end()
		return
	}
	in.m.senders.Go(end)
}

// finish checks a file of which every cell is in a blob, and tree is the tree.
func (in *intake) finish(q *incoming, blob BlobID, tree envelope.Tree) error {
	sum := tree.Sum()
	if subtle.ConstantTimeCompare(sum[:], q.file.Tree[:]) != 1 {
		return errAltered
	}
	if err := in.m.store.SyncBlob(in.m.lifetime, blob); err != nil {
		return fmt.Errorf("sync blob: %w", err)
	}
	return in.change(q, func(w *work, rec FileRecord) error {
		if rec.Blob != blob {
			return refuse(ErrNotFound)
		}
		rec.State, rec.Reason, rec.Have, rec.At = FileDone, ReasonNone, rec.File.Chunks(), w.now
		if err := w.setFile(rec); err != nil {
			return err
		}
		w.later(func() { in.gone(q) })
		return w.sayEnd(rec, endComplete)
	})
}

// gone forgets a file that came to its end, and asks for the next ones. The loop calls it.
func (in *intake) gone(q *incoming) {
	in.remove(q.file.ID)
	in.m.files.ask(in.contact)
}

// readBack hashes what was here before the program started. Cells that the disk lost are
// to come again.
func (in *intake) readBack(q *incoming) error {
	var tree envelope.Tree
	var box opener
	have := in.durable(q)
	for i := range have {
		chunk, err := box.read(in.m.store, q.blob, q.file, i)
		if err == nil {
			tree, err = tree.Add(chunk)
		}
		if err != nil {
			in.m.log.Error("a part of a file is lost", "err", err)
			have = i
			break
		}
		if in.m.lifetime.Err() != nil {
			return in.m.lifetime.Err()
		}
		in.progressed(q, in.m.clock.Elapsed())
	}
	in.startOver(q, have, tree)
	return nil
}

// startOver counts the leading cells that are here anew; tree is theirs.
func (in *intake) startOver(q *incoming, have uint32, tree envelope.Tree) {
	q.next, q.treeNext, q.known = have, tree, true
	in.mu.Lock()
	defer in.mu.Unlock()
	q.have, q.arrived, q.tree = have, have, tree
}

// rest makes durable what came over a link that has ended, and has its files wait.
func (in *intake) rest() {
	in.work.Lock()
	defer in.work.Unlock()
	for _, q := range in.all() {
		in.restOne(q)
	}
}

// restAlone is rest for one file, which was given up.
func (in *intake) restAlone(q *incoming) {
	in.work.Lock()
	defer in.work.Unlock()
	in.restOne(q)
}

// restOne makes durable what came of a file that moves no more. The caller holds work.
func (in *intake) restOne(q *incoming) {
	if q.blob == 0 {
		return
	}
	ctx, next, tree := in.m.lifetime, q.next, q.treeNext
	in.mu.Lock()
	if q.again { // nothing counts that is not durable
		next, tree = q.have, q.tree
	}
	in.mu.Unlock()
	unsynced := in.m.store.SyncBlob(ctx, q.blob)
	err := in.m.doWhile(ctx, writing, func(w *work) error {
		rec, found, err := w.file(q.message)
		if err != nil || !found || rec.Blob != q.blob || rec.State == FileDone {
			return err
		}
		if rec.State == FileMoving {
			rec.State = FileWaiting
		}
		if unsynced == nil {
			rec.Have = next
		}
		return w.setFile(rec)
	})
	if err = errors.Join(unsynced, err); err != nil && ctx.Err() == nil && !errors.Is(err, ErrNotFound) {
		in.m.log.Error("a file was not brought to rest", "err", err)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if q.moving = false; err != nil {
		q.again = true // nothing counts that is not durable
		return
	}
	q.have, q.tree = next, tree
}
