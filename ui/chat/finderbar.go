package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/text"
)

// finderBar is the search in one chat, between header and thread.
type finderBar struct {
	fynewidget.BaseWidget
	c      *Conversation
	onDone func() // closed; the keyboard is free

	field    *searchField
	count    *widget.Label
	up, down *widget.IconButton
	cross    *widget.IconButton
}

func newFinderBar(c *Conversation) *finderBar {
	b := &finderBar{c: c, onDone: func() {}}
	b.field = newSearchField(c.Search)
	b.field.onDown = func() { c.Step(true) }
	b.field.onUp = func() { c.Step(false) }
	b.field.onEscape = b.close
	b.count = widget.NewLabel("", &theme.Caption, widget.InkSecond)
	b.count.SetAlign(text.AlignStart)
	b.up = widget.NewIconButton(theme.IconUp, lang.T("find.older"), func() { c.Step(true) })
	b.down = widget.NewIconButton(theme.IconDown, lang.T("find.newer"), func() { c.Step(false) })
	b.cross = widget.NewIconButton(theme.IconClose, lang.T("find.close"), b.close)
	b.Hide()
	b.ExtendBaseWidget(b)
	return b
}

func (b *finderBar) close() {
	b.c.CloseFinder()
	b.onDone()
}

// changed follows the model.
func (b *finderBar) changed() {
	query, open := b.c.Finding()
	n, of, pending := b.c.Found()
	word := ""
	switch {
	case of > 0:
		word = lang.T("find.count", "n", n, "of", of)
	case pending:
		word = lang.T("find.pending")
	case len([]rune(query)) >= minQuery:
		word = lang.T("find.none")
	}
	b.count.SetText(word)
	for _, button := range []*widget.IconButton{b.up, b.down} {
		if of == 0 {
			button.Disable()
		} else {
			button.Enable()
		}
	}
	if open && !b.Visible() {
		b.field.set(query)
	}
	show(b, open)
	b.Refresh()
}

// focusOn gives the keyboard to the field; the bar may have been shown just now.
func (b *finderBar) focusOn(c fyne.Canvas) {
	c.Focus(b.field.edit)
	b.field.edit.SelectAll()
}

// height is that of the bar at a width: one line, or two where large text would leave the
// field too little.
func (b *finderBar) height(width float32) float32 {
	h := searchHeight + theme.Small.LineHeight - 20 + 2*theme.Space8 + theme.Hair
	if b.tall(width) {
		h += theme.IconButtonSize
	}
	return h
}

// tall reports whether the buttons stand below the field: where it would have no room for
// half a dozen letters.
func (b *finderBar) tall(width float32) bool {
	const icons = 3*theme.IconButtonSize + 2*theme.Gutter
	return width-icons-b.counted(width) < 6*theme.Small.Size+2*theme.IconButtonSize
}

// counted is the room for how many were found.
func (b *finderBar) counted(width float32) float32 { return min(b.count.NaturalWidth(), width/3) }

// CreateRenderer implements fyne.Widget.
func (b *finderBar) CreateRenderer() fyne.WidgetRenderer {
	paper, rule := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	update := func() {
		p := theme.Current()
		paper.FillColor, rule.FillColor = p.Paper, p.Hairline
	}
	place := func(s fyne.Size) {
		put(paper, 0, 0, s.Width, s.Height, s.Width)
		put(rule, 0, s.Height-theme.Hair, s.Width, theme.Hair, s.Width)
		const button = theme.IconButtonSize
		line := s.Height - theme.Hair - 2*theme.Space8 // of the field
		tall := b.tall(s.Width)
		if tall {
			line -= button
		}
		middle := func(h float32) float32 {
			if tall {
				return theme.Space8 + line + (button-h)/2 + theme.Space4
			}
			return (s.Height - theme.Hair - h) / 2
		}
		end := s.Width - theme.Gutter + (button-theme.IconAction)/2
		for _, o := range []fyne.CanvasObject{b.cross, b.down, b.up} {
			end -= button
			put(o, end, middle(button), button, button, s.Width)
		}
		words := b.counted(s.Width)
		end -= words + theme.Space8
		put(b.count, end, middle(theme.Caption.LineHeight), words, theme.Caption.LineHeight, s.Width)
		room := end - theme.Gutter - theme.Space12
		if tall {
			room = s.Width - 2*theme.Gutter
		}
		put(b.field, theme.Gutter, theme.Space8, room, line, s.Width)
	}
	return newPane(b, update, place, paper, rule, b.field, b.count, b.up, b.down, b.cross)
}
