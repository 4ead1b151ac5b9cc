package widget

import (
	"image"
	"image/draw"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// Room inside the box of a quote.
const (
	quoteBar   float32 = 3 // its bar at the start
	quotePad           = theme.Space8
	quotePadY  float32 = 5
	quoteLines         = 2
)

// quoteBox is the message that another one answers, inside its bubble.
type quoteBox struct {
	y, width, height float32
	natural          float32 // the width it wants
	gone             bool
	rtl              bool
	name, words      *text.Block
}

func layQuote(q *ThreadQuote, inner float32, rtl bool) *quoteBox {
	room := inner - quoteBar - 2*quotePad
	o := text.Options{Width: room, MaxLines: quoteLines, RTL: rtl}
	b := &quoteBox{rtl: rtl, gone: q.ID == 0}
	b.height = 2 * quotePadY
	words := snippet(q.Text)
	if b.gone && words == "" {
		words = lang.T("chat.quote_gone")
	}
	b.words = text.Layout(words, theme.Small, o)
	wide := b.words.Width
	if q.Name != "" && !b.gone {
		b.name = text.Layout(q.Name, theme.SmallBold, text.Options{Width: room, MaxLines: 1, RTL: rtl, Align: text.AlignStart})
		b.height += b.name.Height
		wide = max(wide, b.name.Width)
	}
	b.height += b.words.Height
	b.natural = wide + quoteBar + 2*quotePad
	return b
}

// rect is where the box stands in the bubble.
func (q *quoteBox) rect() text.Rect {
	return text.Rect{X: theme.BubblePadX, Y: q.y, W: q.width, H: q.height}
}

// paint draws the box: the bar at the start of the interface, the name beside it, and the
// words where their own direction begins.
func (q *quoteBox) paint(dst *image.RGBA, scale float32, p *theme.Palette) {
	area := pixels(q.rect(), scale)
	ground := image.NewRGBA(image.Rectangle{Max: area.Size()})
	if !q.gone { // ink-3 has not contrast enough for a ground of its own
		draw.Draw(ground, ground.Rect, image.NewUniform(p.Inset()), image.Point{}, draw.Src)
	}
	bar := ground.Rect
	wide := max(1, round(quoteBar*scale))
	if q.rtl {
		bar.Min.X = bar.Max.X - wide
	} else {
		bar.Max.X = wide
	}
	colour := p.Accent
	if q.gone {
		colour = p.Ink3
	}
	draw.Draw(ground, bar, image.NewUniform(colour), image.Point{}, draw.Src)
	roundCorners(ground, theme.RadiusTail*scale)
	draw.Draw(dst, area, ground, image.Point{}, draw.Over)

	room := q.width - quoteBar - 2*quotePad
	left := theme.BubblePadX + quotePad
	if !q.rtl {
		left += quoteBar
	}
	put := func(b *text.Block, y float32, right bool) (x, top float32) {
		x = left
		if right {
			x += room - b.Width
		}
		return x * scale, (q.y + quotePadY + y) * scale
	}
	y := float32(0)
	if q.name != nil {
		x, top := put(q.name, 0, q.rtl)
		q.name.Draw(dst, x, top, scale, p.Ink)
		y = q.name.Height
	}
	ink := p.Ink2
	if q.gone {
		ink = p.Ink3
	}
	x, top := put(q.words, y, q.words.Lines[0].RTL)
	q.words.Draw(dst, x, top, scale, ink)
}
