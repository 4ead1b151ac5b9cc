package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/app"
	"tacit/ui/desktop"
	"tacit/ui/lang"
	"tacit/ui/pairing"
	"tacit/ui/settings"
	"tacit/ui/start"
	"tacit/ui/theme"
	"tacit/ui/voice"
	"tacit/ui/widget"
)

// Options change how a window begins. The zero Options are good.
type Options struct {
	Title      string                   // of the window; empty: the app's name
	Size       fyne.Size                // zero: what was remembered, or the default
	Name       string                   // with Passphrase, and no profile: it is made without a question
	Passphrase string                   // with a profile: it is opened without a question
	Started    func()                   // called when the first screen has been drawn
	System     func(fyne.Window) System // nil: the window neither hides nor knows when it is unused
	Locale     string                   // of the system: its language is spoken unless the person chose one
	Build      settings.Build           // what the program was built from
	Minimised  bool                     // it begins in the tray, or iconified where there is none
	Starter    settings.Starter         // nil: the system starts no programs for the person
	Motion     Motion                   // nil: the desktop says nothing about movement
	Speech     Speech                   // nil: no language was chosen, and a choice lasts until the program ends
	Sound      voice.Devices            // nil: nothing is recorded or played
	Cameras    pairing.Cameras          // nil: none is used

	// Desktop begins to listen to the desktop; nil: it offers nothing.
	Desktop func(desktop.Ears, desktop.Tray) Desktop
}

// Window is the one window of the program.
//
//	no profile: first start --made--.
//	a profile:  unlock ---opened----+--> main
//	               ^------ lock -------'
type Window struct {
	fyne     fyne.App
	win      fyne.Window
	profiles Profiles
	options  Options
	post     func(func())  // to Fyne's thread
	cross    *crossing     // of the screens before a profile is open
	session  *session      // the open profile, or nil
	current  int           // number of the profile that is open or about to be
	closing  chan struct{} // closed when the session before has closed its profile
	busy     bool          // a profile is being made, opened or removed: no other is meanwhile
	toast    *widget.Toast
	hints    *widget.Hints
	rail     *widget.Rail // of the profiles; nil while there is one
	clip     clipboard
	idle     *idle
	system   System                                // nil before the window is shown, or for good
	first    func(fyne.Canvas)                     // gives the keyboard to what is first on the screen
	top      interface{ TypedKey(*fyne.KeyEvent) } // what takes keys before the panes, or nil
	started  bool                                  // the window is shown
	quitting bool
	desktop  Desktop
	offers   desktop.Offers
	front    bool     // the window has the focus
	away     bool     // it is hidden, and the tray brings it back
	unseen   bool     // it began minimised, and nobody asked for it yet
	keep     bool     // closing it puts it into the tray
	still    bool     // the desktop asks for less movement
	between  *Running // an open profile whose screens are being made anew, or nil
}

// New returns a window that shows nothing yet.
func New(a fyne.App, p Profiles, o Options) *Window {
	if o.Speech == nil {
		o.Speech = &briefly{}
	}
	speak(o.Speech.Language(), o.Locale)
	w := &Window{fyne: a, profiles: p, options: o, post: toFyne, cross: newCrossing(toFyne), closing: make(chan struct{}), idle: newIdle()}
	close(w.closing)
	w.clip = clipboard{of: a.Clipboard(), after: w.cross.after}
	theme.Install(a)
	w.win = a.NewWindow(w.title())
	w.win.SetPadded(false)
	w.win.SetMaster()
	size := o.Size
	if size.IsZero() {
		size = fyne.NewSize(theme.WindowWidth, theme.WindowHeight)
	}
	w.win.Resize(size)
	w.win.SetIcon(theme.Icon(theme.IconSeal, theme.Current().Accent))
	w.win.SetCloseIntercept(w.closeAsked)
	w.desktop = nowhere{}
	w.front = !o.Minimised
	w.away, w.unseen, w.keep = o.Minimised, o.Minimised, o.Minimised
	w.keys()
	w.win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) {
		if w.session != nil {
			w.session.dropped(files)
		}
	})
	return w
}

