package chat

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tacit/app"
)

// put changes what the list knows of a chat, as an event does.
func (p *panes) put(id app.ContactID, change func(*app.Chat)) {
	c, _ := p.Chat(id)
	change(&c)
	p.Handle(app.ChatChanged{Chat: c})
}

func TestMarksOrderTheList(t *testing.T) {
	p := openList(t)
	p.fill()
	p.put(3, func(c *app.Chat) { c.Pinned = true })
	p.expect(t, "a pinned chat", "أمينة", "Amina", "André")
	p.put(1, func(c *app.Chat) { c.Archived, c.Unread = true, 2 })
	p.expect(t, "an archived chat", "أمينة", "André", "archive of 1, 1 unread")
	p.ShowArchive(true)
	p.expect(t, "the archive", "back", "Amina")
	p.Search("ami")
	p.expect(t, "a search finds what is archived", "Amina")
	p.Search("")
	p.ShowArchive(false)
	p.put(2, func(c *app.Chat) { c.Hidden = true })
	p.expect(t, "a hidden chat", "أمينة", "archive of 1, 1 unread")
	p.Search("andr")
	p.expect(t, "a search does not find what is hidden")
	p.SetRevealed(true)
	p.expect(t, "revealed, it does", "André")
	p.Search("")
	p.expect(t, "revealed", "أمينة", "André", "archive of 1, 1 unread")
	p.SetRevealed(false)
	p.expect(t, "hidden again", "أمينة", "archive of 1, 1 unread")
}

// TestMarksHiddenHits: neither the question nor the rows go beyond what is revealed.
func TestMarksHiddenHits(t *testing.T) {
	p := openList(t)
	p.fill()
	p.fake.add(2, false, "a secret place")
	p.put(2, func(c *app.Chat) { c.Hidden = true })
	p.Search("secret")
	p.expect(t, "a message of a hidden chat")
	if q := p.fake.queries[len(p.fake.queries)-1]; q.Hidden {
		t.Error("hidden chats were searched")
	}
	p.SetRevealed(true)
	p.expect(t, "revealed", "André: a secret place")
	if q := p.fake.queries[len(p.fake.queries)-1]; !q.Hidden {
		t.Error("hidden chats were not searched although revealed")
	}
}

func TestMarksCountWhatIsAnnounced(t *testing.T) {
	p := openList(t)
	p.fill()
	p.put(1, func(c *app.Chat) { c.Unread = 3 })
	p.put(2, func(c *app.Chat) { c.MarkedUnread = true })
	if p.Unread() != 4 {
		t.Errorf("%d wait, want 3 and a mark", p.Unread())
	}
	p.put(1, func(c *app.Chat) { c.Muted = true })
	p.put(2, func(c *app.Chat) { c.Hidden = true })
	if p.Unread() != 0 {
		t.Errorf("%d wait in a muted and a hidden chat", p.Unread())
	}
}

func TestMarksAreSet(t *testing.T) {
	p := openList(t)
	p.fill()
	var failed error
	p.OnFail = func(err error) { failed = err }
	p.Mark(1, func(m *app.ChatMarks) { m.Pinned = true })
	p.Mark(1, func(*app.ChatMarks) {}) // nothing to tell
	p.Mark(99, func(m *app.ChatMarks) { m.Pinned = true })
	p.settle()
	if got := p.fake.told(); !slices.Equal(got, []string{"marks 1 {Pinned:true Archived:false Muted:false MarkedUnread:false Hidden:false}"}) {
		t.Errorf("told %q", got)
	}
	p.fake.noteErr = app.ErrDiskFull
	p.Mark(1, func(m *app.ChatMarks) { m.Muted = true })
	p.settle()
	if !errors.Is(failed, app.ErrDiskFull) {
		t.Errorf("failed with %v", failed)
	}
}

