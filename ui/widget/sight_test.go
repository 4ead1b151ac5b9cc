package widget

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// TestSightMarksWhatWasFound: the mark lies around the corners, in the places of the
// picture, and goes with them; none lies outside of the picture.
func TestSightMarksWhatWasFound(t *testing.T) {
	test.NewTempApp(t)
	s := NewSight()
	s.Resize(fyne.NewSize(400, 300))
	lines := func() (all []*canvas.Line) {
		for _, o := range test.WidgetRenderer(s).Objects() {
			if l, ok := o.(*canvas.Line); ok && l.Visible() {
				all = append(all, l)
			}
		}
		return all
	}
	if n := len(lines()); n > 0 {
		t.Errorf("%d lines on an empty ground", n)
	}
	picture := image.NewRGBA(image.Rect(0, 0, 200, 150))
	s.Set(picture, true, [4]image.Point{{50, 50}, {150, 50}, {150, 100}, {50, 100}})
	if n := len(lines()); n != 8 {
		t.Fatalf("%d lines", n)
	}
	for _, l := range lines()[:1] {
		if a, b := l.Position1, l.Position2; a.X >= 100 || a.X < 85 || a.Y >= 100 || a.Y < 85 || b.X <= 300 || b.X > 315 {
			t.Errorf("the upper line goes from %v to %v", a, b)
		}
	}
	s.Set(picture, true, [4]image.Point{{-80, -50}, {999, 50}, {150, 999}, {-5, 100}})
	for _, l := range lines() {
		for _, p := range []fyne.Position{l.Position1, l.Position2} {
			if p.X < 0 || p.Y < 0 || p.X > 400 || p.Y > 300 {
				t.Errorf("a line ends at %v", p)
			}
		}
	}
	s.Set(picture, false, [4]image.Point{})
	if n := len(lines()); n > 0 {
		t.Errorf("%d lines around nothing", n)
	}
}
