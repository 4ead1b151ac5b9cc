package apptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/app"
)

// get returns a message as the store has it.
func (s *suite) get(id app.MessageID) (m app.Message) {
	s.Helper()
	s.view(func(tx app.ReadTx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	return m
}

// fails runs f in an update and returns its error.
func (s *suite) fails(f func(app.Tx) error) error {
	return s.store.Update(context.Background(), f)
}

// testFields: what a message can be is kept by AddMessage.
func testFields(t *testing.T, s *suite) {
	c := s.contact("Ann")
	first := s.add(received(c, "one", suiteNow))
	m := own(c, "two", suiteNow)
	m.Ref, m.Replies, m.ReplyTo, m.Forwarded = app.Ref{1, 2}, true, first.ID, true
	m.Path, m.Timer, m.ExpiresAt = app.PathLAN, 90*time.Second, suiteNow.Add(time.Hour)
	m.EditedAt, m.Revision, m.Reason = suiteNow.Add(time.Minute), 7, app.ReasonAgain
	m = s.add(m)
	s.want("message", s.get(m.ID), m)
	gone := received(c, "", suiteNow)
	gone.Deleted, gone.Replies, gone.Timer = true, true, 4*7*24*time.Hour
	gone = s.add(gone)
	s.want("message", s.get(gone.ID), gone)
	timer := app.Message{Contact: c, Own: true, Notice: app.NoticeTimer, Timer: time.Minute, At: suiteNow, StateAt: suiteNow}
	timer = s.add(timer)
	s.want("notice", s.get(timer.ID), timer)
	s.view(func(tx app.ReadTx) error {
		list, err := tx.Messages(c, 0, 9)
		s.want("chat", list, []app.Message{timer, gone, m, first})
		head, err2 := tx.ChatHead(c)
		s.want("head", head, app.ChatHead{Contact: c, Last: &gone, Unread: 2})
		return errors.Join(err, err2)
	})
}

func testRefs(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	named := func(m app.Message, ref app.Ref) app.Message {
		m.Ref = ref
		return s.add(m)
	}
	ref := app.Ref{9, 8, 7}
	theirs := named(received(a, "theirs", suiteNow), ref)
	mine := named(own(a, "mine", suiteNow), ref)
	named(received(a, "the same name again", suiteNow), ref)
	elsewhere := named(received(b, "elsewhere", suiteNow), ref)
	s.add(received(a, "of no name", suiteNow))
	byRef := func(c app.ContactID, own bool, ref app.Ref) (m app.Message, err error) {
		s.view(func(tx app.ReadTx) error { m, err = tx.MessageByRef(c, own, ref); return nil })
		return m, err
	}
	for _, want := range []app.Message{theirs, mine, elsewhere} {
		got, err := byRef(want.Contact, want.Own, ref)
		s.want("by name", got, want)
		s.want("error", err, nil)
	}
	for what, ref := range map[string]app.Ref{"another name": {9, 8, 6}, "no name": {}} {
		_, err := byRef(a, false, ref)
		s.wantNotFound(what, err)
	}
	_, err := byRef(b, true, ref)
	s.wantNotFound("of the other side", err)
}

func testEdits(t *testing.T, s *suite) {
	c := s.contact("Ann")
	m := s.add(own(c, "zero harbours", suiteNow))
	edits := func() (texts []string, last app.Edit) {
		s.view(func(tx app.ReadTx) error {
			all, err := tx.Edits(m.ID)
			for _, e := range all {
				texts, last = append(texts, e.Text), e
			}
			return err
		})
		return texts, last
	}
	s.want("edits", len(first(edits())), 0)
	at := func(i int) time.Time { return suiteNow.Add(time.Duration(i) * time.Minute) }
	s.update(func(tx app.Tx) error { return tx.SetMessageText(m.ID, "one", 1, at(1)) })
	texts, last := edits()
	s.want("edits", texts, []string{"zero harbours"})
	s.want("time of the first text", last.At.UTC(), suiteNow)
	m.Text, m.Revision, m.EditedAt = "one", 1, at(1)
	s.want("message", s.get(m.ID), m)
	s.want("found by its old text", len(s.search(app.SearchQuery{Text: "harbours", Limit: 9})), 0)
	s.want("found by its text", len(s.search(app.SearchQuery{Text: "one", Limit: 9})), 1)
	for i := 2; i <= app.MaxEdits+3; i++ {
		s.update(func(tx app.Tx) error { return tx.SetMessageText(m.ID, fmt.Sprint("text ", i), uint64(i), at(i)) })
	}
	texts, last = edits()
	s.want("how many are kept", len(texts), app.MaxEdits)
	s.want("the first", texts[0], "zero harbours")
	s.want("the second", texts[1], "text 4")
	s.want("the last", last.Text, fmt.Sprint("text ", app.MaxEdits+2))
	s.want("its time", last.At.UTC(), at(app.MaxEdits+2))
	s.wantNotFound("text of nothing", s.fails(func(tx app.Tx) error { return tx.SetMessageText(m.ID+1000, "x", 1, suiteNow) }))
}

func first[A, B any](a A, _ B) A { return a }

func testDeleted(t *testing.T, s *suite) {
	c := s.contact("Ann")
	m := received(c, "the lighthouse", suiteNow)
	m.Ref, m.Path, m.Timer, m.Replies = app.Ref{5}, app.PathLAN, time.Minute, true
	m = s.add(m)
	answer := own(c, "an answer", suiteNow)
	answer.Replies, answer.ReplyTo = true, m.ID
	answer = s.add(answer)
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetMessageText(m.ID, "the tower", 1, suiteNow),
			tx.SetReaction(m.ID, app.Reaction{Emoji: "🎉", At: suiteNow}, true), tx.SetMessageDeleted(m.ID))
	})
	got := s.get(m.ID)
	if !got.Deleted || got.Text != "" || len(got.Reactions) != 0 || got.Ref != m.Ref || got.Path != m.Path || got.Timer != m.Timer || !got.Replies || !got.Unread {
		t.Errorf("left of a deleted message: %+v", got)
	}
	s.want("the answer", s.get(answer.ID), answer)
	s.view(func(tx app.ReadTx) error {
		edits, err := tx.Edits(m.ID)
		s.want("edits", len(edits), 0)
		return err
	})
	for _, word := range []string{"lighthouse", "tower"} {
		s.want("found by "+word, len(s.search(app.SearchQuery{Text: word, Limit: 9})), 0)
	}
	s.wantNotFound("deletion of nothing", s.fails(func(tx app.Tx) error { return tx.SetMessageDeleted(m.ID + 1000) }))
}

