package widget

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// DefaultReactions are the six that are offered first.
var DefaultReactions = []string{"👍", "❤️", "😂", "😮", "😢", "🙏"}

// QuickReactions is a row of emoji to react with, and a button for all the others. It is
// one stop of the keyboard: arrows go along it, Enter picks.
//
// Owner of every field: Fyne's thread.
type QuickReactions struct {
	fynewidget.BaseWidget

	OnPick func(emoji string)
	OnMore func()

	emojis []string
	own    func(emoji string) bool
	cursor int // len(emojis): the button for more
	keys   bool
	hot    bool
	ink    *inkRaster
	more   *canvas.Image
	rest   delay // until the word for the button shows
}

// NewQuickReactions returns the row; own says which of them the user has chosen already.
func NewQuickReactions(emojis []string, own func(emoji string) bool) *QuickReactions {
	q := &QuickReactions{OnPick: func(string) {}, OnMore: func() {}, emojis: emojis, own: own, more: picture()}
	q.ink = newInkRaster(q.paint)
	q.ExtendBaseWidget(q)
	return q
}

const quickPad = theme.Space4

func (q *QuickReactions) at(p fyne.Position) int {
	x := theme.Start(p.X, 0, q.Size().Width) - quickPad
	if x < 0 || p.Y < 0 || p.Y >= q.Size().Height {
		return -1
	}
	if i := int(x / theme.IconButtonSize); i <= len(q.emojis) {
		return i
	}
	return -1
}

func (q *QuickReactions) pick(i int) {
	q.hideWord()
	switch {
	case i < 0 || i > len(q.emojis):
	case i == len(q.emojis):
		q.OnMore()
	default:
		q.OnPick(q.emojis[i])
	}
}

// Tapped implements fyne.Tappable.
func (q *QuickReactions) Tapped(e *fyne.PointEvent) { q.pick(q.at(e.Position)) }

// MouseIn implements desktop.Hoverable.
func (q *QuickReactions) MouseIn(e *desktop.MouseEvent) { q.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (q *QuickReactions) MouseMoved(e *desktop.MouseEvent) {
	i := q.at(e.Position)
	if i == q.cursor && q.hot {
		return
	}
	q.hideWord()
	q.hot = i >= 0
	if q.hot {
		q.cursor, q.keys = i, false
	}
	if i == len(q.emojis) {
		q.rest.start(theme.HintDelay, func() { showHint(q.more, lang.T("thread.more_emoji")) })
	}
	q.Refresh()
}

func (q *QuickReactions) hideWord() {
	q.rest.stop()
	hideHint(q.more)
}

// MouseOut implements desktop.Hoverable.
func (q *QuickReactions) MouseOut() {
	q.hideWord()
	q.hot = false
	q.Refresh()
}

// Cursor implements desktop.Cursorable.
func (q *QuickReactions) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained implements fyne.Focusable.
func (q *QuickReactions) FocusGained() {
	q.keys = true
	q.Refresh()
}

// FocusLost implements fyne.Focusable.
func (q *QuickReactions) FocusLost() {
	q.keys = false
	q.Refresh()
}

// TypedRune implements fyne.Focusable.
func (q *QuickReactions) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (q *QuickReactions) TypedKey(e *fyne.KeyEvent) {
	by := 1
	if theme.RTL() {
		by = -1
	}
	switch e.Name {
	case fyne.KeyRight:
		q.step(by)
	case fyne.KeyLeft:
		q.step(-by)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		q.pick(q.cursor)
	default:
		PassKey(q, e)
	}
}

func (q *QuickReactions) step(by int) {
	q.keys = true
	q.cursor = max(0, min(q.cursor+by, len(q.emojis)))
	q.Refresh()
}

// paint draws the emoji.
func (q *QuickReactions) paint(dst *image.RGBA, scale float32) {
	const side = theme.IconButtonSize
	style := text.Style{Size: 21, LineHeight: side}
	for i, e := range q.emojis {
		b := text.Layout(e, style, text.Options{MaxLines: 1})
		x := theme.Start(quickPad+float32(i)*side, side, q.Size().Width) + (side-b.Width)/2
		b.Draw(dst, x*scale, quickPad*scale, scale, theme.Current().Ink)
	}
}

// CreateRenderer implements fyne.Widget.
func (q *QuickReactions) CreateRenderer() fyne.WidgetRenderer {
	const side = theme.IconButtonSize
	wash, ring, more := box(theme.RadiusField), box(theme.RadiusField), q.more
	objects := []fyne.CanvasObject{wash}
	var mine []*canvas.Rectangle
	for range q.emojis {
		m := box(theme.RadiusField)
		mine = append(mine, m)
		objects = append(objects, m)
	}
	objects = append(objects, q.ink.Raster, more, ring)
	update := func() {
		p := theme.Current()
		paint(wash, p.Hover, transparent, 0)
		show(wash, q.hot)
		showRing(ring, q.keys)
		for i, m := range mine {
			paint(m, p.Own, p.Accent, chipEdge)
			show(m, q.own != nil && q.own(q.emojis[i]))
		}
		setIcon(more, theme.Icon(theme.IconAdd, p.Ink2))
	}
	minSize := func() fyne.Size {
		return fyne.NewSize(float32(len(q.emojis)+1)*side+2*quickPad, side+2*quickPad)
	}
	place := func(s fyne.Size) {
		at := func(o fyne.CanvasObject, i int, inset float32) {
			put(o, quickPad+float32(i)*side+inset, quickPad+inset, side-2*inset, side-2*inset, s.Width)
		}
		at(wash, q.cursor, 0)
		at(ring, q.cursor, 0)
		for i, m := range mine {
			at(m, i, 1)
		}
		at(more, len(q.emojis), (side-theme.IconAction)/2)
		fill(q.ink.Raster, s, 0)
		q.ink.Refresh()
	}
	return newParts(q, update, minSize, place, objects...)
}

// ShowQuickReactions opens the row with its start corner at a point of the window. It
// closes when something was picked or something else is pressed; more opens the picker
// with the emoji used lately.
func ShowQuickReactions(c fyne.Canvas, at fyne.Position, recent []string, own func(emoji string) bool, onPick func(emoji string)) *QuickReactions {
	q := NewQuickReactions(DefaultReactions, own)
	o := newFloating(c, at, q)
	q.OnPick = func(s string) {
		o.Close()
		onPick(s)
	}
	q.OnMore = func() {
		o.Close()
		ShowEmojiPicker(c, at, recent, onPick)
	}
	o.open(q)
	return q
}
