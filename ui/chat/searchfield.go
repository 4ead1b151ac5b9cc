package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// maxQuery bounds a query, in bytes.
const maxQuery = 256

// searchIcon is the size of the lens.
const searchIcon = theme.Space16

// searchField is the field over the chat list, and over a conversation. Escape empties it.
type searchField struct {
	fynewidget.BaseWidget
	edit     *widget.Editor
	empty    *widget.IconButton // empties it
	onText   func(string)
	onDown   func() // the keyboard goes on into the list, or to the next hit
	onUp     func() // to the hit before
	onEscape func() // Escape was pressed while it was empty; nil: the window's
	focused  bool
}

func newSearchField(onText func(string)) *searchField {
	f := &searchField{edit: widget.NewLine(), onText: onText, onDown: func() {}, onUp: func() {}}
	f.empty = widget.NewIconButton(theme.IconClose, lang.T("word.clear"), f.clear)
	f.empty.Hide()
	f.edit.SetStyle(&theme.Small)
	f.edit.SetPlaceholder(lang.T("list.search"))
	f.edit.SetMaxBytes(maxQuery)
	f.edit.OnChanged = func(s string) {
		show(f.empty, s != "")
		onText(s)
	}
	f.edit.OnSubmit = func(string) { f.onDown() }
	f.edit.OnFocus = func(on bool) {
		f.focused = on
		f.Refresh()
	}
	f.edit.OnKey = f.key
	f.ExtendBaseWidget(f)
	return f
}

func (f *searchField) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDown:
		f.onDown()
	case fyne.KeyUp:
		f.onUp()
	case fyne.KeyEscape:
		switch {
		case f.onEscape != nil:
			f.onEscape()
		case f.edit.Text() == "":
			widget.PassKey(f.edit, e)
		default:
			f.clear()
		}
	default:
		return false
	}
	return true
}

// set puts a text into the field without a report.
func (f *searchField) set(s string) {
	f.edit.SetText(s)
	show(f.empty, s != "")
}

func (f *searchField) clear() {
	f.edit.SetText("")
	f.empty.Hide()
	f.onText("")
	f.Tapped(nil)
}

// Tapped gives the keyboard to the text, wherever the field was hit.
func (f *searchField) Tapped(*fyne.PointEvent) {
	if c := canvasOf(f); c != nil {
		c.Focus(f.edit)
	}
}

// Cursor implements desktop.Cursorable.
func (f *searchField) Cursor() desktop.Cursor { return desktop.TextCursor }

// CreateRenderer implements fyne.Widget.
func (f *searchField) CreateRenderer() fyne.WidgetRenderer {
	plate, lens := canvas.NewRectangle(nil), &canvas.Image{FillMode: canvas.ImageFillContain}
	plate.CornerRadius = theme.RadiusField
	update := func() {
		p := theme.Current()
		plate.FillColor, plate.StrokeColor, plate.StrokeWidth = p.Surface, p.Field, theme.FieldEdge
		if f.focused {
			plate.StrokeColor, plate.StrokeWidth = p.Accent, theme.FocusEdge
		}
		plate.Refresh()
		if r := theme.SmallIcon(theme.IconSearch, p.Ink2); lens.Resource != r {
			lens.Resource = r
			lens.Refresh()
		}
	}
	place := func(s fyne.Size) {
		put(plate, 0, 0, s.Width, s.Height, s.Width)
		x := theme.Space8 + theme.Space2
		put(lens, x, (s.Height-searchIcon)/2, searchIcon, searchIcon, s.Width)
		x += searchIcon + theme.Space8
		h := theme.Small.LineHeight
		end := theme.IconButtonSize
		put(f.edit, x, (s.Height-h)/2, s.Width-x-end, h, s.Width)
		put(f.empty, s.Width-end, (s.Height-end)/2, end, end, s.Width)
	}
	return newPane(f, update, place, plate, lens, f.edit, f.empty)
}
