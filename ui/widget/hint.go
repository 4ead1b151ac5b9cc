package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Hints is the layer over a window's content on which the words of icons appear. It lets
// every event through; one of Fyne's overlays would keep the pointer from what lies
// below.
type Hints struct {
	fynewidget.BaseWidget
	of   fyne.CanvasObject // what the word belongs to, or nil
	word string
}

// hintLayers are the layers of the open windows. Owner: Fyne's thread.
var hintLayers = map[*Hints]bool{}

// NewHints returns a layer. Over puts it above a window's content; Close forgets it.
func NewHints() *Hints {
	h := &Hints{}
	h.ExtendBaseWidget(h)
	hintLayers[h] = true
	return h
}

// Over returns content with the layer above it.
func (h *Hints) Over(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(content, h)
}

// Close ends the use of the layer, when its window closes.
func (h *Hints) Close() { delete(hintLayers, h) }

func showHint(of fyne.CanvasObject, word string) {
	c := canvasOf(of)
	for h := range hintLayers {
		if word != "" && c != nil && canvasOf(h) == c {
			h.of, h.word = of, word
			h.Refresh()
		}
	}
}

func hideHint(of fyne.CanvasObject) {
	for h := range hintLayers {
		if h.of == of {
			h.of = nil
			h.Refresh()
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (h *Hints) CreateRenderer() fyne.WidgetRenderer {
	plate, word := box(theme.RadiusField), newWords()
	update := func() {
		p := theme.Current()
		paint(plate, p.Surface, p.Field, theme.Hair)
		word.set(h.word, theme.Caption, p.Ink)
		show(plate, h.of != nil)
		show(word.raster, h.of != nil)
	}
	minSize := func() fyne.Size { return fyne.NewSquareSize(1) }
	place := func(s fyne.Size) {
		if h.of == nil {
			return
		}
		driver := fyne.CurrentApp().Driver()
		at := driver.AbsolutePositionForObject(h.of).Subtract(driver.AbsolutePositionForObject(h))
		w, height := word.natural()+2*theme.Space8, theme.Caption.LineHeight+2*theme.Space4
		x := at.X + (h.of.Size().Width-w)/2
		x = max(theme.Space4, min(x, s.Width-w-theme.Space4))
		y := at.Y + h.of.Size().Height + theme.Space4
		if y+height > s.Height {
			y = at.Y - height - theme.Space4
		}
		plate.Move(fyne.NewPos(x, y))
		plate.Resize(fyne.NewSize(w, height))
		word.put(theme.Start(x, w, s.Width)+theme.Space8, y+theme.Space4, w-2*theme.Space8, s.Width, alignCentre)
	}
	return newParts(h, update, minSize, place, plate, word.raster)
}
