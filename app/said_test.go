package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/app/apptest"
)

// pair is two friends and what each calls the other.
type pair struct {
	u                      *apptest.Universe
	alice, bob             *apptest.Person
	bobOfAlice, aliceOfBob app.ContactID
}

func pairs(t *testing.T, f func(t *testing.T, p pair)) {
	t.Helper()
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		f(t, pair{u, alice, bob, bobOfAlice, aliceOfBob})
	})
}

// cut takes the ways between the two away, or gives them back.
func (p pair) cut(cut bool) { p.u.Net.Cut(p.alice.Transport, p.bob.Transport, cut) }

// said has Alice say a text and returns it as each of the two has it.
func (p pair) said(t *testing.T, text string) (hers, his app.Message) {
	t.Helper()
	hers = p.alice.Say(p.bobOfAlice, text)
	apptest.Settle(time.Second)
	return message(t, p.alice, hers.ID), last(t, p.bob, p.aliceOfBob)
}

func message(t *testing.T, p *apptest.Person, id app.MessageID) app.Message {
	t.Helper()
	m, err := p.Message(ctx, id)
	if err != nil {
		t.Fatalf("%s: message %d: %v", p.Name, id, err)
	}
	return m
}

// last returns the last entry of a chat.
func last(t *testing.T, p *apptest.Person, c app.ContactID) app.Message {
	t.Helper()
	ms, err := p.Messages(ctx, c, 0, 1)
	if err != nil || len(ms) != 1 {
		t.Fatalf("%s: %d messages, %v", p.Name, len(ms), err)
	}
	return ms[0]
}

func chat(t *testing.T, p *apptest.Person, c app.ContactID) app.Chat {
	t.Helper()
	all, err := p.Chats(ctx)
	i := slices.IndexFunc(all, func(c2 app.Chat) bool { return c2.Contact.ID == c })
	if err != nil || i < 0 {
		t.Fatalf("%s: chats %v", p.Name, err)
	}
	return all[i]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// told returns how many events satisfy f.
func told[E app.Event](p *apptest.Person, f func(E) bool) (n int) {
	for _, e := range p.Events() {
		if e, ok := e.(E); ok && f(e) {
			n++
		}
	}
	return n
}

func TestMessageHasANameAndAPath(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		hers, his := p.said(t, "hello")
		if hers.Ref.IsZero() || hers.Ref != his.Ref {
			t.Errorf("names %x and %x", hers.Ref, his.Ref)
		}
		if hers.Path != app.PathLAN || his.Path != app.PathLAN || hers.State != app.StateDelivered || !his.Unread || hers.Unread {
			t.Errorf("hers %+v, his %+v", hers, his)
		}
		again, _ := p.said(t, "hello")
		if again.Ref == hers.Ref {
			t.Error("two messages have one name")
		}
		p.cut(true)
		apptest.Settle(time.Second)
		if m := p.alice.Say(p.bobOfAlice, "later"); m.Path != app.PathNone {
			t.Errorf("what waits took the path %q", m.Path)
		}
	})
}

func TestReply(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		hers, his := p.said(t, "Shall we?")
		answer, err := p.bob.Post(ctx, p.aliceOfBob, app.Outgoing{Text: "Yes!", ReplyTo: his.ID})()
		must(t, err)
		apptest.Settle(time.Second)
		if got := last(t, p.alice, p.bobOfAlice); !got.Replies || got.ReplyTo != hers.ID || got.Text != "Yes!" {
			t.Errorf("the answer is %+v", got)
		}
		if !answer.Replies || answer.ReplyTo != his.ID {
			t.Errorf("the own answer is %+v", answer)
		}
		_, err = p.alice.Post(ctx, p.bobOfAlice, app.Outgoing{Text: "to myself", ReplyTo: hers.ID})()
		must(t, err)
		apptest.Settle(time.Second)
		if got := last(t, p.bob, p.aliceOfBob); got.ReplyTo != his.ID {
			t.Errorf("an answer to oneself is %+v", got)
		}
		must(t, p.alice.Delete(ctx, hers.ID, false))
		mine := last(t, p.alice, p.bobOfAlice)
		if !mine.Replies || mine.ReplyTo != 0 {
			t.Errorf("an answer to what is gone is %+v", mine)
		}
		_, err = p.alice.Post(ctx, p.bobOfAlice, app.Outgoing{Text: "to nothing", ReplyTo: hers.ID})()
		wantErr(t, "an answer to what is gone", err, app.ErrNotFound)
		carol := p.u.Person("Carol")
		carolOfAlice, _ := p.u.Pair(p.alice, carol)
		_, err = p.alice.Post(ctx, carolOfAlice, app.Outgoing{Text: "elsewhere", ReplyTo: mine.ID})()
		wantErr(t, "an answer to a message of another chat", err, app.ErrNotFound)
	})
}

