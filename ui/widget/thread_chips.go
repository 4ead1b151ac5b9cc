package widget

import (
	"image"
	"slices"
	"strconv"
	"strings"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

const (
	chipPad       = theme.Space8
	chipGap       = theme.Space4
	chipLeast     = theme.IconButtonSize // width: a finger's worth
	maxChipCount  = 99
	chipEdge      = 1.5 // of those that are the user's own
	chipInner     = theme.Space4
	emojiRoom     = 3                           // line heights that one emoji may be wide
	maxChips      = 40                          // twenty of each side
	maxEmojiBytes = 64                          // a family of four has 25
	chipHigh      = theme.Space4 + theme.Space2 // more than the line
)

// chip is one reaction below a bubble.
type chip struct {
	of           ThreadReaction
	emoji, count *text.Block // count is nil for one
	rect         text.Rect
}

// chipRow is the reactions below a bubble, in lines as wide as the bubble may be.
type chipRow struct {
	chips []chip
	more  text.Rect // the button that adds one; empty where there is no room
	area  text.Rect // of all
}

func chipHeight() float32 { return theme.Small.LineHeight + chipHigh }

// layChips lays out the reactions at the side of their bubble, in reading order. The
// button that adds one stands on the inner side of the last line.
func (b *bubble) layChips() {
	if len(b.item.Reactions) == 0 || b.item.Deleted {
		return
	}
	row := &chipRow{}
	var line []chip
	y, wide := b.box+footGap, float32(0)
	for _, r := range b.item.Reactions[:min(len(b.item.Reactions), maxChips)] {
		c := layChip(r)
		if wide > 0 && wide+c.rect.W > b.limit {
			row.add(line, b.chipLine(wide-chipGap), y)
			line, wide, y = nil, 0, y+chipHeight()+chipGap
		}
		line = append(line, c)
		wide += c.rect.W + chipGap
	}
	x := b.chipLine(wide - chipGap)
	row.add(line, x, y)
	if wide+chipLeast <= b.limit {
		row.more = text.Rect{X: x - chipGap - chipLeast, Y: y, W: chipLeast, H: chipHeight()}
		if !b.right() {
			row.more.X = x + wide
		}
	}
	row.area = row.more
	for _, c := range row.chips {
		row.area = union(c.rect, row.area)
	}
	b.chips = row
	b.height = y + chipHeight()
}

// chipLine is where a line of reactions begins in the bubble, at the left.
func (b *bubble) chipLine(width float32) float32 {
	if b.right() {
		return b.width - width
	}
	return 0
}

// add places a line of reactions from x on, the first where the interface begins.
func (row *chipRow) add(line []chip, x, y float32) {
	if theme.RTL() {
		slices.Reverse(line)
	}
	for _, c := range line {
		c.rect.X, c.rect.Y, c.rect.H = x, y, chipHeight()
		x += c.rect.W + chipGap
		row.chips = append(row.chips, c)
	}
}

func union(a, b text.Rect) text.Rect {
	if b.W == 0 {
		return a
	}
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return text.Rect{X: x, Y: y, W: max(a.X+a.W, b.X+b.W) - x, H: max(a.Y+a.H, b.Y+b.H) - y}
}

func layChip(r ThreadReaction) chip {
	one := text.Options{MaxLines: 1, Width: emojiRoom * theme.Small.LineHeight}
	c := chip{of: r, emoji: text.Layout(strings.ToValidUTF8(r.Emoji[:min(len(r.Emoji), maxEmojiBytes)], ""), theme.Small, one)}
	w := c.emoji.Width
	if r.Count > 1 {
		n := strconv.Itoa(min(r.Count, maxChipCount))
		if r.Count > maxChipCount {
			n += "+"
		}
		style := theme.Caption
		style.Semibold = r.Own
		c.count = text.Layout(n, style, text.Options{})
		w += chipInner + c.count.Width
	}
	c.rect.W = max(chipLeast, w+2*chipPad)
	return c
}

// paint draws the reactions into a picture whose upper left corner is at x, y of the
// bubble; plus says that the button to add one shows.
func (row *chipRow) paint(dst *image.RGBA, x, y, scale float32, p *theme.Palette, plus bool) {
	move := func(r text.Rect) text.Rect { r.X -= x; r.Y -= y; return r }
	for _, c := range row.chips {
		r := move(c.rect)
		fill, edge, width := p.Surface, p.Hairline, theme.Hair
		if c.of.Own {
			fill, edge, width = p.Own, p.Accent, chipEdge
		}
		roundBox(dst, pixels(r, scale), r.H*scale/2, fill, edge, width*scale)
		w := c.emoji.Width
		if c.count != nil {
			w += chipInner + c.count.Width
		}
		left := r.X + (r.W-w)/2
		c.emoji.Draw(dst, left*scale, (r.Y+(r.H-c.emoji.Height)/2)*scale, scale, p.Ink)
		if c.count != nil {
			left += c.emoji.Width + chipInner
			c.count.Draw(dst, left*scale, (r.Y+(r.H-c.count.Height)/2)*scale, scale, p.Ink2)
		}
	}
	if plus && row.more.W > 0 {
		r := move(row.more)
		roundBox(dst, pixels(r, scale), r.H*scale/2, p.Surface, p.Hairline, theme.Hair*scale)
	}
}
