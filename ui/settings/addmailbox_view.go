package settings

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// AddMailboxActions are what the card asks of the window.
type AddMailboxActions struct {
	Sentence   func(error) string
	Clipboard  func() string                  // what is to be pasted
	ChooseFile func(chosen func(path string)) // asks for a picture
	Close      func()
}

// AddMailboxView is the card that adds a node.
type AddMailboxView struct {
	Content  fyne.CanvasObject
	OnResize func() // the content has another height

	a      *AddMailbox
	act    AddMailboxActions
	column *layout.Column
	zone   *widget.DropZone
	field  *widget.Field
	add    *widget.Button
}

// NewAddMailboxView returns the card of a. It takes over a.OnChange.
func NewAddMailboxView(a *AddMailbox, act AddMailboxActions) *AddMailboxView {
	v := &AddMailboxView{OnResize: func() {}, a: a, act: act}
	title := widget.NewLabel(lang.T("delivery.add_title"), &theme.Title, widget.InkMain)
	title.SetAlign(text.AlignStart)
	closer := widget.NewIconButton(theme.IconClose, lang.T("word.close"), act.Close)
	v.zone = widget.NewDropZone(theme.IconImage, lang.T("delivery.drop"))
	choose := widget.NewButton(widget.ButtonSecondary, lang.T("pairing.choose"), func() { act.ChooseFile(a.ReadPicture) })
	paste := widget.NewButton(widget.ButtonSecondary, lang.T("pairing.paste"), func() { a.Paste(act.Clipboard()) })
	v.field = widget.NewField(lang.T("delivery.address"), "")
	v.field.SetPlaceholder("TACITNODE1:")
	v.field.OnChanged = a.Edit
	v.field.OnSubmit = func(string) { a.Add() }
	v.add = widget.NewButton(widget.ButtonPrimary, lang.T("delivery.add_go"), a.Add)
	v.column = layout.NewColumn(theme.CardMin-2*theme.CardPadding).
		Add(0, layout.NewRow().AddGrow(0, title).Add(theme.Space8, closer).Outset(theme.Space4)).
		Add(theme.Space8, why(lang.T("delivery.add_text"))).
		Add(theme.Space16, v.zone).
		Add(theme.Space16, layout.NewRow().AddGrow(0, choose).AddGrow(theme.Space16, paste)).
		Add(theme.Space20, v.field).
		Add(theme.Space4, v.add)
	v.Content = widget.NewScrollBox(v.column)
	a.OnChange = v.Update
	v.Update()
	return v
}

// Focusable returns what takes the keyboard first.
func (v *AddMailboxView) Focusable() fyne.Focusable { return v.field.Focusable() }

// Update brings what is seen in line with the model.
func (v *AddMailboxView) Update() {
	if v.field.Text() != v.a.Text() {
		v.field.SetText(v.a.Text())
	}
	v.field.SetError(v.act.Sentence(v.a.Err))
	v.zone.SetText(lang.T("delivery.drop"))
	if v.a.Reading {
		v.zone.SetText(lang.T("pairing.reading"))
	}
	enable(v.add, v.a.May())
	v.column.Refresh()
	v.OnResize()
}
