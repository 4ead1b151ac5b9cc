package text

import (
	"math"
	"unicode"

	"tacit/ui/theme"
	"tacit/ui/widget/bidi"
)

// Style is how a text is set; the tokens are in package theme.
type Style = theme.TextStyle

// Align says where the lines of a block stand in its width.
type Align uint8

const (
	AlignParagraph Align = iota // each paragraph by its first strong character
	AlignStart                  // by the direction of the interface
	AlignCenter
)

// BaseDir is the base direction of the paragraphs.
type BaseDir uint8

const (
	BaseAuto BaseDir = iota // by the first strong character
	BaseLTR                 // codes, numbers
	BaseRTL
)

// Options of a layout.
type Options struct {
	// Width is where lines break, in dp; 0 is no limit.
	Width float32
	// MaxLines cuts the text after so many lines, with an ellipsis at the
	// logical end, on a grapheme; 0 shows all.
	MaxLines int
	// Fill makes the block as wide as Width, so that right-to-left paragraphs
	// stand at its right edge. Without it a block is as wide as its widest line.
	Fill bool
	// KeepSpaces counts white space at the end of a line as text: for editing,
	// where lines have no limit.
	KeepSpaces bool
	Align      Align
	Base       BaseDir
	// Spans give parts of the text a look of their own, and Panels, in order, a place.
	Spans  []Span
	Panels []Panel
	// RTL is the direction of the interface. Paragraphs without a strong
	// character, such as a number, read left to right and align by it.
	RTL bool
}

// Overhang is how far the ink of plain text may stand out of a block, in dp: whoever
// draws into an image leaves at least that much on each side.
const Overhang = 2

// Overhang is how far any ink may stand out of the block, in whole dp: marks that are
// piled on a letter, as in vocalised Arabic, need a quarter of the size.
func (b *Block) Overhang() float32 {
	return max(Overhang, float32(math.Ceil(float64(b.style.Size)/4)))
}

// A Block is text that was laid out. It does not change and may be used by
// several goroutines.
type Block struct {
	Width, Height float32
	Lines         []Line // at least one
	Truncated     bool   // MaxLines cut something off

	style Style
	runes []rune
	// adv is the advance of each grapheme at its first rune. A glyph that
	// stands for several graphemes is divided among them.
	adv   []float32
	flags []mark
	looks []Look // of each rune; nil where all are plain
	spans []Span
	boxes []PanelBox
}

// A mark tells what may happen before a rune.
type mark uint8

const (
	stop      mark = 1 << iota // a caret may stand: a grapheme begins
	cut                        // glyphs can be parted
	breakable                  // a line may end (UAX #14)
	mandatory                  // a line must end
)

// A Line is one line of a block.
type Line struct {
	Start, End int     // runes, with the white space at its end, without the separator
	X, Y       float32 // left end of its text, top
	Width      float32 // without the white space at its end
	RTL        bool    // it begins at the right

	last  bool // the last of its paragraph
	panel int  // index of its panel, plus 1
	base  bidi.Level
	runs  []run
}

// A run is glyphs of one face and level, in visual order.
type run struct {
	start, end int // runes
	x, w       float32
	level      bidi.Level
	face       faceID
	glyphs     []glyph
}

type glyph struct {
	id          uint32
	cluster     int32   // rune
	adv, dx, dy float32 // dy upward
}

// Runes returns the text. It must not be changed.
func (b *Block) Runes() []rune { return b.runes }

// LastLine returns the width of the last line and whether it begins at the
// right.
func (b *Block) LastLine() (width float32, rtl bool) {
	l := &b.Lines[len(b.Lines)-1]
	return l.Width, l.RTL
}

// Broken reports whether a word longer than a line goes on in the next one.
func (b *Block) Broken() bool {
	for i := range len(b.Lines) - 1 {
		l := &b.Lines[i]
		if end := l.End; !l.last && end > l.Start && end < len(b.runes) && b.flags[end]&breakable == 0 &&
			unicode.IsLetter(b.runes[end-1]) && unicode.IsLetter(b.runes[end]) {
			return true
		}
	}
	return false
}

// ReadsRTL reports whether the line's paragraph reads from right to left, as
// Left and Right on a keyboard do in it. A line without any letters may begin
// at the right and still read left to right.
func (l *Line) ReadsRTL() bool { return l.base.RTL() }

// baseline is its distance from the top of a line. The ink's box is 1.3 em
// high, in the middle of the line; the baseline is 1.02 em below its top, which
// gives Arabic room below and Latin capitals room above.
func (b *Block) baseline() float32 {
	return (b.style.LineHeight-1.3*b.style.Size)/2 + 1.02*b.style.Size
}
