package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/app"
	"tacit/ui/contacts"
	"tacit/ui/lang"
	"tacit/ui/settings"
	"tacit/ui/start"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// session is an open profile in the window.
type session struct {
	w       *Window
	m       Messenger
	running Running
	cross   *crossing
	sub     *app.Subscription

	profile   app.Profile
	names     map[app.ContactID]string
	chats     *chatPanes
	details   *contacts.Details // of the open conversation, or nil
	look      *settings.Appearance
	speech    *settings.Speech
	privacy   *settings.Privacy
	delivery  *settings.Delivery
	locking   *settings.Lock
	notices   *settings.Notices
	startup   *settings.Startup
	announcer *announcer
	desk      *desk
	root      *fyne.Container // the desk, or the settings in its place
	card      *addCard        // adding a contact, or nil
	mailbox   *mailboxCard    // adding a mailbox, or nil
	settings  *settingsScreen // while it is open
	asking    *widget.Dialog  // a question of the details, or nil
}

func newSession(w *Window, r Running) *session {
	s := &session{w: w, m: r.Messenger, running: r, cross: newCrossing(w.post), names: map[app.ContactID]string{}}
	s.look = settings.New(s.m, s.cross.run)
	s.look.Asked(w.still)
	s.look.OnApply = s.applyLook
	s.speech = settings.NewSpeech(w.options.Speech.Language(), w.options.Speech.SetLanguage, s.cross.run)
	s.speech.OnSpeak = w.translate
	s.privacy = settings.NewPrivacy(s.m, s.cross.run)
	s.delivery = settings.NewDelivery(s.m, s.cross.run, s.cross.post)
	s.locking = settings.NewLock(s.m, s.cross.run)
	s.notices = settings.NewNotices(s.m, s.cross.run)
	s.startup = settings.NewStartup(w.options.Starter, s.cross.run)
	s.announcer = newAnnouncer(s)
	s.chats = newChatPanes(s)
	s.chats.watch(w.front)
	s.notices.OnChange = s.noticesChanged
	s.desk = newDesk(s.chats.list, s.chats.nothing)
	s.desk.onArrange = s.chats.arranged
	s.root = container.NewStack(s.desk)
	return s
}

// begin starts to listen to the messenger.
func (s *session) begin() {
	s.sub = s.m.Subscribe()
	p := &pump{post: s.cross.post, deliver: s.deliver}
	s.cross.wg.Go(func() { p.run(s.sub.Events()) })
	s.cross.wg.Go(func() {
		select {
		case <-s.cross.ctx.Done():
		case <-s.running.Ended:
			s.cross.post(func() { s.w.ended(s) })
		}
	})
	s.look.Load()
	s.privacy.Load()
	s.locking.Load()
	s.notices.Load()
	s.restoreSize()
	s.cross.every(idleTick, s.tick)
	s.m.Watch(true)
	s.active(true)
	if s.w.options.Name == "" { // whoever makes profiles without a question has seen it
		start.IfUnseen(s.m, s.cross.run, s.showTour)
	}
}

// tick looks whether anybody is still there.
func (s *session) tick() {
	if s.chats.speaking() {
		s.w.idle.seen()
	}
	if after := s.locking.After(); after > 0 && s.w.idle.since() >= after {
		s.w.lock(nil)
		return
	}
	if s.w.idle.left() {
		s.active(false)
		s.hideHidden()
	}
}

// active tells the messenger whether somebody is there; it tells others only if the
// person chose so.
func (s *session) active(on bool) { s.m.Active(on) }

// watch follows whether the window has the focus.
func (s *session) watch(on bool) {
	s.chats.watch(on)
	s.active(on)
	s.announcer.step()
}

// putAway follows the window out of sight: nothing may hear or see from there.
func (s *session) putAway() {
	s.chats.putAway()
	if s.card != nil {
		s.card.add.PutAway()
	}
}

// close ends everything of the session on Fyne's thread and returns what is left to do off
// it: waiting, and closing the profile.
func (s *session) close() (finish func()) {
	detached := s.detach()
	return func() {
		detached()
		_ = s.running.Close() // told to the log by who opened it
	}
}

// detach is close but for the profile, which stays open.
func (s *session) detach() (finish func()) {
	size := encodeSize(s.w.win.Canvas().Size())
	if s.card != nil {
		s.card.close()
	}
	if s.mailbox != nil {
		s.mailbox.dialog.Close()
	}
	s.closeSettings()
	s.active(false)
	s.announcer.end()
	s.chats.leave()
	s.chats.drafts.Keep()
	s.sub.Close()
	s.look.OnApply = func() {}
	s.silence()
	return func() {
		// A size that cannot be kept is forgotten: nothing else hangs on it.
		_ = s.m.SetSetting(s.cross.ctx, sizeKey, size)
		s.chats.work.Wait()
		s.cross.end()
		s.cross.wait()
	}
}

