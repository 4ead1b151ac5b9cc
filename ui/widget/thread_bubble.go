package widget

import (
	"container/list"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/markup"
	"tacit/ui/widget/text"
)

const (
	metaLeast float32 = 10            // least distance of the time from the text before it
	metaGap           = theme.Space16 // its distance where there is room
	glyphGap          = theme.Space4  // between the time and the state glyph
	footGap           = theme.Space4  // between a bubble and what stands below it
	partGap           = theme.Space8 - theme.Space2
)

// bubble is an item laid out for one greatest width: everything of a row that does not
// depend on its neighbours. It does not change. Places are relative to the top of the
// bubble and to its left edge.
type bubble struct {
	item  ThreadItem
	limit float32
	rtl   bool // the interface runs from right to left

	width  float32 // of the box
	box    float32 // its height
	height float32 // with what stands below

	doc          markup.Text
	text, time   *text.Block
	textX, textY float32
	bare         bool // there is no text: a file without words
	timeX, timeY float32
	glyphX       float32
	timerX       float32

	forwarded     *text.Block
	quote         *quoteBox
	file          *fileBox
	chips         *chipRow
	failed, again *text.Block // below a failed one
	note          *text.Block
	footWidth     float32
	footY         float32

	targets []target // what of it can be pressed
}

// right reports whether the bubble stands at the right edge: own ones at the end side.
func (b *bubble) right() bool { return b.item.Own != b.rtl }

// stated reports whether a glyph tells the state of the message.
func (b *bubble) stated() bool { return b.item.Own && !b.item.Notice }

// layBubble lays out an item in a box of at most limit.
func layBubble(item ThreadItem, limit float32) *bubble {
	b := &bubble{item: item, limit: limit, rtl: theme.RTL(), textY: theme.BubblePadY}
	inner := limit - 2*theme.BubblePadX
	if item.Notice {
		b.layNotice(inner)
		return b
	}
	y, content := b.layHead(inner)
	b.textY = y
	b.layBody(b.bodyWidth(inner, content))
	b.layTime()
	meta := b.metaWidth()
	content = max(content, meta)
	if !b.bare {
		content = max(content, b.text.Width)
	}
	last, rtl := b.lastLine()
	if !b.bare {
		y += b.text.Height
	}
	switch fits := last+metaLeast+meta <= inner; {
	case fits && b.bare && b.file.detail != nil:
		content = max(content, min(inner, last+metaGap+meta))
		y -= partGap
		b.timeY = b.file.y + b.file.detailY() + b.file.detail.Height - theme.Caption.LineHeight
	case b.inline(fits):
		content = max(content, min(inner, last+metaGap+meta))
		b.timeY = y - theme.Caption.LineHeight - 2
	default:
		b.timeY = y
		y += theme.Caption.LineHeight
	}
	b.width = content + 2*theme.BubblePadX
	b.box = y + theme.BubblePadY
	b.text = b.text.Widen(content)
	b.placeAcross(content, meta, rtl)
	b.placeHead()
	b.height = b.box
	b.layChips()
	b.layFoot(limit)
	b.findTargets()
	return b
}

// layHead lays out what stands above the text, and returns where that begins and how
// wide the content is so far.
func (b *bubble) layHead(inner float32) (y, content float32) {
	y = theme.BubblePadY
	if b.item.Deleted || b.item.Unknown {
		return y, 0
	}
	if b.item.Forwarded {
		b.forwarded = text.Layout(lang.T("thread.forwarded"), theme.Caption, text.Options{Width: inner, MaxLines: 1, RTL: b.rtl})
		content = b.forwarded.Width
		y += theme.Caption.LineHeight + theme.Space2
	}
	if b.item.Quote != nil {
		b.quote = layQuote(b.item.Quote, inner, b.rtl)
		b.quote.y = y
		content = max(content, b.quote.natural)
		y += b.quote.height + partGap
	}
	if b.item.File != nil {
		b.file = layFile(b.item.File, inner, b.rtl)
		if b.file.picture && y == theme.BubblePadY {
			y = pictureInset
		}
		b.file.y = y
		content = max(content, b.file.natural)
		y += b.file.height + partGap
	}
	return y, content
}

// bodyWidth is where the lines of the text break: words below a picture do not make the
// bubble wider than it, if they can help it.
func (b *bubble) bodyWidth(inner, content float32) float32 {
	if b.file != nil && b.file.picture {
		return min(inner, max(content, captionLeast*theme.Scale()))
	}
	return inner
}

