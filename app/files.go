package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// files is what moves files: for each contact an intake, which the transport's calls feed,
// and while there is a link a courier, which reads blobs and sends their cells.
//
//	message with a file --> intake --want--> courier of the sender --cells--> intake --> blob
//
// The state of each file is in the store and changes in the loop only.
type files struct {
	m     *Messenger
	sweep chan struct{} // wakes the sweeper

	couriers map[ContactID]*courier        // the loop's
	rested   map[ContactID]<-chan struct{} // the loop's: closed when what came over the link before is durable

	mu      sync.Mutex
	intakes map[ContactID]*intake // guarded by mu

	naming sync.Mutex      // never locked within an Update: what it guards waits for those
	held   map[BlobID]bool // guarded by naming: blobs that no record names yet
}

func newFiles(m *Messenger) *files {
	return &files{
		m: m, sweep: make(chan struct{}, 1), couriers: map[ContactID]*courier{},
		rested: map[ContactID]<-chan struct{}{}, intakes: map[ContactID]*intake{}, held: map[BlobID]bool{},
	}
}

// create makes a blob that no sweep removes before release.
func (f *files) create(ctx context.Context, boxes uint32) (BlobID, error) {
	f.naming.Lock() // a sweep that finds it finds it held
	defer f.naming.Unlock()
	b, err := f.m.store.CreateBlob(ctx, boxes)
	if err != nil {
		return 0, fmt.Errorf("create blob: %w", err)
	}
	f.held[b] = true
	return b, nil
}

// release says that a blob is named by a record by now, or leaves it to the sweeper.
func (f *files) release(b BlobID, named bool) {
	f.naming.Lock()
	delete(f.held, b)
	f.naming.Unlock()
	if !named {
		nudge(f.sweep)
	}
}

// runSweeper removes blobs that nothing names any more, at first those that a crash left.
func (f *files) runSweeper(ctx context.Context) {
	for {
		if err := f.removeUnnamed(ctx); err != nil && ctx.Err() == nil {
			f.m.log.Error("blobs not swept", "err", err) // the next sweep tries again
		}
		select {
		case <-f.sweep:
		case <-ctx.Done():
			return
		}
	}
}

