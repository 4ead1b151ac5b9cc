package apptest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tacit/app"
)

func testDelivery(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	for _, want := range []app.DeliveryRecord{
		{},
		{NextSeq: 5, Received: 3, Beyond: []uint64{5, 6, 900}},
		{NextSeq: 1 << 62, Received: 1 << 61},
	} {
		if want.NextSeq != 0 {
			s.update(func(tx app.Tx) error { return tx.SetDelivery(c, want) })
		}
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Delivery(c)
			s.want("delivery", got, want)
			got, err2 := tx.Delivery(other)
			s.want("delivery of another", got, app.DeliveryRecord{})
			return errors.Join(err, err2)
		})
	}
}

func testSeen(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	early, late := app.Digest{1}, app.Digest{2}
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.AddSeen(a, early, suiteNow), tx.AddSeen(a, early, suiteNow), tx.AddSeen(a, late, suiteNow.Add(time.Hour)))
	})
	check := func(c app.ContactID, d app.Digest, want bool) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Seen(c, d)
			s.want(fmt.Sprintf("seen %x", d[:1]), got, want)
			return err
		})
	}
	check(a, early, true)
	check(a, late, true)
	check(a, app.Digest{3}, false)
	check(b, early, false)
	s.update(func(tx app.Tx) error { return tx.ForgetSeen(suiteNow) })
	check(a, early, true)
	s.update(func(tx app.Tx) error { return tx.ForgetSeen(suiteNow.Add(time.Minute)) })
	check(a, early, false)
	check(a, late, true)
}

func testOutbox(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	var boxes []app.OutboxRecord
	for i := range 5 {
		m := s.add(own(c, fmt.Sprint("text ", i), suiteNow))
		b := app.OutboxRecord{
			Contact: c, Seq: uint64(10 + i), Digest: app.Digest{byte(i), 1},
			Box: slices.Repeat([]byte{byte(i)}, 4080), Message: m.ID, At: suiteNow.Add(time.Duration(i) * time.Millisecond),
		}
		if i == 3 {
			b.Message = 0 // content that is not a message
		}
		boxes = append(boxes, b)
	}
	foreign := app.OutboxRecord{Contact: other, Seq: 11, Digest: app.Digest{1, 1}, Box: []byte("short"), At: suiteNow}
	s.update(func(tx app.Tx) error {
		for _, i := range []int{4, 0, 2, 1, 3} {
			if err := tx.AddOutbox(boxes[i]); err != nil {
				return err
			}
		}
		return tx.AddOutbox(foreign)
	})

	outbox := func(after uint64, limit int) (got []app.OutboxRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) (err error) {
			got, err = tx.Outbox(c, after, limit)
			return err
		})
		return got
	}
	s.want("outbox", outbox(0, 100), boxes)
	s.want("outbox, limited", outbox(0, 2), boxes[:2])
	s.want("outbox after 11", outbox(11, 2), boxes[2:4])
	s.view(func(tx app.ReadTx) error {
		named, namedThere := boxes[2], foreign
		named.Box, namedThere.Box = nil, nil
		got, err := tx.OutboxByDigest(c, named.Digest)
		s.want("by digest", got, named)
		got, err2 := tx.OutboxByDigest(other, foreign.Digest)
		s.want("by digest, the other contact's", got, namedThere)
		_, err3 := tx.OutboxByDigest(other, boxes[2].Digest)
		s.wantNotFound("by digest of somebody else", err3)
		n, err4 := tx.OutboxCount(c)
		s.want("count", n, 5)
		return errors.Join(err, err2, err4)
	})

	s.update(func(tx app.Tx) error { return tx.RemoveOutbox(c, 11) })
	s.want("after a removal", outbox(0, 100), []app.OutboxRecord{boxes[0], boxes[2], boxes[3], boxes[4]})
	s.update(func(tx app.Tx) error {
		ids, err := tx.RemoveOutboxUpTo(c, 13)
		s.want("messages", ids, []app.MessageID{boxes[0].Message, boxes[2].Message})
		return err
	})
	s.want("after removal up to 13", outbox(0, 100), boxes[4:])
	s.view(func(tx app.ReadTx) error {
		n, err := tx.OutboxCount(other)
		s.want("the other contact's", n, 1)
		return err
	})
}

func testUnsealed(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	one, two, three := s.add(own(c, "one", suiteNow)), s.add(own(c, "two", suiteNow)), s.add(own(c, "three", suiteNow))
	s.add(received(c, "not mine", suiteNow))
	s.add(own(other, "to another", suiteNow))
	unsealed := func(limit int) (got []app.Message) {
		t.Helper()
		s.view(func(tx app.ReadTx) (err error) {
			got, err = tx.Unsealed(c, limit)
			return err
		})
		return got
	}
	s.want("unsealed", unsealed(10), []app.Message{one, two, three})
	s.want("unsealed, limited", unsealed(2), []app.Message{one, two})

	s.update(func(tx app.Tx) error {
		return tx.AddOutbox(app.OutboxRecord{Contact: c, Seq: 1, Message: one.ID, Box: []byte("box"), At: suiteNow})
	})
	s.want("after sealing one", texts(unsealed(10)), []string{"two", "three"})
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetMessageState(two.ID, app.StateFailed, app.ReasonKeys, suiteNow),
			tx.RemoveOutbox(c, 1), tx.SetMessageState(one.ID, app.StateDelivered, app.ReasonNone, suiteNow))
	})
	s.want("after a failure", texts(unsealed(10)), []string{"three"})
	s.update(func(tx app.Tx) error {
		return tx.SetMessageState(two.ID, app.StateQueued, app.ReasonNone, suiteNow)
	})
	s.want("after a retry", texts(unsealed(10)), []string{"two", "three"})
}
