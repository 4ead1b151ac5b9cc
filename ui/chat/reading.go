package chat

import (
	"context"

	"tacit/app"
)

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
