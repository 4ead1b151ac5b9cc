package apptest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"tacit/app"
)

// StoreSuite proves that a store keeps the promises of app.Store. open returns a
// fresh, empty store each time and closes it when the test ends.
func StoreSuite(t *testing.T, open func(t *testing.T) app.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s *suite)
	}{
		{"Empty", testEmpty},
		{"Profile", testProfile},
		{"Contacts", testContacts},
		{"RemoveContact", testRemoveContact},
		{"UnknownContact", testUnknownContact},
		{"Blobs", testBlobs},
		{"Delivery", testDelivery},
		{"Seen", testSeen},
		{"Outbox", testOutbox},
		{"Unsealed", testUnsealed},
		{"Messages", testMessages},
		{"MessageState", testMessageState},
		{"Heads", testHeads},
		{"Search", testSearch},
		{"SearchLiteral", testSearchLiteral},
		{"Cards", testCards},
		{"Pairings", testPairings},
		{"Settings", testSettings},
		{"Atomic", testAtomic},
		{"Serial", testSerial},
		{"Cancelled", testCancelled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.run(t, &suite{T: t, store: open(t)})
		})
	}
}

// suite is one test with the store under it.
type suite struct {
	*testing.T
	store app.Store
}

// suiteNow is the instant the suite counts from. Stores keep at least milliseconds.
var suiteNow = time.Date(2026, 3, 1, 12, 0, 0, 250e6, time.UTC)

func (s *suite) update(f func(app.Tx) error) {
	s.Helper()
	if err := s.store.Update(context.Background(), f); err != nil {
		s.Fatalf("update: %v", err)
	}
}

func (s *suite) view(f func(app.ReadTx) error) {
	s.Helper()
	if err := s.store.View(context.Background(), f); err != nil {
		s.Fatalf("view: %v", err)
	}
}

// want fails the test unless got equals want, times compared as instants.
func (s *suite) want(what string, got, want any) {
	s.Helper()
	g, w := inUTC(reflect.ValueOf(got)), inUTC(reflect.ValueOf(want))
	if !reflect.DeepEqual(g, w) {
		s.Fatalf("%s:\n got %+v\nwant %+v", what, g, w)
	}
}

// inUTC returns a copy of v whose times are in UTC and whose empty slices are
// nil, so that DeepEqual compares what the port promises and no more.
func inUTC(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	c := reflect.New(v.Type()).Elem()
	normalize(c, v)
	return c.Interface()
}

func normalize(dst, src reflect.Value) {
	if t, ok := src.Interface().(time.Time); ok {
		dst.Set(reflect.ValueOf(t.UTC()))
		return
	}
	switch src.Kind() {
	case reflect.Struct:
		for i := range src.NumField() {
			normalize(dst.Field(i), src.Field(i))
		}
	case reflect.Slice:
		if src.Len() == 0 {
			return
		}
		dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
		for i := range src.Len() {
			normalize(dst.Index(i), src.Index(i))
		}
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			normalize(dst.Elem(), src.Elem())
		}
	default:
		dst.Set(src)
	}
}

func (s *suite) wantNotFound(what string, err error) {
	s.Helper()
	if !errors.Is(err, app.ErrNotFound) {
		s.Fatalf("%s: error %v, want ErrNotFound", what, err)
	}
}

// contact adds a contact that is told apart by its name.
func (s *suite) contact(name string) app.ContactID {
	s.Helper()
	var id app.ContactID
	s.update(func(tx app.Tx) (err error) {
		id, err = tx.AddContact(contactRecord(name))
		return err
	})
	return id
}

func contactRecord(name string) app.ContactRecord {
	r := app.ContactRecord{
		Bundle:       make([]byte, 1249),
		TheirName:    name,
		Alias:        "alias of " + name,
		Trust:        app.Verified,
		IntroducedBy: 0,
		Meeting:      app.MetByCodes,
		MetAt:        suiteNow,
		Writable:     true,
		ResetNumber:  7,
	}
	copy(r.Bundle, name)
	copy(r.ResetSecret[:], "reset secret of "+name)
	return r
}

