package theme

// TextStyle is how a piece of text is set. Sizes are in dp. The line height is fixed, so
// that mixed scripts and emoji never change the height of a row.
type TextStyle struct {
	Size, LineHeight float32
	Semibold         bool
	Family           Family
}

// Family is whose letters a text is set in.
type Family string

// The families on offer. All sizes and heights are the same in each of them.
const (
	FamilyPlain Family = ""      // IBM Plex Sans Arabic
	FamilyClear Family = "clear" // Atkinson Hyperlegible Next; Arabic in IBM Plex Sans Arabic
	FamilyBook  Family = "book"  // Noto Naskh Arabic, which has Latin too
)

// The styles at the text size in force. SetScale changes them; a widget that keeps one
// takes it anew in Refresh.
var (
	Display   TextStyle // name of the app at first start
	Title     TextStyle // one per screen or card
	Heading   TextStyle // contact name in the header
	Body      TextStyle // messages, composer, fields
	UI        TextStyle // everything else
	UIBold    TextStyle // names, buttons
	Small     TextStyle // last line in the list, notes
	SmallBold TextStyle // labels of fields
	Caption   TextStyle // times, hints, days
	Code      TextStyle // pairing code to be read aloud
	CodeTyped TextStyle // pairing code being typed
	Safety    TextStyle // groups of a safety number
)

// Bounds of the text size setting.
const (
	MinScale = 0.8
	MaxScale = 2.0
)

var (
	textScale float32
	family    Family
)

func init() { SetScale(1) }

// Letters returns the family in force.
func Letters() Family { return family }

// SetLetters chooses the family of all text but codes and safety numbers, which keep
// digits of one width; a word that is no family counts as FamilyPlain.
func SetLetters(f Family) {
	if f != FamilyClear && f != FamilyBook {
		f = FamilyPlain
	}
	family = f
	SetScale(textScale)
}

// Scale returns the text size in force, 1 for 100 %.
func Scale() float32 { return textScale }

// SetScale sets the text size, held between MinScale and MaxScale. Spacing and radii
// stay as they are; heights follow from the line heights.
func SetScale(s float32) {
	s = min(max(s, MinScale), MaxScale)
	textScale = s
	in := family
	set := func(dst *TextStyle, size, line float32, semibold bool) {
		*dst = TextStyle{Size: size * s, LineHeight: whole(line * s), Semibold: semibold, Family: in}
	}
	set(&Display, 28, 36, true)
	set(&Title, 22, 30, true)
	set(&Heading, 17, 26, true)
	set(&Body, 15, 22, false)
	set(&UI, 14, 20, false)
	set(&UIBold, 14, 20, true)
	set(&Small, 13, 20, false)
	set(&SmallBold, 13, 20, true)
	set(&Caption, 12, 16, false)
	in = FamilyPlain
	set(&Code, 44, 56, false)
	set(&CodeTyped, 36, 44, false)
	set(&Safety, 17, 26, false)
}

// whole rounds a length to full dp, so that rows stay on the pixel grid.
func whole(v float32) float32 { return float32(int(v + 0.5)) }
