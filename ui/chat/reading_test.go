package chat

import (
	"testing"
	"time"

	"tacit/app"
)

// unread marks the newest n received messages as such.
func (m *messenger) unread(n int) {
	for i := len(m.msgs) - 1; i >= 0 && n > 0; i-- {
		if !m.msgs[i].Own {
			m.msgs[i].Unread = true
			n--
		}
	}
}

// reopen opens a chat anew over what the desk has.
func (p *talk) reopen(chat app.Chat) *talk {
	p.Close()
	q := &talk{desk: p.desk}
	q.Conversation = Open(p.fake, p.jobs, p.kept, chat)
	q.OnTimeline = func(w Where, target app.MessageID) {
		q.showed = append(q.showed, w)
		q.target = target
	}
	q.settle()
	return q
}

func TestReadingBeginsAtTheFirstNewMessage(t *testing.T) {
	p := openPane(t, 300)
	p.fake.unread(90)
	p = p.reopen(app.Chat{Contact: claire, Unread: 90})
	p.whole(t)
	first, _ := p.Find(p.Fresh())
	if len(p.showed) != 1 || p.showed[0] != FirstNew || !first.Unread {
		t.Fatalf("showed %v, first new is %+v", p.showed, first)
	}
	n := 0
	for i := range p.Len() {
		if m := p.Item(i); m.Unread {
			n++
			if m.ID < first.ID {
				t.Fatalf("%d stands above the line", m.ID)
			}
		}
	}
	if n != 90 {
		t.Errorf("%d new messages are loaded", n)
	}
	if !p.item(first).Fresh || p.item(p.Item(0)).Fresh {
		t.Error("the line does not stand above the first new message alone")
	}
	p.Send("I am here")
	p.settle()
	if p.Fresh() != 0 {
		t.Error("the line outlives an answer")
	}
}

// TestReadingMoreNewThanFits: a chat with more new messages than are ever loaded.
func TestReadingMoreNewThanFits(t *testing.T) {
	p := openPane(t, 2*maxLoaded)
	p.fake.unread(2 * maxLoaded)
	p = p.reopen(app.Chat{Contact: claire, Unread: 2 * maxLoaded})
	p.whole(t)
	if p.Len() > maxLoaded || p.Fresh() == 0 {
		t.Errorf("%d are loaded, the line is at %d", p.Len(), p.Fresh())
	}
}

func TestReadingKeepsWhereAChatWasLeft(t *testing.T) {
	p := openPane(t, 300)
	for range 3 {
		p.Older()
		p.settle()
	}
	at := p.Item(40).ID
	p.Seen(at, false)
	q := p.reopen(app.Chat{Contact: claire, Position: at})
	p.said(t, "position 7 "+at.String())
	q.whole(t)
	if _, ok := q.Find(at); !ok || q.showed[0] != LeftOff || q.target != at {
		t.Errorf("reopened at %d, showed %v", q.target, q.showed)
	}
	q.ToNewest()
	q.settle()
	q.Seen(q.Item(q.Len()-1).ID, true)
	q.Close()
	p.said(t, "position 7 0")
}

// TestReadingClosedAtOnce: a chat that was never drawn keeps its position.
func TestReadingClosedAtOnce(t *testing.T) {
	p := openPane(t, 300, func(c *app.Chat) { c.Position = 101 })
	p.Close()
	p.said(t)
}

func TestReadingNewWhileAway(t *testing.T) {
	p := openPane(t, 10)
	p.Watch(true)
	p.Handle(app.MessageAdded{Message: p.fake.add(claire.ID, false, "seen at once")})
	p.settle()
	if p.Fresh() != 0 {
		t.Error("a line above what came before somebody's eyes")
	}
	p.Watch(false)
	first := p.fake.add(claire.ID, false, "first")
	p.Handle(app.MessageAdded{Message: first})
	p.Handle(app.MessageAdded{Message: p.fake.add(claire.ID, false, "second")})
	p.settle()
	if p.Fresh() != first.ID {
		t.Errorf("the line is at %d, want %d", p.Fresh(), first.ID)
	}
}

