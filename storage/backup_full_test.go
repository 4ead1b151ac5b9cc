package storage

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/session"
)

// full returns a profile that has something in every table, and what it has twice and at
// its ends: contacts of whom one was removed, every kind of message.
func full(t *testing.T) *Store {
	t.Helper()
	s, err := plain.Create(context.Background(), t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	at := time.UnixMilli(1763800000123)
	var grants session.Grants
	_, grants = grants.Issue(at)
	held, _ := session.Grants{}.Issue(at)
	grants = grants.Accept(held)
	change(t, s, func(tx app.Tx) error {
		errs := []error{tx.SetProfile(app.ProfileRecord{Root: [32]byte{1, 2}, Name: "Amina", CreatedAt: at})}
		var ids []app.ContactID
		for i, name := range []string{"Claire", "كلير", "Youssef", "gone"} {
			id, err := tx.AddContact(app.ContactRecord{
				Bundle: newBundle(), TheirName: name, Alias: strings.Repeat("x", i), Trust: app.Trust(i),
				IntroducedBy: app.ContactID(i), Meeting: app.MetByCodes, MetAt: at.Add(time.Microsecond), Writable: i != 2, Blocked: i == 2,
				ResetSecret: [32]byte{9, byte(i)}, ResetNumber: uint64(i) << 40, Hide: i == 1,
			})
			ids, errs = append(ids, id), append(errs, err)
		}
		c := ids[0]
		errs = append(errs, tx.SetGrants(c, grants.Marshal()), tx.SetSession(c, []byte("a ratchet")), tx.SetDelivery(c, app.DeliveryRecord{NextSeq: 7, Received: 5, Beyond: []uint64{8}}),
			tx.AddSeen(c, app.Digest{1}, at), tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: 6, Box: []byte("a box"), At: at}),
			tx.SetCard(app.CardRecord{InviteHash: [32]byte{1}, ExpiresAt: at, Forget: at}), tx.AddAcceptedCard([32]byte{1}, at),
			tx.SetPairing(app.PairingRecord{ID: "p", State: []byte("state")}), tx.SetSetting("theme", []byte("dark")), tx.SetSetting("empty", []byte{}))
		for _, m := range []app.Message{
			{Contact: c, Text: "read", SentAt: at, At: at, State: app.StateReceived, StateAt: at},
			{Contact: c, Own: true, Text: "waits", SentAt: at, At: at, State: app.StateQueued, StateAt: at},
			{Contact: c, Own: true, Text: "lost", SentAt: at, At: at, State: app.StateFailed, Reason: app.ReasonKeys, StateAt: at},
			{Contact: c, Notice: app.NoticeRenewed, At: at, StateAt: at},
			{Contact: ids[1], Text: "year 9999", SentAt: time.Unix(253402300799, 0), At: at, State: app.StateReceived, StateAt: at},
		} {
			_, err := tx.AddMessage(m)
			errs = append(errs, err)
		}
		_, err := tx.MarkRead(c, 1)
		_, err2 := tx.AddUnknown(app.Message{Contact: c, At: at, State: app.StateReceived, StateAt: at, Unknown: true}, []byte("of tomorrow"))
		_, err3 := tx.AddUnknown(app.Message{Contact: c, At: at, State: app.StateReceived, StateAt: at, Unknown: true}, nil)
		errs = append(errs, furnish(tx, c, at), house(tx, c, at))
		for range 3 * backupPage {
			_, err := tx.AddMessage(app.Message{Contact: ids[1], Own: true, Text: strings.Repeat("long ", 100), At: at, State: app.StateDelivered, StateAt: at})
			errs = append(errs, err)
		}
		_, err4 := tx.AddMessage(app.Message{Contact: ids[3], Text: "gone", At: at, State: app.StateReceived, StateAt: at})
		return errors.Join(append(errs, err, err2, err3, err4, tx.RemoveContact(ids[3]))...)
	})
	return s
}

