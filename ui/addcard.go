package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"tacit/app"
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
		view.Say(lang.T("pairing.link_copied", "n", int(clipboardLife.Seconds())))
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

// pictures are the kinds of files that a card is read from.
var pictures = []string{".png", ".jpg", ".jpeg", ".gif", ".PNG", ".JPG", ".JPEG", ".GIF"}

func (c *addCard) chooseFile(chosen func(path string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close() // nothing was read; the model opens it with its limits
		chosen(path)
	}, c.s.w.win)
	d.SetFilter(storage.NewExtensionFileFilter(pictures))
	d.Show()
}

func (c *addCard) saveImage(image []byte, until time.Time) {
	d := dialog.NewFileSave(func(f fyne.URIWriteCloser, err error) {
		if f == nil {
			return
		}
		if err == nil {
			_, err = f.Write(image)
		}
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			c.s.desk.say(lang.T("error.file_unwritable"))
			return
		}
		c.view.Say(lang.T("pairing.image_saved", "time", lang.DateTime(until)))
	}, c.s.w.win)
	d.SetFileName(lang.T("pairing.image_name"))
	d.Show()
}

// dropped takes a file that was dropped onto the window: it can only be a card.
func (s *session) dropped(files []fyne.URI) {
	for _, f := range files {
		if f.Scheme() == "file" {
			s.openCard().add.ReadPicture(f.Path())
			return
		}
	}
}

// pasteCard takes a link that was pasted while the card is open.
func (s *session) pasteCard(text string) {
	if s.card != nil {
		s.card.add.Paste(text)
	}
}
