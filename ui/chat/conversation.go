package chat

import (
	"context"
	"io"

	"tacit/app"
	"tacit/ui/chat/preview"
)

// Where says what a thread shows after its messages changed.
type Where int

const (
	Stay     Where = iota // what was in sight stays where it is
	Newest                // the last message
	Near                  // what is about the target
	Message               // the target, pointed out
	LeftOff               // the target at the bottom: it was the last in sight
	FirstNew              // the first new message, or the end
)

// Conversation is one open chat.
//
// Owner of every field: the window's goroutine.
type Conversation struct {
	// OnHeader is called when Chat or Block may have changed.
	OnHeader func()
	// OnTimeline is called when Len, Item or Outside changed.
	OnTimeline func(w Where, target app.MessageID)
	// OnComposer is called when Err, Block, Below or what the composer is for changed.
	OnComposer func()
	// OnRecord is called while something is recorded, some ten times a second.
	OnRecord func()
	// OnRestore is called with a text that is to stand in the composer in place of what does.
	OnRestore func(text string)
	// OnFinder is called when what is searched for in this chat, or found, changed.
	OnFinder func()

	m      Messenger
	work   *Work
	drafts *Drafts

	id   app.ContactID // never changes; what runs elsewhere may read it
	chat app.Chat

	line    timeline
	bounds  [2]app.MessageID // lowest and highest ID of the chat that were seen
	loading bool
	turn    int // counts loads that replace the timeline
	closed  bool

	outgoing []outgoing // committed one after the other, in order of Send
	err      error      // why the last one was not
	compose  compose
	files    files
	record   recording
	play     playing
	life     context.Context // ends when the conversation is closed
	end      context.CancelFunc
	typing   typing
	finder   finder
	quotes   quotes
	rates    map[app.MessageID]int64 // bytes a second of files that move
	pictures *preview.Cache

	unread  int
	watched bool          // the window has the focus and shows this conversation
	atEnd   bool          // the last message is in sight
	inSight app.MessageID // the newest message that was in sight
	marked  app.MessageID // up to where MarkRead was asked for
	below   int           // received since the reader left the end
	fresh   fresh

	where   Where
	target  app.MessageID
	changed batch
}

// Open returns the conversation of a chat and begins to load what is to be seen of it:
// where it was left, else the first message that was not seen, else the end.
func Open(m Messenger, w *Work, d *Drafts, chat app.Chat) *Conversation {
	c := &Conversation{
		OnHeader: func() {}, OnComposer: func() {}, OnRestore: func(string) {}, OnFinder: func() {},
		OnTimeline: func(Where, app.MessageID) {}, OnRecord: func() {},
		m: m, work: w, drafts: d,
		id: chat.Contact.ID, chat: chat,
		unread: chat.Unread, atEnd: true,
		fresh: fresh{wanted: chat.Unread > 0},
		rates: map[app.MessageID]int64{}, quotes: quotes{},
	}
	c.life, c.end = context.WithCancel(w.ctx)
	c.play.waves = map[app.MessageID]*wave{}
	c.changed = batch{post: w.post, f: c.flush}
	c.pictures = preview.New(w.ctx, w.wg.Go, w.post, c.openPicture)
	c.pictures.OnLoaded = func(int64) { c.touch(Stay, 0) }
	c.begin()
	return c
}

// Close ends the callbacks and keeps where the chat was left. A text that is being
// committed still is, and goes to the drafts if it cannot be.
func (c *Conversation) Close() {
	if c.closed {
		return
	}
	c.keepPosition()
	c.drafts.Keep()
	c.stopTyping()
	c.finder.close()
	c.files.close()
	c.pictures.Clear()
	c.leaveRecording()
	c.StopVoice()
	c.end()
	c.closed = true
}

// Contact returns the other side.
func (c *Conversation) Contact() app.Contact { return c.chat.Contact }

// Reach returns how the other side can be reached now.
func (c *Conversation) Reach() app.Reach { return c.chat.Reach }

// Chat returns what is known of the chat. Last and Unread are those of its opening.
func (c *Conversation) Chat() app.Chat { return c.chat }

// Len returns the number of messages that are loaded.
func (c *Conversation) Len() int { return len(c.line.msgs) }

// Item returns a loaded message; 0 is the oldest.
func (c *Conversation) Item(i int) app.Message { return c.line.msgs[i] }

