package files

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// listHeight is the room for the rows of a folder.
const listHeight float32 = 240

// View shows a Chooser as a card.
type View struct {
	Content  fyne.CanvasObject
	OnResize func() // the content has another height

	c      *Chooser
	path   *widget.Field
	rows   *layout.Column
	scroll *widget.ScrollBox
	column *layout.Column
	dir    string
	count  int
}

// NewView returns the card of c. It takes over c.OnChange.
func NewView(c *Chooser, onCancel func()) *View {
	v := &View{OnResize: func() {}, c: c, rows: layout.NewColumn(1)}
	word, titleWord := lang.T("files.open"), lang.T("files.open_title")
	switch {
	case c.Any:
		titleWord = lang.T("files.any_title")
	case c.Saving:
		word, titleWord = lang.T("files.save"), lang.T("files.save_title")
	}
	title := line(titleWord, &theme.Title, widget.InkMain)
	v.path = widget.NewField(lang.T("files.path"), "")
	v.path.OnChanged = c.Type
	v.path.OnSubmit = func(string) { c.Submit() }
	v.scroll = widget.NewScrollBox(v.rows)
	cancel := widget.NewButton(widget.ButtonSecondary, lang.T("details.cancel"), onCancel)
	submit := widget.NewButton(widget.ButtonPrimary, word, c.Submit)
	v.column = layout.NewColumn(theme.CardMin-2*theme.CardPadding).
		Add(0, title).
		Add(theme.Space16, v.path).
		Add(theme.Space8, container.New(tall{}, v.scroll)).
		Add(theme.Space24, layout.NewRow().AddGrow(0, cancel).AddGrow(theme.Space16, submit))
	v.Content = widget.NewScrollBox(v.column)
	c.OnChange = v.Update
	v.Update()
	return v
}

// Focus gives the keyboard to the path, all of it selected.
func (v *View) Focus(c fyne.Canvas) {
	c.Focus(v.path.Focusable())
	v.path.SelectAll()
}

// Update brings what is seen in line with the model.
func (v *View) Update() {
	c := v.c
	if v.path.Text() != c.Path() {
		v.path.SetText(c.Path())
	}
	switch {
	case errors.Is(c.Err, ErrExists):
		v.path.SetError(lang.T("files.exists"))
	case c.Err != nil:
		v.path.SetError(lang.T("error.file_unreadable"))
	default:
		v.path.SetError("")
	}
	if v.dir != c.Dir || v.count != len(c.Entries) {
		v.dir, v.count = c.Dir, len(c.Entries)
		v.fill()
	}
	v.column.Refresh()
	v.OnResize()
}

// fill shows the rows of another folder.
func (v *View) fill() {
	v.rows.Clear()
	v.rows.Add(0, v.row(theme.IconBack, lang.T("files.up"), v.c.Up))
	for _, e := range v.c.Entries {
		icon := theme.IconFile
		switch {
		case e.Folder:
			icon = theme.IconFolder
		case isPicture(e.Name):
			icon = theme.IconImage
		}
		v.rows.Add(0, v.row(icon, e.Name, func() { v.c.Pick(e) }))
	}
	v.scroll.ScrollTo(0)
}

func (v *View) row(icon theme.IconName, name string, pick func()) *layout.Row {
	button := widget.NewButton(widget.ButtonText, text.Shorten(name, 36), pick)
	return layout.NewRow().Add(0, widget.NewEmblem(icon, theme.IconAction, widget.InkSecond)).Add(theme.Space12, button)
}

// tall keeps the room of the rows, however few there are.
type tall struct{}

func (tall) HeightFor(float32) float32                 { return listHeight }
func (tall) MinSize([]fyne.CanvasObject) fyne.Size     { return fyne.NewSize(1, listHeight) }
func (tall) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func line(s string, style *theme.TextStyle, ink widget.Ink) *widget.Label {
	l := widget.NewLabel(s, style, ink)
	l.SetAlign(text.AlignStart)
	return l
}
