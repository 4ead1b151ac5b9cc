package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Header is the bar over a pane: a back arrow where there is a way back, a title with
// trust dots, a line below it, and actions at the end.
type Header struct {
	fynewidget.BaseWidget

	// OnTrust is called when the dots are pressed, with a point of the window below them.
	OnTrust func(at fyne.Position)

	title, sub string
	back       *IconButton
	backShown  bool
	dots       *DotsButton
	dotsShown  bool
	actions    []fyne.CanvasObject
	heading    *words
	line       *words
	tall       *words // in place of the last of these where one line is too short
}

// NewHeader returns an empty bar; backWord names the arrow.
func NewHeader(backWord string, onBack func(), actions ...fyne.CanvasObject) *Header {
	h := &Header{
		back:    NewIconButton(theme.IconBack, backWord, onBack),
		actions: actions,
		heading: newWords(), line: newWords(), tall: newText(2),
		OnTrust: func(fyne.Position) {},
	}
	h.heading.fits, h.line.fits = true, true
	h.dots = NewDotsButton(0, theme.DotHeader, "", func(at fyne.Position) { h.OnTrust(at) })
	h.ExtendBaseWidget(h)
	return h
}

// SetTitle sets the title and the line below it, which may be empty.
func (h *Header) SetTitle(title, sub string) {
	if h.title != title || h.sub != sub {
		h.title, h.sub = title, sub
		h.Refresh()
	}
}

// SetTrust shows dots after the title, and the word of their level on hover; a negative
// level hides them.
func (h *Header) SetTrust(level int, word string) {
	h.dotsShown = level >= 0
	h.dots.Set(max(0, level), word)
	h.Refresh()
}

// ShowBack shows or hides the arrow.
func (h *Header) ShowBack(on bool) {
	if h.backShown != on {
		h.backShown = on
		h.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (h *Header) CreateRenderer() fyne.WidgetRenderer {
	rule := box(0)
	objects := []fyne.CanvasObject{h.heading.raster, h.line.raster, h.tall.raster, h.back, h.dots, rule}
	objects = append(objects, h.actions...)
	update := func() {
		p := theme.Current()
		h.heading.set(h.title, theme.Heading, p.Ink)
		show(h.heading.raster, true)
		h.line.set(h.sub, theme.Caption, p.Ink2)
		paint(rule, p.Hairline, transparent, 0)
		show(h.back, h.backShown)
		show(h.dots, h.dotsShown)
		h.back.Refresh()
		h.dots.Refresh()
		for _, a := range h.actions {
			a.Refresh()
		}
	}
	minSize := func() fyne.Size { return fyne.NewSize(200, theme.HeaderHeight()+theme.Hair) }
	place := func(s fyne.Size) {
		height := s.Height - theme.Hair
		put(rule, 0, height, s.Width, theme.Hair, s.Width)
		end := h.placeActions(s.Width, height)
		x := theme.Gutter
		if h.backShown {
			side := theme.IconButtonSize
			put(h.back, theme.Space8, (height-side)/2, side, side, s.Width)
			x = theme.Space8 + side + theme.Space4
		}
		h.placeText(x, end, height, s.Width)
	}
	return newParts(h, update, minSize, place, objects...)
}

// placeActions lays the actions from the end edge and returns where they begin.
func (h *Header) placeActions(width, height float32) float32 {
	// The drawing of the last icon, not its target, lines up with the gutter.
	x := width - theme.Gutter + (theme.IconButtonSize-theme.IconAction)/2
	for i := len(h.actions) - 1; i >= 0; i-- {
		a := h.actions[i]
		if !a.Visible() {
			continue
		}
		m := a.MinSize()
		x -= m.Width
		put(a, x, (height-m.Height)/2, m.Width, m.Height, width)
		x -= theme.Space4
	}
	return x - theme.Space8
}

// dotsGap is between the title and the target of the dots, which reaches beyond them.
const dotsGap = theme.Space12 - dotsReach

func (h *Header) placeText(x, end, height, width float32) {
	if h.sub == "" && !h.dotsShown {
		h.placeTitle(x, end, height, width)
		return
	}
	first, second := theme.Heading.LineHeight, theme.Caption.LineHeight
	if h.sub == "" {
		second = 0
	}
	room := end - x
	h.heading.set(h.title, theme.Heading, theme.Current().Ink)
	tall := h.line.fit(room).Truncated
	if tall { // both lines of it, and the title closer above
		first = ceil(theme.Heading.Size * inkHeight)
		style := theme.Caption
		style.LineHeight = float32(int((height - first) / 2))
		second = 2 * style.LineHeight
		heading := theme.Heading
		heading.LineHeight = first
		h.heading.set(h.title, heading, theme.Current().Ink)
		h.tall.set(h.sub, style, theme.Current().Ink2)
	}
	show(h.line.raster, !tall)
	show(h.tall.raster, tall)
	y := float32(int((height - first - second) / 2))
	dots := h.dots.MinSize()
	if h.dotsShown {
		room -= dots.Width + dotsGap
	}
	h.heading.put(x, y, room, width, alignStart)
	n := h.heading.widthIn(room)
	put(h.dots, x+n+dotsGap, y+(first-dots.Height)/2, dots.Width, dots.Height, width)
	if tall {
		h.tall.put(x, y+first, end-x, width, alignStart)
		return
	}
	h.line.put(x, y+first, end-x, width, alignStart)
}

// placeTitle lays a title that stands alone, on two lines where it needs them.
func (h *Header) placeTitle(x, end, height, width float32) {
	tall := h.heading.fit(end - x).Truncated
	show(h.heading.raster, !tall)
	show(h.tall.raster, tall)
	show(h.line.raster, false)
	if !tall {
		h.heading.put(x, float32(int((height-theme.Heading.LineHeight)/2)), end-x, width, alignStart)
		return
	}
	style := theme.Heading
	style.LineHeight = float32(int(height / 2))
	style.Size = min(style.Size, style.LineHeight/inkHeight)
	h.tall.set(h.title, style, theme.Current().Ink)
	h.tall.put(x, (height-2*style.LineHeight)/2, end-x, width, alignStart)
}

// inkHeight is how high letters of all scripts are, with what stands above and below, to
// their size.
const inkHeight = 1.3
