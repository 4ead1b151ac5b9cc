package chat

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tacit/app"
	"tacit/app/apptest"
)

// seat is a person before the two models, fed by a real messenger.
type seat struct {
	*apptest.Person
	*desk
	list *List
	talk *Conversation
	told int // events that were handled
}

func sit(t *testing.T, p *apptest.Person) *seat {
	s := &seat{Person: p, desk: newDesk(t)}
	s.kept = NewDrafts(p, s.jobs)
	s.list = NewList(p, s.jobs, s.kept)
	return s
}

// catchUp handles what the messenger has told and waits for what follows from it.
func (s *seat) catchUp() {
	apptest.Settle(time.Second)
	for events := s.Events(); s.told < len(events); s.told++ {
		s.list.Handle(events[s.told])
		if s.talk != nil {
			s.talk.Handle(events[s.told])
		}
	}
	s.settle()
	synctest.Wait()
}

func (s *seat) open(t *testing.T, c app.ContactID) {
	t.Helper()
	s.catchUp()
	chat, ok := s.list.Chat(c)
	if !ok {
		t.Fatalf("%s has no chat with %d", s.Name, c)
	}
	s.talk = Open(s, s.jobs, s.kept, chat)
	s.talk.Watch(true)
	s.catchUp()
}

func (s *seat) last(t *testing.T) app.Message {
	t.Helper()
	s.catchUp()
	if s.talk.Len() == 0 {
		t.Fatalf("%s sees no message", s.Name)
	}
	return s.talk.Item(s.talk.Len() - 1)
}

func TestModelsOverARealMessenger(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		a, b := u.Person("Amina"), u.Person("Claire")
		claireID, aminaID := u.Pair(a, b)
		amina, claire := sit(t, a), sit(t, b)
		amina.open(t, claireID)
		claire.open(t, aminaID)
		if !amina.talk.Empty() || amina.talk.Block() != BlockNone {
			t.Fatalf("before a word: block %v", amina.talk.Block())
		}

		amina.talk.Send("bonjour")
		amina.talk.Send("ça va ?")
		amina.settle()
		if m := claire.last(t); m.Text != "ça va ?" || m.State != app.StateReceived {
			t.Errorf("Claire sees %+v", m)
		}
		if m := amina.last(t); m.Text != "ça va ?" || m.State != app.StateDelivered {
			t.Errorf("Amina sees %+v", m)
		}

		// What Claire has in sight counts as read, once, in both models.
		claire.talk.Seen(claire.last(t).ID, true)
		claire.catchUp()
		if row, _ := claire.list.Chat(aminaID); row.Unread != 0 || row.Last.Text != "ça va ?" {
			t.Errorf("Claire's row is %+v", row)
		}

		// Many pages, read back to the first.
		for range 3*pageSize - 2 {
			a.Say(claireID, "again")
		}
		amina.catchUp()
		n, err := a.MessageCount(context.Background(), claireID)
		if err != nil || n != 3*pageSize {
			t.Fatalf("%d messages, %v", n, err)
		}
		reader := &seat{Person: a, desk: amina.desk, list: amina.list, told: len(a.Events())}
		reader.open(t, claireID)
		for range 3 {
			reader.talk.Older()
			reader.settle()
		}
		if reader.talk.Len() != n || reader.talk.Item(0).Text != "bonjour" {
			t.Errorf("%d of %d messages were read back", reader.talk.Len(), n)
		}
		amina.talk.Close()
	})
}