// TestAnswerToWhatIsGoneWhenItIsSealed: the other side learns that something was answered.
func TestAnswerToWhatIsGoneWhenItIsSealed(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		_, his := p.said(t, "Shall we?")
		p.cut(true)
		apptest.Settle(time.Second)
		for _, text := range numbered("m", 500) { // as many as are sealed ahead
			p.bob.Say(p.aliceOfBob, text)
		}
		_, err := p.bob.Post(ctx, p.aliceOfBob, app.Outgoing{Text: "Yes!", ReplyTo: his.ID})()
		must(t, err)
		must(t, p.bob.Delete(ctx, his.ID, false))
		p.cut(false)
		apptest.Settle(time.Minute)
		if got := last(t, p.alice, p.bobOfAlice); got.Text != "Yes!" || !got.Replies || got.ReplyTo != 0 {
			t.Errorf("the answer is %+v", got)
		}
	})
}

func TestForward(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		_, his := p.said(t, "a rumour")
		carol := p.u.Person("Carol")
		carolOfBob, bobOfCarol := p.u.Pair(p.bob, carol)
		must(t, p.bob.Forward(ctx, his.ID, []app.ContactID{carolOfBob, p.aliceOfBob}))
		apptest.Settle(time.Second)
		for _, got := range []app.Message{last(t, carol, bobOfCarol), last(t, p.alice, p.bobOfAlice)} {
			if got.Text != "a rumour" || !got.Forwarded || got.Ref == his.Ref || got.Own {
				t.Errorf("forwarded as %+v", got)
			}
		}
		before, _ := p.bob.MessageCount(ctx, p.aliceOfBob)
		wantErr(t, "to nobody", p.bob.Forward(ctx, his.ID, []app.ContactID{p.aliceOfBob, 99}), app.ErrNotFound)
		wantErr(t, "nothing", p.bob.Forward(ctx, 9999, []app.ContactID{p.aliceOfBob}), app.ErrNotFound)
		wantErr(t, "to everybody", p.bob.Forward(ctx, his.ID, make([]app.ContactID, 21)), app.ErrTooMany)
		if n, _ := p.bob.MessageCount(ctx, p.aliceOfBob); n != before {
			t.Errorf("%d messages after refused ones, before %d", n, before)
		}
	})
}

func emojis(m app.Message) (all []string) {
	for _, r := range m.Reactions {
		side := "theirs "
		if r.Own {
			side = "own "
		}
		all = append(all, side+r.Emoji)
	}
	return all
}

func TestReact(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		hers, his := p.said(t, "I won")
		must(t, p.bob.React(ctx, his.ID, "🎉", true))
		must(t, p.bob.React(ctx, his.ID, "👏🏽", true))
		must(t, p.bob.React(ctx, his.ID, "🎉", true))
		apptest.Settle(time.Second)
		must(t, p.alice.React(ctx, hers.ID, "🎉", true))
		apptest.Settle(time.Second)
		wantTexts(t, "hers", emojis(message(t, p.alice, hers.ID)), []string{"theirs 🎉", "theirs 👏🏽", "own 🎉"})
		wantTexts(t, "his", emojis(message(t, p.bob, his.ID)), []string{"own 🎉", "own 👏🏽", "theirs 🎉"})
		must(t, p.bob.React(ctx, his.ID, "🎉", false))
		must(t, p.bob.React(ctx, his.ID, "🎉", false))
		apptest.Settle(time.Second)
		wantTexts(t, "hers", emojis(message(t, p.alice, hers.ID)), []string{"theirs 👏🏽", "own 🎉"})
		if n := told(p.alice, func(e app.MessageChanged) bool { return e.What == app.ChangeReactions }); n != 4 {
			t.Errorf("Alice was told of %d reactions", n)
		}
		if n, _ := p.alice.MessageCount(ctx, p.bobOfAlice); n != 1 {
			t.Errorf("%d messages", n)
		}
		for i := range app.MaxReactions - 1 {
			must(t, p.bob.React(ctx, his.ID, string(rune(0x1f400+i)), true))
		}
		wantErr(t, "one too many", p.bob.React(ctx, his.ID, "🥇", true), app.ErrTooMany)
		wantErr(t, "letters", p.bob.React(ctx, his.ID, "ok", true), app.ErrEmojiInvalid)
		wantErr(t, "nothing", p.bob.React(ctx, 9999, "🥇", true), app.ErrNotFound)
	})
}

