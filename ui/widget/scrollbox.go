package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// ScrollBox shows content that may be higher than its room. The content gets the box's
// width, and its height from HeightFor where it, or a container's layout, has that.
type ScrollBox struct {
	fynewidget.BaseWidget
	content fyne.CanvasObject
	clip    *container.Clip
	bar     *scrollBar
	offset  float32
}

// bleed is how far the box shows what stands out of its content: focus rings.
const bleed = theme.FocusInset + theme.FocusEdge

// NewScrollBox returns a box over content.
func NewScrollBox(content fyne.CanvasObject) *ScrollBox {
	b := &ScrollBox{content: content}
	b.clip = container.NewClip(container.New(scrolled{b}, content))
	b.clip.ExtendBaseWidget(b.clip) // else it has no renderer, and its content no keyboard, before it is drawn
	b.bar = newScrollBar(b.ScrollTo)
	b.ExtendBaseWidget(b)
	return b
}

// ScrollTo brings what lies y below the top of the content to the top of the box, as far
// as the content goes.
func (b *ScrollBox) ScrollTo(y float32) { b.scroll(y, true) }

// HeightFor returns the height at which nothing needs to scroll.
func (b *ScrollBox) HeightFor(width float32) float32 { return b.contentHeight(width) }

// Reveal scrolls as little as makes the content from y to y+height visible.
func (b *ScrollBox) Reveal(y, height float32) {
	page := b.Size().Height
	switch {
	case y < b.offset:
		b.scroll(y, true)
	case y+height > b.offset+page:
		b.scroll(y+height-page, true)
	}
}

func (b *ScrollBox) Scrolled(e *fyne.ScrollEvent) { b.scroll(b.offset-e.Scrolled.DY, true) }

func (b *ScrollBox) scroll(offset float32, moved bool) {
	s := b.Size()
	h := b.contentHeight(s.Width)
	offset = max(0, min(offset, h-s.Height))
	moved = moved && offset != b.offset
	b.offset = offset
	b.content.Resize(fyne.NewSize(s.Width, max(h, s.Height)))
	b.content.Move(fyne.NewPos(bleed, bleed-snap(offset, deviceScale(b))))
	b.bar.set(offset, h, s.Height, moved)
}

func (b *ScrollBox) contentHeight(width float32) float32 {
	type tall interface{ HeightFor(float32) float32 }
	if t, ok := b.content.(tall); ok {
		return t.HeightFor(width)
	}
	if c, ok := b.content.(*fyne.Container); ok {
		if t, ok := c.Layout.(tall); ok {
			return t.HeightFor(width)
		}
	}
	return b.content.MinSize().Height
}

// scrolled lays the content out again when its least size changes.
type scrolled struct{ box *ScrollBox }

func (scrolled) MinSize([]fyne.CanvasObject) fyne.Size   { return fyne.NewSize(1, 1) }
func (s scrolled) Layout([]fyne.CanvasObject, fyne.Size) { s.box.scroll(s.box.offset, false) }

// CreateRenderer implements fyne.Widget.
func (b *ScrollBox) CreateRenderer() fyne.WidgetRenderer {
	minSize := func() fyne.Size { return fyne.NewSize(b.content.MinSize().Width, 1) }
	place := func(s fyne.Size) {
		fill(b.clip, s, bleed)
		b.clip.Content.Resize(b.clip.Size())
		put(b.bar, s.Width-b.bar.MinSize().Width, 0, b.bar.MinSize().Width, s.Height, s.Width)
		b.scroll(b.offset, false)
	}
	return newParts(b, func() {}, minSize, place, b.clip, b.bar)
}
