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
	case c.chat.Contact.Blocked:
		return BlockBlocked
	case c.chat.Contact.Trust == app.Unverified:
		return BlockUnverified
	case !c.chat.Contact.Writable:
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
	if c.compose.edits == nil {
		c.drafts.Set(c.id, text)
	}
	c.typed(text)
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

// outgoing is what Send was called with.
type outgoing struct {
	text    string
	answers app.MessageID
}

// Send commits a text, or the other text of the message that is edited, and reports
// whether the composer may be emptied. What cannot be sent at all stays in it, with Err
// saying why; what cannot be committed comes back through OnRestore.
func (c *Conversation) Send(text string) bool {
	text = trimmed(text)
	if c.Block() != BlockNone {
		return false
	}
	if len(text) > app.MaxTextBytes {
		c.fail(app.ErrTextTooLong)
		return false
	}
	if c.compose.edits != nil {
		return c.change(text)
	}
	if len(c.files.pending) > 0 {
		return c.sendFiles(text)
	}
	if text == "" {
		return false
	}
	out := outgoing{text: text}
	if a := c.compose.answers; a != nil {
		out.answers = a.ID
	}
	c.handedOver()
	c.outgoing = append(c.outgoing, out)
	if len(c.outgoing) == 1 {
		c.sendNext()
	}
	c.composerChanged()
	return true
}

// handedOver empties what the composer stands for.
func (c *Conversation) handedOver() {
	c.err, c.compose = nil, compose{}
	c.freshOver()
	c.finder.led = ""
	c.drafts.Set(c.id, "")
	c.stopTyping()
}

// sendNext commits the oldest outgoing text. One is under way at a time, because the
// order of commits is the order of the chat.
func (c *Conversation) sendNext() {
	next := c.outgoing[0]
	call(c.work, func(ctx context.Context) (app.Message, error) {
		return c.m.Post(ctx, c.id, app.Outgoing{Text: next.text, ReplyTo: next.answers})()
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
	var texts []string
	for _, o := range c.outgoing {
		texts = append(texts, o.text)
	}
	answers := c.outgoing[0].answers
	c.outgoing = nil
	if typed := c.Draft(); typed != "" {
		texts = append(texts, typed)
	}
	whole := strings.Join(texts, "\n")
	c.drafts.Set(c.id, whole)
	if c.closed {
		return
	}
	if m, ok := c.line.find(answers); ok && c.compose.answers == nil {
		c.compose.answers = &m
	}
	if c.compose.edits != nil {
		c.compose.kept = whole // it comes back when the edit is over
	} else {
		c.OnRestore(whole)
	}
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