// layTime lays out the time, and that the text was changed.
func (b *bubble) layTime() {
	s := lang.Clock(b.item.At)
	if b.item.Edited && !b.item.Deleted {
		s = lang.T("thread.edited_at", "time", s)
	}
	b.time = text.Layout(s, theme.Caption, text.Options{RTL: b.rtl})
}

// timed reports whether a glyph tells that the message disappears.
func (b *bubble) timed() bool { return b.item.Timer.Total > 0 && !b.item.Deleted }

// metaWidth is the width of the time with the glyphs beside it.
func (b *bubble) metaWidth() float32 {
	w := b.time.Width
	if b.item.Own {
		w += glyphGap + theme.IconState
	}
	if b.timed() {
		w += glyphGap + timerSize
	}
	return w
}

// lastLine returns how much of the width the line before the time takes and whether that
// begins at the right: the last of the text, or what is said of a file without words.
func (b *bubble) lastLine() (width float32, rtl bool) {
	if b.bare {
		return b.file.lastLine(), b.file.rtl
	}
	return b.text.LastLine()
}

// inline reports whether the time stands on the last line, where it fits there.
func (b *bubble) inline(fits bool) bool {
	return fits && !b.bare && !b.text.Lines[len(b.text.Lines)-1].InPanel()
}

// layNotice lays out a notice: words in the middle of the column, like those of a day.
func (b *bubble) layNotice(inner float32) {
	b.text = text.Layout(b.item.Text, theme.Caption, text.Options{Width: inner, Align: text.AlignCenter, RTL: b.rtl})
	b.width = b.text.Width + 2*theme.BubblePadX
	b.box = b.text.Height + 2*theme.BubblePadY
	b.height = b.box
	b.textX = theme.BubblePadX
}

// placeAcross places text, time and glyphs: the time at the end of the last line, which
// is the left of a paragraph that runs from right to left.
func (b *bubble) placeAcross(content, meta float32, rtl bool) {
	b.textX = theme.BubblePadX
	if rtl {
		b.glyphX = theme.BubblePadX
		b.timeX = b.glyphX
		if b.item.Own {
			b.timeX += theme.IconState + glyphGap
		}
		b.timerX = b.timeX + b.time.Width + glyphGap
		return
	}
	b.timerX = theme.BubblePadX + content - meta
	b.timeX = b.timerX
	if b.timed() {
		b.timeX += timerSize + glyphGap
	}
	b.glyphX = b.timeX + b.time.Width + glyphGap
}

// placeHead gives what stands above the text the width of the bubble.
func (b *bubble) placeHead() {
	if b.quote != nil {
		b.quote.width = b.width - 2*theme.BubblePadX
	}
	if b.file != nil {
		b.file.widen(b.width)
	}
}

// layFoot lays out what stands below a message that failed.
func (b *bubble) layFoot(limit float32) {
	if b.item.State != ThreadFailed {
		return
	}
	one := text.Options{MaxLines: 1}
	b.failed = text.Layout(lang.T("chat.not_sent"), theme.Small, one)
	b.again = text.Layout(lang.T("chat.try_again"), theme.SmallBold, one)
	b.footWidth = b.failed.Width + theme.Space4 + b.again.Width
	b.footY = b.height + footGap
	b.height += footGap + theme.Small.LineHeight
	if b.item.Note != "" {
		b.note = text.Layout(b.item.Note, theme.Caption, text.Options{Width: limit, RTL: b.rtl})
		b.footWidth = max(b.footWidth, b.note.Width)
		b.height += b.note.Height
	}
	b.footWidth = min(b.footWidth, limit)
}

// bubbleCache keeps the bubbles that were used last.
type bubbleCache struct {
	most  int
	byID  map[int64]*list.Element // of *bubble
	order *list.List              // latest use first
}

func newBubbleCache(most int) bubbleCache {
	return bubbleCache{most: most, byID: map[int64]*list.Element{}, order: list.New()}
}

// get returns the bubble of an item, laying it out where it is new or has changed.
func (c *bubbleCache) get(item ThreadItem, limit float32) *bubble {
	e := c.byID[item.ID]
	if e != nil {
		c.order.MoveToFront(e)
		if b := e.Value.(*bubble); b.limit == limit && b.item.same(&item) {
			return b
		}
		e.Value = layBubble(item, limit)
		return e.Value.(*bubble)
	}
	b := layBubble(item, limit)
	c.byID[item.ID] = c.order.PushFront(b)
	if c.order.Len() > c.most {
		old := c.order.Back()
		delete(c.byID, old.Value.(*bubble).item.ID)
		c.order.Remove(old)
	}
	return b
}

// clear forgets all, because the type, the direction or the width is another.
func (c *bubbleCache) clear() {
	clear(c.byID)
	c.order.Init()
}
