//go:build !linux

package desktop

import (
	"bytes"
	"image/png"
	"sync"

	"fyne.io/fyne/v2"
	toolkit "fyne.io/fyne/v2/driver/desktop"
)

// Session is the desktop as the toolkit offers it. Its notes can be neither taken away nor
// clicked, so that none ever says more than that there is something new.
type Session struct {
	ears  Ears
	once  sync.Once      // of the offers
	shown map[int64]bool // by Notify, and not withdrawn; belongs to the toolkit's thread
}

// Start begins to listen to the desktop, with what the tray shows at first. It is called on
// the toolkit's thread, like the methods.
func Start(e Ears, t Tray) *Session {
	s := &Session{ears: e, shown: map[int64]bool{}}
	s.SetTray(t)
	return s
}

// Close is for symmetry: what the toolkit shows ends with the program.
func (s *Session) Close() {}

// Notify shows a note, once until it is withdrawn: each would be another one.
func (s *Session) Notify(n Note) {
	if s.shown[n.Key] {
		return
	}
	s.shown[n.Key] = true
	fyne.CurrentApp().SendNotification(fyne.NewNotification(programName, n.Blank))
}

// Withdraw lets the next one be shown; the toolkit cannot take one away.
func (s *Session) Withdraw(key int64) { delete(s.shown, key) }

// SetTray changes what the tray shows.
func (s *Session) SetTray(t Tray) {
	app, ok := fyne.CurrentApp().(toolkit.App)
	s.once.Do(func() { go s.ears.Changed(Offers{Notes: true, Tray: ok}) })
	if !ok {
		return
	}
	var b bytes.Buffer
	if png.Encode(&b, Icon(64, t.Unread)) == nil {
		app.SetSystemTrayIcon(fyne.NewStaticResource("tray.png", b.Bytes()))
	}
	app.SetSystemTrayMenu(s.menu(t))
}

func (s *Session) menu(t Tray) *fyne.Menu {
	menu := fyne.NewMenu(programName)
	for _, i := range t.Items {
		if i.Name == "" {
			menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
			continue
		}
		item := fyne.NewMenuItem(i.Label, func() { s.ears.Chosen(i.Name) })
		item.Disabled = i.Off
		item.IsQuit = i.Name == Quit // or the toolkit adds a line of its own
		menu.Items = append(menu.Items, item)
	}
	return menu
}