func TestEdit(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		hers, his := p.said(t, "at fife")
		edited, err := p.alice.Edit(ctx, hers.ID, "at five")
		must(t, err)
		_, err = p.alice.Edit(ctx, hers.ID, "at five")
		must(t, err)
		_, err = p.alice.Edit(ctx, hers.ID, "at six")
		must(t, err)
		apptest.Settle(time.Second)
		for _, side := range []struct {
			p  *apptest.Person
			id app.MessageID
		}{{p.alice, hers.ID}, {p.bob, his.ID}} {
			m := message(t, side.p, side.id)
			if m.Text != "at six" || m.EditedAt.IsZero() || m.Revision <= edited.Revision {
				t.Errorf("%s has %+v", side.p.Name, m)
			}
			edits, err := side.p.Edits(ctx, side.id)
			must(t, err)
			var texts []string
			for _, e := range edits {
				texts = append(texts, e.Text)
			}
			wantTexts(t, "earlier texts", texts, []string{"at fife", "at five"})
			hits, err := side.p.Search(ctx, app.SearchQuery{Text: "five", Limit: 9})
			if err != nil || len(hits) != 0 {
				t.Errorf("an earlier text is found: %v, %v", hits, err)
			}
		}
		if edited.Text != "at five" || edited.Revision == 0 {
			t.Errorf("edited as %+v", edited)
		}
		_, err = p.bob.Edit(ctx, his.ID, "never")
		wantErr(t, "another's", err, app.ErrNotYours)
		_, err = p.alice.Edit(ctx, hers.ID, "")
		wantErr(t, "to nothing", err, app.ErrTextEmpty)
		_, err = p.alice.Edit(ctx, hers.ID, strings.Repeat("x", app.MaxTextBytes+1))
		wantErr(t, "too long", err, app.ErrTextTooLong)
		_, err = p.alice.Edit(ctx, hers.ID, "\xff")
		wantErr(t, "no text", err, app.ErrTextInvalid)
		_, err = p.alice.Edits(ctx, 9999)
		wantErr(t, "of nothing", err, app.ErrNotFound)
	})
}

// TestWhatWasNeverSealed: a message that nobody can have is changed and taken back silently.
func TestWhatWasNeverSealed(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		p.cut(true)
		apptest.Settle(time.Second)
		for _, text := range numbered("m", 500) {
			p.alice.Say(p.bobOfAlice, text)
		}
		edited, gone := p.alice.Say(p.bobOfAlice, "fife"), p.alice.Say(p.bobOfAlice, "never said")
		forMe := p.alice.Say(p.bobOfAlice, "nor this")
		_, err := p.alice.Edit(ctx, edited.ID, "five")
		must(t, err)
		must(t, p.alice.Delete(ctx, gone.ID, true))
		must(t, p.alice.Delete(ctx, forMe.ID, false))
		p.cut(false)
		apptest.Settle(time.Minute)
		wantTexts(t, "heard", p.bob.Heard(p.aliceOfBob), append(numbered("m", 500), "five"))
		if m := last(t, p.bob, p.aliceOfBob); !m.EditedAt.IsZero() || m.Revision != 0 {
			t.Errorf("Bob sees that it was edited: %+v", m)
		}
		if _, err := p.alice.Message(ctx, gone.ID); err == nil {
			t.Error("what was never said left something behind")
		}
	})
}

