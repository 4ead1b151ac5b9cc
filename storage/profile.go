package storage

import (
	"database/sql"

	"tacit/app"
)

// Profile implements app.ReadTx.
func (t *tx) Profile() (app.ProfileRecord, error) {
	return one(t.s, func(r *sql.Rows) (p app.ProfileRecord, err error) {
		var root []byte
		var created int64
		err = r.Scan(&root, &p.Name, &created)
		copy(p.Root[:], root)
		p.CreatedAt = unstamp(created)
		return p, err
	}, "SELECT root, name, created_at FROM profile")
}

// SetProfile implements app.Tx.
func (t *tx) SetProfile(p app.ProfileRecord) error {
	_, err := t.s.exec("INSERT OR REPLACE INTO profile (id, root, name, created_at) VALUES (1, ?, ?, ?)",
		p.Root[:], p.Name, stamp(p.CreatedAt))
	return err
}

// Setting implements app.ReadTx.
func (t *tx) Setting(key string) ([]byte, error) {
	return one(t.s, scanBytes, "SELECT value FROM settings WHERE key = ?", key)
}

// SetSetting implements app.Tx.
func (t *tx) SetSetting(key string, value []byte) error {
	if value == nil {
		_, err := t.s.exec("DELETE FROM settings WHERE key = ?", key)
		return err
	}
	_, err := t.s.exec("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", key, value)
	return err
}
