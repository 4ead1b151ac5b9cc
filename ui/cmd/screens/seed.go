package main

import (
	"context"
	"time"

	"tacit/app"
)

// entry is a message that is written into the store as if it had come or gone long ago.
type entry struct {
	to    role
	own   bool
	days  int
	at    string
	text  string
	state app.State
	path  app.Path
	more  func(*app.Message)
}

// seed writes what was said to the others, in every state a message can be in, and what is
// marked on their chats.
func (w *world) seed() error {
	c := w.cast
	err := w.writeAll(
		entry{to: archived, days: 24, at: "11:20", text: c.old},
		entry{to: blocked, days: 12, at: "23:48", text: c.unwelcome},
		entry{to: muted, days: 3, at: "20:15", text: c.quiet},
		entry{to: failing, days: 1, at: "12:01", own: true, text: c.failed[0], state: app.StateDelivered},
		entry{to: failing, days: 1, at: "12:30", own: true, text: c.failed[1], state: app.StateFailed, more: func(m *app.Message) { m.Reason = app.ReasonKeys }},
		entry{to: drafting, at: "14:40", own: true, text: c.toAway[4], state: app.StateQueued},
		entry{to: drafting, at: "15:02", text: c.heard},
		entry{to: away, days: 1, at: "08:30", own: true, text: c.toAway[0], state: app.StateRead},
		entry{to: away, days: 1, at: "08:52", text: c.toAway[1], path: app.PathMailbox},
		entry{to: away, days: 1, at: "09:01", own: true, text: c.toAway[2], state: app.StateDelivered, path: app.PathRelay},
		entry{to: away, at: "13:10", own: true, text: c.toAway[3], state: app.StateHeld, path: app.PathMailbox},
		entry{to: longName, days: 1, at: "19:30", text: c.fromLong[0]},
		entry{to: longName, at: "16:18", text: c.fromLong[1]},
		entry{to: longName, at: "16:19", text: c.fromLong[2]},
		entry{to: longName, at: "16:20", text: c.fromLong[3]},
	)
	if err != nil {
		return err
	}
	return w.me.store.Update(context.Background(), w.mark)
}

// seedVanishing writes what disappears, in the present: it would be gone else.
func (w *world) seedVanishing() error {
	c := w.cast
	w.me.stop()
	err := w.writeAll(
		entry{to: vanishing, at: "11:21", own: true, more: func(m *app.Message) { m.Notice, m.State, m.Timer = app.NoticeTimer, "", time.Hour }},
		entry{to: vanishing, at: "11:24", text: c.vanish[0], more: fades(7 * 24 * time.Hour)},
		entry{to: vanishing, at: "11:26", own: true, text: c.vanish[1], state: app.StateDelivered, more: fades(24 * time.Hour)},
		entry{to: vanishing, at: "17:30", text: c.vanish[2], more: fades(time.Hour)},
	)
	if err != nil {
		return err
	}
	return w.me.start()
}

func (w *world) writeAll(all ...entry) error {
	for _, e := range all {
		if err := w.write(e); err != nil {
			return err
		}
	}
	return nil
}

// fades makes a message one that disappears so long after it was read.
func fades(after time.Duration) func(*app.Message) {
	return func(m *app.Message) { m.Timer, m.ExpiresAt = after, m.At.Add(after) }
}

func (w *world) write(e entry) error {
	at := ago(e.days, e.at)
	m := app.Message{Contact: w.chats[e.to], Own: e.own, Text: e.text, SentAt: at, At: at, State: e.state, StateAt: at.Add(40 * time.Second), Path: e.path}
	if !e.own {
		m.State = app.StateReceived
	}
	if m.Path == "" && e.state != app.StateQueued && e.state != app.StateFailed {
		m.Path = app.PathLAN
	}
	if e.more != nil {
		e.more(&m)
	}
	return w.me.store.Update(context.Background(), func(tx app.Tx) error {
		id, err := tx.AddMessage(m)
		if err == nil && !e.own && !(e.to == longName && e.days == 0) {
			_, err = tx.MarkRead(m.Contact, id)
		}
		return err
	})
}

// mark sets what the chats are marked with and how well their people are known.
func (w *world) mark(tx app.Tx) error {
	for r, marks := range map[role]app.ChatRecord{
		friend:    {ChatMarks: app.ChatMarks{Pinned: true}},
		drafting:  {Draft: w.cast.draft},
		vanishing: {Timer: time.Hour, TimerVersion: 1},
		muted:     {ChatMarks: app.ChatMarks{Muted: true, MarkedUnread: true}},
		archived:  {ChatMarks: app.ChatMarks{Archived: true}},
	} {
		marks.Contact = w.chats[r]
		if err := tx.SetChat(marks); err != nil {
			return err
		}
	}
	for r, change := range map[role]func(*app.ContactRecord){
		longName: func(c *app.ContactRecord) { c.Trust, c.Meeting = app.Proximity, app.MetInPerson },
		introduced: func(c *app.ContactRecord) {
			c.Trust, c.Meeting, c.IntroducedBy = app.Introduced, app.MetByReferral, w.chats[friend]
		},
		drafting: func(c *app.ContactRecord) { c.Meeting = app.MetByCamera },
		blocked:  func(c *app.ContactRecord) { c.Blocked = true },
	} {
		rec, err := tx.Contact(w.chats[r])
		if err != nil {
			return err
		}
		change(&rec)
		if err := tx.SetContact(rec); err != nil {
			return err
		}
	}
	return nil
}
