package storage

import (
	"database/sql"

	"tacit/app"
	"tacit/identity/envelope"
)

const fileColumns = `f.message, f.contact, f.own, f.key, f.name_id, f.length, f.tree, f.name, f.type, f.width, f.height,
	f.state, f.reason, f.have, f.blob, f.at, f.posted`

func scanFile(r *sql.Rows) (f app.FileRecord, err error) {
	var key, id, tree sql.RawBytes
	var at int64
	err = r.Scan(&f.Message, &f.Contact, &f.Own, &key, &id, &f.File.Length, &tree, &f.Name, &f.Type, &f.Width, &f.Height,
		&f.State, &f.Reason, &f.Have, &f.Blob, &at, &f.Posted)
	copy(f.File.Key[:], key)
	copy(f.File.ID[:], id)
	copy(f.File.Tree[:], tree)
	f.At = unstamp(at)
	return f, err
}

// addFiles fills in the files of the messages of a list that have one.
func (t *tx) addFiles(list []app.Message, filed []int64) error {
	if len(filed) == 0 {
		return nil
	}
	found, err := all(t.s, scanFile, "SELECT "+fileColumns+" FROM json_each(?) j CROSS JOIN files f ON f.message = j.value", listed(filed))
	if err != nil {
		return err
	}
	at := places(list)
	for _, f := range found {
		at[f.Message].File = f.Shown()
	}
	return nil
}

// File implements app.ReadTx.
func (t *tx) File(id app.MessageID) (app.FileRecord, error) {
	return one(t.s, scanFile, "SELECT "+fileColumns+" FROM files f WHERE message = ?", int64(id))
}

// FileByID implements app.ReadTx.
func (t *tx) FileByID(c app.ContactID, own bool, id envelope.FileID) (app.FileRecord, error) {
	return one(t.s, scanFile, "SELECT "+fileColumns+` FROM files f INDEXED BY files_by_id
		WHERE contact = ? AND name_id = ? AND own = ? ORDER BY message LIMIT 1`, int64(c), id[:], own)
}

// FilesUnderWay implements app.ReadTx.
func (t *tx) FilesUnderWay() ([]app.FileRecord, error) {
	return all(t.s, scanFile, "SELECT "+fileColumns+` FROM files f INDEXED BY files_under_way
		WHERE state IN ('waiting', 'moving', 'paused') ORDER BY message`)
}

// BlobsInUse implements app.ReadTx.
func (t *tx) BlobsInUse() ([]app.BlobID, error) {
	return all(t.s, func(r *sql.Rows) (id app.BlobID, err error) { err = r.Scan(&id); return id, err },
		"SELECT DISTINCT blob FROM files INDEXED BY files_here WHERE blob > 0 ORDER BY blob")
}

// AddFile implements app.Tx.
func (t *tx) AddFile(f app.FileRecord) error {
	m, err := t.Message(f.Message)
	if err != nil {
		return err
	}
	if _, err := t.s.exec(`INSERT INTO files (message, contact, own, key, name_id, length, tree, name, type, width, height,
		state, reason, have, blob, at, posted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		append([]any{int64(f.Message), int64(m.Contact), m.Own}, fileValues(f)...)...); err != nil {
		return err
	}
	return t.s.change("UPDATE messages SET filed = 1 WHERE id = ?", int64(f.Message))
}

// SetFile implements app.Tx.
func (t *tx) SetFile(f app.FileRecord) error {
	return t.s.change(`UPDATE files SET key = ?, name_id = ?, length = ?, tree = ?, name = ?, type = ?, width = ?, height = ?,
		state = ?, reason = ?, have = ?, blob = ?, at = ?, posted = ? WHERE message = ?`, append(fileValues(f), int64(f.Message))...)
}

func fileValues(f app.FileRecord) []any {
	return []any{f.File.Key[:], f.File.ID[:], f.File.Length, f.File.Tree[:], f.Name, f.Type, f.Width, f.Height,
		string(f.State), string(f.Reason), int64(f.Have), int64(f.Blob), stamp(f.At), int64(f.Posted)}
}

// RemoveFile implements app.Tx.
func (t *tx) RemoveFile(id app.MessageID) error {
	if _, err := t.s.exec("DELETE FROM files WHERE message = ?", int64(id)); err != nil {
		return err
	}
	_, err := t.s.exec("UPDATE messages SET filed = 0 WHERE id = ?", int64(id))
	return err
}
