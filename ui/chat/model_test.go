package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tacit/app"
	"tacit/ui/lang"
)

var _ Messenger = (*app.Messenger)(nil)

// messenger is a Messenger in memory. Its methods are called from any goroutine.
type messenger struct {
	mu      sync.Mutex
	msgs    []app.Message // by ID
	sendErr error
	reads   []app.MessageID
	largest int // most messages that one call returned
	calls   int
	queries []app.SearchQuery
	notes   []string      // calls that are about no reading
	noteErr error         // what they answer
	kept    []bool        // KeepMetadata of each file
	slow    chan struct{} // what a file waits for, or nil
}

func (m *messenger) of(c app.ContactID, keep func(app.Message) bool) []app.Message {
	var out []app.Message
	for _, msg := range m.msgs {
		if msg.Contact == c && keep(msg) {
			out = append(out, msg)
		}
	}
	return out
}

func (m *messenger) Messages(_ context.Context, c app.ContactID, before app.MessageID, limit int) ([]app.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.of(c, func(msg app.Message) bool { return before == 0 || msg.ID < before })
	slices.Reverse(out)
	return m.page(out, limit), nil
}

func (m *messenger) MessagesAfter(_ context.Context, c app.ContactID, after app.MessageID, limit int) ([]app.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.page(m.of(c, func(msg app.Message) bool { return msg.ID > after }), limit), nil
}

func (m *messenger) page(out []app.Message, limit int) []app.Message {
	out = out[:min(limit, len(out))]
	m.calls++
	m.largest = max(m.largest, len(out))
	return out
}

func (m *messenger) MessageCount(_ context.Context, c app.ContactID) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.of(c, func(app.Message) bool { return true })), nil
}

func (m *messenger) Search(_ context.Context, q app.SearchQuery) ([]app.Hit, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queries = append(m.queries, q)
	var out []app.Hit
	for _, msg := range m.msgs {
		if strings.Contains(msg.Text, q.Text) && (q.Contact == 0 || q.Contact == msg.Contact) {
			out = append(out, app.Hit{Message: msg})
		}
	}
	slices.Reverse(out)
	return out[:min(q.Limit, len(out))], nil
}

