package chat

import (
	"context"

	"tacit/app"
)

// compose is what the composer is for besides a new message: an answer, or another text
// of an own message. Zero: neither.
type compose struct {
	answers *app.Message
	edits   *app.Message
	kept    string // what stood in the composer before an edit began
}

// Answering returns the message that the next one answers.
func (c *Conversation) Answering() (app.Message, bool) { return some(c.compose.answers) }

// Editing returns the own message whose text is being changed.
func (c *Conversation) Editing() (app.Message, bool) { return some(c.compose.edits) }

func some(m *app.Message) (app.Message, bool) {
	if m == nil {
		return app.Message{}, false
	}
	return *m, true
}

// MayAnswer reports whether a message can be answered, or put a reaction to.
func (c *Conversation) MayAnswer(m app.Message) bool {
	return c.Block() == BlockNone && m.Notice == app.NoticeNone && !m.Deleted && !m.Unknown && m.Ref != (app.Ref{})
}

// MayEdit reports whether the text of a message can be changed by this side.
func (c *Conversation) MayEdit(m app.Message) bool {
	return m.Own && c.MayAnswer(m) && m.State != app.StateFailed
}

// Answer makes the next message an answer to this one.
func (c *Conversation) Answer(id app.MessageID) {
	m, ok := c.line.find(id)
	if !ok || !c.MayAnswer(m) {
		return
	}
	c.leaveEdit()
	c.compose.answers = &m
	c.composerChanged()
}

// BeginEdit puts the text of an own message into the composer to be changed.
func (c *Conversation) BeginEdit(id app.MessageID) {
	m, ok := c.line.find(id)
	if !ok || !c.MayEdit(m) {
		return
	}
	kept := c.Draft()
	if c.compose.edits != nil {
		kept = c.compose.kept
	}
	c.compose = compose{edits: &m, kept: kept}
	c.err = nil
	c.stopTyping()
	c.OnRestore(m.Text)
	c.composerChanged()
}

// EditLast begins to change the last own message, if it is loaded and can be, and reports
// whether there is one.
func (c *Conversation) EditLast() bool {
	for i := len(c.line.msgs) - 1; i >= 0 && !c.line.newer; i-- {
		if m := c.line.msgs[i]; c.MayEdit(m) {
			c.BeginEdit(m.ID)
			return true
		}
	}
	return false
}

// Cancel gives up an edit or an answer and reports whether there was one.
func (c *Conversation) Cancel() bool {
	if c.compose.answers == nil && c.compose.edits == nil {
		return false
	}
	c.compose.answers = nil
	c.err = nil
	c.leaveEdit()
	c.composerChanged()
	return true
}

// leaveEdit puts back what stood in the composer before.
func (c *Conversation) leaveEdit() {
	if c.compose.edits == nil {
		return
	}
	kept := c.compose.kept
	c.compose = compose{}
	c.drafts.Set(c.id, kept)
	c.OnRestore(kept)
}

// composedAbout follows a message that changed or is gone while the composer is about it.
func (c *Conversation) composedAbout(m app.Message) {
	if a := c.compose.answers; a != nil && a.ID == m.ID {
		c.compose.answers = &m
		if m.Deleted {
			c.compose.answers = nil
		}
		c.composerChanged()
	}
	if e := c.compose.edits; e != nil && e.ID == m.ID && m.Deleted {
		c.Cancel()
	}
}

// change commits another text of the message that is being edited. What cannot be
// committed stays in the composer.
func (c *Conversation) change(text string) bool {
	m := *c.compose.edits
	if text == m.Text || text == "" && m.File == nil {
		c.Cancel()
		return false
	}
	call(c.work, func(ctx context.Context) (app.Message, error) {
		return c.m.Edit(ctx, m.ID, text)
	}, func(m app.Message, err error) {
		switch {
		case c.closed:
		case err != nil:
			c.fail(err)
		default:
			c.replaced(m)
			if e := c.compose.edits; e != nil && e.ID == m.ID {
				c.Cancel()
			}
		}
	})
	return false
}
