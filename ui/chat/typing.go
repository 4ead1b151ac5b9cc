package chat

import "time"

// typingRest is how long after the last key somebody still counts as typing.
const typingRest = 5 * time.Second

// typing is whether the messenger was told that something is typed.
type typing struct {
	told bool
	rest wait
}

// typed takes a key. The messenger decides whether anybody is told, and how often.
func (c *Conversation) typed(text string) {
	if text == "" || c.compose.edits != nil {
		c.stopTyping()
		return
	}
	c.typing.told = true
	c.m.Typing(c.work.ctx, c.id, true)
	c.typing.rest.start(c.work, typingRest, c.stopTyping)
}

func (c *Conversation) stopTyping() {
	c.typing.rest.stop()
	if c.typing.told {
		c.typing.told = false
		c.m.Typing(c.work.ctx, c.id, false)
	}
}