func TestReadingRemovedMessages(t *testing.T) {
	p := openPane(t, 10)
	answer := p.Item(8)
	answer.Replies, answer.ReplyTo = true, p.Item(4).ID
	p.Handle(app.MessageChanged{Message: answer, What: app.ChangeEdited})
	if q := p.item(p.Item(8)).Quote; q == nil || q.ID != int64(p.Item(4).ID) || q.Text != "message 4" {
		t.Fatalf("the quote is %+v", q)
	}
	p.Handle(app.MessageRemoved{Contact: claire.ID, Message: p.Item(4).ID, What: app.ChangeExpired})
	p.Handle(app.MessageRemoved{Contact: 8, Message: p.Item(5).ID})
	p.Handle(app.MessageRemoved{Contact: claire.ID, Message: 99})
	p.settle()
	if q := p.item(p.Item(7)).Quote; p.Len() != 9 || q == nil || q.ID != 0 {
		t.Errorf("%d are left, the quote is %+v", p.Len(), q)
	}
}

// TestReadingQuoteOfWhatIsNotLoaded: it is fetched once, and follows what becomes of it.
func TestReadingQuoteOfWhatIsNotLoaded(t *testing.T) {
	p := openPane(t, 300)
	old := p.fake.msgs[3]
	answer := p.Item(8)
	answer.Replies, answer.ReplyTo = true, old.ID
	p.Handle(app.MessageChanged{Message: answer})
	calls := p.fake.calls
	for range 5 {
		p.Answered(answer)
	}
	p.settle()
	if q, ok := p.Answered(answer); !ok || q.ID != old.ID || p.fake.calls != calls+1 {
		t.Errorf("quotes %+v after %d calls", q, p.fake.calls-calls)
	}
	old.Deleted, old.Text = true, ""
	p.Handle(app.MessageChanged{Message: old, What: app.ChangeDeleted})
	if q, _ := p.Answered(answer); !q.Deleted {
		t.Error("the quote shows what was deleted")
	}
	p.Handle(app.MessageRemoved{Contact: claire.ID, Message: old.ID})
	if _, ok := p.Answered(answer); ok {
		t.Error("the quote shows what is gone")
	}
}

func TestReadingFileProgress(t *testing.T) {
	p := openPane(t, 4)
	m := p.Item(1)
	m.File = &app.File{Name: "a.pdf", Size: 1000, State: app.FileWaiting}
	p.Handle(app.MessageChanged{Message: m, What: app.ChangeFile})
	moving := *m.File
	moving.State, moving.Done = app.FileMoving, 400
	p.Handle(app.FileProgress{Contact: claire.ID, Message: m.ID, File: moving, Rate: 100})
	if f := p.item(p.Item(1)).File; f.Share != 0.4 || p.Rate(m.ID) != 100 {
		t.Errorf("the file is %+v", f)
	}
	moving.State, moving.Done = app.FileDone, 1000
	p.Handle(app.FileProgress{Contact: claire.ID, Message: m.ID, File: moving})
	if f := p.item(p.Item(1)).File; f.Share >= 0 || p.Rate(m.ID) != 0 {
		t.Errorf("a whole file is %+v", f)
	}
}

// TestReadingAnEditOfWhatWasDelivered: a store keeps times in milliseconds, so that what
// comes from there may seem older than what an event told.
func TestReadingAnEditOfWhatWasDelivered(t *testing.T) {
	p := openPane(t, 4)
	m := p.Item(3)
	delivered := m
	delivered.State, delivered.StateAt = app.StateDelivered, m.StateAt.Add(time.Second+123*time.Microsecond)
	p.Handle(app.MessageStateChanged{Message: delivered})
	edited := delivered
	edited.Text, edited.StateAt = "edited", m.StateAt.Add(time.Second)
	p.Handle(app.MessageChanged{Message: edited, What: app.ChangeEdited})
	if got := p.Item(3); got.Text != "edited" || got.State != app.StateDelivered {
		t.Errorf("the message is %+v", got)
	}
	old := m
	old.Text = "edited again"
	p.Handle(app.MessageChanged{Message: old, What: app.ChangeEdited})
	if got := p.Item(3); got.Text != "edited again" || got.State != app.StateDelivered {
		t.Errorf("a change took the state back: %+v", got)
	}
}
