package ui

import (
	"context"

	"tacit/app"
	"tacit/ui/desktop"
	"tacit/ui/lang"
)

// meetDesktop begins to listen to the desktop. What it tells comes to Fyne's thread, and
// nothing of it once the window has ended.
func (w *Window) meetDesktop() {
	if w.options.Desktop == nil {
		w.offered(desktop.Offers{})
		return
	}
	post := func(f func()) {
		if w.cross.ctx.Err() != nil {
			return
		}
		w.post(func() {
			if w.cross.ctx.Err() == nil {
				f()
			}
		})
	}
	w.desktop = w.options.Desktop(desktop.Ears{
		Clicked: func(key int64) { post(func() { w.clicked(app.ContactID(key)) }) },
		Closed:  func(key int64) { post(func() { w.closedNote(app.ContactID(key)) }) },
		Chosen:  func(name string) { post(func() { w.chosen(name) }) },
		Changed: func(o desktop.Offers) { post(func() { w.offered(o) }) },
	}, w.tray())
}

// tray is what the tray shows now.
func (w *Window) tray() desktop.Tray {
	unread := w.session != nil && w.session.chats.model.Unread() > 0
	t := desktop.Tray{
		Word: w.title(), Unread: unread, Mirrors: lang.RTL(),
		Items: []desktop.Item{
			{Name: desktop.Open, Label: lang.T("tray.open")},
			{Name: desktop.Lock, Label: lang.T("tray.lock"), Off: w.session == nil},
			{},
			{Name: desktop.Quit, Label: lang.T("tray.quit")},
		},
	}
	if unread {
		t.Word = lang.T("tray.unread")
	}
	return t
}

func (w *Window) showTray() { w.desktop.SetTray(w.tray()) }

// chosen takes what was chosen in the tray.
func (w *Window) chosen(name string) {
	switch name {
	case desktop.Lock:
		w.lock(nil)
	case desktop.Quit:
		w.quit()
	default:
		w.bring()
	}
}

// clicked takes a click on a note.
func (w *Window) clicked(id app.ContactID) {
	w.bring()
	if w.session != nil {
		w.session.clicked(id)
	}
}

func (w *Window) closedNote(id app.ContactID) {
	if w.session != nil {
		w.session.closedNote(id)
	}
}

// offered follows what the desktop offers. A window that is put away in a tray comes back
// when the tray goes, or nobody could reach it.
func (w *Window) offered(o desktop.Offers) {
	w.offers = o
	if w.session != nil && w.session.settings != nil {
		w.session.settings.offered(o)
	}
	switch {
	case w.away && !o.Tray:
		w.iconify()
	case w.unseen && o.Tray && !w.away: // the tray came after this program, as the session began
		w.away = true
		w.win.Hide()
	}
}

// closeAsked is the cross of the window: it puts the window into the tray where the person
// chose so, else it ends the program.
func (w *Window) closeAsked() {
	if !w.keep || !w.offers.Tray {
		w.quit()
		return
	}
	w.away = true
	w.win.Hide()
	w.watch(false)
	if w.session != nil {
		w.session.putAway()
	}
}

// bring puts the window before the person, wherever it is.
func (w *Window) bring() {
	if w.quitting {
		return
	}
	w.appear()
	if w.system != nil {
		w.system.Raise()
	}
	w.win.RequestFocus()
	if w.win.Canvas().Focused() == nil {
		w.focus()
	}
}

// iconify shows the window where the system keeps windows that are put away.
func (w *Window) iconify() {
	unseen := w.unseen
	w.appear()
	w.unseen = unseen
	if w.system != nil {
		w.system.Iconify()
	}
}

// appear has the window exist and be shown.
func (w *Window) appear() {
	w.away, w.unseen = false, false
	w.win.Show()
	w.attach()
}

// attach finds the window of the system, which exists once it was shown.
func (w *Window) attach() {
	if w.system != nil || w.options.System == nil {
		return
	}
	if w.system = w.options.System(w.win); w.system != nil {
		w.system.OnInput(func() {
			w.unseen = false
			w.seen()
		})
	}
}

// Come brings the window forward and returns when it is there or ctx ends. It may be
// called on any goroutine, also before Run.
func (w *Window) Come(ctx context.Context) {
	there := make(chan struct{})
	w.post(func() {
		w.bring()
		close(there)
	})
	select {
	case <-there:
	case <-ctx.Done():
	}
}