func (m *messenger) Post(ctx context.Context, c app.ContactID, out app.Outgoing) func() (app.Message, error) {
	return func() (app.Message, error) {
		var read []byte
		if out.File != nil {
			r, err := out.File.Open()
			if err != nil {
				return app.Message{}, app.ErrFileUnreadable
			}
			if read, err = io.ReadAll(r); err != nil {
				return app.Message{}, app.ErrFileUnreadable
			}
			out.File.Progress(int64(len(read)), out.File.Size)
			if m.slow != nil {
				select {
				case <-m.slow:
				case <-ctx.Done():
					return app.Message{}, ctx.Err()
				}
			}
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.sendErr != nil {
			return app.Message{}, m.sendErr
		}
		m.add(c, true, out.Text)
		last := &m.msgs[len(m.msgs)-1]
		last.Replies, last.ReplyTo = out.ReplyTo != 0, out.ReplyTo
		if out.File != nil {
			last.File = &app.File{Name: out.File.Name, Size: int64(len(read)), State: app.FileWaiting}
			m.kept = append(m.kept, out.File.KeepMetadata)
		}
		return *last, nil
	}
}

// note remembers what was asked for besides messages.
func (m *messenger) note(format string, args ...any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
	return m.noteErr
}

func (m *messenger) Edit(_ context.Context, id app.MessageID, text string) (app.Message, error) {
	if err := m.note("edit %d %s", id, text); err != nil {
		return app.Message{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.msgs {
		if m.msgs[i].ID == id {
			m.msgs[i].Text, m.msgs[i].EditedAt = text, m.msgs[i].At.Add(time.Minute)
			return m.msgs[i], nil
		}
	}
	return app.Message{}, app.ErrNotFound
}

func (m *messenger) Edits(context.Context, app.MessageID) ([]app.Edit, error) {
	return []app.Edit{{Text: "what it said before", At: testStart}}, nil
}

func (m *messenger) React(_ context.Context, id app.MessageID, emoji string, on bool) error {
	return m.note("react %d %s %v", id, emoji, on)
}

func (m *messenger) Delete(_ context.Context, id app.MessageID, forAll bool) error {
	return m.note("delete %d %v", id, forAll)
}

func (m *messenger) Forward(_ context.Context, id app.MessageID, to []app.ContactID) error {
	return m.note("forward %d %v", id, to)
}

func (m *messenger) SetTimer(_ context.Context, c app.ContactID, d time.Duration) error {
	return m.note("timer %d %v", c, d)
}

func (m *messenger) SetMarks(_ context.Context, c app.ContactID, marks app.ChatMarks) error {
	return m.note("marks %d %+v", c, marks)
}

func (m *messenger) SetDraft(_ context.Context, c app.ContactID, text string) error {
	return m.note("draft %d %s", c, text)
}

func (m *messenger) SetPosition(_ context.Context, c app.ContactID, id app.MessageID) error {
	return m.note("position %d %d", c, id)
}

func (m *messenger) Typing(_ context.Context, c app.ContactID, on bool) {
	_ = m.note("typing %d %v", c, on) // the fake has nothing to say about it
}

func (m *messenger) OpenFile(context.Context, app.MessageID) (*app.FileReader, error) {
	return nil, app.ErrFileNotHere
}

func (m *messenger) FetchFile(_ context.Context, id app.MessageID) error {
	return m.note("fetch %d", id)
}

func (m *messenger) PauseFile(_ context.Context, id app.MessageID) error {
	return m.note("pause %d", id)
}

func (m *messenger) CancelFile(_ context.Context, id app.MessageID) error {
	return m.note("cancel %d", id)
}

func (m *messenger) ExportFile(_ context.Context, id app.MessageID, path string) error {
	return m.note("export %d %s", id, path)
}

// told returns what was asked for since the last call.
func (m *messenger) told() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	notes := m.notes
	m.notes = nil
	return notes
}

func (m *messenger) Retry(_ context.Context, id app.MessageID) (app.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.msgs {
		if m.msgs[i].ID == id {
			m.msgs[i].State, m.msgs[i].StateAt = app.StateQueued, m.msgs[i].StateAt.Add(time.Second)
			return m.msgs[i], nil
		}
	}
	return app.Message{}, app.ErrNotFound
}

func (m *messenger) MarkRead(_ context.Context, _ app.ContactID, upTo app.MessageID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads = append(m.reads, upTo)
	return nil
}

var testStart = time.Date(2026, time.November, 21, 9, 0, 0, 0, time.UTC)

// add stores a message; every second ID belongs to another chat.
func (m *messenger) add(c app.ContactID, own bool, text string) app.Message {
	id := app.MessageID(2*len(m.msgs) + 1)
	msg := app.Message{ID: id, Contact: c, Own: own, Text: text, State: app.StateReceived, Ref: app.Ref{byte(id), byte(id >> 8), 1}}
	msg.At = testStart.Add(time.Duration(id) * time.Minute)
	msg.StateAt = msg.At
	if own {
		msg.State = app.StateQueued
	}
	m.msgs = append(m.msgs, msg)
	return msg
}

// desk is what a window has around its models: the goroutine of the test is the window's.
type desk struct {
	fake *messenger
	kept *Drafts
	jobs *Work

	lock   sync.Mutex
	posted []func()
	timers []*timer
}

// timer is something that was put off until tick.
type timer struct {
	d time.Duration
	f func()
}

func newDesk(t *testing.T) *desk {
	d := &desk{fake: &messenger{}}
	d.jobs = NewWork(t.Context(), d.post)
	d.jobs.after = func(after time.Duration, f func()) func() bool {
		t := &timer{after, f}
		d.timers = append(d.timers, t)
		return func() bool {
			d.timers = slices.DeleteFunc(d.timers, func(o *timer) bool { return o == t })
			return true
		}
	}
	d.kept = NewDrafts(d.fake, d.jobs)
	return d
}

// talk is a conversation with claire.
type talk struct {
	*Conversation
	*desk

	showed   []Where
	target   app.MessageID
	restored string
}

var claire = app.Contact{ID: 7, Name: "Claire Fontaine", Trust: app.Verified, Writable: true}

func (d *desk) post(f func()) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.posted = append(d.posted, f)
}

// settle runs what was posted until nothing is under way.
func (d *desk) settle() {
	for {
		d.jobs.Wait()
		d.lock.Lock()
		run := d.posted
		d.posted = nil
		d.lock.Unlock()
		if len(run) == 0 {
			return
		}
		for _, f := range run {
			f()
		}
	}
}

// runPosted runs what was posted so far.
func (d *desk) runPosted() {
	d.lock.Lock()
	run := d.posted
	d.posted = nil
	d.lock.Unlock()
	for _, f := range run {
		f()
	}
}

// plain is a sentence without the marks around its values.
func plain(s string) string { return lang.Plain(s) }

// tick ends everything that was put off for no longer than d, and what follows from it.
func (d *desk) tick(after time.Duration) {
	d.settle()
	due := slices.Clone(d.timers)
	for _, t := range due {
		if t.d <= after && slices.Contains(d.timers, t) {
			d.timers = slices.DeleteFunc(d.timers, func(o *timer) bool { return o == t })
			t.f()
		}
	}
	d.settle()
}

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
