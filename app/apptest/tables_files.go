package apptest

import (
	"cmp"
	"slices"

	"tacit/app"
	"tacit/identity/envelope"
)

func (t *tx) File(id app.MessageID) (app.FileRecord, error) {
	m, err := get(t.messages, id)
	if err != nil || m.file == nil {
		return app.FileRecord{}, app.ErrNotFound
	}
	return *m.file, nil
}

func (t *tx) FileByID(c app.ContactID, own bool, id envelope.FileID) (app.FileRecord, error) {
	for _, msg := range t.chats[c] {
		if m := t.messages[msg]; m.file != nil && m.Own == own && m.file.File.ID == id {
			return *m.file, nil
		}
	}
	return app.FileRecord{}, app.ErrNotFound
}

func (t *tx) FilesUnderWay() ([]app.FileRecord, error) {
	var out []app.FileRecord
	for _, m := range sorted(t.messages, func(a, b *message) int { return cmp.Compare(a.ID, b.ID) }) {
		if m.file == nil {
			continue
		}
		switch m.file.State {
		case app.FileWaiting, app.FileMoving, app.FilePaused:
			out = append(out, *m.file)
		}
	}
	return out, nil
}

func (t *tx) BlobsInUse() ([]app.BlobID, error) {
	var out []app.BlobID
	for _, m := range t.messages {
		if m.file != nil && m.file.Blob != 0 && !slices.Contains(out, m.file.Blob) {
			out = append(out, m.file.Blob)
		}
	}
	return out, nil
}

func (t *tx) AddFile(r app.FileRecord) error {
	return t.change(r.Message, func(m *message) {
		r.Contact, r.Own = m.Contact, m.Own
		m.file, m.Message.File = &r, r.Shown()
	})
}

func (t *tx) SetFile(r app.FileRecord) error {
	if _, err := t.File(r.Message); err != nil {
		return err
	}
	return t.AddFile(r)
}

func (t *tx) RemoveFile(id app.MessageID) error {
	if _, err := t.File(id); err != nil {
		return nil
	}
	return t.change(id, func(m *message) { m.file, m.Message.File = nil, nil })
}
