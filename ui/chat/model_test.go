package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/app"
)

// talk is a conversation with claire.
type talk struct {
	*Conversation
	*desk

	showed   []Where
	target   app.MessageID
	restored string
}

var claire = app.Contact{ID: 7, Name: "Claire Fontaine", Trust: app.Verified, Writable: true}

// openPane opens a chat of n messages.
func openPane(t *testing.T, n int, change ...func(*app.Chat)) *talk {
	t.Helper()
	p := &talk{desk: newDesk(t)}
	for i := range n {
		p.fake.add(claire.ID, i%3 == 0, fmt.Sprint("message ", i))
	}
	c := app.Chat{Contact: claire, Reach: app.ReachLAN}
	for _, f := range change {
		f(&c)
	}
	p.Conversation = Open(p.fake, p.jobs, p.kept, c)
	p.OnTimeline = func(w Where, target app.MessageID) {
		p.showed = append(p.showed, w)
		p.target = target
	}
	p.OnRestore = func(text string) { p.restored = text }
	p.settle()
	return p
}

// whole fails unless what is loaded has no hole and no double, and the estimates add up.
func (p *talk) whole(t *testing.T) {
	t.Helper()
	for i := 1; i < p.Len(); i++ {
		if p.Item(i).ID != p.Item(i-1).ID+2 {
			t.Fatalf("message %d follows %d", p.Item(i).ID, p.Item(i-1).ID)
		}
	}
	if p.Len() > maxLoaded {
		t.Fatalf("%d messages are loaded", p.Len())
	}
	if p.fake.largest > maxLoaded {
		t.Fatalf("one call brought %d messages", p.fake.largest)
	}
}

func TestConversationLoadsItsNewestPage(t *testing.T) {
	p := openPane(t, 1000)
	p.whole(t)
	before, after := p.Outside()
	if p.Len() != pageSize || before != 950 || after != 0 {
		t.Errorf("%d are loaded, %d before, %d after", p.Len(), before, after)
	}
	if len(p.showed) != 1 || p.showed[0] != Newest {
		t.Errorf("showed %v", p.showed)
	}
}

func TestConversationEmpty(t *testing.T) {
	p := openPane(t, 0)
	if !p.Empty() {
		t.Error("an empty chat is not Empty")
	}
	if before, after := p.Outside(); before != 0 || after != 0 {
		t.Errorf("outside of nothing: %d, %d", before, after)
	}
	p.Older()
	p.Newer()
	p.Seek(0.5)
	p.settle()
	if !p.Empty() {
		t.Error("not Empty after asking for more")
	}
}

func TestConversationPagesThroughAndStaysBounded(t *testing.T) {
	p := openPane(t, 3000)
	for range 80 {
		p.Older()
		p.Older() // asked for again before the first came
		p.settle()
		p.whole(t)
	}
	if before, after := p.Outside(); p.Item(0).ID != 1 || before != 0 || after != 2000 {
		t.Errorf("the oldest is %d, %d before, %d after", p.Item(0).ID, before, after)
	}
	for range 80 {
		p.Newer()
		p.settle()
		p.whole(t)
	}
	if before, after := p.Outside(); before != 2000 || after != 0 {
		t.Errorf("back at the end: %d before, %d after", before, after)
	}
}

func TestConversationSeeks(t *testing.T) {
	p := openPane(t, 3000)
	p.Seek(0.5)
	p.settle()
	p.whole(t)
	if before, _ := p.Outside(); before < 1200 || before > 1800 || p.showed[len(p.showed)-1] != Near {
		t.Errorf("half way has %d before, showed %v", before, p.showed)
	}
	p.Seek(0)
	p.settle()
	if before, _ := p.Outside(); before != 0 || p.Item(0).ID != 1 {
		t.Errorf("the beginning has %d before", before)
	}
	p.GoTo(2 * 1234)
	p.settle()
	if _, ok := p.Find(2*1234 + 1); !ok || p.target != 2*1234 || p.showed[len(p.showed)-1] != Message {
		t.Errorf("went to %d", p.target)
	}
	p.Seek(1)
	p.settle()
	if _, after := p.Outside(); after != 0 || p.Item(p.Len()-1).ID != 5999 {
		t.Errorf("the end is %d, %d after", p.Item(p.Len()-1).ID, after)
	}
}

func TestConversationDropsWhatWasOvertaken(t *testing.T) {
	p := openPane(t, 3000)
	p.Older()
	p.Seek(0.5)
	p.Seek(0.2)
	p.Older() // nothing to page while a seek is under way
	p.settle()
	p.whole(t)
	if before, _ := p.Outside(); before < 400 || before > 800 || p.Len() != 2*pageSize {
		t.Errorf("%d are loaded, %d before", p.Len(), before)
	}
	for range 20 { // a page may come before or after what overtook it
		p.Seek(0.2)
		p.settle()
		p.Older()
		p.Seek(0.8)
		p.settle()
		p.whole(t)
	}
}

