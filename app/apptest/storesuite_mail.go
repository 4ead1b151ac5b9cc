package apptest

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"tacit/app"
)

func testEarly(_ *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	box := func(n byte, stream, seq uint64) app.EarlyRecord {
		return app.EarlyRecord{
			Contact: c, Digest: app.Digest{n}, Stream: stream, Seq: seq, Box: bytes.Repeat([]byte{n}, 4080),
			At: suiteNow.Add(time.Duration(n) * time.Hour),
		}
	}
	const stream = 1<<64 - 1
	second, again, first, third, strange := box(5, stream, 2), box(4, stream, 2), box(3, stream, 1), box(2, 7, 2), box(1, 0, 0)
	s.update(func(tx app.Tx) error {
		err := errors.Join(tx.AddEarly(second), tx.AddEarly(again), tx.AddEarly(first), tx.AddEarly(third), tx.AddEarly(strange))
		twice := second
		twice.Seq, twice.Box = 9, []byte{9}
		return errors.Join(err, tx.AddEarly(twice))
	})
	s.wantNotFound("early box of an unknown contact", s.fails(func(tx app.Tx) error {
		r := box(9, 1, 1)
		r.Contact = other + 100
		return tx.AddEarly(r)
	}))
	want := func(stream, seq uint64, count int, boxes ...app.EarlyRecord) {
		s.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Early(c, stream, seq, 10)
			s.want("early boxes", got, boxes)
			n, err2 := tx.EarlyCount(c)
			s.want("count of early boxes", n, count)
			none, err3 := tx.EarlyCount(other)
			s.want("count of another", none, 0)
			return errors.Join(err, err2, err3)
		})
	}
	want(stream, 2, 5, second, again)
	want(stream, 1, 5, first)
	want(7, 2, 5, third)
	want(0, 0, 5, strange)
	want(stream, 9, 5)
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Early(c, stream, 2, 1)
		s.want("the first of them", got, []app.EarlyRecord{second})
		return err
	})
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.RemoveEarly(c, first.Digest), tx.RemoveEarly(c, first.Digest))
	})
	want(stream, 1, 4)
	s.update(func(tx app.Tx) error { return tx.RemoveEarlyUpTo(c, stream, 2) })
	want(stream, 2, 2)
	want(7, 2, 2, third)
	s.update(func(tx app.Tx) error { return tx.RemoveEarlyUpTo(c, 0, 100) })
	want(0, 0, 2, strange) // it has no number
	s.update(func(tx app.Tx) error { return tx.ForgetEarly(third.At) })
	want(0, 0, 1)
	want(7, 2, 1, third)
	s.update(func(tx app.Tx) error { return tx.RemoveContact(c) })
	want(7, 2, 0)
}

func testOwed(_ *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	a, b, d, e := app.Digest{4}, app.Digest{3}, app.Digest{2}, app.Digest{1}
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.AddOwed(c, a), tx.AddOwed(c, b), tx.AddOwed(c, d), tx.AddOwed(c, a), tx.AddOwed(other, a))
	})
	s.wantNotFound("owed to an unknown contact", s.fails(func(tx app.Tx) error { return tx.AddOwed(other+100, a) }))
	want := func(seq uint64, ds ...app.Digest) {
		s.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Owed(c, seq, 10)
			s.want("owed", got, ds)
			return err
		})
	}
	want(0, a, b, d)
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Owed(c, 0, 2)
		s.want("the first two", got, []app.Digest{a, b})
		return err
	})
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetOwed(c, 7, a, b, e), tx.SetOwed(c, 9, d), tx.AddOwed(c, a))
	})
	want(0)
	want(7, a, b)
	want(9, d)
	s.update(func(tx app.Tx) error { return errors.Join(tx.AddOwed(c, e), tx.RemoveOwedUpTo(c, 8)) })
	want(0, e)
	want(7)
	want(9, d)
	s.update(func(tx app.Tx) error { return tx.OweAgain(c) })
	want(0, d, e)
	s.update(func(tx app.Tx) error { return tx.RemoveOwed(c, d, a) })
	want(0, e)
	s.update(func(tx app.Tx) error { return tx.RemoveContact(c) })
	want(0)
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Owed(other, 0, 10)
		s.want("owed to another", got, []app.Digest{a})
		return err
	})
}