// received and own make messages without ID.
func received(c app.ContactID, text string, at time.Time) app.Message {
	return app.Message{Contact: c, Text: text, SentAt: at.Add(-time.Second), At: at, State: app.StateReceived, StateAt: at}
}

func own(c app.ContactID, text string, at time.Time) app.Message {
	return app.Message{Contact: c, Own: true, Text: text, SentAt: at, At: at, State: app.StateQueued, StateAt: at}
}

// add stores a message and returns it with its ID.
func (s *suite) add(m app.Message) app.Message {
	s.Helper()
	s.update(func(tx app.Tx) (err error) {
		m.ID, err = tx.AddMessage(m)
		return err
	})
	return m
}

func texts(ms []app.Message) []string {
	var ts []string
	for _, m := range ms {
		ts = append(ts, m.Text)
	}
	return ts
}

func testEmpty(t *testing.T, s *suite) {
	s.want("rolled back", s.store.RolledBack(), false)
	s.view(func(tx app.ReadTx) error {
		_, err := tx.Profile()
		s.wantNotFound("profile", err)
		contacts, err := tx.Contacts()
		s.want("contacts", contacts, []app.ContactRecord(nil))
		_, err2 := tx.Contact(1)
		s.wantNotFound("contact", err2)
		heads, err3 := tx.ChatHeads()
		s.want("heads", heads, []app.ChatHead(nil))
		cards, err4 := tx.Cards()
		s.want("cards", cards, []app.CardRecord(nil))
		pairings, err5 := tx.Pairings()
		s.want("pairings", pairings, []app.PairingRecord(nil))
		_, err6 := tx.Setting("width")
		s.wantNotFound("setting", err6)
		_, err7 := tx.Message(1)
		s.wantNotFound("message", err7)
		found, err8 := tx.Search("anything", 10)
		s.want("found", found, []app.Message(nil))
		return errors.Join(err, err3, err4, err5, err8)
	})
}

func testProfile(t *testing.T, s *suite) {
	want := app.ProfileRecord{Root: [32]byte{1, 2, 3, 31: 9}, Name: "Alma Núñez", CreatedAt: suiteNow}
	s.update(func(tx app.Tx) error { return tx.SetProfile(want) })
	check := func(want app.ProfileRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Profile()
			s.want("profile", got, want)
			return err
		})
	}
	check(want)
	want.Name = "Alma"
	s.update(func(tx app.Tx) error { return tx.SetProfile(want) })
	check(want)
}

func testContacts(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	if a == 0 || b <= a {
		t.Fatalf("ids %d, %d: want ascending and not zero", a, b)
	}
	wantA, wantB := contactRecord("Ann"), contactRecord("Bo")
	wantA.ID, wantB.ID = a, b

	s.view(func(tx app.ReadTx) error {
		got, err := tx.Contact(a)
		s.want("contact", got, wantA)
		got.Bundle[0] ^= 1 // belongs to the caller
		all, err2 := tx.Contacts()
		s.want("contacts", all, []app.ContactRecord{wantA, wantB})
		return errors.Join(err, err2)
	})

	wantA.Alias, wantA.Trust, wantA.Meeting, wantA.IntroducedBy = "", app.Introduced, app.MetByReferral, b
	wantA.Writable, wantA.Blocked, wantA.ResetNumber, wantA.MetAt = false, true, 1<<62, time.Time{}
	s.update(func(tx app.Tx) error { return tx.SetContact(wantA) })
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Contact(a)
		s.want("changed contact", got, wantA)
		return err
	})

	err := s.store.Update(context.Background(), func(tx app.Tx) error {
		r := contactRecord("Nobody")
		r.ID = b + 1000
		return tx.SetContact(r)
	})
	s.wantNotFound("SetContact of an unknown one", err)
}

