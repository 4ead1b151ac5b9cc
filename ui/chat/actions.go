package chat

import (
	"context"
	"time"

	"tacit/app"
)

// React puts an emoji to a message, or takes the own one away.
func (c *Conversation) React(id app.MessageID, emoji string) {
	m, ok := c.line.find(id)
	if !ok || !c.MayAnswer(m) {
		return
	}
	on := !Reacted(m, emoji)
	c.do(func(ctx context.Context) error { return c.m.React(ctx, id, emoji, on) })
}

// Reacted reports whether this side put an emoji to a message.
func Reacted(m app.Message, emoji string) bool {
	for _, r := range m.Reactions {
		if r.Own && r.Emoji == emoji {
			return true
		}
	}
	return false
}

// MayDeleteForAll reports whether a message can be taken back on the other side too.
func (c *Conversation) MayDeleteForAll(m app.Message) bool {
	return m.Own && m.Notice == app.NoticeNone && !m.Deleted && !c.chat.Contact.Blocked
}

// Delete removes a message from this computer, or takes it back for all.
func (c *Conversation) Delete(id app.MessageID, forAll bool) {
	c.do(func(ctx context.Context) error { return c.m.Delete(ctx, id, forAll) })
}

// MayForward reports whether a message has something to pass on.
func MayForward(m app.Message) bool {
	whole := m.File == nil || m.Own || m.File.State == app.FileDone
	return m.Notice == app.NoticeNone && !m.Deleted && !m.Unknown && whole
}

// Forward sends what a message says to others.
func (c *Conversation) Forward(id app.MessageID, to []app.ContactID) {
	if len(to) > 0 {
		c.do(func(ctx context.Context) error { return c.m.Forward(ctx, id, to) })
	}
}

// SetTimer says how long messages stay from now on, once they were read; 0: for good.
func (c *Conversation) SetTimer(d time.Duration) {
	if d != c.chat.Timer {
		c.do(func(ctx context.Context) error { return c.m.SetTimer(ctx, c.id, d) })
	}
}

// Edits asks for the earlier texts of a message, oldest first.
func (c *Conversation) Edits(id app.MessageID, done func([]app.Edit)) {
	call(c.work, func(ctx context.Context) ([]app.Edit, error) {
		return c.m.Edits(ctx, id)
	}, func(edits []app.Edit, err error) {
		if !c.closed && err == nil {
			done(edits)
		}
	})
}

// FetchFile asks for the file of a message, or for the rest of it.
func (c *Conversation) FetchFile(id app.MessageID) {
	c.do(func(ctx context.Context) error { return c.m.FetchFile(ctx, id) })
}

// PauseFile stops the file of a message where it is.
func (c *Conversation) PauseFile(id app.MessageID) {
	c.do(func(ctx context.Context) error { return c.m.PauseFile(ctx, id) })
}

// CancelFile gives up the file of a message on both sides.
func (c *Conversation) CancelFile(id app.MessageID) {
	c.do(func(ctx context.Context) error { return c.m.CancelFile(ctx, id) })
}

// ExportFile writes the file of a message to a path of the disk.
func (c *Conversation) ExportFile(id app.MessageID, path string, done func(error)) {
	act(c.work, func(ctx context.Context) error {
		return c.m.ExportFile(ctx, id, path)
	}, func(err error) {
		if !c.closed {
			done(err)
		}
	})
}

// do runs something whose outcome the events tell, unless it failed.
func (c *Conversation) do(f func(context.Context) error) {
	act(c.work, f, func(err error) {
		if err != nil && !c.closed {
			c.fail(err)
		}
	})
}
