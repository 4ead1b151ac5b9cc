package chat

import (
	"context"

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

	id      app.ContactID // never changes; what runs elsewhere may read it
	contact app.Contact
	reach   app.Reach

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
func Open(m Messenger, w *Work, d *Drafts, chat app.Chat) *Conversation {
	c := &Conversation{
		OnHeader: func() {}, OnComposer: func() {}, OnRestore: func(string) {},
		OnTimeline: func(Where, app.MessageID) {},
		m:          m, work: w, drafts: d,
		id: chat.Contact.ID, contact: chat.Contact, reach: chat.Reach,
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
	if !known && !m.Own && m.Notice == app.NoticeNone {
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