func testRemoved(t *testing.T, s *suite) {
	c := s.contact("Ann")
	before := s.add(received(c, "before", suiteNow))
	m := received(c, "the lighthouse", suiteNow)
	m.Ref = app.Ref{5}
	m = s.add(m)
	answer := own(c, "an answer", suiteNow)
	answer.Replies, answer.ReplyTo = true, m.ID
	answer = s.add(answer)
	mine := s.add(own(c, "mine", suiteNow))
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetMessageText(m.ID, "the tower", 1, suiteNow),
			tx.SetReaction(m.ID, app.Reaction{Emoji: "🎉", At: suiteNow}, true),
			tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: 4, Message: mine.ID, Box: []byte("box"), At: suiteNow}),
			tx.RemoveMessage(m.ID), tx.RemoveMessage(mine.ID))
	})
	answer.ReplyTo = 0
	s.want("the answer", s.get(answer.ID), answer)
	s.view(func(tx app.ReadTx) error {
		_, err := tx.Message(m.ID)
		s.wantNotFound("message", err)
		_, err = tx.MessageByRef(c, false, m.Ref)
		s.wantNotFound("by name", err)
		edits, err := tx.Edits(m.ID)
		s.want("edits", len(edits), 0)
		head, err2 := tx.ChatHead(c)
		s.want("head", head, app.ChatHead{Contact: c, Last: &answer, Unread: 1})
		n, err3 := tx.MessageCount(c)
		s.want("count", n, 2)
		boxes, err4 := tx.Outbox(c, 0, 9)
		if len(boxes) != 1 || boxes[0].Message != 0 {
			t.Errorf("the box of a message that is gone: %+v", boxes)
		}
		return errors.Join(err, err2, err3, err4)
	})
	for _, word := range []string{"lighthouse", "tower"} {
		s.want("found by "+word, len(s.search(app.SearchQuery{Text: word, Limit: 9})), 0)
	}
	if next := s.add(received(c, "next", suiteNow)); next.ID <= mine.ID || before.ID >= answer.ID {
		t.Errorf("ID %d after %d", next.ID, mine.ID)
	}
	s.wantNotFound("removal of nothing", s.fails(func(tx app.Tx) error { return tx.RemoveMessage(m.ID) }))
}