func testRemoveContact(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	kept := s.add(received(a, "stays here", suiteNow))
	digest := app.Digest{1}
	var gone app.Message
	s.update(func(tx app.Tx) error {
		gone = own(b, "goes away", suiteNow)
		id, err := tx.AddMessage(gone)
		gone.ID = id
		return errors.Join(err,
			tx.SetSession(b, []byte("session")), tx.SetGrants(b, []byte("grants")),
			tx.SetDelivery(b, app.DeliveryRecord{NextSeq: 9}), tx.AddSeen(b, digest, suiteNow),
			tx.AddOutbox(app.OutboxRecord{Contact: b, Seq: 1, Digest: digest, Box: []byte("box"), Message: id, At: suiteNow}))
	})
	s.update(func(tx app.Tx) error { return tx.RemoveContact(b) })

	s.view(func(tx app.ReadTx) error {
		_, err := tx.Contact(b)
		s.wantNotFound("contact", err)
		_, err = tx.Session(b)
		s.wantNotFound("session", err)
		_, err = tx.Grants(b)
		s.wantNotFound("grants", err)
		_, err = tx.Message(gone.ID)
		s.wantNotFound("message", err)
		d, err := tx.Delivery(b)
		s.want("delivery", d, app.DeliveryRecord{})
		seen, err2 := tx.Seen(b, digest)
		s.want("seen", seen, false)
		n, err3 := tx.OutboxCount(b)
		s.want("outbox", n, 0)
		count, err4 := tx.MessageCount(b)
		s.want("message count", count, 0)
		heads, err5 := tx.ChatHeads()
		s.want("heads", heads, []app.ChatHead{{Contact: a, Last: &kept, Unread: 1}})
		found, err6 := tx.Search("goes", 10)
		s.want("found", found, []app.Message(nil))
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
	if c := s.contact("Cy"); c <= b {
		t.Fatalf("id %d of a removed contact was given to another", c)
	}
	if m := s.add(received(a, "later", suiteNow)); m.ID <= gone.ID {
		t.Fatalf("id %d of a removed message was given to another", m.ID)
	}
}

func testUnknownContact(t *testing.T, s *suite) {
	const nobody = app.ContactID(77)
	writes := map[string]func(app.Tx) error{
		"SetSession":  func(tx app.Tx) error { return tx.SetSession(nobody, []byte("x")) },
		"SetGrants":   func(tx app.Tx) error { return tx.SetGrants(nobody, []byte("x")) },
		"SetDelivery": func(tx app.Tx) error { return tx.SetDelivery(nobody, app.DeliveryRecord{NextSeq: 1}) },
		"AddSeen":     func(tx app.Tx) error { return tx.AddSeen(nobody, app.Digest{}, suiteNow) },
		"AddOutbox":   func(tx app.Tx) error { return tx.AddOutbox(app.OutboxRecord{Contact: nobody, Seq: 1}) },
		"AddMessage": func(tx app.Tx) error {
			_, err := tx.AddMessage(received(nobody, "x", suiteNow))
			return err
		},
	}
	for name, write := range writes {
		s.wantNotFound(name, s.store.Update(context.Background(), write))
	}
}

func testBlobs(t *testing.T, s *suite) {
	c := s.contact("Ann")
	session, grants := []byte("a session"), make([]byte, 9000)
	grants[8999] = 1
	s.view(func(tx app.ReadTx) error {
		_, err := tx.Session(c)
		s.wantNotFound("session", err)
		_, err = tx.Grants(c)
		s.wantNotFound("grants", err)
		return nil
	})
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetSession(c, []byte("the first")), tx.SetSession(c, session), tx.SetGrants(c, grants))
	})
	session[0] ^= 1 // the store keeps a copy
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Session(c)
		s.want("session", string(got), "a session")
		got[0] ^= 1
		again, err2 := tx.Session(c)
		s.want("session read again", string(again), "a session")
		g, err3 := tx.Grants(c)
		s.want("grants", g, grants)
		return errors.Join(err, err2, err3)
	})
}

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
		got, err := tx.OutboxByDigest(c, boxes[2].Digest)
		s.want("by digest", got, boxes[2])
		got, err2 := tx.OutboxByDigest(other, foreign.Digest)
		s.want("by digest, the other contact's", got, foreign)
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