func (f *files) removeUnnamed(ctx context.Context) error {
	f.naming.Lock()
	ids, err := f.m.store.BlobIDs(ctx)
	named := make(map[BlobID]bool, len(ids))
	for b := range f.held {
		named[b] = true
	}
	f.naming.Unlock()
	if err != nil || len(ids) == 0 {
		return err
	}
	// Read after the held ones: what was released in between is named by now.
	err = f.m.store.View(ctx, func(tx ReadTx) error {
		used, err := tx.BlobsInUse()
		for _, b := range used {
			named[b] = true
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("blobs in use: %w", err)
	}
	for _, b := range ids {
		if named[b] {
			continue
		}
		if err := f.m.store.RemoveBlob(ctx, b); err != nil {
			return fmt.Errorf("remove blob: %w", err)
		}
	}
	return nil
}

// setFile stores a file and tells subscribers what became of it.
func (w *work) setFile(rec FileRecord) error {
	if err := w.tx.SetFile(rec); err != nil {
		return fmt.Errorf("set file: %w", err)
	}
	msg, err := w.tx.Message(rec.Message)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	w.emit(MessageChanged{msg, ChangeFile})
	w.emit(FileProgress{Contact: rec.Contact, Message: rec.Message, File: *rec.Shown()})
	return nil
}

// file returns the file of a message; found is false where it has none.
func (w *work) file(id MessageID) (rec FileRecord, found bool, err error) {
	return foundFile(w.tx.File(id))
}

func (w *work) fileByID(c ContactID, own bool, id envelope.FileID) (rec FileRecord, found bool, err error) {
	return foundFile(w.tx.FileByID(c, own, id))
}

func foundFile(rec FileRecord, err error) (FileRecord, bool, error) {
	if errors.Is(err, ErrNotFound) {
		return FileRecord{}, false, nil
	}
	if err != nil {
		return FileRecord{}, false, fmt.Errorf("file: %w", err)
	}
	return rec, true, nil
}

// sayFile says something of a file. Where too much waits to be said it is left out: what
// matters comes up again with the next link.
func (w *work) sayFile(c ContactID, k kind, id envelope.FileID, body any) error {
	p := w.peer(c)
	if p == nil || p.rec.Blocked {
		return nil
	}
	err := w.say(w.editPeer(c), k, id, encode(body))
	if errors.Is(err, ErrBusy) {
		w.m.log.Debug("nothing said of a file", "err", err)
		return nil
	}
	return err
}

func (w *work) sayEnd(rec FileRecord, why fileEnd) error {
	return w.sayFile(rec.Contact, kindFileEnd, rec.File.ID, &fileEndBody{ID: rec.File.ID, By: byOf(rec.Own), Reason: why})
}

// loadFiles brings to rest what was moving when the program ended, and notes what is to be fetched.
func (w *work) loadFiles() error {
	recs, err := w.tx.FilesUnderWay()
	if err != nil {
		return fmt.Errorf("files under way: %w", err)
	}
	for _, rec := range recs {
		if rec.State == FileMoving {
			rec.State = FileWaiting
			if err := w.tx.SetFile(rec); err != nil {
				return fmt.Errorf("set file: %w", err)
			}
		}
		if !rec.Own && rec.State == FileWaiting {
			w.later(func() { w.m.files.intake(rec.Contact).add(rec) })
		}
		if err := w.mailFile(rec); err != nil {
			return err
		}
	}
	return nil
}

// linked begins what a link makes possible; h is the contact's own.
func (f *files) linked(c ContactID, h identity.Handle) {
	f.couriers[c] = f.m.startCourier(c, h, f.couriers[c])
	ask := func() {
		f.intake(c).askAnew()
		f.ask(c)
	}
	before := f.rested[c]
	if before == nil {
		ask()
		return
	}
	// Asked for earlier, what is about to be durable would come once more.
	delete(f.rested, c)
	f.m.senders.Go(func() {
		<-before
		f.m.doWhile(f.m.lifetime, inMemory, func(w *work) error { // or the program ends
			w.later(ask)
			return nil
		})
	})
}

// unlinked ends what needs a link. What was moving waits.
func (f *files) unlinked(c ContactID) {
	if k := f.couriers[c]; k != nil {
		k.cancel()
	}
	in, rested := f.intake(c), make(chan struct{})
	f.rested[c] = rested
	f.m.senders.Go(func() {
		defer close(rested)
		in.rest()
	})
	f.m.todo = append(f.m.todo, func(w *work) error { return w.restOwnFiles(c) })
}

// restOwnFiles has own files wait that were moving to a contact, for a link or, where they
// may, for the postman.
func (w *work) restOwnFiles(c ContactID) error {
	recs, err := w.tx.FilesUnderWay()
	if err != nil {
		return fmt.Errorf("files under way: %w", err)
	}
	for _, rec := range recs {
		if rec.Contact != c || !rec.Own {
			continue
		}
		if rec.State == FileMoving {
			rec.State = FileWaiting
			if err := w.setFile(rec); err != nil {
				return err
			}
		}
		if err := w.mailFile(rec); err != nil {
			return err
		}
	}
	return nil
}

// forget drops everything about a contact that is gone. Its link ends by itself.
func (f *files) forget(c ContactID) {
	if k := f.couriers[c]; k != nil {
		k.cancel()
		delete(f.couriers, c)
	}
	delete(f.rested, c)
	f.mu.Lock()
	delete(f.intakes, c)
	f.mu.Unlock()
	nudge(f.sweep)
}

// intake returns that of a contact.
func (f *files) intake(c ContactID) *intake {
	f.mu.Lock()
	defer f.mu.Unlock()
	in := f.intakes[c]
	if in == nil {
		in = &intake{m: f.m, contact: c}
		f.intakes[c] = in
	}
	return in
}

// ask asks a contact, after the operations under way, for the files that are due.
func (f *files) ask(c ContactID) {
	f.m.todo = append(f.m.todo, func(w *work) error { return w.askFiles(c) })
}

// tick makes durable what came, and asks again where nothing does.
func (f *files) tick(now time.Duration) {
	for c := range f.couriers {
		in := f.intake(c)
		if in.idle(now) {
			f.m.senders.Go(in.flush)
		}
		if f.m.links[contactHandle(c)] != nil && in.overdue(now) {
			f.ask(c)
		}
	}
}

// askFiles says which files are wanted of a contact that is linked.
func (w *work) askFiles(c ContactID) error {
	p := w.peer(c)
	if p == nil || w.m.links[p.handle()] == nil {
		return nil
	}
	for _, q := range w.m.files.intake(c).due(w.mono) {
		if q.stalled {
			if err := w.restFile(q.message); err != nil {
				return err
			}
		}
		if err := w.sayFile(c, kindFileWant, q.id, &fileWantBody{ID: q.id, From: uint64(q.from)}); err != nil {
			return err
		}
	}
	return nil
}

// restFile has a file wait that stopped moving.
func (w *work) restFile(id MessageID) error {
	rec, found, err := w.file(id)
	if err != nil || !found || rec.State != FileMoving {
		return err
	}
	rec.State = FileWaiting
	return w.setFile(rec)
}

// failedWhile is failed for the messenger's own goroutines.
func (m *Messenger) failedWhile(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	m.log.Error("store", "err", err)
	m.doWhile(ctx, inMemory, func(w *work) error {
		w.emit(StorageFailed{err})
		return nil
	})
}

// doWhile is do for the messenger's own goroutines, whom Run waits for: it gives up when
// that ends. What f sets is not to be read after an error.
func (m *Messenger) doWhile(ctx context.Context, mode mode, f func(*work) error) error {
	o := &op{mode: mode, run: f, done: make(chan error, 1)}
	if err := m.submit(ctx, o); err != nil {
		return err
	}
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