// TestRetryAfterRemarks: what was said about a message that failed is true of it when it
// is said again.
func TestRetryAfterRemarks(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		p.bob.Store.Inject(func(int) apptest.Fault { return apptest.Fault{Err: app.ErrDiskFull} })
		hers := p.alice.Say(p.bobOfAlice, "at fife")
		must(t, p.alice.React(ctx, hers.ID, "🤞", true))
		apptest.Settle(3 * time.Hour)
		if m := message(t, p.alice, hers.ID); m.State != app.StateFailed {
			t.Fatalf("%+v", m)
		}
		_, err := p.alice.Edit(ctx, hers.ID, "at five")
		must(t, err)
		p.bob.Store.Inject(nil)
		apptest.Settle(time.Hour) // the remarks arrive, about nothing
		if n, _ := p.bob.MessageCount(ctx, p.aliceOfBob); n != 0 {
			t.Fatalf("%d messages", n)
		}
		again, err := p.alice.Retry(ctx, hers.ID)
		must(t, err)
		apptest.Settle(time.Minute)
		got := last(t, p.bob, p.aliceOfBob)
		if got.Text != "at five" || got.Ref != again.Ref || len(got.Reactions) != 1 {
			t.Errorf("Bob has %+v", got)
		}
		must(t, p.alice.Delete(ctx, hers.ID, true))
		apptest.Settle(time.Minute)
		if got := message(t, p.bob, got.ID); !got.Deleted {
			t.Errorf("Bob has %+v", got)
		}
	})
}

// TestRemarksBehindAQueue: remarks follow the messages that they are about, each about its own.
func TestRemarksBehindAQueue(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		p.cut(true)
		apptest.Settle(time.Second)
		for _, text := range numbered("m", 500) {
			p.alice.Say(p.bobOfAlice, text)
		}
		hers := p.alice.Say(p.bobOfAlice, "not sealed yet")
		for _, r := range []struct {
			emoji string
			on    bool
		}{{"🎉", true}, {"👏", true}, {"🎈", true}, {"🎈", false}} {
			must(t, p.alice.React(ctx, hers.ID, r.emoji, r.on))
		}
		p.cut(false)
		apptest.Settle(time.Minute)
		got := emojis(last(t, p.bob, p.aliceOfBob))
		slices.Sort(got)
		wantTexts(t, "Bob sees", got, []string{"theirs 🎉", "theirs 👏"})
	})
}

// TestTimerOfACopy: who was put back to before the timer learns it again.
func TestTimerOfACopy(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		copied := p.alice.Store.Copy()
		must(t, p.alice.SetTimer(ctx, p.bobOfAlice, time.Hour))
		apptest.Settle(time.Second)
		p.alice.Kill()
		p.alice.Store = copied
		p.alice.Store.SetRolledBack()
		p.alice.Start()
		apptest.Settle(time.Minute)
		p.bob.Say(p.aliceOfBob, "hello")
		apptest.Settle(10 * time.Minute)
		p.alice.Say(p.bobOfAlice, "hello")
		apptest.Settle(10 * time.Minute)
		if c := chat(t, p.alice, p.bobOfAlice); c.Timer != time.Hour {
			t.Errorf("Alice's timer is %v", c.Timer)
		}
	})
}

// TestEditByACopy: a copy of the profile takes for unsaid what was said since, and its edit
// is said all the same.
func TestEditByACopy(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		p.cut(true)
		apptest.Settle(time.Second)
		for _, text := range numbered("m", 500) {
			p.alice.Say(p.bobOfAlice, text)
		}
		hers := p.alice.Say(p.bobOfAlice, "at fife")
		copied := p.alice.Store.Copy()
		p.cut(false)
		apptest.Settle(time.Minute)
		his := last(t, p.bob, p.aliceOfBob)
		p.alice.Kill()
		p.bob.Stop()
		p.alice.Store = copied
		p.alice.Store.SetRolledBack()
		p.alice.Start()
		_, err := p.alice.Edit(ctx, hers.ID, "at five")
		must(t, err)
		p.bob.Start()
		apptest.Settle(3 * time.Hour)
		if got := message(t, p.bob, his.ID); got.Text != "at five" {
			t.Errorf("Bob has %+v", got)
		}
		if n, _ := p.bob.MessageCount(ctx, p.aliceOfBob); n > 502 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestDeleteForAll(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		hers, his := p.said(t, "a secret")
		must(t, p.bob.React(ctx, his.ID, "😱", true))
		_, err := p.alice.Edit(ctx, hers.ID, "a known secret")
		must(t, err)
		apptest.Settle(time.Second)
		wantErr(t, "another's", p.bob.Delete(ctx, his.ID, true), app.ErrNotYours)
		must(t, p.alice.Delete(ctx, hers.ID, true))
		apptest.Settle(time.Second)
		for _, m := range []app.Message{message(t, p.alice, hers.ID), message(t, p.bob, his.ID)} {
			if !m.Deleted || m.Text != "" || len(m.Reactions) != 0 {
				t.Errorf("left: %+v", m)
			}
		}
		if edits, err := p.bob.Edits(ctx, his.ID); err != nil || len(edits) != 0 {
			t.Errorf("earlier texts: %v, %v", edits, err)
		}
		if hits, _ := p.bob.Search(ctx, app.SearchQuery{Text: "secret", Limit: 9}); len(hits) != 0 {
			t.Errorf("found: %v", hits)
		}
		if n := told(p.bob, func(e app.MessageChanged) bool { return e.What == app.ChangeDeleted && e.Message.ID == his.ID }); n != 1 {
			t.Errorf("Bob was told %d times", n)
		}
		wantErr(t, "to what is gone", p.bob.React(ctx, his.ID, "🎉", true), app.ErrNotFound)
		_, err = p.alice.Edit(ctx, hers.ID, "again")
		wantErr(t, "edit of what is gone", err, app.ErrNotFound)
	})
}

