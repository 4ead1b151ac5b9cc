package app

import (
	"context"
	"fmt"
)

// FetchFile has a file come that waits for a word, was paused, failed or was cancelled
// here; of an own file it takes a pause back. One that is here already stays so.
//
// ErrNotFound where the message has no file, ErrFileNotHere where its sender has it no longer.
func (m *Messenger) FetchFile(ctx context.Context, id MessageID) error {
	return m.moveFile(ctx, id, (*work).fetchFile)
}

// PauseFile stops a file that waits or moves, in either direction, until FetchFile. What is
// here of it stays. ErrNotFound.
func (m *Messenger) PauseFile(ctx context.Context, id MessageID) error {
	return m.moveFile(ctx, id, (*work).pauseFile)
}

// CancelFile gives a file up that is not all there yet, for both sides. What is here of it
// goes, also of an own one. ErrNotFound.
func (m *Messenger) CancelFile(ctx context.Context, id MessageID) error {
	return m.moveFile(ctx, id, (*work).cancelFile)
}

func (m *Messenger) moveFile(ctx context.Context, id MessageID, f func(*work, FileRecord) error) error {
	return m.do(ctx, writing, func(w *work) error {
		rec, found, err := w.file(id)
		if err != nil {
			return err
		}
		if !found {
			return refuse(ErrNotFound)
		}
		return f(w, rec)
	})
}

func (w *work) fetchFile(rec FileRecord) error {
	switch {
	case rec.State == FileDone || rec.State == FileMoving:
		return nil
	case rec.Reason == ReasonGone || rec.Own && rec.Blob == 0:
		return refuse(ErrFileNotHere)
	case rec.Own && rec.State != FilePaused:
		return nil
	}
	rec.State, rec.Reason = FileWaiting, ReasonNone
	if err := w.setFile(rec); err != nil {
		return err
	}
	if rec.Own {
		w.later(func() { w.m.files.send(rec, rec.Have) })
		return w.mailFile(rec)
	}
	w.fetch(rec)
	return nil
}

// fetch begins to fetch a received file after the commit.
func (w *work) fetch(rec FileRecord) {
	w.later(func() {
		w.m.files.intake(rec.Contact).add(rec)
		w.m.files.ask(rec.Contact)
	})
}

func (w *work) pauseFile(rec FileRecord) error {
	if rec.State != FileWaiting && rec.State != FileMoving {
		return nil
	}
	rec.State, rec.Reason = FilePaused, ReasonNone
	if err := w.setFile(rec); err != nil {
		return err
	}
	w.stop(rec)
	return w.sayEnd(rec, endPaused)
}

func (w *work) cancelFile(rec FileRecord) error {
	if rec.State == FileDone || rec.State == FileCancelled {
		return nil
	}
	return w.endFile(rec, FileCancelled, ReasonNone, endCancelled)
}

// endFile ends a file for good: its blob goes, and the contact learns why.
func (w *work) endFile(rec FileRecord, s FileState, r Reason, why fileEnd) error {
	rec.State, rec.Reason, rec.Blob, rec.Have = s, r, 0, 0
	if rec.Own && s == FileCancelled {
		rec.Reason = ReasonGone
	}
	if err := w.setFile(rec); err != nil {
		return err
	}
	w.stop(rec)
	return w.sayEnd(rec, why)
}

// stop ends after the commit what moves a file.
func (w *work) stop(rec FileRecord) {
	w.later(func() {
		f := w.m.files
		if rec.Own {
			if k := f.couriers[rec.Contact]; k != nil {
				k.drop(rec.File.ID)
			}
		} else if in := f.intake(rec.Contact); in != nil {
			if q := in.remove(rec.File.ID); q != nil {
				w.m.senders.Go(func() { in.restAlone(q) })
			}
			f.ask(rec.Contact) // another may have its place
		}
		nudge(f.sweep)
	})
}

// send has the contact's courier, where there is one, send a file.
func (f *files) send(rec FileRecord, from uint32) {
	if k := f.couriers[rec.Contact]; k != nil {
		k.want(&errand{message: rec.Message, id: rec.File.ID, from: from})
	}
}

