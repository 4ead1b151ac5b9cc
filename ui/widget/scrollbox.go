package widget

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// ScrollBox shows content that may be higher than its room. The content gets the box's
// width, and its height from HeightFor where it, or a container's layout, has that. What
// gets the keyboard is scrolled into view.
type ScrollBox struct {
	fynewidget.BaseWidget
	content    fyne.CanvasObject
	area       *scrollArea
	bar        *scrollBar
	barOutside bool // the bar stands beside the box, in the padding of a card
	offset     float32
}

// bleed is how far the box shows what stands out of its content: focus rings. Above and
// below it does so only where the content begins or ends.
const bleed = theme.FocusInset + theme.FocusEdge

// NewScrollBox returns a box over content.
func NewScrollBox(content fyne.CanvasObject) *ScrollBox {
	b := &ScrollBox{content: content}
	b.area = newScrollArea(b)
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

func (b *ScrollBox) scroll(offset float32, moved bool) {
	s := b.Size()
	h := b.contentHeight(s.Width)
	offset = max(0, min(offset, h-s.Height))
	moved = moved && offset != b.offset
	b.offset = offset
	// Only what stands out of the content's own ends may be seen beyond the box: what is
	// scrolled out of it would lie on whatever the box is next to.
	var top, bottom float32
	if offset == 0 {
		top = bleed
	}
	if offset >= h-s.Height {
		bottom = bleed
	}
	b.area.Move(fyne.NewPos(-bleed, -top))
	b.area.Resize(fyne.NewSize(s.Width+2*bleed, top+s.Height+bottom))
	b.content.Resize(fyne.NewSize(s.Width, max(h, s.Height)))
	b.content.Move(fyne.NewPos(bleed, top-snap(offset, deviceScale(b))))
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

// CreateRenderer implements fyne.Widget.
func (b *ScrollBox) CreateRenderer() fyne.WidgetRenderer {
	minSize := func() fyne.Size { return fyne.NewSize(b.content.MinSize().Width, 1) }
	place := func(s fyne.Size) {
		x := s.Width - theme.ScrollBarHit
		if b.barOutside {
			x = s.Width + bleed
		}
		put(b.bar, x, 0, theme.ScrollBarHit, s.Height, s.Width)
		b.scroll(b.offset, false)
	}
	scrollBoxes[b] = true
	return scrollBoxParts{newParts(b, func() {}, minSize, place, b.area, b.bar), b}
}

type scrollBoxParts struct {
	*parts
	box *ScrollBox
}

func (p scrollBoxParts) Destroy() { delete(scrollBoxes, p.box) }

// scrollArea is the window on the content. Fyne clips what can be scrolled to its bounds,
// so the area is a little larger than the box.
type scrollArea struct {
	fynewidget.BaseWidget
	box *ScrollBox
}

func newScrollArea(b *ScrollBox) *scrollArea {
	a := &scrollArea{box: b}
	a.ExtendBaseWidget(a)
	return a
}

func (a *scrollArea) Scrolled(e *fyne.ScrollEvent) { a.box.scroll(a.box.offset-e.Scrolled.DY, true) }

// CreateRenderer implements fyne.Widget. The layout runs again when the content's least
// size changes.
func (a *scrollArea) CreateRenderer() fyne.WidgetRenderer {
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	place := func(fyne.Size) { a.box.scroll(a.box.offset, false) }
	return newParts(a, func() {}, minSize, place, a.box.content)
}

// scrollBoxes are the boxes that are shown. Owner: Fyne's thread.
var scrollBoxes = map[*ScrollBox]bool{}

// revealFocused scrolls what got the keyboard into view, if it lies on the content of a
// box.
func revealFocused(o fyne.CanvasObject) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	for _, b := range boxesAround(o) {
		b.Reveal(at(o).Y-at(b.content).Y-theme.Space8, o.Size().Height+2*theme.Space8)
	}
}

// boxesAround returns the boxes on whose content o lies, the innermost first. Fyne tells
// nobody what lies in what, so places decide.
func boxesAround(o fyne.CanvasObject) (all []*ScrollBox) {
	c := canvasOf(o)
	if c == nil {
		return nil
	}
	driver := fyne.CurrentApp().Driver()
	for b := range scrollBoxes {
		if canvasOf(b.content) != c {
			continue
		}
		at := driver.AbsolutePositionForObject(o).Subtract(driver.AbsolutePositionForObject(b.content))
		size, whole := o.Size(), b.content.Size()
		if at.X >= 0 && at.Y >= 0 && at.X+size.Width <= whole.Width && at.Y+size.Height <= whole.Height {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b *ScrollBox) int { return cmp.Compare(a.Size().Height, b.Size().Height) })
	return all
}
