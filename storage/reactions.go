package storage

import (
	"database/sql"

	"tacit/app"
)

// addReactions fills in the reactions of the messages of a list that have some.
func (t *tx) addReactions(list []app.Message, reacted []int64) error {
	if len(reacted) == 0 {
		return nil
	}
	type reaction struct {
		app.Reaction
		message app.MessageID
	}
	found, err := all(t.s, func(r *sql.Rows) (v reaction, err error) {
		var at int64
		err = r.Scan(&v.message, &v.Own, &v.Emoji, &at)
		v.At = unstamp(at)
		return v, err
	}, "SELECT r.message, r.own, r.emoji, r.at FROM json_each(?) j CROSS JOIN reactions r ON r.message = j.value ORDER BY r.at, r.id", listed(reacted))
	if err != nil {
		return err
	}
	at := places(list)
	for _, v := range found {
		m := at[v.message]
		m.Reactions = append(m.Reactions, v.Reaction)
	}
	return nil
}

// SetReaction implements app.Tx.
func (t *tx) SetReaction(id app.MessageID, r app.Reaction, on bool) error {
	var err error
	if _, err = t.Message(id); err != nil {
		return err
	}
	if on {
		_, err = t.s.exec("INSERT INTO reactions (message, own, emoji, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			int64(id), r.Own, r.Emoji, stamp(r.At))
	} else {
		_, err = t.s.exec("DELETE FROM reactions WHERE message = ? AND own = ? AND emoji = ?", int64(id), r.Own, r.Emoji)
	}
	if err != nil {
		return err
	}
	return t.s.change("UPDATE messages SET reacted = EXISTS (SELECT 1 FROM reactions WHERE message = ?1) WHERE id = ?1", int64(id))
}

// Edits implements app.ReadTx.
func (t *tx) Edits(id app.MessageID) ([]app.Edit, error) {
	return all(t.s, func(r *sql.Rows) (e app.Edit, err error) {
		var at int64
		err = r.Scan(&e.Text, &at)
		e.At = unstamp(at)
		return e, err
	}, "SELECT text, at FROM edits WHERE message = ? ORDER BY id", int64(id))
}