func TestDeleteForMe(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		_, first := p.said(t, "first")
		hers, his := p.said(t, "second")
		must(t, p.bob.Delete(ctx, his.ID, false))
		if c := chat(t, p.bob, p.aliceOfBob); c.Last == nil || c.Last.ID != first.ID || c.Unread != 1 {
			t.Errorf("the chat shows %+v", c)
		}
		apptest.Settle(time.Second)
		if n := told(p.bob, func(e app.MessageRemoved) bool { return e.Message == his.ID && e.What == app.ChangeRemoved }); n != 1 {
			t.Errorf("told %d times", n)
		}
		_, err := p.alice.Edit(ctx, hers.ID, "second, again")
		must(t, err)
		must(t, p.alice.React(ctx, hers.ID, "🎉", true))
		must(t, p.alice.Delete(ctx, hers.ID, true))
		apptest.Settle(time.Second)
		wantTexts(t, "heard", p.bob.Heard(p.aliceOfBob), []string{"first"})
		wantErr(t, "twice", p.bob.Delete(ctx, his.ID, false), app.ErrNotFound)
	})
}

func TestMarksDraftAndPosition(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		_, his := p.said(t, "hello")
		marks := app.ChatMarks{Pinned: true, Archived: true, Muted: true, MarkedUnread: true, Hidden: true}
		must(t, p.bob.SetMarks(ctx, p.aliceOfBob, marks))
		must(t, p.bob.SetDraft(ctx, p.aliceOfBob, "I was about"))
		must(t, p.bob.SetPosition(ctx, p.aliceOfBob, his.ID))
		wantErr(t, "marks of nobody", p.bob.SetMarks(ctx, 99, marks), app.ErrNotFound)
		wantErr(t, "a draft of a book", p.bob.SetDraft(ctx, p.aliceOfBob, strings.Repeat("x", app.MaxDraftBytes+1)), app.ErrTextTooLong)
		wantErr(t, "a draft of noise", p.bob.SetDraft(ctx, p.aliceOfBob, "\xff"), app.ErrTextInvalid)
		p.bob.Restart()
		c := chat(t, p.bob, p.aliceOfBob)
		if c.ChatMarks != marks || c.Draft != "I was about" || c.Position != his.ID {
			t.Errorf("kept: %+v", c)
		}
		if hits, _ := p.bob.Search(ctx, app.SearchQuery{Text: "hello", Limit: 9}); len(hits) != 0 {
			t.Errorf("a hidden chat is found: %v", hits)
		}
		if hits, _ := p.bob.Search(ctx, app.SearchQuery{Text: "hello", Limit: 9, Hidden: true}); len(hits) != 1 {
			t.Errorf("a hidden chat is not found when asked for: %v", hits)
		}
		must(t, p.bob.MarkRead(ctx, p.aliceOfBob, his.ID))
		p.bob.Say(p.aliceOfBob, "I was about")
		c = chat(t, p.bob, p.aliceOfBob)
		if c.MarkedUnread || c.Draft != "" || c.Unread != 0 {
			t.Errorf("after reading and saying it: %+v", c)
		}
	})
}
