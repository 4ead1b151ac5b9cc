package chat

import (
	"context"
	"slices"

	"tacit/app"
)

// fresh is where the messages begin that were not seen when the chat was opened, or that
// came while nobody watched it. The line above them stays until the chat is left or the
// person answers.
type fresh struct {
	wanted bool // there are some; the first is not found yet
	first  app.MessageID
}

// Fresh returns the first message that was new, or 0.
func (c *Conversation) Fresh() app.MessageID { return c.fresh.first }

// freshIn looks for the first new message among those that were loaded.
func (c *Conversation) freshIn(msgs []app.Message) {
	if !c.fresh.wanted {
		return
	}
	for _, m := range msgs {
		if m.Unread && (c.fresh.first == 0 || m.ID < c.fresh.first) {
			c.fresh.first = m.ID
		}
	}
}

// freshCame takes a message that just came.
func (c *Conversation) freshCame(m app.Message) {
	if !c.watched && c.fresh.first == 0 && !c.fresh.wanted {
		c.fresh.first = m.ID
	}
}

// freshOver takes the line away: the person has answered.
func (c *Conversation) freshOver() { c.fresh = fresh{} }

// begin loads what is to be seen first.
func (c *Conversation) begin() {
	if at := c.chat.Position; at != 0 {
		c.replace(LeftOff, at, func(ctx context.Context) (window, error) {
			return around(ctx, c.m, c.id, at, pageSize, pageSize)
		})
		return
	}
	if c.unread == 0 {
		c.ToNewest()
		return
	}
	// As many pages from the end as the new messages take: nothing says which is the first.
	unread := c.unread
	c.replace(FirstNew, 0, func(ctx context.Context) (window, error) {
		return newest(ctx, c.m, c.id, unread)
	})
}

// newest loads the end of a chat with all of its unread messages, as far as there is room.
func newest(ctx context.Context, m Messenger, c app.ContactID, unread int) (w window, err error) {
	if w, err = around(ctx, m, c, 0, pageSize, 0); err != nil {
		return w, err
	}
	found := unreadIn(w.msgs)
	for w.older && found < unread && len(w.msgs)+pageSize <= maxLoaded {
		page, err := m.Messages(ctx, c, w.msgs[0].ID, pageSize)
		if err != nil {
			return w, err
		}
		found += unreadIn(page)
		slices.Reverse(page)
		w.msgs = append(page, w.msgs...)
		w.older = len(page) == pageSize && w.msgs[0].ID > w.lowest
	}
	return w, nil
}

func unreadIn(msgs []app.Message) (n int) {
	for _, m := range msgs {
		if m.Unread {
			n++
		}
	}
	return n
}

// keepPosition tells the profile where the chat is left.
func (c *Conversation) keepPosition() {
	at := c.inSight
	if c.atEnd {
		at = 0
	}
	if c.inSight == 0 || at == c.chat.Position {
		return
	}
	act(c.work, func(ctx context.Context) error {
		return c.m.SetPosition(ctx, c.id, at)
	}, func(error) {}) // the chat opens at its end then
}

// Watch tells whether the window has the focus and shows this conversation: only then
// does a person read.
func (c *Conversation) Watch(watched bool) {
	c.watched = watched
	c.markRead()
}

// Seen tells the newest message in sight, and whether that is the end of the chat.
func (c *Conversation) Seen(newest app.MessageID, atEnd bool) {
	atEnd = atEnd && !c.line.newer
	c.inSight = newest
	if atEnd != c.atEnd || atEnd && c.below > 0 {
		c.atEnd = atEnd
		if atEnd {
			c.below = 0
		}
		c.composerChanged()
	}
	c.markRead()
}

// Below returns how many messages came in below what is in sight.
func (c *Conversation) Below() int { return c.below }

// markRead tells the messenger once how far a person has read.
func (c *Conversation) markRead() {
	if !c.watched || c.closed || c.unread == 0 || c.inSight <= c.marked {
		return
	}
	upTo := c.inSight
	c.marked = upTo
	call(c.work, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, c.m.MarkRead(ctx, c.id, upTo)
	}, func(_ struct{}, err error) {
		if err != nil {
			c.marked = 0 // not stored: the next look tries again
		}
	})
}
