package widget

import (
	"fyne.io/fyne/v2"

	"tacit/ui/theme"
	"tacit/ui/widget/markup"
	"tacit/ui/widget/text"
)

// targetKind says what a press on a target does.
type targetKind int

const (
	onQuote targetKind = iota
	onFile
	onPicture
	onPlay // of a voice note
	onSeek
	onSpeed
	onLink
	onReaction
	onMoreReactions
	onRetry
	onState
)

// target is a part of a bubble that can be pressed, and that the keyboard reaches.
type target struct {
	kind  targetKind
	rects []text.Rect // in the bubble
	url   string      // of a link
	emoji string      // of a reaction
}

// grip is how far a target reaches beyond what is seen of it, so that it is 36 high.
func (t *target) grip() float32 {
	switch t.kind {
	case onLink, onQuote, onPicture, onFile, onPlay:
		return 0
	}
	return max(0, (theme.IconButtonSize-t.rects[0].H)/2)
}

// findTargets lists the targets of a bubble in reading order.
func (b *bubble) findTargets() {
	add := func(t target, rects ...text.Rect) {
		if t.rects = rects; len(rects) > 0 {
			b.targets = append(b.targets, t)
		}
	}
	if b.quote != nil && !b.quote.gone {
		add(target{kind: onQuote}, b.quote.rect())
	}
	if f := b.file; f != nil {
		switch {
		case f.voice != nil:
			f.voiceTargets(add)
		case f.picture && (f.of.Action == FileExport || f.of.Action == FileNothing):
			add(target{kind: onPicture}, f.rect())
		case f.of.Action != FileNothing:
			add(target{kind: onFile}, f.rect())
		}
	}
	for _, s := range b.doc.Spans {
		if s.Kind == markup.Link {
			rects := b.text.Select(s.From, s.To)
			for i := range rects {
				rects[i].X += b.textX
				rects[i].Y += b.textY
			}
			add(target{kind: onLink, url: s.URL}, rects...)
		}
	}
	if b.item.Own {
		add(target{kind: onState}, text.Rect{X: b.glyphX, Y: b.timeY, W: theme.IconState, H: theme.Caption.LineHeight})
	}
	if b.chips != nil {
		for _, c := range b.chips.chips {
			add(target{kind: onReaction, emoji: c.of.Emoji}, c.rect)
		}
		if b.chips.more.W > 0 {
			add(target{kind: onMoreReactions}, b.chips.more)
		}
	}
	if b.failed != nil {
		r := text.Rect{Y: b.footY, W: b.footWidth, H: theme.Small.LineHeight}
		if b.right() {
			r.X = b.width - b.footWidth
		}
		add(target{kind: onRetry}, r)
	}
}

// targetAt returns the index of the target at a point of the bubble, or -1. What is seen
// there goes before what only reaches there.
func (b *bubble) targetAt(x, y float32) int {
	for _, reach := range []float32{0, 1} {
		for i := range b.targets {
			t := &b.targets[i]
			g := t.grip() * reach
			for _, r := range t.rects {
				side := float32(0)
				if t.kind == onState {
					side = g
				}
				if x >= r.X-side && x < r.X+r.W+side && y >= r.Y-g && y < r.Y+r.H+g {
					return i
				}
			}
		}
	}
	return -1
}

// target returns the index of the target of the row at a point of the thread, or -1.
func (r *threadRow) target(p fyne.Position) int {
	return r.b.targetAt(p.X-r.x, p.Y-r.y)
}

// act does what a press on a target does.
func (t *Thread) act(r *threadRow, i int) {
	if i < 0 || i >= len(r.b.targets) {
		return
	}
	id := r.b.item.ID
	switch hit := &r.b.targets[i]; hit.kind {
	case onQuote:
		t.OnQuote(r.b.item.Quote.ID)
	case onFile:
		t.OnFile(id, r.b.item.File.Action)
	case onPicture:
		t.OnPicture(id)
	case onPlay, onSeek:
		t.OnPlay(id)
	case onSpeed:
		t.OnSpeed(id)
	case onLink:
		t.OnLink(hit.url)
	case onReaction:
		t.OnReaction(id, hit.emoji)
	case onMoreReactions:
		t.OnReact(id, t.under(r, hit.rects[0]))
	case onRetry:
		t.OnRetry(id)
	case onState:
		t.OnState(id, t.under(r, hit.rects[0]))
	}
}

// under is the place on the canvas below a part of a row, at its start edge.
func (t *Thread) under(r *threadRow, part text.Rect) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t).AddXY(r.x+part.X, r.y+part.Y+part.H+theme.Space4)
	if r.rtl {
		at.X += part.W
	}
	return at
}