// furnish adds what can be said of messages: answers, edits, reactions, timers, files.
func furnish(tx app.Tx, c app.ContactID, at time.Time) error {
	file := func(own bool, name byte, state app.FileState) app.FileRecord {
		f, err := envelope.NewFile(70_000, [32]byte{name})
		if err != nil {
			panic(err)
		}
		return app.FileRecord{File: f, Name: "a file.png", Type: "image/png", Width: 3, Height: 4, State: state, Have: 1, Blob: app.BlobID(name), At: at}
	}
	first, err := tx.AddMessage(app.Message{Contact: c, Own: true, Ref: app.Ref{1}, Text: "first", SentAt: at, At: at, State: app.StateQueued, Reason: app.ReasonAgain, StateAt: at})
	errs := []error{err, tx.SetMessageText(first, "second", 1, at.Add(time.Second)), tx.SetMessageText(first, "third", 2, at.Add(time.Minute)),
		tx.SetReaction(first, app.Reaction{Emoji: "👍", At: at}, true), tx.SetReaction(first, app.Reaction{Own: true, Emoji: "🎉", At: at.Add(time.Second)}, true)}
	for _, m := range []app.Message{
		{Contact: c, Ref: app.Ref{2}, Text: "an answer", Replies: true, ReplyTo: first, Path: app.PathLAN, Timer: time.Minute, ExpiresAt: at.Add(time.Minute)},
		{Contact: c, Ref: app.Ref{3}, Text: "to nothing", Replies: true, Forwarded: true},
		{Contact: c, Ref: app.Ref{4}, Own: true, Notice: app.NoticeTimer, Timer: time.Hour},
	} {
		m.At, m.SentAt, m.State, m.StateAt = at, at, app.StateReceived, at
		_, err := tx.AddMessage(m)
		errs = append(errs, err)
	}
	gone, err := tx.AddMessage(app.Message{Contact: c, Ref: app.Ref{5}, Text: "taken back", At: at, State: app.StateReceived, StateAt: at})
	errs = append(errs, err, tx.SetMessageDeleted(gone))
	for i, state := range []app.FileState{app.FileDone, app.FileMoving, app.FileFailed} {
		for _, own := range []bool{true, false} {
			id, err := tx.AddMessage(app.Message{Contact: c, Own: own, Ref: app.Ref{6, byte(i)}, At: at, State: app.StateReceived, StateAt: at})
			f := file(own, byte(10+i), state)
			f.Message = id
			errs = append(errs, err, tx.AddFile(f))
		}
	}
	_, err = tx.AddMessage(app.Message{Contact: c, Ref: app.Ref{7}, Text: "the last", At: at, State: app.StateReceived, StateAt: at})
	errs = append(errs, err)
	_, err = tx.AddSaying(app.Saying{Contact: c, Kind: 4, Body: []byte("a saying"), At: at})
	return errors.Join(append(errs, err, tx.SetChat(app.ChatRecord{
		Contact: c, ChatMarks: app.ChatMarks{Pinned: true, Muted: true, Hidden: true}, Timer: time.Hour, TimerVersion: 3, Draft: "not yet", Position: first,
	}))...)
}

// house adds what goes by nodes: two of them, lots, an offer, boxes that came too early.
func house(r app.Tx, c app.ContactID, at time.Time) error {
	tx := r.(interface {
		app.HomeTx
		app.MailTx
	})
	own, err := tx.AddNode(app.NodeRecord{Address: "TACITNODE1:OWN", Account: [32]byte{0xAC}, Default: true, State: app.NodeGood, AddedAt: at, SeenAt: at})
	_, err2 := tx.AddNode(app.NodeRecord{Address: "TACITNODE1:THEIRS", Account: [32]byte{0xAD}, State: app.NodeLeaving, AddedAt: at, LeavingAt: at, OfferedBy: c})
	lot := app.LotRecord{Node: own, ID: [16]byte{9}, Until: at, Due: at, Uploaded: true, Spares: make([][32]byte, 3), IssuedAt: at}
	errs := []error{err, err2, tx.SetLot(lot), tx.SetOffer(app.OfferRecord{Contact: c, Address: "TACITNODE1:THEIRS"}),
		tx.AddEarly(app.EarlyRecord{Contact: c, Digest: app.Digest{4}, Box: []byte("a box"), At: at}), tx.AddOwed(c, app.Digest{5})}
	lot.ID, lot.Uploaded = [16]byte{7}, false
	return errors.Join(append(errs, tx.SetLot(lot))...)
}

func newBundle() []byte {
	b := identity.New().Bundle()
	return b[:]
}
