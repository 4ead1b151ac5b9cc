package apptest

import (
	"errors"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity/envelope"
)

func testFiles(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	m, later := s.add(own(c, "look", suiteNow)), s.add(own(c, "again", suiteNow.Add(time.Second)))
	f := app.FileRecord{
		Message: m.ID, Contact: c, Own: true,
		File: envelope.File{Key: [32]byte{1}, ID: envelope.FileID{2}, Length: envelope.MaxFile, Tree: [32]byte{3}},
		Name: "خريطة.pdf", Type: "application/pdf", Width: 30, Height: 40,
		State: app.FileWaiting, Reason: app.ReasonNone, Have: 5, Blob: 7, Posted: 9, At: suiteNow.Add(time.Minute),
	}
	want := func(what string, of ...app.FileRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			under, err := tx.FilesUnderWay()
			s.want(what, under, of)
			return err
		})
	}
	s.wantNotFound("file of no message", s.fails(func(tx app.Tx) error { return tx.AddFile(app.FileRecord{Message: later.ID + 100}) }))
	s.wantNotFound("change of a file that is not there", s.fails(func(tx app.Tx) error { return tx.SetFile(f) }))
	stated := f
	stated.Contact, stated.Own = other, false // the message knows better
	s.update(func(tx app.Tx) error { return tx.AddFile(stated) })
	want("added", f)
	s.view(func(tx app.ReadTx) error {
		got, err := tx.File(m.ID)
		s.want("file", got, f)
		byID, err2 := tx.FileByID(c, true, f.File.ID)
		s.want("by its name", byID, f)
		_, err3 := tx.FileByID(c, false, f.File.ID)
		s.wantNotFound("of the other side", err3)
		_, err3 = tx.FileByID(other, true, f.File.ID)
		s.wantNotFound("of another chat", err3)
		_, err3 = tx.File(later.ID)
		s.wantNotFound("of another message", err3)
		return errors.Join(err, err2)
	})
	m.File = f.Shown()
	s.want("message", s.get(m.ID), m)

	copied := f
	copied.Message, copied.State = later.ID, app.FileDone
	f.State, f.Have, f.Posted = app.FilePaused, 6, 12
	s.update(func(tx app.Tx) error { return errors.Join(tx.AddFile(copied), tx.SetFile(f)) })
	want("changed", f)
	s.view(func(tx app.ReadTx) error {
		oldest, err := tx.FileByID(c, true, f.File.ID)
		s.want("the oldest of that name", oldest, f)
		blobs, err2 := tx.BlobsInUse()
		s.want("blobs", blobs, []app.BlobID{7})
		return errors.Join(err, err2)
	})
	s.update(func(tx app.Tx) error { return errors.Join(tx.RemoveFile(m.ID), tx.RemoveFile(m.ID)) })
	want("removed")
	m.File = nil
	s.want("message without it", s.get(m.ID), m)
}
