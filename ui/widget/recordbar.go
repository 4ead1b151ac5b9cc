package widget

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// recordLevels is how many levels are kept to be drawn: the last half minute at ten a
// second, more than the widest bar has room for.
const recordLevels = 300

// RecordBar stands in place of the field while somebody speaks: how long, how loud, and a
// way out. Escape discards and Return sends.
type RecordBar struct {
	fynewidget.BaseWidget
	OnCancel func()
	OnSend   func()

	cancel *IconButton
	length time.Duration
	on     bool      // it is recorded; else it has ended and waits to be sent
	levels []float32 // the last is the newest
	ring   bool
}

// NewRecordBar returns a bar with nothing recorded.
func NewRecordBar() *RecordBar {
	b := &RecordBar{OnCancel: func() {}, OnSend: func() {}}
	b.cancel = NewIconButton(theme.IconDelete, lang.T("voice.discard"), func() { b.OnCancel() })
	b.ExtendBaseWidget(b)
	return b
}

// Begin shows a recording from its beginning, or with the levels that one had which waits.
func (b *RecordBar) Begin(levels ...float32) {
	b.levels = append(b.levels[:0], levels[max(0, len(levels)-recordLevels):]...)
	b.length = 0
}

// Set shows how long was recorded, how loud it is from 0 to 1, and whether it goes on.
func (b *RecordBar) Set(length time.Duration, level float32, on bool) {
	if length != b.length && on {
		if len(b.levels) == recordLevels {
			b.levels = b.levels[:copy(b.levels, b.levels[1:])]
		}
		b.levels = append(b.levels, level)
	}
	if length == b.length && on == b.on {
		return
	}
	b.length, b.on = length, on
	b.Refresh()
}

// FocusGained implements fyne.Focusable.
func (b *RecordBar) FocusGained() {
	b.ring = true
	b.Refresh()
}

// FocusLost implements fyne.Focusable.
func (b *RecordBar) FocusLost() {
	b.ring = false
	b.Refresh()
}

// TypedRune implements fyne.Focusable: nothing is typed while one speaks.
func (b *RecordBar) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (b *RecordBar) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		b.OnCancel()
	case fyne.KeyReturn, fyne.KeyEnter:
		b.OnSend()
	default:
		PassKey(b, e)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *RecordBar) CreateRenderer() fyne.WidgetRenderer {
	dot, words, ring := canvas.NewCircle(transparent), newWords(), box(theme.RadiusBox)
	wave := newInkRaster(b.paint)
	update := func() {
		p := theme.Current()
		dot.FillColor = p.Danger
		if !b.on {
			dot.FillColor = p.Ink3
		}
		dot.Refresh()
		words.set(lang.Stopwatch(b.length), theme.Body, p.Ink)
		paint(ring, transparent, p.Accent, theme.FocusEdge)
		show(ring, b.ring)
		wave.Refresh()
	}
	minSize := func() fyne.Size { return fyne.NewSize(1, theme.FieldHeight()) }
	place := func(s fyne.Size) {
		const button, mark = theme.IconButtonSize, theme.Space8
		fill(ring, s, 0)
		middle := s.Height / 2
		put(b.cancel, theme.Space4, middle-button/2, button, button, s.Width)
		x := float32(theme.Space4 + button + theme.Space4)
		put(dot, x, middle-mark/2, mark, mark, s.Width)
		x += mark + theme.Space8
		room := text.Layout("00:00", theme.Body, text.Options{MaxLines: 1}).Width + theme.Space4
		words.put(x, middle-theme.Body.LineHeight/2, room, s.Width, alignStart)
		x += room + theme.Space8
		put(wave, x, middle-voiceWave/2, max(1, s.Width-x-theme.Space16), voiceWave, s.Width)
	}
	return newParts(b, update, minSize, place, ring, b.cancel, dot, words.raster, wave.Raster)
}

// paint draws how loud it was, the newest at the right: time runs from left to right in
// every language.
func (b *RecordBar) paint(dst *image.RGBA, scale float32) {
	p := theme.Current()
	ink := p.Accent
	if !b.on {
		ink = p.Field
	}
	width := float32(dst.Rect.Dx()) / scale
	n := int((width + voiceBar) / voiceStep)
	for i := range n {
		h, c := voiceRest, p.Field
		if k := len(b.levels) - 1 - i; k >= 0 {
			h += (voiceWave - voiceRest) * b.levels[k]
			c = ink
		}
		x := width - voiceBar - float32(i)*voiceStep
		fillBar(dst, text.Rect{X: x, Y: (voiceWave - h) / 2, W: voiceBar, H: h}, scale, c)
	}
}
