package chat

import (
	"context"
	"math"
	"slices"

	"tacit/app"
)

// Where says what a thread shows after its messages changed.
type Where int

const (
	Stay    Where = iota // what was in sight stays where it is
	Newest               // the last message
	Near                 // what is about the target
	Message              // the target, pointed out
)

// Conversation is one open chat.
//
// Owner of every field: the window's goroutine.
type Conversation struct {
	// OnHeader is called when Contact, Reach or Block may have changed.
	OnHeader func()
	// OnTimeline is called when Len, Item or Outside changed.
	OnTimeline func(w Where, target app.MessageID)
	// OnComposer is called when Error, Block or Below changed.
	OnComposer func()
	// OnRestore is called with a text that could not be committed, to be put back into the
	// composer before what was typed since.
	OnRestore func(text string)

	m      Messenger
	work   *Work
	drafts *Drafts

	id         app.ContactID // never changes; what runs elsewhere may read it
	contact    app.Contact
	reach      app.Reach
	rolledBack bool

	line    timeline
	bounds  [2]app.MessageID // lowest and highest ID of the chat that were seen
	loading bool
	turn    int // counts loads that replace the timeline
	closed  bool

	outgoing []string // committed one after the other, in order of Send
	err      error    // why the last one was not

	unread  int
	watched bool          // the window has the focus and shows this conversation
	atEnd   bool          // the last message is in sight
	inSight app.MessageID // the newest message that was in sight
	marked  app.MessageID // up to where MarkRead was asked for
	below   int           // received since the reader left the end

	where   Where
	target  app.MessageID
	changed batch
}

// Open returns the conversation of a chat and begins to load its newest page.
func Open(m Messenger, w *Work, d *Drafts, chat app.Chat, p app.Profile) *Conversation {
	c := &Conversation{
		OnHeader: func() {}, OnComposer: func() {}, OnRestore: func(string) {},
		OnTimeline: func(Where, app.MessageID) {},
		m:          m, work: w, drafts: d,
		id: chat.Contact.ID, contact: chat.Contact, reach: chat.Reach, rolledBack: p.RolledBack,
		unread: chat.Unread, atEnd: true,
	}
	c.changed = batch{post: w.post, f: c.flush}
	c.ToNewest()
	return c
}

// Close ends the callbacks. A text that is being committed still is, and goes to the
// drafts if it cannot be.
func (c *Conversation) Close() { c.closed = true }

// Contact returns the other side.
func (c *Conversation) Contact() app.Contact { return c.contact }

// Reach returns how the other side can be reached now.
func (c *Conversation) Reach() app.Reach { return c.reach }

// Len returns the number of messages that are loaded.
func (c *Conversation) Len() int { return len(c.line.msgs) }

// Item returns a loaded message; 0 is the oldest.
func (c *Conversation) Item(i int) app.Message { return c.line.msgs[i] }

// Find returns a loaded message by its ID.
func (c *Conversation) Find(id app.MessageID) (app.Message, bool) { return c.line.find(id) }

// Outside estimates how many messages there are before and after those that are loaded.
func (c *Conversation) Outside() (before, after int) { return c.line.before, c.line.after }

// Empty reports that it is known that nothing was ever said.
func (c *Conversation) Empty() bool {
	return c.turn > 0 && !c.loading && len(c.line.msgs) == 0
}

// touch remembers where to go and tells the view once for all changes of a burst.
func (c *Conversation) touch(w Where, target app.MessageID) {
	if w != Stay {
		c.where, c.target = w, target
	}
	c.changed.mark()
}

func (c *Conversation) flush() {
	if c.closed {
		return
	}
	w, target := c.where, c.target
	c.where, c.target = Stay, 0
	c.OnTimeline(w, target)
}

// Handle takes an event of the messenger; those of other chats are ignored.
func (c *Conversation) Handle(e app.Event) {
	switch e := e.(type) {
	case app.Snapshot:
		c.resync(e)
	case app.ContactChanged:
		if e.Contact.ID == c.id {
			c.contact = e.Contact
			c.headerChanged()
		}
	case app.PresenceChanged:
		if e.Contact == c.id {
			c.reach = e.Reach
			c.headerChanged()
		}
	case app.ProfileChanged:
		c.rolledBack = e.Profile.RolledBack
		c.headerChanged()
	case app.MessageAdded:
		c.added(e.Message)
	case app.MessageStateChanged:
		if e.Message.Contact == c.id && c.line.put(e.Message, c.atEnd) {
			c.touch(Stay, 0)
		}
	case app.ChatRead:
		if e.Contact == c.id {
			c.unread = e.Unread
		}
	}
}

func (c *Conversation) headerChanged() {
	if c.closed {
		return
	}
	c.OnHeader()
	c.OnComposer()
}

func (c *Conversation) added(m app.Message) {
	if m.Contact != c.id {
		return
	}
	_, known := c.line.find(m.ID)
	c.bounds[1] = max(c.bounds[1], m.ID)
	changed := c.line.put(m, c.atEnd)
	if !known && !m.Own {
		c.unread++
		if !c.atEnd {
			c.below++
			c.composerChanged()
		}
	}
	if changed {
		c.touch(Stay, 0)
	}
}

func (c *Conversation) composerChanged() {
	if !c.closed {
		c.OnComposer()
	}
}

// resync replaces what is known by a snapshot and loads the messages in sight anew.
func (c *Conversation) resync(s app.Snapshot) {
	c.rolledBack = s.Profile.RolledBack
	for _, chat := range s.Chats {
		if chat.Contact.ID == c.id {
			c.contact, c.reach, c.unread = chat.Contact, chat.Reach, chat.Unread
		}
	}
	c.headerChanged()
	if len(c.line.msgs) == 0 {
		c.ToNewest()
		return
	}
	first := c.line.msgs[0].ID
	c.replace(Stay, 0, func(ctx context.Context) (window, error) {
		return around(ctx, c.m, c.id, first, 0, maxLoaded)
	})
}

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
		c.touch(Stay, 0)
	})
}
