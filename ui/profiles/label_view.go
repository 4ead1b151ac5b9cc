package profiles

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// NewLabelPart returns the field with the label, for the settings. It takes over
// l.OnChange. word is what the profile is called without one; onResize is told when the
// part has another height.
func NewLabelPart(l *Label, word string, sentence func(error) string, onResize func()) *layout.Column {
	field := widget.NewField(lang.T("profile.label"), lang.T("profile.label_hint", "word", word))
	field.OnChanged = l.Edit
	field.OnSubmit = func(string) { l.Save() }
	save := widget.NewButton(widget.ButtonText, lang.T("profile.save"), l.Save)
	c := layout.NewColumn(1).Add(0, field).AddStart(theme.Space4, save)
	l.OnChange = func() {
		if field.Text() != l.Text() {
			field.SetText(l.Text())
		}
		field.SetError(sentence(l.Err))
		visible(save, l.Changed())
		c.Refresh()
		onResize()
	}
	l.OnChange()
	return c
}

func visible(o fyne.CanvasObject, on bool) {
	if o.Visible() == on {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
