package chat

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/app"
	"tacit/ui/chat/clip"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// ConversationView is the pane with one conversation: header, thread, composer.
type ConversationView struct {
	fynewidget.BaseWidget

	OnBack    func()
	OnDetails func(app.ContactID)
	OnVerify  func(app.ContactID) // the codes are to be compared
	OnUnblock func(app.ContactID)
	// Chats returns the chats that a message can be forwarded to.
	Chats func() []app.Chat
	// OnAttach asks for files of the disk; done is called with their paths.
	OnAttach func(done func(paths []string))
	// OnSave asks for a path where there is no file yet; name is what it might be called.
	OnSave func(name string, done func(path string))
	// OnOpenLink opens a link that the person has confirmed: with the system's browser.
	OnOpenLink func(link string) error
	// OnSaved is called after a file was saved.
	OnSaved func(path string)

	c       *Conversation
	names   Names
	source  *source
	recents []string // emoji that were chosen of late, the last first

	header   *widget.Header
	timer    *widget.IconButton
	finder   *finderBar
	thread   *widget.Thread
	clip     *container.Clip
	jump     *widget.JumpButton
	composer *composer
	viewer   *viewer            // open, or nil
	empty    *widget.EmptyState // of a chat without messages
	unsure   *widget.EmptyState // the same where codes were not compared
}

// NewConversationView returns the pane of a conversation. It takes over the model's
// callbacks. names finds who introduced the contact.
func NewConversationView(c *Conversation, names Names) *ConversationView {
	v := &ConversationView{
		OnBack: func() {}, OnDetails: func(app.ContactID) {},
		OnVerify: func(app.ContactID) {}, OnUnblock: func(app.ContactID) {},
		Chats: func() []app.Chat { return nil }, OnAttach: func(func([]string)) {},
		OnSave: func(string, func(string)) {}, OnOpenLink: openLink, OnSaved: func(string) {},
		c: c, names: names, source: newSource(c),
	}
	id := c.Contact().ID
	v.timer = widget.NewIconButton(theme.IconTimer, lang.T("timer.title"), v.timerMenu)
	v.header = widget.NewHeader(lang.T("word.back"), func() { v.OnBack() },
		widget.NewIconButton(theme.IconSearch, lang.T("find.placeholder"), v.FocusSearch), v.timer,
		widget.NewIconButton(theme.IconDetails, lang.T("word.details"), func() { v.OnDetails(id) }))
	v.header.OnTrust = v.explainTrust
	v.finder = newFinderBar(c)
	v.finder.onDone = v.FocusComposer
	v.newThread()
	v.jump = widget.NewJumpButton(v.toNewest)
	v.composer = newComposer(c)
	v.composer.onHeight = v.Refresh
	v.composer.onPage = v.thread.Page
	v.composer.onVerify = func() { v.OnVerify(id) }
	v.composer.onUnblock = func() { v.OnUnblock(id) }
	v.composer.bars.thumb = func(p Pending, done func(image.Image)) { c.Thumb(p, thumbPixels, done) }
	v.composer.onPicture = func() { v.Paste() }
	v.composer.onAttach = func() { v.OnAttach(v.Drop) }
	v.empty = widget.NewEmptyState(theme.IconChat, "", "", nil)
	v.unsure = widget.NewEmptyState(theme.IconChat, "", "",
		widget.NewButton(widget.ButtonSecondary, lang.T("chat.compare"), func() { v.OnVerify(id) }))
	v.jump.Hide()
	v.ExtendBaseWidget(v)

	c.OnHeader = v.headerChanged
	c.OnTimeline = v.timelineChanged
	c.OnComposer = v.composerChanged
	c.OnRecord = v.composer.recordChanged
	c.OnRestore = v.composer.restore
	c.OnFinder = v.finderChanged
	v.headerChanged()
	return v
}

