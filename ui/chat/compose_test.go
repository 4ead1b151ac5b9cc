package chat

import (
	"errors"
	"slices"
	"testing"

	"tacit/app"
)

func (p *talk) said(t *testing.T, want ...string) {
	t.Helper()
	p.settle()
	if got := p.fake.told(); !slices.Equal(got, want) {
		t.Errorf("the messenger was told %q, want %q", got, want)
	}
}

func TestComposeAnswers(t *testing.T) {
	p := openPane(t, 5)
	if _, on := p.Answering(); on {
		t.Fatal("answers something at first")
	}
	p.Answer(p.Item(2).ID)
	if m, on := p.Answering(); !on || m.ID != p.Item(2).ID {
		t.Fatalf("answers %d", m.ID)
	}
	p.Send("yes")
	p.settle()
	last := p.Item(p.Len() - 1)
	if last.ReplyTo != p.Item(2).ID || !last.Replies {
		t.Errorf("the message answers %d", last.ReplyTo)
	}
	if _, on := p.Answering(); on {
		t.Error("the next one would be an answer too")
	}
	p.Answer(p.Item(1).ID)
	if !p.Cancel() || p.Cancel() {
		t.Error("an answer is not cancelled once")
	}
	p.Send("no answer")
	p.settle()
	if m := p.Item(p.Len() - 1); m.ReplyTo != 0 || m.Text != "no answer" {
		t.Errorf("a cancelled answer was sent: %+v", m)
	}
}

// TestComposeAnswerOutlivesAFailure: what could not be sent comes back as what it was.
func TestComposeAnswerOutlivesAFailure(t *testing.T) {
	p := openPane(t, 5)
	p.fake.sendErr = app.ErrDiskFull
	p.Answer(p.Item(2).ID)
	p.Send("yes")
	p.settle()
	if m, on := p.Answering(); !on || m.ID != p.Item(2).ID || p.restored != "yes" {
		t.Errorf("answers %d, %v; the text is %q", m.ID, on, p.restored)
	}
}

func TestComposeAnswerToWhatGoesAway(t *testing.T) {
	p := openPane(t, 5)
	p.Answer(p.Item(2).ID)
	p.Handle(app.MessageRemoved{Contact: claire.ID, Message: p.Item(2).ID, What: app.ChangeExpired})
	if m, on := p.Answering(); on {
		t.Errorf("answers %d, which is gone", m.ID)
	}
}

func TestComposeMayAnswer(t *testing.T) {
	p := openPane(t, 1)
	whole := p.Item(0)
	for what, change := range map[string]func(*app.Message){
		"a notice":                func(m *app.Message) { m.Notice = app.NoticeTimer },
		"a deleted message":       func(m *app.Message) { m.Deleted = true },
		"an unknown content":      func(m *app.Message) { m.Unknown = true },
		"a message without a ref": func(m *app.Message) { m.Ref = app.Ref{} },
	} {
		m := whole
		change(&m)
		if p.MayAnswer(m) {
			t.Errorf("%s can be answered", what)
		}
	}
	if !p.MayAnswer(whole) {
		t.Error("a message cannot be answered")
	}
	p.chat.Contact.Blocked = true
	if p.MayAnswer(whole) {
		t.Error("a blocked contact can be answered")
	}
}

func TestComposeEditsTheLastOwn(t *testing.T) {
	p := openPane(t, 6) // own: 0 and 3
	p.Edited("half a draft")
	if !p.EditLast() {
		t.Fatal("nothing to edit")
	}
	if m, _ := p.Editing(); m.ID != p.Item(3).ID || p.restored != "message 3" {
		t.Fatalf("edits %d, the composer has %q", m.ID, p.restored)
	}
	p.Edited("message 3, mended")
	if p.Draft() != "half a draft" {
		t.Error("an edit is kept as a draft")
	}
	if p.Send("message 3, mended ") {
		t.Error("the composer is emptied before the edit is kept")
	}
	p.tick(draftDelay)
	p.said(t, "typing 7 true", "typing 7 false", "edit 7 message 3, mended", "draft 7 half a draft")
	if _, on := p.Editing(); on || p.restored != "half a draft" {
		t.Errorf("still editing, or the draft %q did not come back", p.restored)
	}
	if m := p.Item(3); m.Text != "message 3, mended" || m.EditedAt.IsZero() {
		t.Errorf("the thread has %+v", m)
	}
}

func TestComposeEditFails(t *testing.T) {
	p := openPane(t, 4)
	p.BeginEdit(p.Item(1).ID)
	if _, on := p.Editing(); on {
		t.Fatal("somebody else's message is edited")
	}
	p.BeginEdit(p.Item(3).ID)
	p.fake.noteErr = app.ErrDiskFull
	p.Send("other words")
	p.settle()
	if _, on := p.Editing(); !on || !errors.Is(p.Err(), app.ErrDiskFull) {
		t.Errorf("the edit ended, or error %v", p.Err())
	}
	p.fake.noteErr = nil
	p.Send(p.Item(3).Text) // as it was
	p.settle()
	if _, on := p.Editing(); on || len(p.fake.told()) != 1 {
		t.Error("an edit to the same words was sent, or did not end")
	}
}

func TestComposeEditOfWhatIsDeleted(t *testing.T) {
	p := openPane(t, 4)
	p.BeginEdit(p.Item(3).ID)
	gone := p.Item(3)
	gone.Deleted, gone.Text = true, ""
	p.Handle(app.MessageChanged{Message: gone, What: app.ChangeDeleted})
	if _, on := p.Editing(); on {
		t.Error("a deleted message is edited")
	}
}

func TestActions(t *testing.T) {
	p := openPane(t, 4)
	m := p.Item(1)
	p.React(m.ID, "👍")
	m.Reactions = []app.Reaction{{Emoji: "👍", Own: true}, {Emoji: "😮"}}
	p.Handle(app.MessageChanged{Message: m, What: app.ChangeReactions})
	p.React(m.ID, "👍")
	p.React(m.ID, "😮")
	p.settle()
	p.Delete(m.ID, true)
	p.settle()
	p.Forward(m.ID, []app.ContactID{3, 4})
	p.Forward(m.ID, nil)
	p.SetTimer(timerChoices[1])
	p.SetTimer(p.Chat().Timer)
	p.settle()
	got := p.fake.told()
	slices.Sort(got)
	want := []string{"delete 3 true", "forward 3 [3 4]", "react 3 👍 false", "react 3 👍 true", "react 3 😮 true", "timer 7 30s"}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	p.fake.noteErr = app.ErrTooMany
	p.React(m.ID, "🎉")
	p.settle()
	if !errors.Is(p.Err(), app.ErrTooMany) {
		t.Errorf("error %v", p.Err())
	}
}

// TestTyping: it is told with the first key, ended with the text or after a rest, and
// never while a message is edited.
func TestTyping(t *testing.T) {
	p := openPane(t, 4)
	p.Edited("h")
	p.Edited("he")
	p.tick(typingRest)
	p.said(t, "typing 7 true", "typing 7 true", "typing 7 false", "draft 7 he")
	p.Edited("hey")
	p.Edited("")
	p.said(t, "typing 7 true", "typing 7 false")
	p.Edited("hey")
	p.Send("hey")
	p.said(t, "typing 7 true", "typing 7 false")
	p.Edited("again")
	p.Close()
	p.said(t, "typing 7 true", "typing 7 false", "draft 7 again")
}