// TestMarksBuildOnEachOther: a mark that is set before the event of the one before takes
// nothing back.
func TestMarksBuildOnEachOther(t *testing.T) {
	p := openList(t)
	p.fill()
	p.Mark(1, func(m *app.ChatMarks) { m.Pinned = true })
	p.Mark(1, func(m *app.ChatMarks) { m.Muted = true })
	p.settle()
	p.Mark(1, func(m *app.ChatMarks) { m.Archived = true })
	p.settle()
	if got := p.fake.told(); len(got) != 3 || got[2] != "marks 1 {Pinned:true Archived:true Muted:true MarkedUnread:false Hidden:false}" {
		t.Errorf("told %q", got)
	}
	p.fake.noteErr = app.ErrDiskFull
	p.Mark(1, func(m *app.ChatMarks) { m.Pinned = false })
	p.settle()
	if c, _ := p.Chat(1); !c.Pinned || len(p.marking) != 0 {
		t.Errorf("after a failure: %+v, %v under way", c.ChatMarks, p.marking)
	}
}

func TestMarksRead(t *testing.T) {
	p := openList(t)
	p.fill()
	p.put(1, func(c *app.Chat) { c.MarkedUnread = true })
	p.MarkRead(1)
	p.MarkRead(2)
	p.settle()
	if got := p.fake.told(); len(got) != 1 || len(p.fake.reads) != 0 {
		t.Errorf("a mark by hand: told %q, read %v", got, p.fake.reads)
	}
	m := p.fake.add(2, false, "new")
	p.Handle(app.MessageAdded{Message: m})
	p.MarkRead(2)
	p.settle()
	if !slices.Equal(p.fake.reads, []app.MessageID{m.ID}) {
		t.Errorf("read %v", p.fake.reads)
	}
}

// TestMarksLastMessageGoes: nothing of a message that is gone stays in its row.
func TestMarksLastMessageGoes(t *testing.T) {
	p := openList(t)
	p.fill()
	m := app.Message{ID: 50, Contact: 1, Text: "gone soon", At: testStart.Add(5 * time.Hour), Ref: app.Ref{1}}
	p.Handle(app.MessageAdded{Message: m})
	m.Text = "changed"
	p.Handle(app.MessageChanged{Message: m, What: app.ChangeEdited})
	if c, _ := p.Chat(1); c.Last.Text != "changed" {
		t.Errorf("the row says %q", c.Last.Text)
	}
	p.Handle(app.MessageRemoved{Contact: 1, Message: m.ID, What: app.ChangeExpired})
	if c, _ := p.Chat(1); c.Last != nil {
		t.Errorf("the row says %q", c.Last.Text)
	}
	before := app.Message{ID: 40, Contact: 1, Text: "before"}
	p.put(1, func(c *app.Chat) { c.Last = &before })
	if c, _ := p.Chat(1); c.Last.Text != "before" {
		t.Error("the row does not show the message before")
	}
}

func TestMarksWritable(t *testing.T) {
	p := openList(t)
	p.fill()
	p.put(1, func(c *app.Chat) { c.Contact.Blocked = true })
	p.put(2, func(c *app.Chat) { c.Pinned = true })
	r := newRecipients(p.Writable())
	if rows := r.Rows(); len(rows) != 2 || rows[0].Contact.ID != 2 {
		t.Fatalf("%d can be written to", len(rows))
	}
	r.Toggle(3)
	r.Toggle(2)
	r.Toggle(3)
	r.Toggle(3)
	r.Search("andre")
	if rows := r.Rows(); len(rows) != 1 || !slices.Equal(r.Chosen(), []app.ContactID{2, 3}) {
		t.Errorf("%d rows, chosen %v", len(rows), r.Chosen())
	}
}

func TestTimers(t *testing.T) {
	for _, c := range []struct {
		text string
		unit time.Duration
		want time.Duration
	}{
		{"30", time.Second, 30 * time.Second},
		{" ٣ ", time.Hour, 3 * time.Hour},
		{"4", 7 * 24 * time.Hour, maxTimer},
		{"29", time.Second, 0}, {"5", 7 * 24 * time.Hour, 0}, {"-1", time.Minute, 0}, {"0", time.Hour, 0},
		{"1000000000000", time.Hour, 0}, {"9223372036854775807", time.Hour, 0}, {"", time.Hour, 0}, {"1.5", time.Hour, 0},
	} {
		got, err := parseTimer(c.text, c.unit)
		if got != c.want || errors.Is(err, app.ErrTimerInvalid) != (c.want == 0) {
			t.Errorf("%q of %v: %v, %v", c.text, c.unit, got, err)
		}
	}
}
