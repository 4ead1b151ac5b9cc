package ui

import (
	"tacit/ui/settings"
	"tacit/ui/widget"
)

// openSettings shows the card with the name and the look of the window.
func (s *session) openSettings() {
	if s.settings != nil {
		return
	}
	var dialog *widget.Dialog
	name := settings.NewName(s.profile.Name, s.m.Rename, s.cross.run)
	view := settings.NewView(name, s.look, Sentence, func() { dialog.Close() })
	dialog = widget.NewDialog(view.Content)
	dialog.OnClosed = func() { s.settings = nil }
	view.OnResize = dialog.Refresh
	s.settings = view
	dialog.ShowOn(s.w.win.Canvas(), nil)
}
