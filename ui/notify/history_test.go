package notify

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tacit/app"
)

// history plays events against a machine and knows what really is there.
type history struct {
	m        *Machine
	desk     desk
	rules    Rules
	now      time.Time
	chats    map[app.ContactID]app.Chat
	messages map[app.MessageID]app.Message // received, there, and not seen
	watching app.ContactID
	next     app.MessageID
	last     app.Message // added in this step and to be announced
}

func (h *history) chat(t *rapid.T) app.ContactID {
	return app.ContactID(rapid.IntRange(1, 4).Draw(t, "chat"))
}

// pick draws a message that is there, or none.
func (h *history) pick(t *rapid.T) (app.Message, bool) {
	if len(h.messages) == 0 {
		return app.Message{}, false
	}
	ids := slices.Sorted(maps.Keys(h.messages))
	return h.messages[rapid.SampledFrom(ids).Draw(t, "message")], true
}

func (h *history) forget(c app.ContactID) {
	maps.DeleteFunc(h.messages, func(_ app.MessageID, m app.Message) bool { return m.Contact == c })
}

func (h *history) tell(e app.Event) { h.m.Handle(e, h.now) }

// fresh is a text that no other message ever has.
func (h *history) fresh() string {
	h.next++
	return fmt.Sprintf("word%dx", h.next)
}

func (h *history) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"add": func(t *rapid.T) {
			c := h.chat(t)
			chat, known := h.chats[c]
			if !known {
				return
			}
			msg := app.Message{Contact: c, Text: h.fresh(), Unread: true, State: app.StateReceived}
			msg.ID = h.next
			h.messages[msg.ID] = msg
			h.tell(app.MessageAdded{Message: msg})
			if h.rules.Allow(h.now) && !isQuiet(chat) && c != h.watching {
				h.last = msg
			}
		},
		"edit": func(t *rapid.T) {
			if msg, ok := h.pick(t); ok {
				msg.Text = h.fresh()
				h.messages[msg.ID] = msg
				h.tell(app.MessageChanged{Message: msg, What: app.ChangeEdited})
			}
		},
		"delete for all": func(t *rapid.T) {
			if msg, ok := h.pick(t); ok {
				delete(h.messages, msg.ID)
				msg.Text, msg.Deleted = "", true
				h.tell(app.MessageChanged{Message: msg, What: app.ChangeDeleted})
			}
		},
		"remove or expire": func(t *rapid.T) {
			if msg, ok := h.pick(t); ok {
				delete(h.messages, msg.ID)
				h.tell(app.MessageRemoved{Contact: msg.Contact, Message: msg.ID, What: app.ChangeExpired})
			}
		},
		"read": func(t *rapid.T) {
			if msg, ok := h.pick(t); ok {
				left := 0
				for id, m := range h.messages {
					switch {
					case m.Contact != msg.Contact:
					case id <= msg.ID:
						delete(h.messages, id)
					default:
						left++
					}
				}
				h.tell(app.ChatRead{Contact: msg.Contact, Unread: left})
			}
		},
		"mark": func(t *rapid.T) {
			c := h.chat(t)
			chat, ok := h.chats[c]
			if !ok {
				return
			}
			chat.Muted = rapid.Bool().Draw(t, "muted")
			chat.Hidden = rapid.Bool().Draw(t, "hidden")
			h.chats[c] = chat
			h.tell(app.ChatChanged{Chat: chat})
		},
		"contact comes": func(t *rapid.T) {
			c := h.chat(t)
			if _, ok := h.chats[c]; !ok {
				h.chats[c] = app.Chat{Contact: app.Contact{ID: c, Name: fmt.Sprintf("name%dx", c)}}
				h.tell(app.ContactAdded{Contact: h.chats[c].Contact})
			}
		},
		"contact goes": func(t *rapid.T) {
			c := h.chat(t)
			if _, ok := h.chats[c]; ok {
				delete(h.chats, c)
				h.forget(c)
				h.tell(app.ContactRemoved{Contact: c})
			}
		},
		"watch": func(t *rapid.T) {
			h.watching = app.ContactID(rapid.IntRange(0, 4).Draw(t, "watched"))
			h.m.Watch(h.watching)
		},
		"close": func(t *rapid.T) {
			c := h.chat(t)
			delete(h.desk, c)
			h.m.Closed(c)
		},
		"time": func(t *rapid.T) {
			h.now = h.now.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "hours")) * time.Hour)
		},
		"rules": func(t *rapid.T) {
			h.rules = Rules{
				On: rapid.IntRange(0, 4).Draw(t, "on") > 0, Show: Show(rapid.IntRange(0, 2).Draw(t, "show")),
				Quiet: rapid.Bool().Draw(t, "quiet"), From: rapid.IntRange(0, Day-1).Draw(t, "from"), To: rapid.IntRange(0, Day-1).Draw(t, "to"),
			}
			h.m.SetRules(h.rules)
		},
		"lost events": func(t *rapid.T) { // what happened meanwhile is told by nobody
			if msg, ok := h.pick(t); ok {
				delete(h.messages, msg.ID)
			}
			h.tell(app.Resync{})
			h.tell(app.Snapshot{Chats: slices.Collect(maps.Values(h.chats))})
		},
		"lock": func(t *rapid.T) {
			h.m.Lock()
			clear(h.chats)
			clear(h.messages)
			h.watching = 0
		},
		"": h.check,
	}
}

// check looks at the desktop after every action.
func (h *history) check(t *rapid.T) {
	shown := h.desk.step(h.m)
	if shown > 0 && !h.rules.Allow(h.now) {
		t.Fatalf("%d notes were shown against the rules", shown)
	}
	for c, n := range h.desk {
		chat, known := h.chats[c]
		waits := false
		allowed := map[string]bool{}
		for _, m := range h.messages {
			if m.Contact == c {
				waits = true
				allowed[m.Text] = true
			}
		}
		if !known || isQuiet(chat) || !waits || c == h.watching || !h.rules.On {
			t.Fatalf("%+v stands for nothing", n)
		}
		all := n.Title + " " + n.Body
		if h.rules.Show == ShowNothing && (strings.Contains(all, "name") || strings.Contains(all, "word")) {
			t.Fatalf("%+v says too much", n)
		}
		if strings.Contains(all, "word") && (h.rules.Show != ShowText || !allowed[n.Body]) {
			t.Fatalf("%+v shows what is gone", n)
		}
	}
	if h.last.ID != 0 {
		if _, ok := h.desk[h.last.Contact]; !ok {
			t.Fatalf("message %d is not announced", h.last.ID)
		}
		h.last = app.Message{}
	}
}

// TestNothingRemains plays random histories: no note outlives its messages, says what is
// gone, or comes where none may; and what is to be announced is.
func TestNothingRemains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &history{
			m: New(Rules{On: true, Show: ShowText}), rules: Rules{On: true, Show: ShowText}, desk: desk{}, now: noon,
			chats: map[app.ContactID]app.Chat{}, messages: map[app.MessageID]app.Message{},
		}
		for c := range app.ContactID(4) {
			h.chats[c+1] = app.Chat{Contact: app.Contact{ID: c + 1, Name: fmt.Sprintf("name%dx", c+1)}}
		}
		h.tell(app.Snapshot{Chats: slices.Collect(maps.Values(h.chats))})
		t.Repeat(h.actions())
	})
}