// Run shows the window until it is closed.
func (w *Window) Run() {
	w.fyne.Lifecycle().SetOnStarted(func() {
		w.started = true
		if !w.away {
			w.attach()
		}
		w.meetDesktop()
		w.focus()
		if w.options.Started != nil {
			w.options.Started()
		}
	})
	w.fyne.Lifecycle().SetOnEnteredForeground(func() { w.watch(true) })
	w.fyne.Lifecycle().SetOnExitedForeground(func() { w.watch(false) })
	w.begin()
	w.followMotion()
	if !w.away {
		w.win.Show()
	}
	w.fyne.Run()
	// The system may end the program without closing the window. The toolkit is gone then,
	// and what was lent to the clipboard with it, where programs serve it themselves.
	if w.session != nil {
		w.leave()
	}
	<-w.closing
	w.cross.end()
	w.cross.wait()
	w.desktop.Close()
	if w.between != nil {
		_ = w.between.Close() // told to the log by who opened it
	}
}

// title is the name of the window.
func (w *Window) title() string {
	if w.options.Title != "" {
		return w.options.Title
	}
	return lang.T("app.name")
}

// begin shows the first screen.
func (w *Window) begin() {
	if all := w.profiles.List(); len(all) > 0 {
		w.current = all[0].Number
		w.showUnlock(nil)
		return
	}
	number, _ := w.profiles.Next()
	w.showFirst(number)
}

// show puts a screen under the layers for words and toasts, and gives the keyboard to
// what is first on it. It cannot be smaller than the least window.
func (w *Window) show(screen fyne.CanvasObject, first func(fyne.Canvas)) {
	w.win.Canvas().Unfocus() // or the caret of the screen before would blink on, unseen
	if w.hints != nil {
		w.hints.Close()
	}
	ground := widget.NewGround(fyne.NewSize(theme.WindowMinWidth, theme.WindowMinHeight))
	w.hints = widget.NewHints()
	w.toast = widget.NewToast(theme.Space16 + theme.SendButtonSize + theme.Space16)
	w.win.SetContent(w.hints.Over(container.NewStack(ground, w.besideRail(screen), w.toast)))
	w.first, w.top = first, nil
	w.focus()
}

// focus gives the keyboard to what is first on the screen; before the window is shown the
// toolkit knows of nothing on it.
func (w *Window) focus() {
	if w.started {
		w.first(w.win.Canvas())
	}
}

// showFirst asks for what a new profile needs. Where there are others, there is a way back.
func (w *Window) showFirst(number int) {
	var made Running
	model := start.NewFirst(w.alone, func(ctx context.Context, name, passphrase string) (err error) {
		made, err = w.profiles.Create(ctx, number, name, passphrase)
		return err
	})
	model.OnDone = func() {
		w.current = number
		w.enter(made)
	}
	w.showForm(model)
	if w.options.Name != "" && w.options.Passphrase != "" {
		model.SetName(w.options.Name)
		model.Prefill(w.options.Passphrase)
		model.Submit()
		if model.Asking {
			model.Submit()
		}
		w.options.Passphrase = ""
	}
}

// showForm shows what a new profile needs, in the language in force.
func (w *Window) showForm(model *start.First) {
	view := start.NewFirstView(model, Sentence, w.lent)
	if len(w.profiles.List()) > 0 {
		w.current = 0 // none of those on the rail
		view.ShowBack(w.begin)
	}
	view.ShowLanguages(func(tag string) { w.choose(tag, func() { w.showForm(model) }) })
	w.show(view.Page, view.FocusOn)
}

