package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keys sets the shortcuts of the window. A focused editor passes on those that it does
// not know.
func (w *Window) keys() {
	c := w.win.Canvas()
	add := func(key fyne.KeyName, f func(*session)) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
			if w.session != nil {
				f(w.session)
			}
		})
	}
	add(fyne.KeyN, func(s *session) { s.openCard() })
	add(fyne.KeyL, func(s *session) { w.lock(nil) })
	add(fyne.KeyF, func(s *session) { s.focusSearch() })
	add(fyne.KeyI, func(s *session) { s.toggleDetails() })
	add(fyne.KeyComma, func(s *session) { s.openSettings() })
	add(fyne.KeyQ, func(*session) { w.quit() })
	c.AddShortcut(&fyne.ShortcutPaste{}, func(fyne.Shortcut) {
		if w.session != nil {
			w.session.pasteCard(w.fyne.Clipboard().Content())
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if k, ok := c.Overlays().Top().(interface{ TypedKey(*fyne.KeyEvent) }); ok {
			k.TypedKey(e)
			return
		}
		if e.Name == fyne.KeyEscape && w.session != nil {
			w.session.back()
		}
	})
}
