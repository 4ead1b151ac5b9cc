package chat

import (
	"context"
	"math"
	"slices"

	"tacit/app"
)

// window is what a load that replaces the timeline brings.
type window struct {
	msgs         []app.Message
	count        int
	older, newer bool
	lowest       app.MessageID
}

// around loads up to back messages before id and up to ahead from id on.
func around(ctx context.Context, m Messenger, c app.ContactID, id app.MessageID, back, ahead int) (w window, err error) {
	if w.count, err = m.MessageCount(ctx, c); err != nil {
		return w, err
	}
	oldest, err := m.MessagesAfter(ctx, c, 0, 1)
	if err != nil {
		return w, err
	}
	if len(oldest) > 0 {
		w.lowest = oldest[0].ID
	}
	if back > 0 {
		if w.msgs, err = m.Messages(ctx, c, id, back); err != nil {
			return w, err
		}
		slices.Reverse(w.msgs)
	}
	if ahead > 0 {
		later, err := m.MessagesAfter(ctx, c, id-1, ahead)
		if err != nil {
			return w, err
		}
		w.msgs = append(w.msgs, later...)
		w.newer = len(later) == ahead
	}
	w.older = len(w.msgs) > 0 && w.msgs[0].ID > w.lowest
	return w, nil
}

// replace loads a new timeline; a later one overtakes it.
func (c *Conversation) replace(where Where, target app.MessageID, load func(context.Context) (window, error)) {
	c.turn++
	turn := c.turn
	c.loading = true
	call(c.work, load, func(w window, err error) {
		if turn != c.turn || c.closed {
			return
		}
		c.loading = false
		if err != nil {
			return // what is loaded stays readable; the next move asks again
		}
		c.install(w)
		c.freshIn(w.msgs)
		c.touch(where, target)
	})
}

// install takes a loaded window, keeping what events brought since it was read.
func (c *Conversation) install(w window) {
	fresh := c.line.msgs
	before, after := c.estimate(w)
	c.line.reset(w.msgs, before, after, w.older, w.newer)
	if n := len(w.msgs); n > 0 {
		c.bounds[0] = w.lowest
		c.bounds[1] = max(c.bounds[1], w.msgs[n-1].ID)
	}
	for _, m := range fresh {
		_, known := c.line.find(m.ID)
		newest := len(w.msgs) == 0 || m.ID > w.msgs[len(w.msgs)-1].ID
		if known || newest && !w.newer {
			c.line.put(m, true)
		}
	}
}

// estimate splits the messages that are not loaded between both sides, by IDs where
// neither end is loaded.
func (c *Conversation) estimate(w window) (before, after int) {
	rest := max(0, w.count-len(w.msgs))
	switch {
	case !w.newer:
		return rest, 0
	case !w.older:
		return 0, rest
	}
	lo, hi := w.lowest, max(c.bounds[1], w.msgs[len(w.msgs)-1].ID)
	share := float64(w.msgs[0].ID-lo) / float64(max(1, hi-lo))
	before = min(rest, int(math.Round(share*float64(w.count))))
	return before, rest - before
}

// ToNewest goes to the end of the chat, loading it if it is not.
func (c *Conversation) ToNewest() {
	c.below = 0
	if len(c.line.msgs) > 0 && !c.line.newer {
		c.touch(Newest, 0)
		return
	}
	c.replace(Newest, 0, func(ctx context.Context) (window, error) {
		return around(ctx, c.m, c.id, 0, pageSize, 0)
	})
}

// GoTo shows one message with its surroundings.
func (c *Conversation) GoTo(id app.MessageID) {
	if _, ok := c.line.find(id); ok {
		c.touch(Message, id)
		return
	}
	c.replace(Message, id, func(ctx context.Context) (window, error) {
		return around(ctx, c.m, c.id, id, pageSize, pageSize)
	})
}

// Seek shows what is about at a share of the chat, 0 being its beginning and 1 its end.
// It takes IDs to be spread evenly: the store has no cheaper answer.
func (c *Conversation) Seek(share float64) {
	if share >= 1 {
		c.ToNewest()
		return
	}
	lo, hi := c.bounds[0], c.bounds[1]
	id := lo + app.MessageID(max(0, share)*float64(hi-lo))
	c.replace(Near, id, func(ctx context.Context) (window, error) {
		return around(ctx, c.m, c.id, id, pageSize, pageSize)
	})
}

// Older loads the page before the oldest loaded message.
func (c *Conversation) Older() {
	if c.loading || !c.line.older || len(c.line.msgs) == 0 {
		return
	}
	first := c.line.msgs[0].ID
	c.page(func(ctx context.Context) ([]app.Message, error) {
		page, err := c.m.Messages(ctx, c.id, first, pageSize)
		slices.Reverse(page)
		return page, err
	}, func(page []app.Message) {
		c.line.prepend(page, len(page) == pageSize)
	})
}

// Newer loads the page after the newest loaded message.
func (c *Conversation) Newer() {
	if c.loading || !c.line.newer || len(c.line.msgs) == 0 {
		return
	}
	last := c.line.msgs[len(c.line.msgs)-1].ID
	c.page(func(ctx context.Context) ([]app.Message, error) {
		return c.m.MessagesAfter(ctx, c.id, last, pageSize)
	}, func(page []app.Message) {
		c.line.extend(page, len(page) == pageSize)
	})
}

// page loads one page, unless the timeline is replaced meanwhile.
func (c *Conversation) page(load func(context.Context) ([]app.Message, error), take func([]app.Message)) {
	turn := c.turn
	c.loading = true
	call(c.work, load, func(page []app.Message, err error) {
		if turn != c.turn || c.closed {
			return
		}
		c.loading = false
		if err != nil {
			return
		}
		take(page)
		c.freshIn(page)
		c.touch(Stay, 0)
	})
}
