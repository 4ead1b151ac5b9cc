package layout

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

// paragraph is 100 square units of text: the narrower, the higher.
type paragraph struct{ *canvas.Rectangle }

func (paragraph) HeightFor(width float32) float32 { return 10000 / width }

func box(w, h float32) *canvas.Rectangle {
	r := canvas.NewRectangle(nil)
	r.SetMinSize(fyne.NewSize(w, h))
	return r
}

func at(t *testing.T, o fyne.CanvasObject, x, y, w, h float32) {
	t.Helper()
	if o.Position() != fyne.NewPos(x, y) || o.Size() != fyne.NewSize(w, h) {
		t.Errorf("at %v with size %v, want %g,%g %gx%g", o.Position(), o.Size(), x, y, w, h)
	}
}

func TestColumn(t *testing.T) {
	test.NewTempApp(t)
	text, hidden, mid, button := paragraph{box(1, 1)}, box(50, 50), box(40, 10), box(30, 20)
	hidden.Hide()
	c := NewColumn(100).Add(8, text).Add(8, hidden).AddCentre(4, mid).AddStart(16, button)
	if got := c.MinSize(); got != fyne.NewSize(100, 100+4+10+16+20) {
		t.Fatalf("size %v", got)
	}
	c.Resize(fyne.NewSize(200, c.HeightFor(200)))
	at(t, text.Rectangle, 0, 0, 200, 50)
	at(t, mid, 80, 54, 40, 10)
	at(t, button, 0, 80, 30, 20)

	theme.SetRTL(true)
	defer theme.SetRTL(false)
	c.Refresh()
	at(t, button, 170, 80, 30, 20)
}

func TestColumnSpace(t *testing.T) {
	test.NewTempApp(t)
	top, bottom := box(10, 10), box(10, 10)
	c := NewColumn(100).Add(0, top).AddSpace().Add(8, bottom)
	c.Resize(fyne.NewSize(100, 300))
	at(t, bottom, 0, 290, 100, 10)
}

func TestRow(t *testing.T) {
	test.NewTempApp(t)
	ring, text, button := box(28, 28), paragraph{box(1, 1)}, box(60, 40)
	r := NewRow().Add(0, ring).AddGrow(12, text).Add(12, button)
	if got := r.HeightFor(212); got != 100 {
		t.Fatalf("height %g", got)
	}
	r.Resize(fyne.NewSize(212, 100))
	at(t, ring, 0, 36, 28, 28)
	at(t, text.Rectangle, 40, 0, 100, 100)
	at(t, button, 152, 30, 60, 40)
	ring.Hide()
	r.Refresh()
	at(t, button, 152, 30, 60, 40)
	if text.Position().X != 0 {
		t.Error("a hidden first item leaves its gap")
	}
}

func TestRowShares(t *testing.T) {
	test.NewTempApp(t)
	a, b := box(10, 40), box(90, 40)
	r := NewRow().AddGrow(0, a).AddGrow(16, b)
	r.Resize(fyne.NewSize(216, 40))
	at(t, a, 0, 0, 100, 40)
	at(t, b, 116, 0, 100, 40)
}

func TestRowAtTopAndBeyondItsEnd(t *testing.T) {
	test.NewTempApp(t)
	number, icon := box(10, 20), box(36, 36)
	r := NewRow().AddGrow(0, number).Add(8, icon).AlignTop().Outset(4)
	r.Resize(fyne.NewSize(200, 36))
	at(t, number, 0, 0, 160, 20)
	at(t, icon, 168, 0, 36, 36)
}

func TestFlow(t *testing.T) {
	test.NewTempApp(t)
	a, hidden, b, c := box(60, 20), box(60, 20), box(50, 30), box(300, 20)
	hidden.Hide()
	f := NewFlow(16, a, hidden, b, c)
	if got := f.HeightFor(130); got != 50 {
		t.Fatalf("height %g", got)
	}
	f.Resize(fyne.NewSize(130, 50))
	at(t, a, 0, 0, 60, 20)
	at(t, b, 76, 0, 50, 30)
	at(t, c, 0, 30, 130, 20)
	if f.HeightFor(125) != 70 || f.NaturalWidth() != 60+16+50+16+300 {
		t.Errorf("narrower %g, natural width %g", f.HeightFor(125), f.NaturalWidth())
	}
	theme.SetRTL(true)
	defer theme.SetRTL(false)
	f.Refresh()
	at(t, a, 70, 0, 60, 20)
}
