package widget

import (
	"container/list"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

const (
	metaLeast float32 = 10            // least distance of the time from the text before it
	metaGap           = theme.Space16 // its distance where there is room
	glyphGap          = theme.Space4  // between the time and the state glyph
	footGap           = theme.Space4  // between a failed bubble and what stands below it
)

// bubble is an item laid out for one greatest width: everything of a row that does not
// depend on its neighbours. It does not change. Places are relative to the top of the
// bubble and to its left edge.
type bubble struct {
	item  ThreadItem
	limit float32

	text, time    *text.Block
	width         float32 // of the box
	box           float32 // its height
	height        float32 // with what stands below
	textX         float32
	timeX, timeY  float32
	glyphX        float32
	failed, again *text.Block // below a failed one
	note          *text.Block
	footWidth     float32
}

const textY = theme.BubblePadY

// layBubble lays out an item in a box of at most limit.
func layBubble(item ThreadItem, limit float32) *bubble {
	b := &bubble{item: item, limit: limit}
	inner := limit - 2*theme.BubblePadX
	if item.Notice {
		b.layNotice(inner)
		return b
	}
	b.text = text.Layout(item.Text, theme.Body, text.Options{Width: inner})
	b.time = text.Layout(lang.Clock(item.At), theme.Caption, text.Options{})
	meta := b.time.Width
	if item.Own {
		meta += glyphGap + theme.IconState
	}
	last, rtl := b.text.LastLine()
	room := inner
	if mixed(b.text) {
		room = b.text.Width // lines of both directions hold both edges: it cannot grow
	}
	inline := last+metaLeast+meta <= room
	content := max(b.text.Width, meta)
	b.box = b.text.Height + 2*theme.BubblePadY
	if inline {
		content = max(content, min(room, last+metaGap+meta))
		b.timeY = textY + b.text.Height - theme.Caption.LineHeight - 2
	} else {
		b.timeY = textY + b.text.Height
		b.box += theme.Caption.LineHeight
	}
	b.width = content + 2*theme.BubblePadX
	b.height = b.box
	b.placeAcross(content, meta, rtl)
	b.layFoot(limit)
	return b
}

// layNotice lays out a notice: words in the middle of the column, like those of a day.
func (b *bubble) layNotice(inner float32) {
	b.text = text.Layout(b.item.Text, theme.Caption, text.Options{Width: inner, Align: text.AlignCenter, RTL: theme.RTL()})
	b.width = b.text.Width + 2*theme.BubblePadX
	b.box = b.text.Height + 2*theme.BubblePadY
	b.height = b.box
	b.textX = theme.BubblePadX
}

// placeAcross places text, time and glyph: the time at the end of the last line, which
// is the left of a paragraph that runs from right to left.
func (b *bubble) placeAcross(content, meta float32, rtl bool) {
	b.textX = theme.BubblePadX
	if rtl && !mixed(b.text) {
		b.textX += content - b.text.Width
	}
	if rtl {
		b.glyphX = theme.BubblePadX
		b.timeX = theme.BubblePadX + meta - b.time.Width
		return
	}
	b.timeX = theme.BubblePadX + content - meta
	b.glyphX = b.timeX + b.time.Width + glyphGap
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
	b.height += footGap + theme.Small.LineHeight
	if b.item.Note != "" {
		b.note = text.Layout(b.item.Note, theme.Caption, text.Options{Width: limit, RTL: theme.RTL()})
		b.footWidth = max(b.footWidth, b.note.Width)
		b.height += b.note.Height
	}
	b.footWidth = min(b.footWidth, limit)
}

// mixed reports whether a block has lines of both directions.
func mixed(b *text.Block) bool {
	for _, l := range b.Lines[1:] {
		if l.RTL != b.Lines[0].RTL {
			return true
		}
	}
	return false
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
