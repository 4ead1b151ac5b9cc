package notify

import (
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/ui/lang"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)

// desk is what stands on a desktop that does as it is told.
type desk map[app.ContactID]Note

func (d desk) step(m *Machine) (shown int) {
	show, withdraw := m.Step()
	for _, id := range withdraw {
		delete(d, id)
	}
	for _, n := range show {
		d[n.Chat] = n
	}
	return len(show)
}

func claire(marks app.ChatMarks) app.Chat {
	return app.Chat{Contact: app.Contact{ID: 7, Name: "Claire"}, ChatMarks: marks}
}

// with returns a machine that follows the rules and knows Claire.
func with(r Rules) (*Machine, desk) {
	m := New(r)
	m.Handle(app.Snapshot{Chats: []app.Chat{claire(app.ChatMarks{})}}, noon)
	return m, desk{}
}

func said(id app.MessageID, text string) app.Message {
	return app.Message{ID: id, Contact: 7, Text: text, State: app.StateReceived, Unread: true}
}

func (d desk) want(t *testing.T, m *Machine, title, body string) {
	t.Helper()
	d.step(m)
	want := Note{Chat: 7, Title: title, Body: body, Says: title != "Tacit"}
	if title == "" {
		if len(d) > 0 {
			t.Errorf("notes %v, want none", d)
		}
		return
	}
	if d[7] != want || len(d) != 1 {
		t.Errorf("notes %v, want %v", d, want)
	}
}

func TestWhatANoteSays(t *testing.T) {
	for _, c := range []struct {
		show              Show
		title, one, three string
	}{
		{ShowNothing, "Tacit", "New message", "3 new messages"},
		{ShowName, "Claire", "New message", "3 new messages"},
		{ShowText, "Claire", "Tea at five?", "Or at six"},
	} {
		m, d := with(Rules{On: true, Show: c.show})
		m.Handle(app.MessageAdded{Message: said(1, "Tea\nat  five?")}, noon)
		d.want(t, m, c.title, c.one)
		m.Handle(app.MessageAdded{Message: said(2, "Bring cake")}, noon)
		m.Handle(app.MessageAdded{Message: said(3, "Or at six")}, noon)
		d.want(t, m, c.title, c.three)
		m.Handle(app.MessageChanged{Message: said(3, "Or at seven"), What: app.ChangeEdited}, noon)
		if shown := d.step(m); shown != 0 && c.show != ShowText {
			t.Errorf("%d: an edit that it does not show is shown", c.show)
		}
		if c.show == ShowText && d[7].Body != "Or at seven" {
			t.Errorf("an edited message reads %q", d[7].Body)
		}
		m.Handle(app.MessageRemoved{Contact: 7, Message: 3, What: app.ChangeExpired}, noon)
		m.Handle(app.MessageRemoved{Contact: 7, Message: 2, What: app.ChangeRemoved}, noon)
		d.want(t, m, c.title, c.one)
		m.Handle(app.MessageChanged{Message: app.Message{ID: 1, Contact: 7, Deleted: true}, What: app.ChangeDeleted}, noon)
		d.want(t, m, "", "")
	}
}

func TestWhatHasNoNote(t *testing.T) {
	all := Rules{On: true, Show: ShowText}
	night := Rules{On: true, Show: ShowText, Quiet: true, From: 22 * 60, To: 13 * 60}
	own, notice, deleted, other := said(1, "x"), said(1, ""), said(1, ""), said(1, "x")
	own.Own, notice.Notice, deleted.Deleted, other.Contact = true, app.NoticeTimer, true, 9
	for name, c := range map[string]struct {
		rules Rules
		chat  app.Chat
		watch app.ContactID
		msg   app.Message
	}{
		"own":                   {all, claire(app.ChatMarks{}), 0, own},
		"a notice":              {all, claire(app.ChatMarks{}), 0, notice},
		"deleted already":       {all, claire(app.ChatMarks{}), 0, deleted},
		"of nobody":             {all, claire(app.ChatMarks{}), 0, other},
		"muted":                 {all, claire(app.ChatMarks{Muted: true}), 0, said(1, "x")},
		"hidden":                {all, claire(app.ChatMarks{Hidden: true}), 0, said(1, "x")},
		"blocked":               {all, app.Chat{Contact: app.Contact{ID: 7, Blocked: true}}, 0, said(1, "x")},
		"before somebody":       {all, claire(app.ChatMarks{}), 7, said(1, "x")},
		"off":                   {Rules{Show: ShowText}, claire(app.ChatMarks{}), 0, said(1, "x")},
		"in hours without them": {night, claire(app.ChatMarks{}), 0, said(1, "x")},
	} {
		m, d := New(c.rules), desk{}
		m.Handle(app.Snapshot{Chats: []app.Chat{c.chat}}, noon)
		m.Watch(c.watch)
		m.Handle(app.MessageAdded{Message: c.msg}, noon)
		if d.step(m); len(d) > 0 {
			t.Errorf("%s: %v", name, d)
		}
	}
	m, d := with(all)
	m.Watch(9)
	m.Handle(app.MessageAdded{Message: said(1, "x")}, noon)
	d.want(t, m, "Claire", "x") // another chat is before them
}

// TestWhatTakesANoteAway: whatever ends the reason for a note ends the note.
func TestWhatTakesANoteAway(t *testing.T) {
	for name, do := range map[string]func(*Machine){
		"read":          func(m *Machine) { m.Handle(app.ChatRead{Contact: 7, Unread: 1}, noon) },
		"opened":        func(m *Machine) { m.Watch(7) },
		"muted":         func(m *Machine) { m.Handle(app.ChatChanged{Chat: claire(app.ChatMarks{Muted: true})}, noon) },
		"hidden":        func(m *Machine) { m.Handle(app.ChatChanged{Chat: claire(app.ChatMarks{Hidden: true})}, noon) },
		"removed":       func(m *Machine) { m.Handle(app.ContactRemoved{Contact: 7}, noon) },
		"blocked":       func(m *Machine) { m.Handle(app.ContactChanged{Contact: app.Contact{ID: 7, Blocked: true}}, noon) },
		"lost events":   func(m *Machine) { m.Handle(app.Snapshot{Chats: []app.Chat{claire(app.ChatMarks{})}}, noon) },
		"locked":        func(m *Machine) { m.Lock() },
		"less to say":   func(m *Machine) { m.SetRules(Rules{On: true, Show: ShowName}) },
		"edited, quiet": func(m *Machine) { m.rules = quietAt(noon); m.Handle(app.MessageChanged{Message: said(2, "z")}, noon) },
	} {
		m, d := with(Rules{On: true, Show: ShowText})
		m.Handle(app.MessageAdded{Message: said(1, "x")}, noon)
		m.Handle(app.MessageAdded{Message: said(2, "y")}, noon)
		d.want(t, m, "Claire", "y")
		do(m)
		if d.step(m); len(d) > 0 {
			t.Errorf("%s: %v stays", name, d)
		}
	}
}

func quietAt(at time.Time) Rules {
	return Rules{On: true, Show: ShowText, Quiet: true, From: at.Hour() * 60, To: at.Hour()*60 + 60}
}

// TestClosedNoteStaysClosed: what a person waved away comes back only with a new message.
func TestClosedNoteStaysClosed(t *testing.T) {
	m, d := with(Rules{On: true, Show: ShowName})
	m.Handle(app.MessageAdded{Message: said(1, "x")}, noon)
	d.want(t, m, "Claire", "New message")
	m.Closed(7)
	delete(d, 7)
	m.Handle(app.MessageChanged{Message: said(1, "y"), What: app.ChangeEdited}, noon)
	m.Handle(app.ContactChanged{Contact: app.Contact{ID: 7, Name: "Claire F."}}, noon)
	d.want(t, m, "", "")
	m.Handle(app.MessageAdded{Message: said(2, "z")}, noon)
	d.want(t, m, "Claire F.", "New message")
}

func TestQuietHours(t *testing.T) {
	at := func(clock string) time.Time {
		c, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 11, 22, c.Hour(), c.Minute(), 59, 0, time.Local)
	}
	night, day := Rules{On: true, Quiet: true, From: 22 * 60, To: 7 * 60}, Rules{On: true, Quiet: true, From: 9 * 60, To: 17*60 + 30}
	whole := Rules{On: true, Quiet: true, From: 600, To: 600}
	for _, c := range []struct {
		rules Rules
		clock string
		want  bool
	}{
		{night, "21:59", true}, {night, "22:00", false}, {night, "00:00", false}, {night, "06:59", false}, {night, "07:00", true},
		{day, "08:59", true}, {day, "09:00", false}, {day, "17:29", false}, {day, "17:30", true}, {day, "00:00", true},
		{whole, "09:59", false}, {whole, "10:00", false}, {whole, "00:00", false},
		{Rules{On: true, From: 0, To: Day}, "12:00", true}, {Rules{}, "12:00", false},
	} {
		if got := c.rules.Allow(at(c.clock)); got != c.want {
			t.Errorf("%+v at %s: %t", c.rules, c.clock, got)
		}
	}
	// The hours are those of the clock on this wall, whatever zone a time was told in.
	if elsewhere := at("23:00").In(time.FixedZone("", -9*3600)); night.Allow(elsewhere) {
		t.Error("the hours are those of another place")
	}
}