// Find returns a loaded message by its ID.
func (c *Conversation) Find(id app.MessageID) (app.Message, bool) { return c.line.find(id) }

// Rate returns how fast the file of a message moves, in bytes a second; 0 where it does not.
func (c *Conversation) Rate(id app.MessageID) int64 { return c.rates[id] }

// Pictures returns the pictures of the messages.
func (c *Conversation) Pictures() *preview.Cache { return c.pictures }

// openPicture is called on any goroutine.
func (c *Conversation) openPicture(ctx context.Context, id int64) (io.ReadSeekCloser, error) {
	return c.m.OpenFile(ctx, app.MessageID(id))
}

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
		c.alter(e.Contact.ID, func() { c.chat.Contact = e.Contact })
	case app.PresenceChanged:
		c.alter(e.Contact, func() { c.chat.Reach = e.Reach })
	case app.ChatChanged:
		c.alter(e.Chat.Contact.ID, func() { c.chat.ChatMarks, c.chat.Timer = e.Chat.ChatMarks, e.Chat.Timer })
	case app.ContactActive:
		c.alter(e.Contact, func() { c.chat.Typing, c.chat.Active, c.chat.ActiveAt = e.Typing, e.Active, e.ActiveAt })
	case app.MessageAdded:
		c.added(e.Message)
	case app.MessageStateChanged:
		if e.Message.Contact == c.id && c.line.put(e.Message, c.atEnd) {
			c.touch(Stay, 0)
		}
	case app.MessageChanged:
		c.replaced(e.Message)
	case app.MessageRemoved:
		c.removed(e)
	case app.FileProgress:
		c.progress(e)
	case app.ChatRead:
		if e.Contact == c.id {
			c.unread = e.Unread
		}
	}
}

// alter changes the chat where an event is about it.
func (c *Conversation) alter(id app.ContactID, f func()) {
	if id != c.id {
		return
	}
	f()
	c.headerChanged()
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
		c.freshCame(m)
		if !c.atEnd {
			c.below++
			c.composerChanged()
		}
	}
	if changed {
		c.touch(Stay, 0)
	}
}

// replaced takes a message that is another than it was.
func (c *Conversation) replaced(m app.Message) {
	if m.Contact != c.id {
		return
	}
	c.composedAbout(m)
	c.requote(m)
	if m.Deleted {
		c.pictures.Forget(int64(m.ID))
		c.forgetVoice(m.ID)
	}
	if old, ok := c.line.find(m.ID); ok && m.StateAt.Before(old.StateAt) {
		// Its state is older than what was told since, or was rounded by the store.
		m.State, m.StateAt, m.Reason = old.State, old.StateAt, old.Reason
	}
	if c.line.put(m, c.atEnd) {
		c.touch(Stay, 0)
	}
}

// removed takes out a message that is gone. What answered it says so from now on.
func (c *Conversation) removed(e app.MessageRemoved) {
	if e.Contact != c.id {
		return
	}
	delete(c.rates, e.Message)
	delete(c.quotes, e.Message)
	c.pictures.Forget(int64(e.Message))
	c.forgetVoice(e.Message)
	if c.finder.lost(e.Message) {
		c.finderChanged()
	}
	c.composedAbout(app.Message{ID: e.Message, Deleted: true})
	for i := range c.line.msgs {
		if m := &c.line.msgs[i]; m.ReplyTo == e.Message {
			m.ReplyTo = 0
		}
	}
	if !c.line.remove(e.Message) && e.Message > c.newestLoaded() && c.line.newer {
		c.line.setOutside(c.line.before, c.line.after-1)
	}
	c.touch(Stay, 0)
}

func (c *Conversation) newestLoaded() app.MessageID {
	if n := len(c.line.msgs); n > 0 {
		return c.line.msgs[n-1].ID
	}
	return 0
}

func (c *Conversation) progress(e app.FileProgress) {
	if e.Contact != c.id {
		return
	}
	c.rates[e.Message] = e.Rate
	if e.File.State != app.FileMoving {
		delete(c.rates, e.Message)
		if c.finder.lost(e.Message) {
			c.finderChanged()
		}
	}
	if c.line.alter(e.Message, func(m *app.Message) { m.File = &e.File }) {
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
			c.chat, c.unread = chat, chat.Unread
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
