package widget

import (
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/widget/text"
)

// placed hears of each text that gets its place. Owner: Fyne's thread.
var placed = func(*canvas.Raster, *text.Block) {}

// WatchTexts lets f hear of each text of a control or label that gets its place, with the
// picture that shows it: so that a test can go through a whole window and find what is
// cut. It returns how to end that.
func WatchTexts(f func(*canvas.Raster, *text.Block)) (end func()) {
	before := placed
	placed = f
	return func() { placed = before }
}
