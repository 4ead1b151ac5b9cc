package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// floating is something on a plate over the window until something else is pressed.
type floating struct {
	fynewidget.BaseWidget
	canvas  fyne.Canvas
	at      fyne.Position // corner at the start edge, in the window
	content fyne.CanvasObject
	first   fyne.Focusable // gets the keyboard
	back    fyne.Focusable // had it before
}

func newFloating(c fyne.Canvas, at fyne.Position, content fyne.CanvasObject) *floating {
	f := &floating{canvas: c, at: at, content: content, back: c.Focused()}
	f.ExtendBaseWidget(f)
	return f
}

// open shows the plate and gives what is on it the keyboard.
func (f *floating) open(focus fyne.Focusable) {
	f.first = focus
	f.canvas.Overlays().Add(f)
	f.Resize(f.canvas.Size())
	f.canvas.Focus(focus)
}

// Close takes the plate away, and gives the keyboard back.
func (f *floating) Close() {
	f.canvas.Overlays().Remove(f)
	if f.back != nil {
		f.canvas.Focus(f.back)
	}
}

// FocusGained hands the keyboard on. The plate takes it at all because Fyne takes it from
// whatever has it when the button that opened the plate is released over something that
// takes none.
func (f *floating) FocusGained() { f.canvas.Focus(f.first) }

func (f *floating) FocusLost()     {}
func (f *floating) TypedRune(rune) {}

func (f *floating) Tapped(*fyne.PointEvent)          { f.Close() }
func (f *floating) TappedSecondary(*fyne.PointEvent) { f.Close() }

// TypedKey closes the plate at Escape.
func (f *floating) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		f.Close()
	}
}

// CreateRenderer implements fyne.Widget.
func (f *floating) CreateRenderer() fyne.WidgetRenderer {
	plate := box(theme.RadiusBox)
	guard := newGuard()
	update := func() {
		p := theme.Current()
		paint(plate, p.Surface, p.Hairline, theme.Hair)
		f.content.Refresh()
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	place := func(s fyne.Size) {
		want := f.content.MinSize()
		want.Width = min(want.Width, s.Width-2*theme.Space4)
		want.Height = min(want.Height, s.Height-2*theme.Space4)
		left := f.at.X
		if theme.RTL() {
			left -= want.Width
		}
		left = max(theme.Space4, min(left, s.Width-want.Width-theme.Space4))
		top := max(theme.Space4, min(f.at.Y, s.Height-want.Height-theme.Space4))
		for _, o := range []fyne.CanvasObject{plate, guard, f.content} {
			o.Move(fyne.NewPos(left, top))
			o.Resize(want)
		}
	}
	return newParts(f, update, minSize, place, plate, guard, f.content)
}

// guard keeps presses between the controls of a plate from closing it.
type guard struct{ fynewidget.BaseWidget }

func newGuard() *guard {
	g := &guard{}
	g.ExtendBaseWidget(g)
	return g
}

func (g *guard) Tapped(*fyne.PointEvent)          {}
func (g *guard) TappedSecondary(*fyne.PointEvent) {}

// CreateRenderer implements fyne.Widget.
func (g *guard) CreateRenderer() fyne.WidgetRenderer {
	return newParts(g, func() {}, func() fyne.Size { return fyne.NewSquareSize(1) }, func(fyne.Size) {})
}
