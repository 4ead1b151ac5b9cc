package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/app"
	"tacit/ui/chat"
	"tacit/ui/lang"
)

// chatPanes are the list and the open conversation of a session.
type chatPanes struct {
	s       *session
	work    *chat.Work
	drafts  *chat.Drafts
	model   *chat.List
	list    *chat.ListView
	talk    *chat.Conversation     // open, or nil
	view    *chat.ConversationView // of talk
	nothing fyne.CanvasObject      // in place of a conversation
	choose  fyne.CanvasObject      // what it says once there is a chat
	one     bool                   // the window has one pane
	watched bool                   // the window has the focus
}

func newChatPanes(s *session) *chatPanes {
	p := &chatPanes{
		s:       s,
		work:    chat.NewWork(s.cross.ctx, s.cross.post),
		choose:  chat.NewNoConversation(),
		watched: true,
	}
	p.drafts = chat.NewDrafts(s.m, p.work)
	p.choose.Hide()
	p.nothing = container.NewStack(p.choose)
	p.model = chat.NewList(s.m, p.work, p.drafts)
	p.list = chat.NewListView(p.model)
	p.list.OnOpen = s.open
	p.list.OnMessage = func(id app.ContactID, m app.MessageID) {
		s.open(id)
		p.talk.GoToHit(m, p.model.Query())
	}
	p.list.OnVerify = func(app.PairingID) { s.openCard() }
	p.list.OnDetails = func(id app.ContactID) {
		s.open(id)
		if s.details == nil {
			s.toggleDetails()
		}
	}
	p.list.OnAdd = func() { s.openCard() }
	p.list.OnLock = func() { s.w.lock(nil) }
	p.list.OnReveal = s.reveal
	p.model.OnFail = func(err error) { s.desk.say(Sentence(err)) }
	p.list.OnMore = func() { s.openSettings(0) }
	return p
}

// speaking reports whether somebody records: they need touch nothing to be there.
func (p *chatPanes) speaking() bool { return p.talk != nil && p.talk.Speaking() }

// putAway follows the window out of sight.
func (p *chatPanes) putAway() {
	if p.talk != nil {
		p.talk.PutAway()
	}
}

// contact returns the other side of the open conversation.
func (p *chatPanes) contact() (app.Contact, bool) {
	if p.talk == nil {
		return app.Contact{}, false
	}
	return p.talk.Contact(), true
}

// reach is how the other side of the open conversation can be reached now.
func (p *chatPanes) reach() app.Reach {
	if p.talk == nil {
		return app.ReachNo
	}
	return p.talk.Reach()
}

// open shows a conversation; 0 closes the one that is open.
func (p *chatPanes) open(id app.ContactID) {
	if p.talk != nil && p.talk.Contact().ID == id {
		p.view.FocusOn(p.s.w.win.Canvas())
		return
	}
	p.leave()
	row, ok := p.model.Chat(id)
	p.model.Select(id)
	if !ok {
		p.s.desk.showThread(p.nothing, false)
		p.focusList()
		return
	}
	p.talk = chat.Open(p.s.m, p.work, p.drafts, row)
	p.talk.UseSound(p.s.w.options.Sound)
	p.talk.Watch(p.watched)
	p.view = chat.NewConversationView(p.talk, func(id app.ContactID) string { return p.s.names[id] })
	p.view.OnBack = p.s.back
	p.view.OnDetails = func(app.ContactID) { p.s.toggleDetails() }
	p.view.Chats = p.model.Writable
	p.view.OnVerify = func(app.ContactID) { p.s.openCard() }
	p.view.OnUnblock = p.s.unblock
	p.view.OnAttach = p.s.chooseAny
	p.view.OnSave = p.s.choosePlace
	p.view.OnSaved = func(string) { p.s.w.toast.Say(lang.T("details.saved")) }
	p.view.ShowBack(p.one)
	p.s.desk.showThread(p.view, true)
	p.view.FocusOn(p.s.w.win.Canvas())
}

func (p *chatPanes) leave() {
	if p.talk != nil {
		p.talk.Close()
	}
	p.talk, p.view = nil, nil
}

// removed closes the conversation with a contact that is gone.
func (p *chatPanes) removed(id app.ContactID) {
	if p.talk != nil && p.talk.Contact().ID == id {
		p.s.open(0)
	}
}

func (p *chatPanes) handle(e app.Event) {
	p.model.Handle(e)
	if p.model.Empty() {
		p.choose.Hide()
	} else {
		p.choose.Show()
	}
	if p.talk != nil {
		p.talk.Handle(e)
	}
}

// watch tells whether the window has the focus: what is shown then counts as read.
func (p *chatPanes) watch(on bool) {
	p.watched = on
	if p.talk != nil {
		p.talk.Watch(on)
		if on {
			p.talk.AskSound() // a microphone may have come
		}
	}
}

// arranged is called when the panes stand differently.
func (p *chatPanes) arranged(a arrangement) {
	p.one = a.one
	if p.view != nil {
		p.view.ShowBack(a.one)
	}
}

func (p *chatPanes) focusList() { p.list.FocusOn(p.s.w.win.Canvas()) }

// focusSearch goes to the search field, and to the list first where it is not shown.
func (p *chatPanes) focusSearch() {
	if p.one && p.talk != nil {
		p.s.open(0)
	}
	p.list.FocusSearch()
}

// drop gives files to the open conversation, and reports whether there is one.
func (p *chatPanes) drop(paths []string) bool {
	if p.view == nil {
		return false
	}
	p.view.Drop(paths)
	return true
}

// focus gives the keyboard to the open conversation, or to the list.
func (p *chatPanes) focus() {
	if p.view != nil {
		p.view.FocusOn(p.s.w.win.Canvas())
		return
	}
	p.focusList()
}

// reveal shows the hidden chats, or hides them again, and closes one that is open then.
func (p *chatPanes) reveal(on bool) {
	if p.model.Revealed() == on {
		return
	}
	p.model.SetRevealed(on)
	if p.talk == nil || on {
		return
	}
	if c, ok := p.model.Chat(p.talk.Contact().ID); ok && c.Hidden {
		p.s.open(0)
	}
}

// search goes to the search within the open conversation.
func (p *chatPanes) search() {
	if p.view != nil {
		p.view.FocusSearch()
	}
}