func testMessages(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	var all []app.Message
	for i := range 7 {
		all = append(all, s.add(received(c, fmt.Sprint("text ", i), suiteNow.Add(time.Duration(i)*time.Second))))
		s.add(own(other, "elsewhere", suiteNow))
	}
	newest := slices.Clone(all)
	slices.Reverse(newest)
	s.view(func(tx app.ReadTx) error {
		var errs []error
		check := func(what string, want []app.Message) func([]app.Message, error) {
			return func(got []app.Message, err error) {
				t.Helper()
				s.want(what, got, want)
				errs = append(errs, err)
			}
		}
		check("newest", newest[:3])(tx.Messages(c, 0, 3))
		check("older page", newest[3:6])(tx.Messages(c, newest[2].ID, 3))
		check("oldest page", newest[6:])(tx.Messages(c, newest[5].ID, 3))
		check("past the end", nil)(tx.Messages(c, newest[6].ID, 3))
		check("no message", nil)(tx.Messages(c, 0, 0))
		check("from the beginning", all[:2])(tx.MessagesAfter(c, 0, 2))
		check("after", all[3:])(tx.MessagesAfter(c, all[2].ID, 100))
		check("after the end", nil)(tx.MessagesAfter(c, all[6].ID, 100))
		n, err := tx.MessageCount(c)
		s.want("count", n, 7)
		m, err2 := tx.Message(all[4].ID)
		s.want("message", m, all[4])
		return errors.Join(append(errs, err, err2)...)
	})
}

func testMessageState(t *testing.T, s *suite) {
	c := s.contact("Ann")
	m := s.add(own(c, "hello", suiteNow))
	m.State, m.Reason, m.StateAt = app.StateFailed, app.ReasonNotWritable, suiteNow.Add(time.Minute)
	s.update(func(tx app.Tx) error { return tx.SetMessageState(m.ID, m.State, m.Reason, m.StateAt) })
	unknown := received(c, "", suiteNow)
	unknown.Unknown = true
	s.update(func(tx app.Tx) (err error) {
		unknown.ID, err = tx.AddUnknown(unknown, []byte("of a newer version"))
		return err
	})
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Message(m.ID)
		s.want("message", got, m)
		got, err2 := tx.Message(unknown.ID)
		s.want("unknown message", got, unknown)
		return errors.Join(err, err2)
	})
	err := s.store.Update(context.Background(), func(tx app.Tx) error {
		return tx.SetMessageState(unknown.ID+1000, app.StateDelivered, app.ReasonNone, suiteNow)
	})
	s.wantNotFound("state of no message", err)
}

func testHeads(t *testing.T, s *suite) {
	a, b, c := s.contact("Ann"), s.contact("Bo"), s.contact("Cy")
	first := s.add(received(a, "one", suiteNow))
	s.add(received(a, "two", suiteNow))
	last := s.add(received(a, "three", suiteNow))
	mine := s.add(own(b, "mine", suiteNow))
	heads := func(unread int) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.ChatHeads()
			slices.SortFunc(got, func(x, y app.ChatHead) int { return int(x.Contact - y.Contact) })
			s.want("heads", got, []app.ChatHead{{Contact: a, Last: &last, Unread: unread}, {Contact: b, Last: &mine}, {Contact: c}})
			head, err2 := tx.ChatHead(a)
			s.want("head", head, app.ChatHead{Contact: a, Last: &last, Unread: unread})
			head, err3 := tx.ChatHead(c)
			s.want("head of an empty chat", head, app.ChatHead{Contact: c})
			return errors.Join(err, err2, err3)
		})
	}
	read := func(c app.ContactID, upTo app.MessageID, want int) {
		t.Helper()
		s.update(func(tx app.Tx) error {
			left, err := tx.MarkRead(c, upTo)
			s.want("unread left", left, want)
			return err
		})
	}
	heads(3)
	read(a, first.ID, 2)
	read(a, first.ID, 2)
	read(b, mine.ID, 0)
	heads(2)
	read(a, last.ID, 0)
	heads(0)
	last = s.add(received(a, "four", suiteNow))
	heads(1)
}