func testDelivered(t *testing.T, s *suite) {
	c := s.contact("Ann")
	m := s.add(own(c, "hello", suiteNow))
	again := s.add(own(c, "waits", suiteNow))
	failed := own(c, "failed", suiteNow)
	failed.State, failed.Reason = app.StateFailed, app.ReasonKeys
	failed = s.add(failed)
	boxed := func(want bool) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Boxed(m.ID)
			s.want("boxed", got, want)
			return err
		})
	}
	boxed(false)
	s.update(func(tx app.Tx) error {
		return tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: 4, Message: m.ID, Box: []byte("box"), At: suiteNow})
	})
	boxed(true)
	m.State, m.StateAt, m.Path, m.ExpiresAt = app.StateDelivered, suiteNow.Add(time.Second), app.PathLAN, suiteNow.Add(time.Hour)
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.RemoveOutbox(c, 4), tx.SetMessageDelivered(m.ID, m.StateAt, m.Path, m.ExpiresAt), tx.QueueAgain(c))
	})
	boxed(false)
	again.Reason = app.ReasonAgain
	for _, want := range []app.Message{m, again, failed} {
		s.want("message", s.get(want.ID), want)
	}
	err := s.fails(func(tx app.Tx) error { return tx.SetMessageDelivered(m.ID+1000, suiteNow, app.PathLAN, time.Time{}) })
	s.wantNotFound("delivery of nothing", err)
}

func testReactions(t *testing.T, s *suite) {
	c := s.contact("Ann")
	m, other := s.add(own(c, "hello", suiteNow)), s.add(own(c, "other", suiteNow))
	at := func(i int) time.Time { return suiteNow.Add(time.Duration(i) * time.Second) }
	mine, theirs := app.Reaction{Emoji: "🎉", Own: true, At: at(3)}, app.Reaction{Emoji: "🎉", At: at(1)}
	long := app.Reaction{Emoji: "👩🏽‍❤️‍💋‍👨🏾", At: at(2)}
	set := func(r app.Reaction, on bool) {
		t.Helper()
		s.update(func(tx app.Tx) error { return tx.SetReaction(m.ID, r, on) })
	}
	set(mine, true)
	set(theirs, true)
	set(long, true)
	set(app.Reaction{Emoji: "🎉", At: at(9)}, true)
	m.Reactions = []app.Reaction{theirs, long, mine}
	s.want("message", s.get(m.ID), m)
	s.want("another message", s.get(other.ID), other)
	s.view(func(tx app.ReadTx) error {
		list, err := tx.Messages(c, 0, 9)
		s.want("chat", list, []app.Message{other, m})
		after, err2 := tx.MessagesAfter(c, 0, 9)
		s.want("chat, oldest first", after, []app.Message{m, other})
		return errors.Join(err, err2)
	})
	set(theirs, false)
	set(theirs, false)
	m.Reactions = []app.Reaction{long, mine}
	s.want("message", s.get(m.ID), m)
	s.wantNotFound("reaction to nothing", s.fails(func(tx app.Tx) error { return tx.SetReaction(m.ID+1000, mine, true) }))
}

