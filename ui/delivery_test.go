package ui

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"rsc.io/qr"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/settings"
	"tacit/ui/widget"
)

// sectionDelivery is its place in the list of the settings.
const sectionDelivery = 5

// pictureOf writes a QR code of a text as a picture.
func pictureOf(t *testing.T, text string) string {
	t.Helper()
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "address.png")
	if err := os.WriteFile(path, code.PNG(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAMailboxIsAddedByItsPicture(t *testing.T) {
	s, m := open(t)
	s.openSettings(0)
	s.openSettings(sectionDelivery)
	s.askMailbox()
	s.dropped([]fyne.URI{storage.NewFileURI(pictureOf(t, "TACITNODE1:ABC234"))})
	until(t, m, "test of the new mailbox", func() bool { return len(s.delivery.Test(1).Checks) == 2 })
	if s.mailbox != nil || len(s.delivery.Nodes) != 1 {
		t.Errorf("card open %t, mailboxes %+v", s.mailbox != nil, s.delivery.Nodes)
	}
}

func TestAPictureWithoutAnAddress(t *testing.T) {
	s, m := open(t)
	s.askMailbox()
	path := filepath.Join(t.TempDir(), "tree.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, 300, 300))
	img.SetGray(3, 3, color.Gray{200})
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
	s.dropped([]fyne.URI{storage.NewFileURI(path)})
	until(t, m, "answer about the picture", func() bool { return s.mailbox.add.Err != nil })
	if got := Sentence(s.mailbox.add.Err); got != lang.T("error.no_node_qr") {
		t.Errorf("it reads %q", got)
	}
	s.mailbox.add.Paste("TACIT1:ABC234")
	until(t, m, "answer about the card", func() bool { return errors.Is(s.mailbox.add.Err, settings.ErrCardNotNode) })
	if s.w.win.Canvas().Overlays().Top() == nil {
		t.Error("the card went though nothing was added")
	}
}

func TestAMailboxGoesAfterAQuestion(t *testing.T) {
	s, m := open(t)
	m.nodes = []app.Node{{ID: 1, Host: "node.example:4001", State: app.NodeGood, Default: true}}
	s.openSettings(0)
	s.openSettings(sectionDelivery)
	until(t, m, "mailboxes", func() bool { return s.delivery.Ready })
	s.delivery.Ask(settings.AskRemove, s.delivery.Nodes[0])
	dialog, ok := s.w.win.Canvas().Overlays().Top().(*widget.Dialog)
	if !ok {
		t.Fatal("nothing is asked")
	}
	dialog.Close()
	if s.delivery.Question != settings.AskNothing || s.settings.leaving != nil {
		t.Fatal("the question stays though its card is gone")
	}
	s.delivery.Ask(settings.AskRemove, s.delivery.Nodes[0])
	s.delivery.Confirm()
	until(t, m, "removal", func() bool { return m.removed() == 1 && s.delivery.Question == settings.AskNothing })
	if s.w.win.Canvas().Overlays().Top() != nil {
		t.Error("the question stays though it was answered")
	}
	s.delivery.Ask(settings.AskRemove, s.delivery.Nodes[0])
	s.closeSettings()
	if s.w.win.Canvas().Overlays().Top() != nil {
		t.Error("the question outlives the settings")
	}
}

// A window that is as narrow as it may be, with the largest text and the longest host, shows
// every word of the section within its width.
func TestDeliveryFitsTheNarrowestWindow(t *testing.T) {
	s, m := open(t)
	m.nodes = []app.Node{{ID: 1, Host: "mailbox-of-the-family.example.org:40001", State: app.NodeFalse, OfferedBy: 7, Quota: 1 << 26, Refused: 3}}
	withClaire(s)
	s.look.Size = 200
	s.applyLook()
	t.Cleanup(func() { s.look.Size = 100; s.applyLook() })
	s.w.win.Resize(fyne.NewSize(380, 520))
	s.openSettings(0)
	s.settings.screen.Open(sectionDelivery)
	until(t, m, "mailboxes", func() bool { return s.delivery.Ready })
	for _, f := range controls(s.settings.screen) {
		o := f.(fyne.CanvasObject)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		if at.X < 0 || at.X+o.Size().Width > 380 {
			t.Errorf("%T %s stands from %v to %v", f, words(f), at.X, at.X+o.Size().Width)
		}
	}
}
