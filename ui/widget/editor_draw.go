package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// caretWidth is in dp; it is drawn on whole device pixels.
const caretWidth = 1.5

// CreateRenderer implements fyne.Widget.
func (e *editable) CreateRenderer() fyne.WidgetRenderer { return &editRenderer{e} }

type editRenderer struct{ e *editable }

func (r *editRenderer) Destroy()           { r.e.blink.stop() }
func (r *editRenderer) MinSize() fyne.Size { return r.e.MinSize() }
func (r *editRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.e.view.Raster, r.e.caretBar}
}

func (r *editRenderer) Layout(s fyne.Size) {
	e := r.e
	if s.Width <= 0 || s.Height <= 0 {
		return
	}
	e.reveal()
	r.draw()
	if h := e.wanted(); h != e.height {
		e.height = h
		if e.OnHeight != nil {
			e.OnHeight(h)
		}
	}
}

func (r *editRenderer) Refresh() {
	r.e.bound()
	r.draw()
	canvas.Refresh(r.e.self)
}

// draw shows text, selection and caret as they are.
func (r *editRenderer) draw() {
	e, p := r.e, theme.Current()
	b := e.layout()
	v := e.view
	v.block, v.ink, v.wash, v.selected = b, p.Ink, p.Selection, nil
	if len(e.runes) == 0 || e.disabled {
		v.ink = p.Ink3
	}
	if a, z := e.selection(); a < z {
		v.selected = b.Select(a, z)
	}
	v.scroll = fyne.NewPos(e.scrollX-e.offset(), e.scrollY)
	s := e.Size()
	v.place(0, 0, s.Width, s.Height)
	v.Raster.Refresh()
	r.drawCaret()
}

func (r *editRenderer) drawCaret() {
	e := r.e
	px := deviceScale(e.caretBar)
	w := snapUp(caretWidth, px)
	x, y := e.caretPlace()
	x = e.caretLeft(x+e.offset()-e.scrollX, w, px)
	y -= e.scrollY
	e.caretBar.FillColor = theme.Current().Accent
	const inset = 2
	e.caretBar.Move(fyne.NewPos(x, snap(y+inset, px)))
	e.caretBar.Resize(fyne.NewSize(w, e.style.LineHeight-2*inset))
	inView := y > -1 && y+e.style.LineHeight < e.Size().Height+1
	show(e.caretBar, e.focused && !e.disabled && e.blink.on && inView)
	e.caretBar.Refresh()
}

// caretLeft returns the left edge, on a whole device pixel, of a caret w wide at
// x: wholly beside the letter that it keeps to, so that it covers none of it.
func (e *editable) caretLeft(x, w, scale float32) float32 {
	switch {
	case len(e.runes) == 0 || e.side != text.SideBefore || e.caret == 0:
		return snap(x-w/2, scale)
	case e.layout().RTLAt(e.caret - 1):
		return -snapUp(w-x, scale)
	}
	return snapUp(x, scale)
}
