package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/ui/lang"
	"tacit/ui/profiles"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// entry is what is known of a profile that may be locked.
func (w *Window) entry(number int) profiles.Entry {
	for _, e := range w.profiles.List() {
		if e.Number == number {
			return e
		}
	}
	return profiles.Entry{Number: number}
}

// unlockTitle is the app's name while there is one profile without a label.
func (w *Window) unlockTitle(number int) string {
	e := w.entry(number)
	if e.Label == "" && len(w.profiles.List()) < 2 {
		return lang.T("app.name")
	}
	return e.Word()
}

// besideRail puts the rail of the profiles at the start of a screen, once there are two.
func (w *Window) besideRail(screen fyne.CanvasObject) fyne.CanvasObject {
	all := w.profiles.List()
	if len(all) < 2 {
		w.rail = nil
		return screen
	}
	chosen := -1
	items := make([]widget.RailItem, len(all))
	for i, e := range all {
		items[i] = railItem(e)
		if e.Number == w.current {
			chosen = i
		}
	}
	w.rail = widget.NewRail(func(i int) { w.switchTo(all[i].Number) }, chosen, items...)
	return container.New(railed{}, w.rail, screen)
}

func railItem(e profiles.Entry) widget.RailItem {
	return widget.RailItem{Sign: e.Sign(), Word: e.Word()}
}

// renamed shows the labels of now on the rail.
func (w *Window) renamed() {
	if w.rail == nil {
		return
	}
	for i, e := range w.profiles.List() {
		w.rail.Rename(i, railItem(e))
	}
}

// railed lays a rail beside a screen.
type railed struct{}

func (railed) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[1].MinSize().AddWidthHeight(theme.RailWidth, 0)
}

func (railed) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.NewPos(theme.Start(0, theme.RailWidth, s.Width), 0))
	o[0].Resize(fyne.NewSize(theme.RailWidth, s.Height))
	w := max(1, s.Width-theme.RailWidth)
	o[1].Move(fyne.NewPos(theme.Start(theme.RailWidth, w, s.Width), 0))
	o[1].Resize(fyne.NewSize(w, s.Height))
}

// switchTo locks the profile that is open and asks for the passphrase of another. Two are
// never open at once, so that nothing on the network can link them.
func (w *Window) switchTo(number int) {
	if number == w.current || w.busy {
		return
	}
	if w.session != nil {
		w.leave()
	}
	w.current = number
	w.showUnlock(nil)
}

// add locks the profile that is open and asks for what a new one needs.
func (w *Window) add() {
	number, ok := w.profiles.Next()
	if !ok || w.busy {
		return
	}
	if w.session != nil {
		w.leave()
	}
	w.showFirst(number)
}

// remove closes the open profile and erases it.
func (w *Window) remove(passphrase string) {
	if w.session == nil {
		return
	}
	number := w.current
	w.leave()
	busy := widget.NewEmptyState(theme.IconSeal, "", lang.T("profile.removing"), nil)
	w.show(busy, func(fyne.Canvas) {})
	w.alone(func(ctx context.Context) func() {
		err := w.profiles.Remove(ctx, number, passphrase)
		return func() {
			if err != nil {
				w.showUnlock(err)
				return
			}
			w.begin()
		}
	})
}
