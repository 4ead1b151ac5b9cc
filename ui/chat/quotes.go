package chat

import (
	"context"

	"tacit/app"
)

// maxQuotes bounds the messages that are kept because loaded ones answer them: as many as
// can be loaded, twenty screens full.
const maxQuotes = maxLoaded

// quotes are messages outside of what is loaded that loaded ones answer. The zero value
// of a message says that it is being fetched.
type quotes map[app.MessageID]app.Message

// Answered returns the message that m answers. It is false while that is being fetched,
// and where it is not here any more.
func (c *Conversation) Answered(m app.Message) (app.Message, bool) {
	if m.ReplyTo == 0 {
		return app.Message{}, false
	}
	if q, ok := c.line.find(m.ReplyTo); ok {
		return q, true
	}
	if q, ok := c.quotes[m.ReplyTo]; ok {
		return q, q.ID != 0
	}
	c.fetchQuote(m.ReplyTo)
	return app.Message{}, false
}

func (c *Conversation) fetchQuote(id app.MessageID) {
	if c.closed {
		return
	}
	if len(c.quotes) >= maxQuotes {
		clear(c.quotes)
	}
	c.quotes[id] = app.Message{}
	call(c.work, func(ctx context.Context) ([]app.Message, error) {
		return c.m.Messages(ctx, c.id, id+1, 1)
	}, func(msgs []app.Message, err error) {
		_, wanted := c.quotes[id]
		if c.closed || !wanted || err != nil || len(msgs) == 0 || msgs[0].ID != id {
			return
		}
		c.quotes[id] = msgs[0]
		c.touch(Stay, 0)
	})
}

// requote follows a message that changed.
func (c *Conversation) requote(m app.Message) {
	if _, ok := c.quotes[m.ID]; ok {
		c.quotes[m.ID] = m
		c.touch(Stay, 0)
	}
}
