package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/emoji"
)

// EmojiPicker is a grid of all emoji with a search by English name. The keyboard stays in
// the field; arrows go through the grid, Enter picks, Escape closes.
//
// Owner of every field: Fyne's thread.
type EmojiPicker struct {
	fynewidget.BaseWidget

	OnPick  func(emoji string)
	OnClose func()

	recent []emoji.Emoji
	field  *Field
	grid   *emojiGrid
	name   *words
}

// NewEmojiPicker returns a picker; recent are shown before all others.
func NewEmojiPicker(recent []string) *EmojiPicker {
	p := &EmojiPicker{OnPick: func(string) {}, OnClose: func() {}, field: NewField("", ""), grid: newEmojiGrid(), name: newWords()}
	for _, r := range recent {
		p.recent = append(p.recent, emoji.Emoji{Text: r, Name: emoji.NameOf(r)})
	}
	p.field.SetPlaceholder(lang.T("thread.search_emoji"))
	p.field.SetHintLines(0)
	p.field.SetMaxGraphemes(40)
	p.field.OnChanged = func(string) { p.find() }
	p.field.SetOnKey(p.key)
	p.grid.onPick = func(s string) { p.OnPick(s) }
	p.grid.onMark = func() { p.Refresh() }
	p.ExtendBaseWidget(p)
	p.find()
	return p
}

// Focusable returns what takes the keyboard, to be given to Canvas.Focus.
func (p *EmojiPicker) Focusable() fyne.Focusable { return p.field.Focusable() }

// find shows what the field asks for: all, while it is empty.
func (p *EmojiPicker) find() {
	if query := p.field.Text(); query != "" {
		p.grid.set(emoji.Search(query), 0)
		return
	}
	shown := append([]emoji.Emoji{}, p.recent...)
	had := map[string]bool{}
	for _, e := range p.recent {
		had[e.Text] = true
	}
	for _, e := range emoji.All() {
		if !had[e.Text] {
			shown = append(shown, e)
		}
	}
	p.grid.set(shown, -1)
}

// key goes through the grid while the keyboard is in the field.
func (p *EmojiPicker) key(e *fyne.KeyEvent) bool {
	side := 1
	if theme.RTL() {
		side = -1
	}
	inside := p.grid.cursor >= 0 && (p.grid.keys || p.field.Text() == "")
	switch {
	case e.Name == fyne.KeyDown:
		p.grid.step(gridColumns)
	case e.Name == fyne.KeyUp:
		p.grid.step(-gridColumns)
	case e.Name == fyne.KeyLeft && inside:
		p.grid.step(-side)
	case e.Name == fyne.KeyRight && inside:
		p.grid.step(side)
	case e.Name == fyne.KeyReturn, e.Name == fyne.KeyEnter:
		if m := p.grid.marked(); m != nil {
			p.OnPick(m.Text)
		}
	case e.Name == fyne.KeyEscape:
		p.OnClose()
	default:
		return false
	}
	return true
}

// CreateRenderer implements fyne.Widget.
func (p *EmojiPicker) CreateRenderer() fyne.WidgetRenderer {
	none := newWords()
	update := func() {
		c := theme.Current()
		word := ""
		if m := p.grid.marked(); m != nil {
			word = m.Name
		}
		p.name.set(word, theme.Caption, c.Ink2)
		none.set(lang.T("thread.no_emoji"), theme.Small, c.Ink2)
		show(none.raster, len(p.grid.all) == 0)
	}
	const pad = theme.Space12
	line := func() float32 { return theme.Caption.LineHeight }
	minSize := func() fyne.Size {
		g := p.grid.MinSize()
		return fyne.NewSize(g.Width+2*pad, p.field.MinSize().Height+g.Height+line()+2*pad+2*theme.Space8)
	}
	place := func(s fyne.Size) {
		w := s.Width - 2*pad
		fieldHeight := p.field.MinSize().Height
		put(p.field, pad, pad, w, fieldHeight, s.Width)
		y := pad + fieldHeight + theme.Space8
		g := s.Height - y - theme.Space8 - line() - pad
		put(p.grid, pad, y, w, g, s.Width)
		none.put(pad, y+theme.Space12, w, s.Width, alignCentre)
		p.name.put(pad, y+g+theme.Space8, w, s.Width, alignStart)
	}
	return newParts(p, update, minSize, place, p.field, p.grid, none.raster, p.name.raster)
}

// ShowEmojiPicker opens a picker with its start corner at a point of the window, or where
// there is room for it. It closes when an emoji was picked or something else is pressed.
func ShowEmojiPicker(c fyne.Canvas, at fyne.Position, recent []string, onPick func(emoji string)) *EmojiPicker {
	p := NewEmojiPicker(recent)
	o := newFloating(c, at, p)
	p.OnClose = o.Close
	p.OnPick = func(s string) {
		o.Close()
		onPick(s)
	}
	o.open(p.Focusable())
	return p
}