// TestTextsThatAreNotShown: what vanishes, and what would act on the program that shows
// it, is given to none.
func TestTextsThatAreNotShown(t *testing.T) {
	vanishing, unknown := said(1, "secret"), said(1, "")
	vanishing.Timer, unknown.Unknown = time.Minute, true
	picture, file, voice := said(1, ""), said(1, ""), said(1, "")
	voice.File = &app.File{Name: "voice.ogg", Type: "audio/ogg"}
	picture.File, file.File = &app.File{Name: "IMG_1.jpg", Type: "image/jpeg"}, &app.File{Name: "plan.pdf"}
	for _, c := range []struct {
		msg  app.Message
		want string
	}{
		{vanishing, "New message"}, {unknown, "New message"},
		{said(1, "\u202e\u2066\x00 \x1b"), "New message"},
		{said(1, "a\u202eb\x00c\x1b[1m\r\nd\xff"), "abc[1m d"},
		{said(1, "می\u200cخواهم 👩\u200d👧"), "می\u200cخواهم 👩\u200d👧"},
		{said(1, "<b>&amp;</b>"), "<b>&amp;</b>"},
		{picture, "Picture"}, {file, "plan.pdf"}, {voice, "Voice note"},
		{said(1, strings.Repeat("é", 5000)), strings.Repeat("é", maxText) + "…"},
	} {
		m, d := with(Rules{On: true, Show: ShowText})
		m.Handle(app.MessageAdded{Message: c.msg}, noon)
		d.want(t, m, "Claire", c.want)
	}
}

