package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/desktop"
	"tacit/ui/lang"
	"tacit/ui/profiles"
	"tacit/ui/settings"
	"tacit/ui/start"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// settingsScreen is the settings while they are open.
type settingsScreen struct {
	s      *session
	screen *settings.Screen
	look   *settings.LookView
	links  *settings.Links
	stop   func() // of looking at the connections

	offered func(desktop.Offers) // tells the page about notes

	leaving *widget.Dialog // the question whether a mailbox goes, or nil
}

// Sections of the settings that others open.
const (
	sectionProfile = 0
	sectionLook    = 1
	sectionKeys    = 8
	sectionHelp    = 9
)

// openSettings shows the settings in place of the panes, at a section.
func (s *session) openSettings(section int) {
	if s.settings != nil {
		s.settings.screen.Open(section)
		return
	}
	c := &settingsScreen{s: s, stop: func() {}}
	s.settings = c
	c.screen = settings.NewScreen(c.sections(), s.closeSettings)
	s.w.win.Canvas().Unfocus()
	s.desk.Hide()
	s.root.Add(c.screen)
	s.w.top = c.screen
	if section != sectionProfile {
		c.screen.Open(section)
	}
	c.screen.FocusOn(s.w.win.Canvas())
}

func (s *session) closeSettings() {
	if s.settings == nil {
		return
	}
	s.settings.askLeaving(nil)
	s.settings.screen.Closed()
	s.w.win.Canvas().Unfocus()
	s.root.Remove(s.settings.screen)
	s.settings, s.w.top = nil, nil
	s.silence()
	s.desk.Show()
	s.desk.Refresh()
	s.chats.focus()
}

// sections are the pages, in the order of the list.
func (c *settingsScreen) sections() []settings.Section {
	s := c.s
	c.look = settings.NewLookView(s.look, s.speech, Sentence)
	s.speech.OnChange = func() {
		c.look.Update()
		c.resized()
	}
	privacy := settings.NewPrivacyView(s.privacy, Sentence)
	lock := settings.NewLockView(s.locking, panicKeys(), Sentence, func() { s.w.lock(nil) })
	s.locking.OnChange = lock.Update
	c.links = settings.NewLinks(s.connections, s.cross.run)
	links := settings.NewLinksView(c.links, s.privacy, Sentence)
	delivery := c.delivery()
	s.privacy.OnChange = func() {
		privacy.Update()
		links.Update()
		delivery.Update()
		c.resized()
	}
	s.delivery.OnChange = func() {
		delivery.Update()
		c.resized()
	}
	c.links.OnChange = func() {
		links.Update()
		c.resized()
	}
	notices := c.noticesPage()
	room := settings.NewStorageView(s.running.Folder, s.running.Size, s.cross.run, s.copied)
	return []settings.Section{
		sectionProfile: {Icon: theme.IconPerson, Title: lang.T("settings.profile"), Content: c.profile()},
		sectionLook:    {Icon: theme.IconContrast, Title: lang.T("settings.appearance"), Content: c.look.Content},
		{Icon: theme.IconEye, Title: lang.T("settings.privacy"), Content: privacy.Content},
		{Icon: theme.IconLock, Title: lang.T("settings.lock"), Content: lock.Content},
		{Icon: theme.IconBell, Title: lang.T("settings.notifications"), Content: notices.Content, Shown: notices.Shown},
		{Icon: theme.IconHeld, Title: lang.T("settings.delivery"), Content: delivery.Content, Shown: c.watchNodes},
		{Icon: theme.IconNetwork, Title: lang.T("settings.network"), Content: links.Content, Shown: c.watchLinks},
		{Icon: theme.IconFolder, Title: lang.T("settings.storage"), Content: room.Content, Shown: room.Shown},
		sectionKeys: {Icon: theme.IconKeyboard, Title: lang.T("settings.keyboard"), Content: settings.NewKeySheet(keyGroups())},
		sectionHelp: {Icon: theme.IconHelp, Title: lang.T("settings.help"), Content: settings.NewHelp(s.showTour)},
		{Icon: theme.IconInfo, Title: lang.T("settings.about"), Content: settings.NewAbout(s.w.options.Build, s.showLicence)},
	}
}

func (c *settingsScreen) resized() {
	if c.s.settings == c && c.screen != nil {
		c.screen.Resized()
	}
}

