package widget

import (
	"testing"

	"fyne.io/fyne/v2"

	"tacit/ui/theme"
	"tacit/ui/widget/layout"
)

// TestButtonsStandBelowOneAnother where large text leaves no room for their words.
func TestButtonsStandBelowOneAnother(t *testing.T) {
	t.Cleanup(func() { theme.SetScale(1) })
	a, b := NewButton(ButtonSecondary, "Annuler", nil), NewButton(ButtonDanger, "Supprimer pour de bon", nil)
	row := layout.NewRow().AddGrow(0, a).AddGrow(theme.Space16, b)
	inWindow(t, row, fyne.NewSize(500, 300))
	for _, c := range []struct {
		scale float32
		below bool
	}{{1, false}, {2, true}} {
		theme.SetScale(c.scale)
		a.Refresh()
		b.Refresh()
		row.Resize(fyne.NewSize(420, row.HeightFor(420)))
		row.Refresh()
		if below := b.Position().Y > a.Position().Y; below != c.below {
			t.Errorf("at %v: one below the other: %t", c.scale, below)
		}
		if c.below && (a.Size().Width != 420 || b.Position().Y < a.Size().Height || b.Position().Y+b.Size().Height > row.HeightFor(420)) {
			t.Errorf("at %v: %v at %v, %v at %v", c.scale, a.Size(), a.Position(), b.Size(), b.Position())
		}
	}
}

// TestTabsStandBelowOneAnother where a word would be broken; Up and Down choose then.
func TestTabsStandBelowOneAnother(t *testing.T) {
	t.Cleanup(func() { theme.SetScale(1) })
	tabs := NewTabs(nil, "Système", "English", "Français")
	w := inWindow(t, tabs, fyne.NewSize(400, 300))
	press := func(key fyne.KeyName) int {
		tabs.tabs[tabs.Chosen()].TypedKey(keyEvent(key))
		return tabs.Chosen()
	}
	w.Canvas().Focus(tabs.tabs[0])
	tabs.Resize(fyne.NewSize(300, tabs.HeightFor(300)))
	if press(fyne.KeyDown) != 0 || press(fyne.KeyRight) != 1 || press(fyne.KeyLeft) != 0 {
		t.Error("side by side, Left and Right do not choose")
	}
	theme.SetScale(2)
	if h := tabs.HeightFor(300); h != 3*theme.MenuItemHeight() {
		t.Errorf("%v high", h)
	}
	tabs.Resize(fyne.NewSize(300, tabs.HeightFor(300)))
	tabs.Refresh()
	if a, b := tabs.tabs[0], tabs.tabs[1]; a.Size().Width != 300 || b.Position().Y != a.Size().Height {
		t.Errorf("%v at %v, then %v", a.Size(), a.Position(), b.Position())
	}
	if press(fyne.KeyRight) != 0 || press(fyne.KeyDown) != 1 || press(fyne.KeyUp) != 0 {
		t.Error("below one another, Up and Down do not choose")
	}
}

// TestHighCardScrolls: a card that is higher than the window can be read to its end.
func TestHighCardScrolls(t *testing.T) {
	last := NewButton(ButtonPrimary, "Go on", nil)
	column := layout.NewColumn(1)
	for range 20 {
		column.Add(theme.Space8, NewButton(ButtonSecondary, "Line", nil))
	}
	column.Add(theme.Space8, last)
	w := inWindow(t, NewGround(fyne.NewSize(1, 1)), fyne.NewSize(400, 300))
	d := NewDialog(column)
	d.ShowOn(w.Canvas(), last)
	defer d.Close()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	if end := at(last).Y + last.Size().Height; end > 300 {
		t.Errorf("its last button ends at %v of 300", end)
	}
}
