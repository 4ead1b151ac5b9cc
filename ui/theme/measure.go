package theme

import "time"

// Spacing. No other distance is used between things.
const (
	Space2  float32 = 2
	Space4  float32 = 4
	Space8  float32 = 8
	Space12 float32 = 12
	Space16 float32 = 16
	Space20 float32 = 20
	Space24 float32 = 24
	Space32 float32 = 32
	Space48 float32 = 48

	Gutter      = Space20 // window edge to content
	CardPadding = Space24
	BubblePadX  = Space12
	BubblePadY  = Space8
)

// Radii of corners. A pill has half its height.
const (
	RadiusField  float32 = 8  // buttons, fields
	RadiusRow    float32 = 10 // list rows, note boxes, menus
	RadiusBox    float32 = 12 // composer, plate of a QR code
	RadiusBubble float32 = 14
	RadiusTail   float32 = 4 // corner of a bubble nearest its writer, on the last of a group
	RadiusCard   float32 = 16
)

// Strokes.
const (
	Hair       float32 = 1
	FieldEdge  float32 = 1
	FocusEdge  float32 = 2 // edge of a focused field, and the focus ring of anything else
	FocusInset float32 = 2 // distance of the focus ring from what it surrounds
)

// Widths of panes and cards.
const (
	ListWidth    float32 = 304
	RailWidth    float32 = 56
	DetailsWidth float32 = 304
	ColumnMax    float32 = 760 // widest column of bubbles
	BubbleMax    float32 = 560
	OnePane      float32 = 720  // narrower windows show one pane
	ThreePanes   float32 = 1080 // from this width details stay open beside the thread
	CardMin      float32 = 400
	CardMax      float32 = 560
	FormWidth    float32 = 400 // column of first start and unlock

	WindowWidth     float32 = 1080
	WindowHeight    float32 = 720
	WindowMinWidth  float32 = 380
	WindowMinHeight float32 = 520
)

// Things that do not grow with the text.
const (
	IconButtonSize float32 = 36
	IconAction     float32 = 20
	IconState      float32 = 14
	IconEmpty      float32 = 40
	MonogramSize   float32 = 40
	SendButtonSize float32 = 44
	JumpButtonSize float32 = 40
	RingSize       float32 = 28
	DotGap         float32 = 3
	DotRow         float32 = 6 // dots in a list row
	DotHeader      float32 = 7
	DotDetails     float32 = 8
	CodeGap        float32 = 24 // between the two groups of a code
	ScrollBarWidth float32 = 4
	ScrollBarHit   float32 = 12
	ScrollBarMin   float32 = 28
)

// Heights at the text size in force.

func ButtonHeight() float32   { return UI.LineHeight + 20 }                           // 40
func FieldHeight() float32    { return Body.LineHeight + 22 }                         // 44
func HeaderHeight() float32   { return Heading.LineHeight + Caption.LineHeight + 14 } // 56, without its hairline
func RowHeight() float32      { return UI.LineHeight + Small.LineHeight + 28 }        // 68
func MenuItemHeight() float32 { return max(IconButtonSize, UI.LineHeight+16) }        // 36, and never less: it is pressed

// CardWidth is the width of a card that wants no other: it grows with the text.
func CardWidth() float32 { return min(CardMax, whole(CardMin*textScale)) }

// ListColumn is the width of the list beside its page: it grows with the text, as long as
// a window of this width leaves the page the larger part.
func ListColumn(window float32) float32 {
	return max(ListWidth, whole(min(ListWidth*textScale, window*2/5)))
}

// Durations. Anything typed or scrolled moves at once.
const (
	HoverTime = 120 * time.Millisecond // hover and press
	PaneTime  = 160 * time.Millisecond // change of pane or card
	JumpTime  = 200 * time.Millisecond // jump to the bottom of a thread

	ScrollBarStay = 800 * time.Millisecond // after the last scroll
	ToastStay     = 4 * time.Second
	HintDelay     = 600 * time.Millisecond // pointer rests before the word of an icon shows
)

var reducedMotion bool

// SetReducedMotion stops all movement that is not needed to understand what happens.
func SetReducedMotion(on bool) { reducedMotion = on }

// Motion returns d, or 0 where movement is reduced.
func Motion(d time.Duration) time.Duration {
	if reducedMotion {
		return 0
	}
	return d
}

var rtl bool

// RTL reports whether the interface runs from right to left.
func RTL() bool { return rtl }

// SetRTL sets the direction of the interface. The direction of what people write is
// resolved paragraph by paragraph and does not depend on it.
func SetRTL(on bool) { rtl = on }

// Start returns the left edge of something w wide that lies x from the start edge of a
// box of the given width: the one place where the interface is mirrored.
func Start(x, w, width float32) float32 {
	if rtl {
		return width - x - w
	}
	return x
}
