package chat

import (
	"context"

	"tacit/app"
)

// Unread returns how many messages wait in the chats that announce theirs. A chat that
// was marked by hand counts as one.
func (l *List) Unread() int {
	n := 0
	for _, c := range l.chats {
		if c.Muted || !l.visible(c) {
			continue
		}
		if c.Unread == 0 && c.MarkedUnread {
			n++
		}
		n += c.Unread
	}
	return n
}

// MarkRead marks all of a chat as seen.
func (l *List) MarkRead(id app.ContactID) {
	c, ok := l.chats[id]
	if !ok || c.Unread == 0 && !c.MarkedUnread {
		return
	}
	if c.Last == nil || c.Unread == 0 {
		l.Mark(id, func(m *app.ChatMarks) { m.MarkedUnread = false })
		return
	}
	upTo := c.Last.ID
	l.do(func(ctx context.Context) error { return l.m.MarkRead(ctx, id, upTo) })
}

// Mark changes the marks of a chat. A change that comes while the one before it is being
// stored builds on it and waits for it: marks are stored all at once.
func (l *List) Mark(id app.ContactID, change func(*app.ChatMarks)) {
	c, ok := l.chats[id]
	if !ok {
		return
	}
	wish, waits := l.marking[id]
	if !waits {
		wish = c.ChatMarks
	}
	before := wish
	change(&wish)
	if wish == before {
		return
	}
	l.marking[id] = wish
	if !waits {
		l.storeMarks(id, wish)
	}
}

// storeMarks stores marks, and then those that were wished for meanwhile.
func (l *List) storeMarks(id app.ContactID, marks app.ChatMarks) {
	act(l.work, func(ctx context.Context) error { return l.m.SetMarks(ctx, id, marks) }, func(err error) {
		wish := l.marking[id]
		if err == nil && wish != marks {
			l.storeMarks(id, wish)
			return
		}
		delete(l.marking, id)
		if err != nil {
			l.OnFail(err)
			return
		}
		// The event may come later than the next wish, which has to build on these.
		l.alter(id, func(c *app.Chat) { c.ChatMarks = marks })
		l.changed.mark()
	})
}

// Archive reports whether the archived chats are shown.
func (l *List) Archive() bool { return l.archive }

// ShowArchive shows the archived chats, or the others again.
func (l *List) ShowArchive(on bool) {
	if l.archive != on {
		l.archive = on
		l.changed.mark()
	}
}

// Revealed reports whether hidden chats are shown.
func (l *List) Revealed() bool { return l.revealed }

// SetRevealed shows the hidden chats, or hides them again. The caller sees to it that the
// person has proven who they are.
func (l *List) SetRevealed(on bool) {
	if l.revealed == on {
		return
	}
	l.revealed = on
	l.changed.mark()
	if l.query != "" {
		l.hunt.ask(app.SearchQuery{Text: l.query, Hidden: on, Limit: maxHits})
	}
}

// do runs something whose outcome the events tell, unless it failed.
func (l *List) do(f func(context.Context) error) {
	act(l.work, f, func(err error) {
		if err != nil {
			l.OnFail(err)
		}
	})
}
