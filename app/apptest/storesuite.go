package apptest

import (
	"context"
	"errors"
	"reflect"
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
		{"Notices", testNotices},
		{"Search", testSearch},
		{"SearchLiteral", testSearchLiteral},
		{"SearchScripts", testSearchScripts},
		{"SearchChats", testSearchChats},
		{"Fields", testFields},
		{"Refs", testRefs},
		{"Edits", testEdits},
		{"Deleted", testDeleted},
		{"Removed", testRemoved},
		{"Delivered", testDelivered},
		{"Reactions", testReactions},
		{"Timers", testTimers},
		{"Clock", testShiftedExpiries},
		{"Chats", testChats},
		{"Sayings", testSayings},
		{"SayingsInBoxes", testSayingsInBoxes},
		{"Cards", testCards},
		{"Pairings", testPairings},
		{"Nodes", testNodes},
		{"Lots", testLots},
		{"Offers", testOffers},
		{"Hide", testHide},
		{"Early", testEarly},
		{"Owed", testOwed},
		{"Held", testHeld},
		{"BareBoxes", testBareBoxes},
		{"Files", testFiles},
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

func notice(c app.ContactID, at time.Time) app.Message {
	return app.Message{Contact: c, Notice: app.NoticeRenewed, At: at, StateAt: at}
}

// add stores a message and returns it with its ID.
func (s *suite) add(m app.Message) app.Message {
	s.Helper()
	s.update(func(tx app.Tx) (err error) {
		m.ID, err = tx.AddMessage(m)
		return err
	})
	m.Unread = !m.Own && m.Notice == app.NoticeNone
	return m
}

func texts(ms []app.Message) []string {
	var ts []string
	for _, m := range ms {
		ts = append(ts, m.Text)
	}
	return ts
}

// search returns the messages that a query finds, best first.
func (s *suite) search(q app.SearchQuery) (found []app.Message) {
	s.Helper()
	s.view(func(tx app.ReadTx) error {
		hits, err := tx.SearchMessages(q)
		for _, h := range hits {
			found = append(found, h.Message)
		}
		return err
	})
	return found
}