// takeFile keeps the file of a received message and begins to fetch it, unless it is so
// large, or one of so many, that the person is asked first.
func (w *work) takeFile(msg *Message, rec FileRecord) error {
	rec.Message, rec.Contact, rec.Own, rec.At = msg.ID, msg.Contact, false, w.now
	_, known, err := w.fileByID(msg.Contact, false, rec.File.ID)
	above := w.preferences().AskAbove
	switch {
	case err != nil:
		return err
	case known: // two files of one name: cells could not be told apart
		rec.State, rec.Reason = FileFailed, ReasonAltered
	case above > 0 && rec.File.Length > above, w.m.files.intake(msg.Contact).full():
		rec.State, rec.Reason = FilePaused, ReasonAsk
	default:
		rec.State = FileWaiting
	}
	if err := w.tx.AddFile(rec); err != nil {
		return fmt.Errorf("add file: %w", err)
	}
	msg.File = rec.Shown()
	if rec.State == FileWaiting {
		w.fetch(rec)
	}
	return nil
}

// attach keeps the file of an own message.
func (w *work) attach(msg *Message, imp *imported) error {
	rec := imp.rec
	rec.Message, rec.Contact, rec.Own, rec.State, rec.At = msg.ID, msg.Contact, true, FileWaiting, w.now
	if err := w.tx.AddFile(rec); err != nil {
		return fmt.Errorf("add file: %w", err)
	}
	msg.File = rec.Shown()
	return nil
}

// fileBody returns how the file of an own message is said, nil where it has none.
func (w *work) fileBody(msg Message) (*fileBody, error) {
	rec, found, err := w.file(msg.ID)
	if err != nil || !found {
		return nil, err
	}
	return bodyOf(rec), nil
}

// dropFile ends what moves the file of a message that is about to go, and takes its row.
func (w *work) dropFile(msg Message) error {
	rec, found, err := w.file(msg.ID)
	if err != nil || !found {
		return err
	}
	if err := w.tx.RemoveFile(msg.ID); err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	w.stop(rec)
	switch {
	case rec.State != FileWaiting && rec.State != FileMoving && rec.State != FilePaused:
		return nil
	case rec.Own:
		return w.sayEnd(rec, endGone)
	}
	return w.sayEnd(rec, endCancelled)
}

// takeFileWant takes the contact's wish for an own file.
func (w *work) takeFileWant(p *peer, b fileWantBody) error {
	rec, found, err := w.fileByID(p.rec.ID, true, b.ID)
	if err != nil {
		return err
	}
	if !found || rec.Blob == 0 {
		end := &fileEndBody{ID: b.ID, By: byTeller, Reason: endGone}
		return w.sayFile(p.rec.ID, kindFileEnd, b.ID, end)
	}
	rec.Have = min(uint32(b.From), rec.File.Chunks())
	if rec.State == FilePaused {
		if err := w.setFile(rec); err != nil {
			return err
		}
		return w.sayEnd(rec, endPaused)
	}
	rec.State, rec.Reason = FileWaiting, ReasonNone
	if err := w.setFile(rec); err != nil {
		return err
	}
	w.later(func() { w.m.files.send(rec, rec.Have) })
	return nil
}

// takeFileEnd takes the contact's word that a file does not go on, or is all there.
func (w *work) takeFileEnd(p *peer, b fileEndBody) error {
	rec, found, err := w.fileByID(p.rec.ID, b.By == byHearer, b.ID)
	if err != nil || !found || rec.State == FileDone {
		return err
	}
	if rec.Own {
		return w.takeOwnFileEnd(rec, b.Reason)
	}
	switch b.Reason {
	case endPaused:
		w.later(func() { w.m.files.intake(rec.Contact).rests(rec.File.ID) })
		return w.restFile(rec.Message)
	case endCancelled, endGone:
		if rec.State == FileFailed {
			return nil
		}
		rec.State, rec.Reason, rec.Blob, rec.Have = FileCancelled, ReasonGone, 0, 0
		if err := w.setFile(rec); err != nil {
			return err
		}
		w.stop(rec)
	}
	return nil
}

func (w *work) takeOwnFileEnd(rec FileRecord, why fileEnd) error {
	rec.Reason = ReasonNone
	switch why {
	case endComplete: // padding is still sent, so that its end tells nobody the length
		rec.State, rec.Have = FileDone, rec.File.Chunks()
		return w.setFile(rec)
	case endPaused:
		if rec.State == FilePaused {
			return nil
		}
		rec.State = FileWaiting
	case endCancelled:
		rec.State = FileCancelled
	case endFailed:
		rec.State, rec.Reason = FileFailed, ReasonAltered
	default:
		return nil
	}
	if rec.Blob == 0 {
		return nil
	}
	w.stop(rec)
	return w.setFile(rec)
}