// profile is the section about the person and the profile.
func (c *settingsScreen) profile() *layout.Column {
	s, w := c.s, c.s.w
	name := settings.NewName(s.profile.Name, s.m.Rename, s.cross.run)
	who := settings.NewNameView(name, settings.Fingerprint(s.profile.Fingerprint[:]), Sentence, s.copied)
	change := start.NewChange(s.cross.run, func() string { return s.profile.Name }, s.running.ChangePassphrase)
	passphrase := start.NewChangeView(change, Sentence, w.lent)
	passphrase.OnResize = c.resized
	all := layout.NewColumn(1).
		Add(0, who.Content).
		Add(theme.Space32, passphrase.Content)
	_, several := w.profiles.Next()
	if !several {
		return all
	}
	if len(w.profiles.List()) > 1 || w.entry(w.current).Label != "" {
		number := w.current
		label := profiles.NewLabel(w.entry(number).Label, s.cross.run, func(l string) error { return w.profiles.SetLabel(number, l) })
		label.OnSaved = func(string) { w.renamed() }
		all.Add(theme.Space32, profiles.NewLabelPart(label, profiles.Entry{Number: number}.Word(), Sentence, c.resized))
	}
	return all.
		AddStart(theme.Space32, widget.NewButton(widget.ButtonText, lang.T("profile.add"), s.askAdd)).
		AddStart(theme.Space4, widget.NewButton(widget.ButtonDangerText, lang.T("profile.remove"), s.askRemove))
}

// watchLinks keeps the list of connections fresh while it is shown.
func (c *settingsScreen) watchLinks(on bool) {
	c.stop()
	c.stop = func() {}
	if on {
		c.links.Load()
		c.stop = c.s.cross.every(linksEvery, c.links.Load)
	}
}

// connections puts what is open on the network into the words of the settings.
func (s *session) connections(ctx context.Context) ([]settings.Link, error) {
	open, err := s.m.Connections(ctx)
	links := make([]settings.Link, len(open))
	for i, o := range open {
		links[i] = settings.Link{Purpose: purpose(o), With: s.names[o.Contact], Where: o.Remote, Since: o.Since}
	}
	return links, err
}

func purpose(c app.Connection) settings.Purpose {
	switch c.Kind {
	case "beacon":
		return settings.Announcing
	case "listen":
		return settings.Listening
	case "contact":
		return settings.Talking
	case "relay":
		return settings.Relaying
	case "node":
		return settings.Depositing
	}
	return settings.Greeting
}

// card shows a card of the settings over the window.
func (s *session) showCard(c *profiles.Card, dialog *widget.Dialog) {
	c.OnResize = dialog.Refresh
	dialog.ShowOn(s.w.win.Canvas(), c.First)
}

func (s *session) askAdd() {
	var dialog *widget.Dialog
	card := profiles.NewAddCard(func() {
		dialog.Close()
		s.w.add()
	}, func() { dialog.Close() })
	dialog = widget.NewDialog(card.Content)
	s.showCard(card, dialog)
}

func (s *session) askRemove() {
	var dialog *widget.Dialog
	removal := profiles.NewRemoval(s.cross.run, s.running.CheckPassphrase)
	removal.OnConfirmed = s.w.remove
	card := profiles.NewRemovalCard(removal, Sentence, func() { dialog.Close() })
	dialog = widget.NewDialog(widget.NewScrollBox(card.Content))
	s.showCard(card, dialog)
}

// reveal asks for the passphrase, then shows the hidden chats.
func (s *session) reveal() {
	var dialog *widget.Dialog
	card := profiles.NewRevealCard(Sentence, func(passphrase string, done func(error)) {
		s.cross.run(func(ctx context.Context) func() {
			err := s.running.CheckPassphrase(ctx, passphrase)
			return func() {
				done(err)
				if err == nil {
					dialog.Close()
					s.chats.reveal(true)
				}
			}
		})
	}, func() { dialog.Close() })
	dialog = widget.NewDialog(card.Content)
	s.showCard(card, dialog)
}

// hideHidden takes the hidden chats out of sight again.
func (s *session) hideHidden() { s.chats.reveal(false) }

// showKeys shows the sheet of all keys over what is open.
func (s *session) showKeys() {
	if _, open := s.w.win.Canvas().Overlays().Top().(*widget.Dialog); open {
		return
	}
	var dialog *widget.Dialog
	dialog = widget.NewDialog(settings.NewKeyCard(keyGroups(), func() { dialog.Close() }))
	dialog.ShowOn(s.w.win.Canvas(), nil)
}

// showLicence shows one licence to read.
func (s *session) showLicence(l settings.Licence) {
	var dialog *widget.Dialog
	dialog = widget.NewDialog(settings.NewLicenceText(l, func() { dialog.Close() }))
	dialog.ShowOn(s.w.win.Canvas(), nil)
}

// showTour shows the tour over what is open.
func (s *session) showTour() {
	if s.w.session != s {
		return
	}
	tour := start.NewTour()
	view := start.NewTourView(tour)
	dialog := widget.NewDialog(view.Content)
	view.OnResize = dialog.Refresh
	tour.OnOver = dialog.Close
	var first fyne.Focusable = view.Focusable()
	dialog.ShowOn(s.w.win.Canvas(), first)
}
