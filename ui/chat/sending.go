package chat

import (
	"context"
	"strings"
	"unicode"

	"tacit/app"
)

// Block says why a contact cannot be written to.
type Block int

const (
	BlockNone       Block = iota
	BlockBlocked          // blocked by this side
	BlockUnverified       // this side has not checked who it is
	BlockTheirCheck       // the other side has not finished checking
)

// Block returns why nothing can be sent now, the most lasting reason first.
func (c *Conversation) Block() Block {
	switch {
	case c.contact.Blocked:
		return BlockBlocked
	case c.contact.Trust == app.Unverified:
		return BlockUnverified
	case !c.contact.Writable:
		return BlockTheirCheck
	}
	return BlockNone
}

// Err returns why the text in the composer was not sent, or nil.
func (c *Conversation) Err() error { return c.err }

// Draft returns the text to put into the composer.
func (c *Conversation) Draft() string { return c.drafts.Get(c.id) }

// Edited takes the text of the composer after each change.
func (c *Conversation) Edited(text string) {
	c.drafts.Set(c.id, text)
	if c.err != nil {
		c.err = nil
		c.composerChanged()
	}
}

// Left returns how many bytes text has of how many that can be sent, and whether it is
// so near to them that a person should see it.
func Left(text string) (n, most int, show bool) {
	n = len(trimmed(text))
	return n, app.MaxTextBytes, n*100 >= app.MaxTextBytes*counterShare
}

// Send commits a text and reports whether the composer may be emptied. What cannot be
// sent at all stays in it, with Err saying why; what cannot be committed comes back
// through OnRestore.
func (c *Conversation) Send(text string) bool {
	text = trimmed(text)
	if text == "" || c.Block() != BlockNone {
		return false
	}
	if len(text) > app.MaxTextBytes {
		c.fail(app.ErrTextTooLong)
		return false
	}
	c.err = nil
	c.drafts.Set(c.id, "")
	c.outgoing = append(c.outgoing, text)
	if len(c.outgoing) == 1 {
		c.sendNext()
	}
	c.composerChanged()
	return true
}

// sendNext commits the oldest outgoing text. One is under way at a time, because the
// order of commits is the order of the chat.
func (c *Conversation) sendNext() {
	text := c.outgoing[0]
	call(c.work, func(ctx context.Context) (app.Message, error) {
		return c.m.Send(ctx, c.id, text)
	}, c.sent)
}

func (c *Conversation) sent(m app.Message, err error) {
	if err != nil {
		c.restore(err)
		return
	}
	c.outgoing = c.outgoing[1:]
	if len(c.outgoing) > 0 {
		c.sendNext()
	}
	if c.closed {
		return
	}
	c.added(m)
	c.ToNewest()
}

// restore gives back what was not committed.
func (c *Conversation) restore(err error) {
	text := strings.Join(c.outgoing, "\n")
	c.outgoing = nil
	whole := text
	if typed := c.Draft(); typed != "" {
		whole += "\n" + typed
	}
	c.drafts.Set(c.id, whole)
	if c.closed {
		return
	}
	c.OnRestore(whole)
	c.fail(err)
}

func (c *Conversation) fail(err error) {
	c.err = err
	c.composerChanged()
}

// Retry queues a failed message again.
func (c *Conversation) Retry(id app.MessageID) {
	call(c.work, func(ctx context.Context) (app.Message, error) {
		return c.m.Retry(ctx, id)
	}, func(m app.Message, err error) {
		if c.closed {
			return
		}
		if err != nil {
			c.fail(err)
			return
		}
		// The other half of a retry may be a new message at the end, or the old one changed.
		c.added(m)
	})
}

// trimmed drops the trailing white space that nobody means to send.
func trimmed(text string) string { return strings.TrimRightFunc(text, unicode.IsSpace) }