func testTimers(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	timed := func(m app.Message, d time.Duration) app.Message {
		m.Timer = d
		return s.add(m)
	}
	one := timed(received(a, "one", suiteNow), time.Minute)
	plain := s.add(received(a, "plain", suiteNow))
	mine := timed(own(a, "mine", suiteNow), time.Minute)
	two := timed(received(a, "two", suiteNow), 30*time.Second)
	notice := notice(a, suiteNow)
	notice.Notice, notice.Timer = app.NoticeTimer, time.Minute
	notice = s.add(notice)
	late := timed(received(a, "late", suiteNow), time.Minute)
	elsewhere := timed(received(b, "elsewhere", suiteNow), time.Minute)
	start := func(upTo app.MessageID, now time.Time, want ...app.MessageID) {
		t.Helper()
		s.update(func(tx app.Tx) error {
			ids, err := tx.StartTimers(a, upTo, now)
			s.want("started", ids, want)
			return err
		})
	}
	next := func(want time.Time) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.NextExpiry()
			s.want("next expiry", got.UTC(), want.UTC())
			return err
		})
	}
	next(time.Time{})
	start(notice.ID, suiteNow, one.ID, two.ID)
	start(notice.ID, suiteNow.Add(time.Hour))
	one.ExpiresAt, two.ExpiresAt = suiteNow.Add(time.Minute), suiteNow.Add(30*time.Second)
	for _, want := range []app.Message{one, plain, mine, two, notice, late, elsewhere} {
		s.want("message", s.get(want.ID), want)
	}
	next(two.ExpiresAt)
	expired := func(now time.Time, limit int, want ...app.Message) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Expired(now, limit)
			s.want("expired", got, want)
			return err
		})
	}
	expired(two.ExpiresAt.Add(-time.Millisecond), 9)
	expired(two.ExpiresAt, 9, two)
	expired(one.ExpiresAt, 9, two, one)
	expired(one.ExpiresAt, 1, two)
	s.update(func(tx app.Tx) error { return errors.Join(tx.RemoveMessage(two.ID), tx.RemoveMessage(one.ID)) })
	next(time.Time{})
	unread := func(after, upTo app.MessageID, limit int, want ...app.Message) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.UnreadMessages(a, after, upTo, limit)
			s.want("unread", got, want)
			return err
		})
	}
	unread(0, late.ID, 9, plain, late)
	unread(0, late.ID, 1, plain)
	unread(plain.ID, late.ID, 9, late)
	unread(0, plain.ID, 9, plain)
	s.update(func(tx app.Tx) error { _, err := tx.MarkRead(a, plain.ID); return err })
	unread(0, late.ID, 9, late)
}

func testShiftedExpiries(t *testing.T, s *suite) {
	c := s.contact("Ann")
	m := received(c, "hello", suiteNow)
	m.Timer, m.ExpiresAt = time.Minute, suiteNow.Add(time.Minute)
	m, plain := s.add(m), s.add(received(c, "plain", suiteNow))
	for _, by := range []time.Duration{time.Hour, -90 * time.Minute} {
		s.update(func(tx app.Tx) error { return tx.ShiftExpiries(by) })
		m.ExpiresAt = m.ExpiresAt.Add(by)
		s.want("message", s.get(m.ID), m)
	}
	s.update(func(tx app.Tx) error { return tx.CapExpiries(suiteNow.Add(-20 * time.Minute)) })
	s.want("not later than that", s.get(m.ID), m)
	s.update(func(tx app.Tx) error { return tx.CapExpiries(suiteNow.Add(-time.Hour)) })
	m.ExpiresAt = suiteNow.Add(-59 * time.Minute)
	s.want("later than that", s.get(m.ID), m)
	s.want("without a timer", s.get(plain.ID), plain)
}

func testChats(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	m := s.add(received(c, "hello", suiteNow))
	want := func(r app.ChatRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Chat(r.Contact)
			s.want("chat", got, r)
			return err
		})
	}
	want(app.ChatRecord{Contact: c})
	full := app.ChatRecord{
		Contact: c, ChatMarks: app.ChatMarks{Pinned: true, Archived: true, Muted: true, MarkedUnread: true, Hidden: true},
		Timer: 4 * 7 * 24 * time.Hour, TimerVersion: 1 << 62, Draft: strings.Repeat("é", 100), Position: m.ID,
	}
	s.update(func(tx app.Tx) error { return tx.SetChat(full) })
	want(full)
	want(app.ChatRecord{Contact: other})
	some := app.ChatRecord{Contact: c, ChatMarks: app.ChatMarks{Muted: true}, Timer: 30 * time.Second}
	s.update(func(tx app.Tx) error { return tx.SetChat(some) })
	want(some)
	s.wantNotFound("chat of nobody", s.fails(func(tx app.Tx) error { return tx.SetChat(app.ChatRecord{Contact: c + 1000}) }))
	s.update(func(tx app.Tx) error { return tx.RemoveContact(c) })
	want(app.ChatRecord{Contact: c})
}

func saying(c app.ContactID, kind uint64, topic byte, body string) app.Saying {
	return app.Saying{Contact: c, Kind: kind, Topic: [16]byte{topic}, Body: []byte(body), At: suiteNow}
}

// say stores a saying and returns it with its ID.
func (s *suite) say(said app.Saying) app.Saying {
	s.Helper()
	s.update(func(tx app.Tx) (err error) {
		said.ID, err = tx.AddSaying(said)
		return err
	})
	return said
}