// TestFlood: neither one contact nor all of them fill desktop or memory.
func TestFlood(t *testing.T) {
	m, d := with(Rules{On: true})
	for i := range 10_000 {
		m.Handle(app.MessageAdded{Message: said(app.MessageID(i+1), "x")}, noon)
	}
	if n := d.step(m); n != 1 || d[7].Body != "More than 99 new messages" || len(m.chats[7].waiting) != maxWaiting {
		t.Errorf("%d notes, %q, %d waiting", n, d[7].Body, len(m.chats[7].waiting))
	}
	for id := range app.ContactID(100) {
		m.Handle(app.ContactAdded{Contact: app.Contact{ID: 100 + id, Name: "N"}}, noon)
		msg := said(app.MessageID(20_000+id), "x")
		msg.Contact = 100 + id
		m.Handle(app.MessageAdded{Message: msg}, noon)
	}
	d.step(m)
	for id := range app.ContactID(maxNotes) {
		if _, ok := d[199-id]; !ok || len(d) != maxNotes {
			t.Errorf("%d notes, %d is one: %t", len(d), 199-id, ok)
		}
	}
}

func TestNumbersInEveryLanguage(t *testing.T) {
	t.Cleanup(func() { lang.Use("en") })
	for tag, want := range map[string][]string{
		"fr": {"Nouveau message", "2 nouveaux messages"},
		"ar": {"رسالة جديدة", "رسالتان جديدتان"},
	} {
		lang.Use(tag)
		for i, w := range want {
			if got := countWord(i + 1); got != w {
				t.Errorf("%s: %q", tag, got)
			}
		}
	}
}