// showUnlock asks for the passphrase of the current profile. why says why it was closed,
// or is nil.
func (w *Window) showUnlock(why error) {
	var opened Running
	number := w.current
	model := start.NewUnlock(w.alone, func(ctx context.Context, passphrase string) (err error) {
		opened, err = w.profiles.Open(ctx, number, passphrase)
		return err
	})
	model.OnDone = func() {
		w.current = number
		w.enter(opened)
	}
	model.Err = why
	w.showLocked(model, number)
	if w.options.Passphrase != "" {
		model.SetPassphrase(w.options.Passphrase)
		model.Submit()
		w.options.Passphrase = "" // once: after a lock it is asked for
	}
}

// showLocked shows the form that opens a profile, in the language in force.
func (w *Window) showLocked(model *start.Unlock, number int) {
	view := start.NewUnlockView(model, w.unlockTitle(number), Sentence)
	if next, ok := w.profiles.Next(); ok {
		view.ShowAdd(func() { w.showFirst(next) })
	}
	view.ShowLanguages(func(tag string) { w.choose(tag, func() { w.showLocked(model, number) }) })
	w.show(view.Page, view.FocusOn)
}

// alone runs what opens or changes a profile, after the one before has closed. Until it is
// done nothing else of the kind begins, so that two are never open at once.
func (w *Window) alone(work func(context.Context) (done func())) {
	w.busy = true
	closing := w.closing
	w.cross.run(func(ctx context.Context) func() {
		<-closing
		done := work(ctx)
		return func() {
			w.busy = false
			done()
		}
	})
}

// enter shows what is in an open profile.
func (w *Window) enter(r Running) {
	if w.quitting {
		go func() { _ = r.Close() }()
		return
	}
	w.session = newSession(w, r)
	w.seen()
	w.show(w.session.root, func(fyne.Canvas) {}) // no row is framed before a key asks for one
	w.session.begin()
	w.showTray()
}

// lock closes the profile and asks for the passphrase again.
func (w *Window) lock(why error) {
	if w.session == nil {
		return
	}
	w.leave()
	w.showUnlock(why)
}

// hide locks in a hurry: nothing of the profile stays in sight or in the clipboard.
func (w *Window) hide() {
	w.fyne.Clipboard().SetContent("")
	w.clip.reclaim()
	w.lock(nil)
	if w.system != nil {
		w.system.Iconify()
	}
}

// leave closes the open profile in the background; closing tells when it is closed.
func (w *Window) leave() {
	w.clearOverlays()
	s := w.session
	w.session = nil
	w.showTray()
	closed := make(chan struct{})
	w.closing = closed
	finish := s.close()
	go func() {
		finish()
		close(closed)
	}()
}

// clearOverlays takes away what lies over the screen.
func (w *Window) clearOverlays() {
	for top := w.win.Canvas().Overlays().Top(); top != nil; top = w.win.Canvas().Overlays().Top() {
		w.win.Canvas().Overlays().Remove(top)
	}
}

// quit closes the profile, then the program. The window is hidden at once.
func (w *Window) quit() {
	if w.quitting {
		return
	}
	w.quitting = true
	w.clip.reclaim()
	w.win.Hide()
	if w.session != nil {
		w.leave()
	}
	closing, cross := w.closing, w.cross
	go func() {
		<-closing
		cross.post(w.fyne.Quit)
	}()
}

// watch tells the session whether the window has the focus.
func (w *Window) watch(on bool) {
	w.seen()
	w.front = on
	if w.session != nil {
		w.session.watch(on)
	}
}

// seen notes that somebody is there.
func (w *Window) seen() {
	if w.idle.seen() && w.session != nil {
		w.session.active(true)
	}
}

// lent puts a secret that was copied under the clock of the clipboard.
func (w *Window) lent(text string) { w.clip.lend(text, clipboardLife) }

// ended is called when the messenger has stopped by itself.
func (w *Window) ended(s *session) {
	if w.session == s {
		w.lock(app.ErrClosed)
	}
}