// newThread makes the thread and gives it something to do.
func (v *ConversationView) newThread() {
	v.thread = widget.NewThread(v.source)
	v.thread.OnMoved = v.moved
	v.thread.OnRetry = func(m int64) { v.c.Retry(app.MessageID(m)) }
	v.thread.OnMenu = v.menu
	v.thread.OnReply = v.answer
	v.thread.OnReact = v.quickReact
	v.thread.OnReaction = func(m int64, emoji string) { v.c.React(app.MessageID(m), emoji) }
	v.thread.OnQuote = func(m int64) { v.c.GoTo(app.MessageID(m)) }
	v.thread.OnLink = v.confirmLink
	v.thread.OnFile = v.file
	v.thread.OnPicture = v.showPicture
	v.thread.OnPlay = func(m int64) { v.c.Play(app.MessageID(m)) }
	v.thread.OnSeek = func(m int64, share float32) { v.c.SeekVoice(app.MessageID(m), share) }
	v.thread.OnSkip = func(m int64, by int) { v.c.SkipVoice(app.MessageID(m), by) }
	v.thread.OnSpeed = func(int64) { v.c.NextSpeed() }
	v.thread.OnState = v.explainState
	v.thread.OnTyped = v.typed
	v.clip = container.NewClip(v.thread)
	v.clip.ExtendBaseWidget(v.clip) // else the thread can have no keyboard before it is drawn
	v.clip.ExtendBaseWidget(v.clip) // else it has no size before the first frame
}

// Drop takes files that were dropped onto the window, or chosen.
func (v *ConversationView) Drop(paths []string) {
	v.c.Attach(paths...)
	v.FocusComposer()
}

// Paste attaches the picture on the clipboard, if there is one, and reports whether it is
// looked for.
func (v *ConversationView) Paste() bool {
	if v.c.Block() != BlockNone {
		return false
	}
	v.c.PastePicture(clip.Picture)
	return true
}

// FocusSearch opens the search in this chat and gives it the keyboard.
func (v *ConversationView) FocusSearch() {
	v.c.OpenFinder()
	if c := canvasOf(v); c != nil {
		v.finder.focusOn(c)
	}
}

func (v *ConversationView) finderChanged() {
	was := v.finder.Visible()
	v.finder.changed()
	if was != v.finder.Visible() {
		v.Refresh()
	}
}

// Model returns the conversation that the pane shows.
func (v *ConversationView) Model() *Conversation { return v.c }

// ShowBack shows the way back to the list, in a window of one pane.
func (v *ConversationView) ShowBack(on bool) { v.header.ShowBack(on) }

// FocusComposer gives the keyboard to the composer, or to the thread where nothing can
// be written.
func (v *ConversationView) FocusComposer() {
	if c := canvasOf(v); c != nil {
		v.FocusOn(c)
	}
}

// FocusOn is FocusComposer for a pane that was put on its canvas just now, which the
// toolkit does not know of before it is drawn.
func (v *ConversationView) FocusOn(c fyne.Canvas) {
	if v.c.Block() == BlockNone {
		c.Focus(v.composer.field())
	} else {
		c.Focus(v.thread)
	}
}

func (v *ConversationView) headerChanged() {
	contact := v.c.Contact()
	v.header.SetTitle(contact.Name, statusWord(v.c, v.names, time.Now()))
	v.header.SetTrust(int(contact.Trust), trustWord(contact, v.names))
	v.timer.SetIcon(theme.IconTimer, timerHint(v.c.Chat().Timer))
	show(v.timer, v.c.Block() == BlockNone)
	v.source.changed() // the name stands in sentences of the thread
	v.emptyChanged()
}

func (v *ConversationView) timelineChanged(w Where, target app.MessageID) {
	v.emptyChanged()
	v.source.changed()
	if v.viewer != nil {
		v.viewer.changed()
	}
	if fresh := v.c.Fresh(); w == FirstNew && fresh != 0 {
		v.thread.ShowItem(int64(fresh))
		return
	}
	switch w {
	case Newest, FirstNew:
		v.thread.ShowEnd()
	case Near, LeftOff:
		v.thread.ShowItem(int64(target))
	case Message:
		v.thread.PointOut(int64(target))
	default:
		v.thread.Changed()
	}
}

