package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// listed is a message as message.list tells of it, in what the tests look at.
type listed struct {
	ID, Text, State string
	Own             bool
	ReplyTo         *string `json:"reply_to"`
	ReplyGone       bool    `json:"reply_gone"`
	Forwarded       bool
	Reactions       []reactionView
	Edited, Deleted bool
	ExpiresAt       *time.Time `json:"expires_at"`
	File            *fileView
	Notice          string
	Seconds         *int64
}

// list returns a chat, newest first.
func (w *world) list(p *drive.Process, contact string) []listed {
	w.t.Helper()
	var r struct{ Messages []listed }
	w.call(p, "message.list", map[string]any{"contact": contact}, &r)
	return r.Messages
}

// entry returns a message of a chat, which must be there.
func (w *world) entry(p *drive.Process, contact, id string) listed {
	w.t.Helper()
	all := w.list(p, contact)
	i := slices.IndexFunc(all, func(m listed) bool { return m.ID == id })
	if i < 0 {
		w.t.Fatalf("message %s is not in the chat: %v", id, all)
	}
	return all[i]
}

// received waits for a message with this text and returns the event.
func (w *world) received(p *drive.Process, text string) drive.Event {
	w.t.Helper()
	e, err := p.Await(w.ctx, "the message "+text, func(e drive.Event) bool {
		return e.Type() == "message.received" && e.Text("text") == text
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) awaitChange(p *drive.Process, id, what string) {
	w.t.Helper()
	_, err := p.Await(w.ctx, "the change "+what, func(e drive.Event) bool {
		return e.Type() == "message.changed" && e.Text("message") == id && e.Text("what") == what
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestTalk: replies, reactions, edits, forwarded and deleted messages between two processes.
func TestTalk(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	first := w.send(amina, m.Presenter, "Shall we meet at nine?")
	there := w.received(claire, "Shall we meet at nine?").Text("message")

	var reply sentView
	w.call(claire, "message.send", map[string]any{"contact": m.Scanner, "text": "Rather at ten.", "reply_to": there}, &reply)
	heard := w.received(amina, "Rather at ten.")
	if heard.Text("reply_to") != first {
		t.Errorf("the reply is to %v, not to %s", heard["reply_to"], first)
	}
	if got := w.entry(claire, m.Scanner, reply.Message); got.ReplyTo == nil || *got.ReplyTo != there {
		t.Errorf("the own reply: %+v", got)
	}

	w.call(claire, "message.react", map[string]any{"message": there, "emoji": "👍"}, nil)
	w.call(claire, "message.react", map[string]any{"message": there, "emoji": "❤️"}, nil)
	w.awaitChange(amina, first, "reactions")
	w.awaitChange(amina, first, "reactions")
	w.call(claire, "message.react", map[string]any{"message": there, "emoji": "❤️", "remove": true}, nil)
	w.awaitChange(amina, first, "reactions")
	if got := w.entry(amina, m.Presenter, first).Reactions; !slices.Equal(got, []reactionView{{"👍", false}}) {
		t.Errorf("reactions: %v", got)
	}

	w.call(amina, "message.edit", map[string]any{"message": first, "text": "Shall we meet at eight?"}, nil)
	w.awaitChange(claire, there, "edited")
	if got := w.entry(claire, m.Scanner, there); got.Text != "Shall we meet at eight?" || !got.Edited || !slices.Equal(got.Reactions, []reactionView{{"👍", true}}) {
		t.Errorf("edited: %+v", got)
	}
	var edits struct{ Edits []editView }
	w.call(claire, "message.edits", map[string]any{"message": there}, &edits)
	if len(edits.Edits) != 1 || edits.Edits[0].Text != "Shall we meet at nine?" || edits.Edits[0].At.IsZero() {
		t.Errorf("earlier texts: %v", edits.Edits)
	}

	w.call(claire, "message.forward", map[string]any{"message": there, "contacts": []string{m.Scanner}}, nil)
	w.received(amina, "Shall we meet at eight?")
	if got := w.list(amina, m.Presenter)[0]; !got.Forwarded || got.Own || got.ReplyTo != nil {
		t.Errorf("forwarded: %+v", got)
	}

	w.call(amina, "message.delete", map[string]any{"message": first, "for_all": true}, nil)
	w.awaitChange(claire, there, "deleted")
	if got := w.entry(claire, m.Scanner, there); !got.Deleted || got.Text != "" || len(got.Reactions) > 0 {
		t.Errorf("deleted for all: %+v", got)
	}
	w.call(claire, "message.delete", map[string]any{"message": there}, nil)
	w.awaitChange(claire, there, "removed")
	if got := w.entry(claire, m.Scanner, reply.Message); got.ReplyTo != nil || !got.ReplyGone {
		t.Errorf("a reply to what is gone: %+v", got)
	}
	if got := w.entry(amina, m.Presenter, first); !got.Deleted {
		t.Errorf("Claire deleted it for herself, and Amina has %+v", got)
	}
}

// TestTalkRefused: what is not the caller's to do, or no such thing, has its word and
// changes nothing.
func TestTalkRefused(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	w.send(amina, m.Presenter, "hers")
	hers := w.received(claire, "hers").Text("message")
	own := w.send(claire, m.Scanner, "own")
	w.awaitState(claire, own, "delivered")
	before := w.list(claire, m.Scanner)
	for _, c := range []struct {
		name, method string
		params       map[string]any
		code         string
	}{
		{"edit hers", "message.edit", map[string]any{"message": hers, "text": "x"}, "not_yours"},
		{"edit to nothing", "message.edit", map[string]any{"message": own, "text": " \n"}, "text_empty"},
		{"edit nothing", "message.edit", map[string]any{"message": "4711", "text": "x"}, "not_found"},
		{"edit to too much", "message.edit", map[string]any{"message": own, "text": strings.Repeat("x", 1<<20)}, "text_too_long"},
		{"earlier texts of nothing", "message.edits", map[string]any{"message": "4711"}, "not_found"},
		{"delete hers for all", "message.delete", map[string]any{"message": hers, "for_all": true}, "not_yours"},
		{"delete nothing", "message.delete", map[string]any{"message": "4711"}, "not_found"},
		{"react with a word", "message.react", map[string]any{"message": hers, "emoji": "fine"}, "emoji_invalid"},
		{"react with nothing", "message.react", map[string]any{"message": hers, "emoji": ""}, "emoji_invalid"},
		{"react with 1 MB", "message.react", map[string]any{"message": hers, "emoji": strings.Repeat("👨‍👩‍👧", 60000)}, "emoji_invalid"},
		{"react to nothing", "message.react", map[string]any{"message": "4711", "emoji": "👍"}, "not_found"},
		{"read nothing", "message.mark_read", map[string]any{"message": "4711"}, "not_found"},
		{"reply to nothing", "message.send", map[string]any{"contact": m.Scanner, "text": "x", "reply_to": "4711"}, "not_found"},
		{"forward nothing", "message.forward", map[string]any{"message": "4711", "contacts": []string{m.Scanner}}, "not_found"},
		{"forward to nobody", "message.forward", map[string]any{"message": own, "contacts": []string{}}, "invalid_params"},
		{"forward to a stranger", "message.forward", map[string]any{"message": own, "contacts": []string{m.Scanner, "4711"}}, "not_found"},
		{"forward twice", "message.forward", map[string]any{"message": own, "contacts": []string{m.Scanner, m.Scanner}}, "invalid_params"},
		{"a timer of minus one", "chat.set_timer", map[string]any{"contact": m.Scanner, "seconds": -1}, "timer_invalid"},
		{"a timer of a second", "chat.set_timer", map[string]any{"contact": m.Scanner, "seconds": 1}, "timer_invalid"},
		{"a timer of a million years", "chat.set_timer", map[string]any{"contact": m.Scanner, "seconds": 31_557_600_000_000}, "timer_invalid"},
		{"a timer of some time", "chat.set_timer", map[string]any{"contact": m.Scanner}, "invalid_params"},
		{"a timer with nobody", "chat.set_timer", map[string]any{"contact": "4711", "seconds": 60}, "not_found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := claire.Call(w.ctx, c.method, c.params, nil); drive.Code(err) != c.code {
				t.Errorf("got %v (%s), want %s", err, drive.Code(err), c.code)
			}
		})
	}
	if after := w.list(claire, m.Scanner); len(after) != len(before) || after[0].Text != before[0].Text || len(after[1].Reactions) > 0 {
		t.Errorf("the chat has changed: %+v", after)
	}
}

// TestTimer: messages go on both sides when their time is over, counted from reading.
func TestTimer(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	kept := w.send(amina, m.Presenter, "this stays")
	w.received(claire, "this stays")
	w.call(amina, "chat.set_timer", map[string]any{"contact": m.Presenter, "seconds": 30}, nil)
	own := w.send(amina, m.Presenter, "this goes")
	there := w.received(claire, "this goes").Text("message")
	w.awaitState(amina, own, "delivered")

	notice := w.list(claire, m.Scanner)[1]
	if notice.Notice != "timer" || notice.Seconds == nil || *notice.Seconds != 30 || notice.Own {
		t.Errorf("the notice: %+v", notice)
	}
	if got := w.entry(claire, m.Scanner, there); got.ExpiresAt != nil {
		t.Errorf("not read, and it ends at %v", got.ExpiresAt)
	}
	if got := w.entry(amina, m.Presenter, own); got.ExpiresAt == nil || time.Until(*got.ExpiresAt) > 30*time.Second {
		t.Errorf("the own one was delivered, and ends at %v", got.ExpiresAt)
	}
	began := time.Now()
	w.call(claire, "message.mark_read", map[string]any{"message": there}, nil)
	w.awaitChange(claire, there, "timer")
	w.awaitChange(amina, own, "expired")
	w.awaitChange(claire, there, "expired")
	if took := time.Since(began); took < 25*time.Second || took > 45*time.Second {
		t.Errorf("it was there for %v after it was read", took)
	}
	gone := func(ms []listed) bool {
		return !slices.ContainsFunc(ms, func(m listed) bool { return m.Text == "this goes" })
	}
	if !gone(w.list(amina, m.Presenter)) || !gone(w.list(claire, m.Scanner)) {
		t.Error("it is still listed")
	}
	if got := w.entry(amina, m.Presenter, kept); got.Text != "this stays" || got.ExpiresAt != nil {
		t.Errorf("what was said before the timer: %+v", got)
	}
	w.call(claire, "chat.set_timer", map[string]any{"contact": m.Scanner, "seconds": 0}, nil)
	_ = w.send(claire, m.Scanner, "for good again")
	id := w.received(amina, "for good again").Text("message")
	if list := w.list(amina, m.Presenter); list[0].ID != id || list[1].Notice != "timer" || *list[1].Seconds != 0 {
		t.Errorf("switched off: %+v", list[:2])
	}
}