// silence lets the models that outlive their screens tell nobody.
func (s *session) silence() {
	s.privacy.OnChange, s.locking.OnChange, s.delivery.OnChange, s.speech.OnChange = func() {}, func() {}, func() {}, func() {}
	s.notices.OnChange, s.startup.OnChange = s.noticesChanged, func() {}
}

// deliver takes what the messenger told since the last call.
func (s *session) deliver(events []app.Event) {
	if s.w.session != s {
		return
	}
	s.announcer.look()
	for _, e := range events {
		s.handle(e)
	}
	s.announcer.step()
}

func (s *session) handle(e app.Event) {
	switch e := e.(type) {
	case app.Snapshot:
		s.profile = e.Profile
		for _, c := range e.Chats {
			s.names[c.Contact.ID] = c.Contact.Name
		}
	case app.ProfileChanged:
		s.profile = e.Profile
	case app.ContactAdded:
		s.names[e.Contact.ID] = e.Contact.Name
	case app.ContactChanged:
		s.names[e.Contact.ID] = e.Contact.Name
	case app.ClockJumped:
		s.desk.say(lang.T("error.clock_jumped", "d", lang.Duration(e.By.Abs())))
	case app.StorageFailed:
		s.desk.say(Sentence(e.Err))
	}
	s.privacy.Handle(e)
	s.delivery.Handle(e)
	s.chats.handle(e)
	s.announcer.handle(e)
	if s.details != nil {
		s.details.Event(e)
	}
	if s.card != nil {
		s.card.add.Event(e)
	}
	if removed, ok := e.(app.ContactRemoved); ok {
		delete(s.names, removed.Contact)
		s.chats.removed(removed.Contact)
	}
}

// open shows a conversation; closing one is open(0).
func (s *session) open(id app.ContactID) {
	details := s.details != nil
	s.closeDetails()
	s.chats.open(id)
	if details && id != 0 && s.desk.Size().Width >= theme.ThreePanes {
		s.toggleDetails()
	}
	s.announcer.step()
}

// toggleDetails opens or closes the details of the open conversation.
func (s *session) toggleDetails() {
	if s.details != nil {
		s.closeDetails()
		return
	}
	c, ok := s.chats.contact()
	if !ok {
		return
	}
	s.details = contacts.NewDetails(s.m, s.cross.run, c, s.names[c.IntroducedBy])
	s.details.Reach, s.details.Hidden = s.chats.reach(), s.privacy.Chosen().HideAddress
	s.details.OnRemoved = func() { s.open(0) }
	view := contacts.NewView(s.details, contacts.Actions{
		Sentence: Sentence,
		Copy:     s.copied,
		Close:    s.closeDetails,
		Ask:      s.ask,
	})
	s.desk.showDetails(view.Pane)
}

func (s *session) closeDetails() {
	if s.details == nil {
		return
	}
	s.ask(nil)
	s.details = nil
	s.desk.showDetails(nil)
}

// copied lends text to the clipboard, and says so.
func (s *session) copied(text string) {
	s.w.lent(text)
	s.w.toast.Say(lang.T("passphrase.copied", "n", int(clipboardLife.Seconds())))
}

// unblock lets a contact in again, from the place where its composer would be.
func (s *session) unblock(id app.ContactID) {
	s.cross.run(func(ctx context.Context) func() {
		err := s.m.SetBlocked(ctx, id, false)
		return func() {
			if err != nil {
				s.desk.say(Sentence(err))
			}
		}
	})
}

// ask shows a question of the details as a card; nil takes it away.
func (s *session) ask(content fyne.CanvasObject) {
	if s.asking != nil {
		s.asking.OnClosed = nil
		s.asking.Close()
		s.asking = nil
	}
	if content == nil {
		return
	}
	s.asking = widget.NewDialog(widget.NewScrollBox(content))
	details := s.details
	s.asking.OnClosed = func() {
		s.asking = nil
		details.Ask(contacts.AskNothing)
	}
	s.asking.ShowOn(s.w.win.Canvas(), nil)
}

// back is what Escape does: it closes the innermost pane that can be closed.
func (s *session) back() {
	before := s.desk.panes
	if !s.desk.panes.back(s.desk.Size().Width) {
		return
	}
	s.desk.panes, before = before, s.desk.panes
	switch {
	case !before.details && s.desk.panes.details:
		s.closeDetails()
	case !before.chat && s.desk.panes.chat:
		s.open(0)
	}
}

func (s *session) focusSearch() { s.chats.focusSearch() }

// searchChat searches in the open conversation.
func (s *session) searchChat() { s.chats.search() }

// applyLook makes the window look as the person chose.
func (s *session) applyLook() {
	theme.SetMode(theme.Mode(s.look.Mode))
	theme.SetScale(float32(s.look.Size) / 100)
	theme.SetLetters(theme.Family(s.look.Letters))
	theme.SetReducedMotion(s.look.Still())
	theme.Apply(s.w.fyne)
	if s.settings != nil {
		s.settings.look.Update()
		s.settings.screen.Resized()
	}
}
