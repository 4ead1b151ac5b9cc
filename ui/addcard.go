package ui

import (
	"context"
	"os"
	"time"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/files"
	"tacit/ui/lang"
	"tacit/ui/pairing"
	"tacit/ui/widget"
)

// clipboardLife is how long a copied link stays in the clipboard.
const clipboardLife = 60 * time.Second

// addCard is the open card "Add a contact".
type addCard struct {
	s      *session
	add    *pairing.Add
	view   *pairing.View
	dialog *widget.Dialog
	stop   func() // of the countdown
}

// openCard opens the card, if it is not open.
func (s *session) openCard() *addCard {
	if s.card != nil {
		return s.card
	}
	c := &addCard{s: s, add: pairing.NewAdd(s.m, s.cross.run, time.Now)}
	s.card = c
	c.add.UseCameras(s.w.options.Cameras, s.cross.post)
	view := pairing.NewView(c.add, pairing.Actions{
		Sentence:   Sentence,
		Clipboard:  s.w.fyne.Clipboard().Content,
		ChooseFile: c.chooseFile,
		Chat:       c.chat,
		Close:      func() { c.dialog.Close() },
		Focus:      func(f fyne.Focusable) { s.w.win.Canvas().Focus(f) },
	})
	c.view = view
	c.dialog = widget.NewDialog(view.Content)
	c.dialog.OnClosed = c.close
	view.OnResize = c.dialog.Refresh
	c.add.OnLink = func(card string, _ time.Time) {
		s.w.clip.lend(card, clipboardLife)
		view.Say(lang.T("pairing.link_copied", "n", int(clipboardLife.Seconds())), true)
	}
	c.add.OnImage = c.saveImage
	c.dialog.ShowOn(s.w.win.Canvas(), nil)
	view.Focus()
	c.stop = s.cross.every(time.Second, c.add.Tick)
	c.add.Start()
	return c
}

// close is called when the dialog is gone.
func (c *addCard) close() {
	if c.s.card != c {
		return
	}
	c.s.card = nil
	c.stop()
	c.add.Close()
}

func (c *addCard) chat(id app.ContactID) {
	c.dialog.Close()
	c.s.open(id)
}

func (c *addCard) chooseFile(chosen func(path string)) {
	c.s.w.openFiles(files.NewOpen(files.Pictures(), c.s.cross.run), chosen)
}

// saveImage asks for a place and writes the picture there. The file is readable by its
// owner only: who has it can try to pair.
func (c *addCard) saveImage(image []byte, until time.Time) {
	c.s.w.openFiles(files.NewSave(files.Pictures(), lang.T("pairing.image_name"), c.s.cross.run), func(path string) {
		c.s.cross.run(func(context.Context) func() {
			err := os.WriteFile(path, image, 0o600)
			return func() {
				said := lang.T("pairing.image_saved", "time", lang.DateTime(until))
				if err != nil {
					said = lang.T("error.file_unwritable")
				}
				c.view.Say(said, err == nil)
			}
		})
	})
}

// chooseAny asks for a file to send.
func (s *session) chooseAny(chosen func(paths []string)) {
	s.w.openFiles(files.NewOpenAny(files.Documents(), s.cross.run), func(path string) { chosen([]string{path}) })
}

// choosePlace asks where a file is to be saved.
func (s *session) choosePlace(name string, chosen func(path string)) {
	s.w.openFiles(files.NewSave(files.Downloads(), name, s.cross.run), chosen)
}

// openFiles shows a chooser over what is open.
func (w *Window) openFiles(c *files.Chooser, chosen func(path string)) {
	var dialog *widget.Dialog
	view := files.NewView(c, func() { dialog.Close() })
	dialog = widget.NewDialog(view.Content)
	view.OnResize = dialog.Refresh
	c.OnChosen = func(path string) {
		dialog.Close()
		chosen(path)
	}
	dialog.ShowOn(w.win.Canvas(), nil)
	view.Focus(w.win.Canvas())
	c.Start()
}

// dropped takes files that were dropped onto the window: the picture of an address where
// one is asked for, files of a chat where one is open, and else a picture of a card.
func (s *session) dropped(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	switch {
	case len(paths) == 0:
	case s.mailbox != nil:
		s.mailbox.add.ReadPicture(paths[0])
	case s.card == nil && s.free() && s.chats.drop(paths):
	default:
		s.openCard().add.ReadPicture(paths[0])
	}
}

// paste takes what was pasted while nothing that takes text had the keyboard: the link of
// a card, or an address, while it is asked for, and else a picture for the chat.
func (s *session) paste() {
	switch {
	case s.card != nil:
		s.card.add.Paste(s.w.fyne.Clipboard().Content())
		return
	case s.mailbox != nil:
		s.mailbox.add.Paste(s.w.fyne.Clipboard().Content())
		return
	}
	if p, ok := any(s.chats.view).(interface{ Paste() bool }); ok && s.free() && s.chats.view != nil {
		p.Paste()
	}
}
