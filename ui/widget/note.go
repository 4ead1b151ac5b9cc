package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Note is a quiet box with something to read.
type Note struct {
	fynewidget.BaseWidget
	text    string
	warning bool
	body    *words
}

// NewNote returns a box with text.
func NewNote(text string) *Note { return newNote(text, false) }

// NewWarning returns a box for what must be read first: with a bar and a triangle.
func NewWarning(text string) *Note { return newNote(text, true) }

func newNote(s string, warning bool) *Note {
	n := &Note{text: s, warning: warning, body: newText(0)}
	n.ExtendBaseWidget(n)
	return n
}

// SetText shows another text.
func (n *Note) SetText(s string) {
	if n.text != s {
		n.text = s
		n.Refresh()
	}
}

const (
	notePadding           = theme.Space16
	warningBar    float32 = 3
	warningIndent         = theme.IconAction + theme.Space12
)

func (n *Note) textStart() float32 {
	if n.warning {
		return notePadding + warningIndent
	}
	return notePadding
}

// HeightFor returns the height at a width.
func (n *Note) HeightFor(width float32) float32 {
	n.update()
	return n.body.heightFor(width-n.textStart()-notePadding) + 2*notePadding
}

func (n *Note) update() { n.body.set(n.text, theme.Small, theme.Current().Ink) }

// CreateRenderer implements fyne.Widget.
func (n *Note) CreateRenderer() fyne.WidgetRenderer {
	plate, bar, sign := box(theme.RadiusRow), box(warningBar/2), picture()
	update := func() {
		p := theme.Current()
		n.update()
		paint(plate, p.List, transparent, 0)
		paint(bar, p.Warning, transparent, 0)
		show(bar, n.warning)
		show(sign, n.warning)
		setIcon(sign, theme.Icon(theme.IconFailed, p.Warning))
	}
	minSize := func() fyne.Size { return fyne.NewSize(1, n.HeightFor(widthOf(n))) }
	place := func(s fyne.Size) {
		fill(plate, s, 0)
		put(bar, 0, theme.RadiusRow, warningBar, s.Height-2*theme.RadiusRow, s.Width)
		put(sign, notePadding, notePadding, theme.IconAction, theme.IconAction, s.Width)
		x := n.textStart()
		n.body.put(x, notePadding, s.Width-x-notePadding, s.Width, alignStart)
	}
	return newParts(n, update, minSize, place, plate, bar, sign, n.body.raster)
}

// widthOf is the width that wrapping text is measured for: the present one, or a guess
// before there is one.
func widthOf(o fyne.CanvasObject) float32 {
	if w := o.Size().Width; w > 0 {
		return w
	}
	return 240
}

// EmptyState says why there is nothing here, and what to do about it.
type EmptyState struct {
	fynewidget.BaseWidget
	icon          theme.IconName
	title, text   string
	heading, body *words
	button        *Button // nil without
}

// NewEmptyState returns the state. An empty icon or text takes no room; button may be nil.
func NewEmptyState(icon theme.IconName, title, text string, button *Button) *EmptyState {
	e := &EmptyState{icon: icon, title: title, text: text, heading: newText(0), body: newText(0), button: button}
	e.ExtendBaseWidget(e)
	return e
}

// SetText changes the words.
func (e *EmptyState) SetText(title, text string) {
	e.title, e.text = title, text
	e.Refresh()
}

// HeightFor returns the height at a width.
func (e *EmptyState) HeightFor(width float32) float32 {
	e.update()
	return e.walk(width, func(fyne.CanvasObject, *words, float32, float32) {})
}

func (e *EmptyState) update() {
	p := theme.Current()
	e.heading.align, e.body.align = alignCentre, alignCentre
	e.heading.set(e.title, theme.Heading, p.Ink)
	e.body.set(e.text, theme.UI, p.Ink2)
}

// walk goes through what stands below one another and returns the whole height.
func (e *EmptyState) walk(width float32, visit func(o fyne.CanvasObject, w *words, y, h float32)) float32 {
	y := float32(0)
	if e.icon != "" {
		visit(nil, nil, y, theme.IconEmpty)
		y += theme.IconEmpty + theme.Space16
	}
	for _, w := range []*words{e.heading, e.body} {
		if h := w.heightFor(width); h > 0 {
			visit(nil, w, y, h)
			y += h + theme.Space4
		}
	}
	y -= theme.Space4
	if e.button != nil {
		y += theme.Space20
		h := e.button.MinSize().Height
		visit(e.button, nil, y, h)
		y += h
	}
	return y
}

// CreateRenderer implements fyne.Widget.
func (e *EmptyState) CreateRenderer() fyne.WidgetRenderer {
	icon := picture()
	objects := []fyne.CanvasObject{icon, e.heading.raster, e.body.raster}
	if e.button != nil {
		objects = append(objects, e.button)
	}
	update := func() {
		e.update()
		show(icon, e.icon != "")
		setIcon(icon, theme.Icon(e.icon, theme.Current().Ink3))
	}
	minSize := func() fyne.Size { return fyne.NewSize(1, e.HeightFor(widthOf(e))) }
	place := func(s fyne.Size) {
		top := max(0, (s.Height-e.HeightFor(s.Width))/2)
		e.walk(s.Width, func(o fyne.CanvasObject, w *words, y, h float32) {
			switch {
			case w != nil:
				w.put(0, top+y, s.Width, s.Width, alignCentre)
			case o != nil:
				n := min(o.MinSize().Width, s.Width)
				put(o, (s.Width-n)/2, top+y, n, h, s.Width)
			default:
				put(icon, (s.Width-h)/2, top+y, h, h, s.Width)
			}
		})
	}
	return newParts(e, update, minSize, place, objects...)
}
