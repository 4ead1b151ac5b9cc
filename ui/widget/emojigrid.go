package widget

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/emoji"
	"tacit/ui/widget/text"
)

const (
	gridColumns = 8
	gridRows    = 6 // in sight
)

// emojiGrid shows emoji in rows of eight, of which one is marked. Only those in sight
// are drawn.
//
// Owner of every field: Fyne's thread.
type emojiGrid struct {
	fynewidget.BaseWidget
	onPick func(string)
	onMark func() // another one is marked

	all    []emoji.Emoji
	cursor int // -1: none
	keys   bool
	offset float32
	ink    *inkRaster
	wash   *canvas.Rectangle
	ring   *canvas.Rectangle
	bar    *canvas.Rectangle
}

func newEmojiGrid() *emojiGrid {
	g := &emojiGrid{cursor: -1, wash: box(theme.RadiusField), ring: box(theme.RadiusField), bar: box(theme.ScrollBarWidth / 2)}
	g.ink = newInkRaster(g.paint)
	g.ExtendBaseWidget(g)
	return g
}

// cell is the side of the square of one emoji.
func (g *emojiGrid) cell() float32 {
	return theme.IconButtonSize * max(1, min(1.25, theme.Scale()))
}

// set shows other emoji, from the first.
func (g *emojiGrid) set(all []emoji.Emoji, cursor int) {
	g.all, g.offset, g.keys = all, 0, false
	g.cursor = min(cursor, len(all)-1)
	g.Refresh()
	g.onMark()
}

// marked returns the emoji at the cursor, or nil.
func (g *emojiGrid) marked() *emoji.Emoji {
	if g.cursor < 0 || g.cursor >= len(g.all) {
		return nil
	}
	return &g.all[g.cursor]
}

// step moves the cursor, and brings it into sight. It reports whether it is still in the
// grid: above the first row it is not.
func (g *emojiGrid) step(by int) bool {
	to := g.cursor + by
	if g.cursor < 0 {
		to = 0
	}
	if to < 0 && by <= -gridColumns {
		g.mark(-1, true)
		return false
	}
	g.mark(max(0, min(to, len(g.all)-1)), true)
	top := float32(g.cursor/gridColumns) * g.cell()
	g.scrollTo(max(top+g.cell()-g.Size().Height, min(g.offset, top)))
	return true
}

func (g *emojiGrid) mark(i int, keys bool) {
	if i == g.cursor && keys == g.keys {
		return
	}
	g.cursor, g.keys = i, keys
	g.Refresh()
	g.onMark()
}

func (g *emojiGrid) height() float32 {
	return g.cell() * float32(math.Ceil(float64(len(g.all))/gridColumns))
}

func (g *emojiGrid) scrollTo(offset float32) {
	offset = max(0, min(offset, g.height()-g.Size().Height))
	if offset != g.offset {
		g.offset = offset
		g.ink.Refresh()
		g.Refresh()
	}
}

// Scrolled implements fyne.Scrollable.
func (g *emojiGrid) Scrolled(e *fyne.ScrollEvent) { g.scrollTo(g.offset - e.Scrolled.DY) }

// at returns the index of the emoji at a point, or -1.
func (g *emojiGrid) at(p fyne.Position) int {
	c := g.cell()
	x := theme.Start(p.X, 0, c*gridColumns)
	if x < 0 || x >= c*gridColumns || p.Y < 0 || p.Y >= g.Size().Height {
		return -1
	}
	i := int((p.Y+g.offset)/c)*gridColumns + int(x/c)
	if i >= len(g.all) {
		return -1
	}
	return i
}

// Tapped implements fyne.Tappable.
func (g *emojiGrid) Tapped(e *fyne.PointEvent) {
	if i := g.at(e.Position); i >= 0 {
		g.onPick(g.all[i].Text)
	}
}

// MouseIn implements desktop.Hoverable.
func (g *emojiGrid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (g *emojiGrid) MouseMoved(e *desktop.MouseEvent) { g.mark(g.at(e.Position), false) }

// MouseOut implements desktop.Hoverable.
func (g *emojiGrid) MouseOut() { g.mark(-1, false) }

// Cursor implements desktop.Cursorable.
func (g *emojiGrid) Cursor() desktop.Cursor { return desktop.PointerCursor }

// paint draws the rows in sight.
func (g *emojiGrid) paint(dst *image.RGBA, scale float32) {
	c := g.cell()
	style := text.Style{Size: c * 0.62, LineHeight: c}
	first := int(g.offset/c) * gridColumns
	for i := first; i < len(g.all); i++ {
		y := float32(i/gridColumns)*c - g.offset
		if y >= g.Size().Height {
			return
		}
		b := text.Layout(g.all[i].Text, style, text.Options{MaxLines: 1})
		x := theme.Start(float32(i%gridColumns)*c, c, c*gridColumns) + (c-b.Width)/2
		b.Draw(dst, x*scale, y*scale, scale, theme.Current().Ink)
	}
}

// CreateRenderer implements fyne.Widget.
func (g *emojiGrid) CreateRenderer() fyne.WidgetRenderer {
	update := func() {
		p := theme.Current()
		paint(g.wash, p.Hover, transparent, 0)
		paint(g.bar, theme.Alpha(p.Ink3, 0.5), transparent, 0)
		show(g.wash, g.cursor >= 0)
		showRing(g.ring, g.cursor >= 0 && g.keys)
		show(g.bar, g.height() > g.Size().Height)
	}
	minSize := func() fyne.Size {
		return fyne.NewSize(g.cell()*gridColumns+theme.ScrollBarHit, g.cell()*gridRows)
	}
	place := func(s fyne.Size) {
		c := g.cell()
		put(g.ink.Raster, 0, 0, c*gridColumns, s.Height, s.Width)
		g.ink.Refresh()
		if g.cursor >= 0 {
			x, y := float32(g.cursor%gridColumns)*c, float32(g.cursor/gridColumns)*c-g.offset
			put(g.wash, x, y, c, c, s.Width)
			put(g.ring, x, y, c, c, s.Width)
			inside := y > -1 && y+c < s.Height+1
			show(g.ring, inside && g.keys)
			show(g.wash, inside)
		}
		if h := g.height(); h > s.Height {
			length := max(theme.ScrollBarMin, s.Height*s.Height/h)
			y := (s.Height - length) * g.offset / (h - s.Height)
			put(g.bar, s.Width-theme.ScrollBarWidth, y, theme.ScrollBarWidth, length, s.Width)
		}
	}
	return newParts(g, update, minSize, place, g.wash, g.ink.Raster, g.ring, g.bar)
}
