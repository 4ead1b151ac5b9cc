package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/files"
	"tacit/ui/pairing"
	"tacit/ui/settings"
	"tacit/ui/widget"
)

// delivery is the section about mailboxes.
func (c *settingsScreen) delivery() *settings.DeliveryView {
	s := c.s
	return settings.NewDeliveryView(s.delivery, s.privacy, settings.DeliveryActions{
		Sentence: Sentence,
		Name:     func(id app.ContactID) string { return s.names[id] },
		Add:      s.askMailbox,
		Ask:      c.askLeaving,
	})
}

// watchNodes looks again when the section is shown.
func (c *settingsScreen) watchNodes(on bool) {
	if on {
		c.s.delivery.Load()
	}
}

// askLeaving shows the question whether a mailbox goes; nil takes it away.
func (c *settingsScreen) askLeaving(card fyne.CanvasObject) {
	if c.leaving != nil {
		c.leaving.OnClosed = nil
		c.leaving.Close()
		c.leaving = nil
	}
	if card == nil {
		return
	}
	c.leaving = widget.NewDialog(widget.NewScrollBox(card))
	c.leaving.OnClosed = func() {
		c.leaving = nil
		c.s.delivery.Ask(settings.AskNothing, app.Node{})
	}
	c.leaving.ShowOn(c.s.w.win.Canvas(), nil)
}

// mailboxCard is the open card that adds a mailbox.
type mailboxCard struct {
	add    *settings.AddMailbox
	dialog *widget.Dialog
}

// readAddress finds the text of the QR code in a picture file.
func readAddress(ctx context.Context, path string) (string, error) {
	text, err := pairing.ReadPictureFile(ctx, path)
	if errors.Is(err, pairing.ErrNoCode) {
		err = settings.ErrNoAddressInPicture
	}
	return text, err
}

// askMailbox asks for the address of a mailbox.
func (s *session) askMailbox() {
	if s.mailbox != nil {
		return
	}
	add := settings.NewAddMailbox(s.m, s.cross.run, readAddress, pairing.NamedFile)
	c := &mailboxCard{add: add}
	view := settings.NewAddMailboxView(add, settings.AddMailboxActions{
		Sentence:   Sentence,
		Clipboard:  s.w.fyne.Clipboard().Content,
		ChooseFile: func(chosen func(string)) { s.w.openFiles(files.NewOpen(files.Pictures(), s.cross.run), chosen) },
		Close:      func() { c.dialog.Close() },
	})
	c.dialog = widget.NewDialog(view.Content)
	view.OnResize = c.dialog.Refresh
	add.OnAdded = func(n app.Node) {
		c.dialog.Close()
		s.delivery.Handle(app.NodeChanged{Node: n})
		s.delivery.Try(n.ID)
	}
	c.dialog.OnClosed = func() {
		add.Close()
		s.mailbox = nil
	}
	s.mailbox = c
	c.dialog.ShowOn(s.w.win.Canvas(), view.Focusable())
}