func testSearch(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	for _, m := range []app.Message{
		received(a, "The harbour is quiet tonight", suiteNow),
		own(b, "Quiet, please: the HARBOUR master sleeps", suiteNow),
		received(a, "un café noir", suiteNow),
		own(a, "Привет, мир", suiteNow),
		received(b, "nothing to see", suiteNow),
	} {
		s.add(m)
	}
	found := func(query string, limit int, want ...string) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Search(query, limit)
			s.want("search for "+query, texts(got), want)
			return err
		})
	}
	found("harbour", 10, "Quiet, please: the HARBOUR master sleeps", "The harbour is quiet tonight")
	found("quiet harbour", 10, "Quiet, please: the HARBOUR master sleeps", "The harbour is quiet tonight")
	found("harbour", 1, "Quiet, please: the HARBOUR master sleeps")
	found("harbour", 0)
	found("harbour tonight", 10, "The harbour is quiet tonight")
	found("harb", 10, "Quiet, please: the HARBOUR master sleeps", "The harbour is quiet tonight")
	found("harbour sunk", 10)
	found("CAFE", 10, "un café noir")
	found("мир ПРИВЕТ", 10, "Привет, мир")
	found("", 10)
	found("  \t\n", 10)
}

// testSearchLiteral: a query is words, never an expression.
func testSearchLiteral(t *testing.T, s *suite) {
	c := s.contact("Ann")
	s.add(received(c, "alpha beta", suiteNow))
	s.add(received(c, "gamma", suiteNow))
	for _, query := range []string{
		"alpha OR gamma", "alpha NOT beta", "NEAR(alpha beta)", "text:alpha", `"`, `alpha"`, "*", "^alpha (", "-gamma alpha",
		"alpha AND", "{text}:alpha", "'; DROP TABLE messages", "\x00alpha\x00", "\xff\xfe", "alpha\u0301\u0301",
	} {
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Search(query, 10)
			if err != nil {
				return fmt.Errorf("search for %q: %w", query, err)
			}
			if len(got) > 1 {
				t.Errorf("search for %q found %q", query, texts(got))
			}
			return nil
		})
	}
}

func testCards(t *testing.T, s *suite) {
	card := app.CardRecord{Invite: [16]byte{1}, Shown: true, ExpiresAt: suiteNow.Add(time.Minute), Forget: suiteNow.Add(time.Hour)}
	late := app.CardRecord{Invite: [16]byte{2}, ExpiresAt: suiteNow.Add(time.Hour), Forget: suiteNow.Add(2 * time.Hour)}
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetCard(card), tx.SetCard(late)) })
	card.Used, card.M1 = true, [][32]byte{{1}, {2}}
	accepted, acceptedLate := [32]byte{3}, [32]byte{4}
	s.update(func(tx app.Tx) error {
		return errors.Join(tx.SetCard(card),
			tx.AddAcceptedCard(accepted, suiteNow.Add(time.Hour)), tx.AddAcceptedCard(acceptedLate, suiteNow.Add(2*time.Hour)))
	})
	check := func(want []app.CardRecord, wantAccepted bool) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Cards()
			slices.SortFunc(got, func(x, y app.CardRecord) int { return slices.Compare(x.Invite[:], y.Invite[:]) })
			s.want("cards", got, want)
			ok, err2 := tx.CardAccepted(accepted)
			s.want("accepted", ok, wantAccepted)
			ok, err3 := tx.CardAccepted(acceptedLate)
			s.want("accepted, kept longer", ok, true)
			ok, err4 := tx.CardAccepted([32]byte{9})
			s.want("never accepted", ok, false)
			return errors.Join(err, err2, err3, err4)
		})
	}
	check([]app.CardRecord{card, late}, true)
	s.update(func(tx app.Tx) error { return tx.ForgetCards(suiteNow.Add(time.Hour)) })
	check([]app.CardRecord{card, late}, true)
	s.update(func(tx app.Tx) error { return tx.ForgetCards(suiteNow.Add(time.Hour + time.Second)) })
	check([]app.CardRecord{late}, false)
}

func testPairings(t *testing.T, s *suite) {
	one := app.PairingRecord{ID: "one", State: []byte("state")}
	two := app.PairingRecord{ID: "two", State: []byte("other")}
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetPairing(one), tx.SetPairing(two)) })
	one.State = []byte("next")
	s.update(func(tx app.Tx) error { return errors.Join(tx.SetPairing(one), tx.RemovePairing("three")) })
	check := func(want ...app.PairingRecord) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Pairings()
			slices.SortFunc(got, func(x, y app.PairingRecord) int { return slices.Compare([]byte(x.ID), []byte(y.ID)) })
			s.want("pairings", got, want)
			return err
		})
	}
	check(one, two)
	s.update(func(tx app.Tx) error { return tx.RemovePairing("one") })
	check(two)
}