func TestConversationMergesEvents(t *testing.T) {
	p := openPane(t, 60)
	received := p.fake.add(claire.ID, false, "news")
	p.Handle(app.MessageAdded{Message: received})
	p.Handle(app.MessageAdded{Message: received}) // told twice
	p.Handle(app.MessageAdded{Message: app.Message{ID: 999, Contact: 8}})
	p.settle()
	p.whole(t)
	if p.Len() != 51 || len(p.showed) != 2 || p.showed[1] != Stay {
		t.Errorf("%d are loaded, showed %v", p.Len(), p.showed)
	}
	delivered := p.Item(1)
	delivered.State, delivered.StateAt = app.StateDelivered, delivered.StateAt.Add(time.Second)
	older := p.Item(1)
	p.Handle(app.MessageStateChanged{Message: delivered})
	p.Handle(app.MessageStateChanged{Message: older}) // overtaken
	if p.Item(1).State != delivered.State {
		t.Errorf("the state is %q", p.Item(1).State)
	}
	gone := delivered
	gone.ID = 1
	p.Handle(app.MessageStateChanged{Message: gone})
	p.whole(t)
}

func TestConversationCoalescesABurst(t *testing.T) {
	p := openPane(t, 10)
	p.showed = nil
	for range 500 {
		p.Handle(app.MessageAdded{Message: p.fake.add(claire.ID, false, "burst")})
	}
	p.settle()
	if len(p.showed) != 1 {
		t.Errorf("500 messages were shown in %d steps", len(p.showed))
	}
	p.whole(t)
}

func TestConversationReaderAwayFromTheEnd(t *testing.T) {
	p := openPane(t, 3000)
	for range 30 {
		p.Older()
		p.settle()
	}
	p.Newer()
	p.settle()
	p.Seen(p.Item(0).ID, false)
	first := p.Item(0).ID
	for range 5 {
		p.Handle(app.MessageAdded{Message: p.fake.add(claire.ID, false, "below")})
	}
	p.settle()
	p.whole(t)
	if p.Below() != 5 || p.Item(0).ID != first {
		t.Errorf("%d below; the oldest went from %d to %d", p.Below(), first, p.Item(0).ID)
	}
	p.ToNewest()
	p.settle()
	if _, after := p.Outside(); after != 0 || p.Below() != 0 || p.Item(p.Len()-1).Text != "below" {
		t.Errorf("%d after, %d below", after, p.Below())
	}
}

func TestConversationFullAtTheEndFollows(t *testing.T) {
	p := openPane(t, 2000)
	for range 30 {
		p.Older()
		p.settle()
	}
	for range 30 {
		p.Newer()
		p.settle()
	}
	p.Seen(p.Item(p.Len()-1).ID, true)
	for range 10 {
		p.Handle(app.MessageAdded{Message: p.fake.add(claire.ID, false, "more")})
	}
	p.settle()
	p.whole(t)
	if p.Item(p.Len()-1).Text != "more" || p.Len() != maxLoaded {
		t.Error("a full timeline does not follow its end")
	}
}

func TestConversationResync(t *testing.T) {
	p := openPane(t, 100)
	p.Older()
	p.settle()
	for range 7 {
		p.fake.add(claire.ID, false, "missed")
	}
	p.fake.msgs[99].State = app.StateDelivered
	p.fake.msgs[99].StateAt = p.fake.msgs[99].StateAt.Add(time.Second)
	away := claire
	away.Blocked = true
	p.Handle(app.Resync{})
	p.Handle(app.Snapshot{Chats: []app.Chat{{Contact: away, Reach: app.ReachNo}}})
	p.settle()
	p.whole(t)
	if p.Len() != 107 || p.Item(99).State != app.StateDelivered {
		t.Errorf("%d are loaded, state %q", p.Len(), p.Item(99).State)
	}
	if p.Block() != BlockBlocked || p.Reach() != app.ReachNo {
		t.Error("the contact is not that of the snapshot")
	}
}

func TestConversationSends(t *testing.T) {
	p := openPane(t, 5)
	p.Edited("hello \n ")
	if !p.Send("hello \n ") || !p.Send("second") {
		t.Fatal("not sent")
	}
	if p.Draft() != "" {
		t.Error("what was sent is still a draft")
	}
	p.settle()
	p.whole(t)
	n := p.Len()
	if p.Item(n-2).Text != "hello" || p.Item(n-1).Text != "second" || !p.Item(n-1).Own {
		t.Errorf("sent %q then %q", p.Item(n-2).Text, p.Item(n-1).Text)
	}
	if p.showed[len(p.showed)-1] != Newest {
		t.Error("the own message is not shown")
	}
	if p.Send("  \n\t") {
		t.Error("nothing was sent")
	}
}

func TestConversationKeepsWhatCannotBeCommitted(t *testing.T) {
	p := openPane(t, 5)
	p.fake.sendErr = fmt.Errorf("add message: %w", app.ErrDiskFull)
	p.Send("first")
	p.Send("second")
	p.Edited("typed since")
	p.settle()
	const all = "first\nsecond\ntyped since"
	if p.restored != all || p.Draft() != all || !errors.Is(p.Err(), app.ErrDiskFull) {
		t.Errorf("restored %q, draft %q, error %v", p.restored, p.Draft(), p.Err())
	}
	p.Edited(all + "!")
	if p.Err() != nil {
		t.Error("the error outlives an edit")
	}
	p.fake.sendErr = nil
	p.Send("again")
	p.settle()
	if p.Item(p.Len()-1).Text != "again" {
		t.Error("nothing can be sent after an error")
	}
}