func (s *suite) wantSayings(c app.ContactID, count int, unsealed ...app.Saying) {
	s.Helper()
	s.view(func(tx app.ReadTx) error {
		got, err := tx.UnsealedSayings(c, 100)
		s.want("unsealed", got, unsealed)
		n, err2 := tx.SayingCount(c)
		s.want("count", n, count)
		return errors.Join(err, err2)
	})
}

func testSayings(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	one, foreign := s.say(saying(c, 4, 1, "one")), s.say(saying(other, 4, 1, "to another"))
	two := s.say(saying(c, 5, 1, "of another kind"))
	three := s.say(saying(c, 4, 2, "of another topic"))
	s.wantSayings(c, 3, one, two, three)
	instead := s.say(saying(c, 4, 1, "one, again"))
	if instead.ID <= three.ID {
		t.Errorf("ID %d after %d", instead.ID, three.ID)
	}
	s.wantSayings(c, 3, two, three, instead)
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Saying(three.ID)
		s.want("saying", got, three)
		_, err2 := tx.Saying(one.ID)
		s.wantNotFound("what was superseded", err2)
		limited, err3 := tx.UnsealedSayings(c, 1)
		s.want("limited", limited, []app.Saying{two})
		return errors.Join(err, err3)
	})
	s.update(func(tx app.Tx) error { return errors.Join(tx.RemoveSaying(two.ID), tx.RemoveSaying(two.ID)) })
	s.wantSayings(c, 2, three, instead)
	s.wantSayings(other, 1, foreign)
	s.update(func(tx app.Tx) error { return tx.RemoveContact(c) })
	s.wantSayings(c, 0)
	s.wantSayings(other, 1, foreign)
	s.wantNotFound("to nobody", s.fails(func(tx app.Tx) error { _, err := tx.AddSaying(saying(c, 4, 1, "")); return err }))
}

func testSayingsInBoxes(t *testing.T, s *suite) {
	c := s.contact("Ann")
	one, two := s.say(saying(c, 4, 1, "one")), s.say(saying(c, 4, 2, "two"))
	box := func(seq uint64, id app.SayingID) {
		s.update(func(tx app.Tx) error {
			return tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: seq, Saying: id, Digest: app.Digest{byte(seq)}, Box: []byte("box"), At: suiteNow})
		})
	}
	outbox := func(want ...app.SayingID) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			rows, err := tx.Outbox(c, 0, 100)
			var got []app.SayingID
			for _, r := range rows {
				got = append(got, r.Saying)
			}
			s.want("sayings in boxes", got, want)
			return err
		})
	}
	box(3, one.ID)
	box(4, two.ID)
	s.wantSayings(c, 2)
	three := s.say(saying(c, 4, 1, "sealed ones are not superseded"))
	s.wantSayings(c, 3, three)
	s.update(func(tx app.Tx) error { return tx.RemoveOutbox(c, 4) })
	s.wantSayings(c, 3, two, three)
	box(5, two.ID)
	s.update(func(tx app.Tx) error { return tx.RemoveSaid(c, 3) })
	outbox(0, two.ID)
	s.wantSayings(c, 2, three)
	s.update(func(tx app.Tx) error { return tx.RemoveSaying(two.ID) })
	outbox(0, 0)
	box(6, three.ID)
	s.wantSayings(c, 1)
	s.update(func(tx app.Tx) error {
		ids, err := tx.RemoveOutboxUpTo(c, 6)
		s.want("messages", ids, []app.MessageID(nil))
		return err
	})
	s.wantSayings(c, 1, three)
}

func testSearchChats(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	inA, inB := s.add(received(a, "the harbour", suiteNow)), s.add(received(b, "harbour master", suiteNow))
	s.update(func(tx app.Tx) error {
		return tx.SetChat(app.ChatRecord{Contact: b, ChatMarks: app.ChatMarks{Hidden: true}})
	})
	found := func(q app.SearchQuery, want ...app.Message) {
		t.Helper()
		q.Text, q.Limit = "harbour", 9
		got := s.search(q)
		slices.SortFunc(got, func(x, y app.Message) int { return int(x.ID - y.ID) })
		s.want(fmt.Sprintf("%+v", q), got, want)
	}
	found(app.SearchQuery{}, inA)
	found(app.SearchQuery{Hidden: true}, inA, inB)
	found(app.SearchQuery{Contact: a}, inA)
	found(app.SearchQuery{Contact: b})
	found(app.SearchQuery{Contact: b, Hidden: true}, inB)
}
