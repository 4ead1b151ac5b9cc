package contacts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
	"tacit/ui/widget/layout"
)

// The scroll box looks again at its content when the least size of that changes.
func TestPaneTellsThatItsContentGrew(t *testing.T) {
	more := canvas.NewRectangle(nil)
	more.SetMinSize(fyne.NewSize(1, 60))
	more.Hide()
	column := layout.NewColumn(1).Add(0, canvas.NewRectangle(nil)).Add(theme.Space8, more)
	p := padded{column}
	p.Layout(nil, fyne.NewSize(theme.DetailsWidth, 400))
	before := p.MinSize(nil).Height
	more.Show()
	if after := p.MinSize(nil).Height; after <= before || after != p.HeightFor(theme.DetailsWidth) {
		t.Errorf("least height %v, then %v; the content is %v high", before, after, p.HeightFor(theme.DetailsWidth))
	}
}
