package storage

import (
	"database/sql"
	"time"

	"tacit/app"
)

const chatColumns = "contact, pinned, archived, muted, marked_unread, hidden, timer, timer_version, draft, position"

// Chat implements app.ReadTx.
func (t *tx) Chat(c app.ContactID) (app.ChatRecord, error) {
	list, err := all(t.s, func(r *sql.Rows) (k app.ChatRecord, err error) {
		var timer, version int64
		err = r.Scan(&k.Contact, &k.Pinned, &k.Archived, &k.Muted, &k.MarkedUnread, &k.Hidden, &timer, &version, &k.Draft, &k.Position)
		k.Timer, k.TimerVersion = time.Duration(timer)*time.Second, uint64(version)
		return k, err
	}, "SELECT "+chatColumns+" FROM chats WHERE contact = ?", int64(c))
	if err != nil || len(list) == 0 {
		return app.ChatRecord{Contact: c}, err
	}
	return list[0], nil
}

// SetChat implements app.Tx.
func (t *tx) SetChat(k app.ChatRecord) error {
	_, err := t.s.exec("INSERT OR REPLACE INTO chats ("+chatColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", int64(k.Contact), k.Pinned, k.Archived, k.Muted, k.MarkedUnread, k.Hidden,
		int64(k.Timer/time.Second), int64(k.TimerVersion), k.Draft, int64(k.Position))
	return err
}