func testSettings(t *testing.T, s *suite) {
	set := func(key string, value []byte) {
		t.Helper()
		s.update(func(tx app.Tx) error { return tx.SetSetting(key, value) })
	}
	check := func(key string, want string) {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			got, err := tx.Setting(key)
			s.want(key, string(got), want)
			return err
		})
	}
	set("width", []byte("900"))
	set("width", []byte("1000"))
	set("empty", []byte{})
	check("width", "1000")
	check("empty", "")
	set("width", nil)
	set("never set", nil)
	s.view(func(tx app.ReadTx) error {
		_, err := tx.Setting("width")
		s.wantNotFound("deleted setting", err)
		return nil
	})
}

// testAtomic: an Update that fails or panics has changed nothing.
func testAtomic(t *testing.T, s *suite) {
	c := s.contact("Ann")
	s.update(func(tx app.Tx) error { return tx.SetSession(c, []byte("before")) })
	change := func(tx app.Tx) {
		_, err := tx.AddMessage(received(c, "never said", suiteNow))
		_, err2 := tx.AddContact(contactRecord("Nobody"))
		if err := errors.Join(err, err2, tx.SetSession(c, []byte("after")), tx.SetSetting("k", []byte("v"))); err != nil {
			t.Fatal(err)
		}
		if got, err := tx.Session(c); err != nil || string(got) != "after" {
			t.Fatalf("an update does not read its own change: %q, %v", got, err)
		}
	}
	unchanged := func() {
		t.Helper()
		s.view(func(tx app.ReadTx) error {
			session, err := tx.Session(c)
			s.want("session", string(session), "before")
			all, err2 := tx.Contacts()
			s.want("contacts", len(all), 1)
			head, err3 := tx.ChatHead(c)
			s.want("head", head, app.ChatHead{Contact: c})
			found, err4 := tx.Search("never", 10)
			s.want("found", texts(found), []string(nil))
			_, err5 := tx.Setting("k")
			s.wantNotFound("setting", err5)
			return errors.Join(err, err2, err3, err4)
		})
	}
	failure := errors.New("changed my mind")
	err := s.store.Update(context.Background(), func(tx app.Tx) error { change(tx); return failure })
	if !errors.Is(err, failure) {
		t.Fatalf("update returned %v", err)
	}
	unchanged()
	func() {
		defer func() {
			if recover() == nil {
				t.Fatal("the panic did not reach the caller")
			}
		}()
		_ = s.store.Update(context.Background(), func(tx app.Tx) error { change(tx); panic("broken") })
	}()
	unchanged()

	failing := s.store.View(context.Background(), func(app.ReadTx) error { return failure })
	if !errors.Is(failing, failure) {
		t.Fatalf("view returned %v", failing)
	}
}

// testSerial: concurrent updates do not lose one another's changes.
func testSerial(t *testing.T, s *suite) {
	const workers, rounds = 4, 25
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				err := s.store.Update(context.Background(), func(tx app.Tx) error {
					n, err := tx.Setting("n")
					if err != nil && !errors.Is(err, app.ErrNotFound) {
						return err
					}
					return tx.SetSetting("n", append(n, 'x'))
				})
				if err != nil {
					t.Error(err)
				}
				err = s.store.View(context.Background(), func(tx app.ReadTx) error { _, err := tx.Setting("n"); return err })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s.view(func(tx app.ReadTx) error {
		n, err := tx.Setting("n")
		s.want("updates", len(n), workers*rounds)
		return err
	})
}

func testCancelled(t *testing.T, s *suite) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	called := false
	err := s.store.Update(ctx, func(app.Tx) error { called = true; return nil })
	err2 := s.store.View(ctx, func(app.ReadTx) error { called = true; return nil })
	if !errors.Is(err, context.Canceled) || !errors.Is(err2, context.Canceled) || called {
		t.Fatalf("errors %v and %v, called %v: want context.Canceled and no call", err, err2, called)
	}
}