func (v *ConversationView) composerChanged() {
	v.composer.changed()
	v.jumpChanged()
}

// moved follows what is in sight.
func (v *ConversationView) moved() {
	if newest := v.thread.Newest(); newest != 0 {
		v.c.Seen(app.MessageID(newest), v.thread.AtEnd())
	}
	v.jumpChanged()
}

func (v *ConversationView) jumpChanged() {
	v.jump.SetUnread(v.c.Below())
	show(v.jump, v.thread.FarFromEnd() || v.c.Below() > 0 && !v.thread.AtEnd())
}

func (v *ConversationView) toNewest() {
	if _, after := v.c.Outside(); after > 0 {
		v.c.ToNewest()
		return
	}
	v.thread.JumpToEnd()
}

// typed takes a character that was typed while the thread had the keyboard.
func (v *ConversationView) typed(r rune) {
	if v.c.Block() != BlockNone {
		return
	}
	v.FocusComposer()
	v.composer.edit.TypedRune(r)
}

// emptyChanged says what a chat without messages is.
func (v *ConversationView) emptyChanged() {
	contact := v.c.Contact()
	name, date := shown(contact.Name), lang.Date(contact.MetAt.Local())
	sure := contact.Trust == app.Verified
	unsure := contact.Trust == app.Introduced || contact.Trust == app.Proximity
	v.empty.SetText("", lang.T("chat.new_verified", "name", name, "date", date))
	v.unsure.SetText("", lang.T("chat.new_other", "trust", trustWord(contact, v.names), "date", date, "name", name))
	show(v.empty, sure && v.c.Empty())
	show(v.unsure, unsure && v.c.Empty())
}

// threadGap is between the thread and the composer.
const threadGap = theme.Space8

// jumpGap is between the jump button and what lies below and beside it.
const jumpGap = theme.Space12

// CreateRenderer implements fyne.Widget.
func (v *ConversationView) CreateRenderer() fyne.WidgetRenderer {
	paper := canvas.NewRectangle(nil)
	update := func() {
		paper.FillColor = theme.Current().Paper
		v.header.SetTitle(v.c.Contact().Name, statusWord(v.c, v.names, time.Now()))
	}
	place := func(s fyne.Size) {
		put(paper, 0, 0, s.Width, s.Height, s.Width)
		top := theme.HeaderHeight() + theme.Hair
		put(v.header, 0, 0, s.Width, top, s.Width)
		if v.finder.Visible() {
			h := v.finder.height(s.Width)
			put(v.finder, 0, top, s.Width, h, s.Width)
			top += h
		}
		below := v.composer.Height(s.Width)
		put(v.composer, 0, s.Height-below, s.Width, below, s.Width)
		middle := max(1, s.Height-below-top)
		put(v.clip, 0, top, s.Width, max(1, middle-threadGap), s.Width)
		x, col := column(s.Width)
		wide := min(col, theme.FormWidth)
		put(v.empty, (s.Width-wide)/2, top, wide, middle, s.Width)
		put(v.unsure, (s.Width-wide)/2, top, wide, middle, s.Width)
		const jump = theme.JumpButtonSize
		put(v.jump, x+col-jump, s.Height-below-jump-jumpGap, jump, jump, s.Width)
	}
	return newPane(v, update, place, paper, v.header, v.finder, v.clip, v.empty, v.unsure, v.jump, v.composer)
}

// NewNoConversation returns what stands in the pane while no chat is open.
func NewNoConversation() fyne.CanvasObject {
	return widget.NewEmptyState(theme.IconChat, "", lang.T("chat.none_open"), nil)
}