func TestConversationClosedWhileSending(t *testing.T) {
	p := openPane(t, 5)
	p.fake.sendErr = app.ErrDiskFull
	p.Send("do not lose me")
	p.Close()
	p.settle()
	if p.kept.Get(claire.ID) != "do not lose me" || p.restored != "" {
		t.Errorf("the draft is %q, restored %q", p.kept.Get(claire.ID), p.restored)
	}
}

func TestConversationTooLong(t *testing.T) {
	p := openPane(t, 5)
	text := strings.Repeat("é", app.MaxTextBytes/2+1)
	if p.Send(text) || !errors.Is(p.Err(), app.ErrTextTooLong) {
		t.Errorf("sent, or error %v", p.Err())
	}
	p.settle()
	if p.Len() != 5 {
		t.Error("a text that is too long was sent")
	}
	if _, _, show := Left("short"); show {
		t.Error("a counter for a short text")
	}
	if n, most, show := Left(text); !show || n <= most {
		t.Errorf("counter %d of %d, shown %v", n, most, show)
	}
}

func TestConversationBlocks(t *testing.T) {
	for _, c := range []struct {
		change func(*app.Chat)
		want   Block
	}{
		{func(*app.Chat) {}, BlockNone},
		{func(c *app.Chat) { c.Contact.Trust = app.Unverified }, BlockUnverified},
		{func(c *app.Chat) { c.Contact.Writable = false }, BlockTheirCheck},
		{func(c *app.Chat) { c.Contact.Blocked = true }, BlockBlocked},
	} {
		p := openPane(t, 1, c.change)
		if p.Block() != c.want || p.Send("x") != (c.want == BlockNone) {
			t.Errorf("block is %v, want %v", p.Block(), c.want)
		}
		p.Handle(app.Snapshot{Profile: app.Profile{RolledBack: true}})
		if p.Block() != c.want {
			t.Errorf("an older copy has block %v, want %v", p.Block(), c.want)
		}
		p.settle()
	}
}

func TestConversationRetry(t *testing.T) {
	p := openPane(t, 4)
	p.fake.msgs[3].State = app.StateFailed
	p.Handle(app.MessageStateChanged{Message: p.fake.msgs[3]})
	p.Retry(p.fake.msgs[3].ID)
	p.settle()
	if p.Item(3).State != app.StateQueued || p.Len() != 4 {
		t.Errorf("the message is %q", p.Item(3).State)
	}
	p.Retry(999)
	p.settle()
	if !errors.Is(p.Err(), app.ErrNotFound) {
		t.Errorf("error %v", p.Err())
	}
}

func TestConversationMarksReadOnlyWhatWasSeen(t *testing.T) {
	p := openPane(t, 10, func(c *app.Chat) { c.Unread = 4 })
	p.Seen(p.Item(7).ID, false)
	p.settle()
	if len(p.fake.reads) != 0 {
		t.Error("read without anybody watching")
	}
	p.Watch(true)
	p.Seen(p.Item(7).ID, false)
	p.settle()
	p.Handle(app.ChatRead{Contact: claire.ID, Unread: 2})
	p.Seen(p.Item(9).ID, true)
	p.settle()
	p.Handle(app.ChatRead{Contact: claire.ID, Unread: 0})
	p.Seen(p.Item(9).ID, true)
	p.settle()
	if want := []app.MessageID{p.Item(7).ID, p.Item(9).ID}; !slices.Equal(p.fake.reads, want) {
		t.Errorf("read up to %v, want %v", p.fake.reads, want)
	}
	p.Watch(false)
	next := p.fake.add(claire.ID, false, "unseen")
	p.Handle(app.MessageAdded{Message: next})
	p.Seen(next.ID, true)
	p.settle()
	if len(p.fake.reads) != 2 {
		t.Error("read while the window was away")
	}
	p.Watch(true)
	p.settle()
	if len(p.fake.reads) != 3 || p.fake.reads[2] != next.ID {
		t.Errorf("read %v after coming back", p.fake.reads)
	}
}

func TestConversationHeaderFollowsEvents(t *testing.T) {
	p := openPane(t, 1)
	headers := 0
	p.OnHeader = func() { headers++ }
	renamed := claire
	renamed.Name = "Maman"
	p.Handle(app.ContactChanged{Contact: renamed})
	p.Handle(app.ContactChanged{Contact: app.Contact{ID: 8}})
	p.Handle(app.PresenceChanged{Contact: claire.ID, Reach: app.ReachNo})
	if p.Contact().Name != "Maman" || p.Reach() != app.ReachNo || headers != 2 {
		t.Errorf("%q, %q, told %d times", p.Contact().Name, p.Reach(), headers)
	}
}
