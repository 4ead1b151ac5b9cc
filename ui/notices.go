package ui

import (
	"tacit/app"
	"tacit/ui/desktop"
	"tacit/ui/lang"
	"tacit/ui/notify"
	"tacit/ui/settings"
)

// announcer has what comes to an open profile announced on the desktop.
type announcer struct {
	s       *session
	machine *notify.Machine
}

func newAnnouncer(s *session) *announcer {
	return &announcer{s: s, machine: notify.New(rules(s.notices.Chosen()))}
}

// rules are what the person chose, as the machine follows it.
func rules(n settings.Noticing) notify.Rules {
	show := map[settings.Notice]notify.Show{settings.NoticeName: notify.ShowName, settings.NoticeText: notify.ShowText}[n.Show]
	return notify.Rules{On: n.On, Show: show, Quiet: n.Quiet, From: n.From, To: n.To}
}

func (a *announcer) handle(e app.Event) { a.machine.Handle(e, a.s.w.idle.now()) }

// step brings notes and tray in line with what happened. It is called after everything
// that may change what is before the person's eyes.
func (a *announcer) step() {
	w := a.s.w
	a.machine.SetRules(rules(a.s.notices.Chosen()))
	a.look()
	a.tell()
	w.showTray()
}

// look says what is before the person's eyes now.
func (a *announcer) look() { a.machine.Watch(a.before()) }

// before is the chat that is before the person's eyes, or 0.
func (a *announcer) before() app.ContactID {
	s := a.s
	if !s.w.front || s.settings != nil || s.chats.talk == nil {
		return 0
	}
	return s.chats.talk.Contact().ID
}

func (a *announcer) tell() {
	show, withdraw := a.machine.Step()
	for _, id := range withdraw {
		a.s.w.desktop.Withdraw(int64(id))
	}
	for _, n := range show {
		a.s.w.desktop.Notify(desktop.Note{
			Key: int64(n.Chat), Title: n.Title, Body: n.Body, Says: n.Says,
			Blank: lang.Plain(lang.N("notify.new", 1)), Action: lang.T("notify.open"),
		})
	}
}

// end takes all notes away.
func (a *announcer) end() {
	a.machine.Lock()
	a.tell()
}

// clicked opens the chat of a note.
func (s *session) clicked(id app.ContactID) {
	if _, ok := s.chats.model.Chat(id); ok {
		s.closeSettings()
		s.open(id)
	}
}

// closed is called when a note went by itself or by hand.
func (s *session) closedNote(id app.ContactID) {
	s.announcer.machine.Closed(id)
	s.announcer.tell()
}

// noticesPage is the section of the settings about notes, tray and start.
func (c *settingsScreen) noticesPage() *settings.NoticesView {
	s := c.s
	view := settings.NewNoticesView(s.notices, s.startup, Sentence)
	view.Offer(s.w.offers.Notes, s.w.offers.Tray)
	update := func() {
		view.Update()
		c.resized()
	}
	s.notices.OnChange = func() {
		s.noticesChanged()
		update()
	}
	s.startup.OnChange = update
	c.offered = func(o desktop.Offers) {
		view.Offer(o.Notes, o.Tray)
		c.resized()
	}
	return view
}

// noticesChanged follows what the person chose, with the settings open or not.
func (s *session) noticesChanged() {
	s.w.keep = s.notices.Chosen().Keep
	s.announcer.step()
}

// nowhere is a desktop that offers nothing.
type nowhere struct{}

func (nowhere) Notify(desktop.Note)  {}
func (nowhere) Withdraw(int64)       {}
func (nowhere) SetTray(desktop.Tray) {}
func (nowhere) Close()               {}
