package widget

import (
	"image"
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// align says where in its room a line stands.
type align int

const (
	alignStart align = iota
	alignCentre
	alignEnd
)

// words is text inside a control: one line, cut with an ellipsis where it has no room,
// or lines that wrap.
type words struct {
	raster *canvas.Raster

	s      string
	style  theme.TextStyle
	colour color.NRGBA
	lines  int // at most; 0 is all
	align  align
	dir    bool // interface direction that blocks were laid out for
	fits   bool // a single line is made smaller before it is cut
	whole  *text.Block
	fitted *text.Block
	limit  float32     // room that fitted was laid out for
	shown  *text.Block // what the raster draws; measuring for another room leaves it
}

// newWords returns a single line.
func newWords() *words { return newText(1) }

// newText returns text of at most so many lines, 0 for any number.
func newText(lines int) *words {
	w := &words{lines: lines}
	w.raster = canvas.NewRaster(w.draw)
	return w
}

// set changes what is shown and how.
func (w *words) set(s string, style theme.TextStyle, c color.NRGBA) {
	if w.s == s && w.style == style && w.colour == c && w.dir == theme.RTL() {
		return
	}
	if w.s != s || w.style != style || w.dir != theme.RTL() {
		w.whole, w.fitted = nil, nil
	}
	w.s, w.style, w.colour, w.dir = s, style, c, theme.RTL()
	w.raster.Refresh()
}

// natural is the width of the text without a limit.
func (w *words) natural() float32 {
	if w.s == "" {
		return 0
	}
	if w.whole == nil {
		w.whole = text.Layout(w.s, w.style, text.Options{RTL: w.dir})
	}
	return ceil(w.whole.Width)
}

// widthIn is the width of the text in a room of that length.
func (w *words) widthIn(length float32) float32 {
	if w.s == "" || length <= 0 {
		return 0
	}
	return min(length, ceil(w.fit(length).Width))
}

// heightFor is the height of the text in a room of that length.
func (w *words) heightFor(length float32) float32 {
	if w.s == "" {
		return 0
	}
	return w.fit(length).Height
}

func (w *words) fit(length float32) *text.Block {
	if w.fitted != nil && w.limit == length {
		return w.fitted
	}
	o := text.Options{Width: length, MaxLines: w.lines, RTL: w.dir, Align: text.AlignStart, Fill: w.lines != 1}
	if w.lines != 1 && w.align == alignCentre {
		o.Align = text.AlignCenter
		o.Width = w.balanced(length)
	}
	w.limit = length
	w.fitted = text.Whole(w.s, w.style, o, w.least())
	return w.fitted
}

// least is by how much the text may be made smaller where a word of it has no room. What
// several lines hold wraps first; a single line is cut.
func (w *words) least() float32 {
	if w.lines == 1 && !w.fits {
		return 1
	}
	return min(1, 1/theme.Scale())
}

// balanced is the narrowest room in which centred text has no more lines than in length,
// so that no word is left alone on the last one. It has room for the longest word.
func (w *words) balanced(length float32) float32 {
	lines := func(width float32) int {
		return len(text.Layout(w.s, w.style, text.Options{Width: width, RTL: w.dir}).Lines)
	}
	most := lines(length)
	if most == 1 {
		return length
	}
	narrow, wide := length/2, length
	for _, word := range strings.Fields(w.s) {
		narrow = max(narrow, text.Layout(word, w.style, text.Options{RTL: w.dir}).Width)
	}
	for wide-narrow > theme.Space8 {
		if middle := (narrow + wide) / 2; lines(middle) > most {
			narrow = middle
		} else {
			wide = middle
		}
	}
	return ceil(wide)
}

// put places the text at x, y in a room of the given length inside a box of width.
func (w *words) put(x, y, length, width float32, a align) {
	if w.align != a {
		w.align, w.fitted = a, nil
	}
	if w.s == "" || length <= 0 {
		w.raster.Resize(fyne.Size{})
		return
	}
	b := w.fit(length)
	n := min(b.Width, length)
	switch a {
	case alignCentre:
		x += (length - n) / 2
	case alignEnd:
		x += length - n
	}
	w.at(b, theme.Start(x, n, width), y, n)
}

// putLTR places one line at left, y whatever the direction of the interface: codes and
// numbers are never mirrored.
func (w *words) putLTR(left, y float32) {
	if w.s == "" {
		w.raster.Resize(fyne.Size{})
		return
	}
	b := w.fit(w.natural())
	w.at(b, left, y, b.Width)
}

// at lays the raster on whole device pixels, with room for ink that stands out.
func (w *words) at(b *text.Block, left, y, width float32) {
	s := deviceScale(w.raster)
	margin := b.Overhang()
	w.raster.Move(fyne.NewPos(snap(left, s)-margin, snap(y, s)-margin))
	pixels := func(v float32) float32 { return ceil((v+2*margin)*s) / s }
	changed := w.shown != b
	w.shown = b
	placed(w.raster, b)
	if size := fyne.NewSize(pixels(width), pixels(b.Height)); size != w.raster.Size() {
		w.raster.Resize(size) // draws anew
	} else if changed {
		w.raster.Refresh()
	}
}

func (w *words) draw(width, height int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	if size := w.raster.Size(); w.shown != nil && size.Width > 0 {
		scale := float32(width) / size.Width
		margin := w.shown.Overhang() * scale
		w.shown.Draw(img, margin, margin, scale, w.colour)
	}
	return img
}

func ceil(v float32) float32 { return float32(math.Ceil(float64(v))) }
