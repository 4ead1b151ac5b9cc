package widget

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// TappedSecondary opens the menu: that of OnMenu, or the editor's own.
func (e *editable) TappedSecondary(ev *fyne.PointEvent) {
	if e.OnMenu != nil {
		e.OnMenu(ev.AbsolutePosition)
		return
	}
	if c := canvasOf(e.self); c != nil {
		ShowMenu(c, ev.AbsolutePosition, e.menuItems()...)
	}
}

func (e *editable) menuItems() []MenuItem {
	none := e.SelectedText() == ""
	return []MenuItem{
		{Label: lang.T("menu.cut"), Disabled: none || e.disabled, Action: e.Cut},
		{Label: lang.T("menu.copy"), Icon: theme.IconCopy, Disabled: none, Action: e.Copy},
		{Label: lang.T("menu.paste"), Disabled: e.disabled, Action: e.Paste},
		{Label: lang.T("menu.select_all"), Disabled: len(e.runes) == 0, Action: e.SelectAll},
	}
}
