package chat

import (
	"context"
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