// boxes stores boxes of a contact, numbered from 1, for messages, sayings or nothing.
func (s *suite) boxes(c app.ContactID, of ...app.OutboxRecord) []app.OutboxRecord {
	s.Helper()
	for i := range of {
		of[i].Contact, of[i].Seq, of[i].Digest = c, uint64(i+1), app.Digest{byte(i + 1)}
		of[i].Box, of[i].At = bytes.Repeat([]byte{byte(i)}, 4080), suiteNow
	}
	s.update(func(tx app.Tx) (err error) {
		for _, r := range of {
			err = errors.Join(err, tx.AddOutbox(r))
		}
		return err
	})
	return of
}

func testHeld(_ *testing.T, s *suite) {
	c := s.contact("Ann")
	rows := s.boxes(c, app.OutboxRecord{}, app.OutboxRecord{HeldAt: suiteNow}, app.OutboxRecord{})
	want := func(before time.Time, after uint64, limit int, rows ...app.OutboxRecord) {
		s.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.ToDeposit(c, before, after, limit)
			s.want("to deposit", got, rows)
			return err
		})
	}
	want(suiteNow, 0, 10, rows[0], rows[2])
	want(suiteNow, 0, 1, rows[0])
	want(suiteNow, 1, 10, rows[2])
	want(suiteNow.Add(time.Second), 0, 10, rows...)
	hour := suiteNow.Add(time.Hour)
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetOutboxHeld(c, 1, hour), tx.SetOutboxHeld(c, 99, hour)) })
	rows[0].HeldAt = hour
	want(suiteNow, 0, 10, rows[2])
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Outbox(c, 0, 10)
		s.want("outbox", got, rows)
		one, err2 := tx.OutboxByDigest(c, rows[0].Digest)
		s.want("held at", one.HeldAt, hour)
		return errors.Join(err, err2)
	})
	s.update(func(tx app.Tx) error { return tx.SetOutboxHeld(c, 1, time.Time{}) })
	rows[0].HeldAt = time.Time{}
	want(suiteNow, 0, 10, rows[0], rows[2])
	s.update(func(tx app.Tx) error { return tx.UnholdOutbox(c) })
	rows[1].HeldAt = time.Time{}
	want(suiteNow, 0, 10, rows...)

	// What a node holds is queued again together with what waits.
	var id app.MessageID
	s.update(func(tx app.Tx) (err error) {
		id, err = tx.AddMessage(app.Message{Contact: c, Own: true, Text: "a", State: app.StateQueued, At: suiteNow, SentAt: suiteNow, StateAt: suiteNow})
		return errors.Join(err, tx.SetMessageState(id, app.StateHeld, app.ReasonNone, hour))
	})
	state := func(want app.State, reason app.Reason) {
		s.Helper()
		s.view(func(tx app.ReadTx) error {
			m, err := tx.Message(id)
			s.want("state", [2]string{string(m.State), string(m.Reason)}, [2]string{string(want), string(reason)})
			return err
		})
	}
	state(app.StateHeld, app.ReasonNone)
	s.update(func(tx app.Tx) error { return tx.QueueAgain(c) })
	state(app.StateQueued, app.ReasonAgain)
}

func testBareBoxes(_ *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	var msg app.MessageID
	var said app.SayingID
	s.update(func(tx app.Tx) (err error) {
		msg, err = tx.AddMessage(app.Message{Contact: c, Own: true, Text: "a", State: app.StateQueued, At: suiteNow, SentAt: suiteNow, StateAt: suiteNow})
		if err != nil {
			return err
		}
		said, err = tx.AddSaying(app.Saying{Contact: c, Kind: 4, Topic: [16]byte{1}, Body: []byte{1}, At: suiteNow})
		return err
	})
	rows := s.boxes(c, app.OutboxRecord{}, app.OutboxRecord{Message: msg}, app.OutboxRecord{Saying: said}, app.OutboxRecord{}, app.OutboxRecord{}, app.OutboxRecord{})
	s.boxes(other, app.OutboxRecord{})
	s.update(func(tx app.Tx) error {
		n, err := tx.RemoveOutboxBare(c, 5, 4)
		s.want("removed", n, 2)
		return err
	})
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Outbox(c, 0, 10)
		s.want("outbox", got, []app.OutboxRecord{rows[1], rows[2], rows[3], rows[5]})
		n, err2 := tx.OutboxCount(c)
		s.want("count", n, 4)
		n, err3 := tx.OutboxCount(other)
		s.want("count of another", n, 1)
		return errors.Join(err, err2, err3)
	})
}
