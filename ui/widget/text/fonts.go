package text

import (
	"bytes"
	"sync"
	"sync/atomic"

	"tacit/ui/theme"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
)

// A faceID names one of our faces.
type faceID uint8

const (
	plex faceID = iota
	plexSemibold
	hebrew
	hebrewSemibold // the regular one, thickened
	noto           // what Plex lacks: Greek, Cyrillic, Vietnamese, Turkish
	notoBold       // the same
	symbols
	mono
	plexOblique // upright faces leaning: the family has no italic with Arabic in it
	plexSemiboldOblique
	notoOblique
	notoBoldOblique
	clear // the families that are a choice
	clearSemibold
	clearOblique
	clearSemiboldOblique
	book
	bookSemibold
	bookOblique
	bookSemiboldOblique
	emoji
	faceCount
)

// A family is which faces are asked for a character, one after the other, by weight and
// slant. The emoji are asked before them for what wants to be a picture, and after them
// only for what could be one: merely to ask costs 24 MiB.
type family struct {
	regular, semibold        []faceID
	oblique, semiboldOblique []faceID
}

var (
	plainFamily = family{
		regular:         []faceID{plex, hebrew, noto, symbols},
		semibold:        []faceID{plexSemibold, hebrewSemibold, notoBold, symbols},
		oblique:         []faceID{plexOblique, hebrewSemibold, notoOblique, symbols},
		semiboldOblique: []faceID{plexSemiboldOblique, hebrewSemibold, notoBoldOblique, symbols},
	}
	clearFamily = family{
		regular:         []faceID{clear, plex, hebrew, noto, symbols},
		semibold:        []faceID{clearSemibold, plexSemibold, hebrewSemibold, notoBold, symbols},
		oblique:         []faceID{clearOblique, plexOblique, hebrewSemibold, notoOblique, symbols},
		semiboldOblique: []faceID{clearSemiboldOblique, plexSemiboldOblique, hebrewSemibold, notoBoldOblique, symbols},
	}
	bookFamily = family{
		regular:         []faceID{book, hebrew, noto, plex, symbols},
		semibold:        []faceID{bookSemibold, hebrewSemibold, notoBold, plexSemibold, symbols},
		oblique:         []faceID{bookOblique, hebrewSemibold, notoOblique, plexOblique, symbols},
		semiboldOblique: []faceID{bookSemiboldOblique, hebrewSemibold, notoBoldOblique, plexSemiboldOblique, symbols},
	}
	monoFaces = []faceID{mono, plex, hebrew, noto, symbols}
)

// familyOf returns the faces of a family.
func familyOf(f theme.Family) *family {
	switch f {
	case theme.FamilyClear:
		return &clearFamily
	case theme.FamilyBook:
		return &bookFamily
	}
	return &plainFamily
}

// facesOf returns the faces for a look in a style. Arabic does not lean: where Latin is
// oblique it is semibold.
func facesOf(look Look, st Style, arabic bool) []faceID {
	semibold := st.Semibold || look&Bold != 0
	of := familyOf(st.Family)
	switch {
	case look&Mono != 0:
		return monoFaces
	case look&Slanted != 0 && !arabic && semibold:
		return of.semiboldOblique
	case look&Slanted != 0 && !arabic:
		return of.oblique
	case semibold || look&Slanted != 0:
		return of.semibold
	}
	return of.regular
}

// fonts are parsed at their first use.
var (
	plexFont     = parsed(theme.Regular)
	semiboldFont = parsed(theme.Semibold)
	hebrewFont   = parsed(theme.Hebrew)
	notoFont     = parsed(func() []byte { return fyneFont(fyne.TextStyle{}) })
	notoBoldFont = parsed(func() []byte { return fyneFont(fyne.TextStyle{Bold: true}) })
	clearFont    = parsed(theme.Clear)
	clearBold    = parsed(theme.ClearSemibold)
	bookFont     = parsed(theme.Book)
	bookBold     = parsed(theme.BookSemibold)
	emojiFont    = parsed(theme.Emoji)

	fonts = [faceCount]func() *font.Font{
		plex:           plexFont,
		plexSemibold:   semiboldFont,
		hebrew:         hebrewFont,
		hebrewSemibold: hebrewFont,
		noto:           notoFont,
		notoBold:       notoBoldFont,
		mono:           parsed(theme.Mono),

		plexOblique:         plexFont,
		plexSemiboldOblique: semiboldFont,
		notoOblique:         notoFont,
		notoBoldOblique:     notoBoldFont,

		clear:                clearFont,
		clearSemibold:        clearBold,
		clearOblique:         clearFont,
		clearSemiboldOblique: clearBold,
		book:                 bookFont,
		bookSemibold:         bookBold,
		bookOblique:          bookFont,
		bookSemiboldOblique:  bookBold,

		symbols: parsed(func() []byte { return fyneFont(fyne.TextStyle{Symbol: true}) }),
		emoji: func() *font.Font {
			emojiInUse.Store(true)
			return emojiFont()
		},
	}
)

// emojiInUse is set once the emoji are parsed.
var emojiInUse atomic.Bool

// thickening is how much wider, in em, the stems of a face are drawn than they
// are in its font.
var thickening = [faceCount]float32{hebrewSemibold: 0.035}

// leaning is by how much of its height a face leans to the right.
var leaning = [faceCount]float32{
	plexOblique: 0.18, plexSemiboldOblique: 0.18, notoOblique: 0.18, notoBoldOblique: 0.18,
	clearOblique: 0.18, clearSemiboldOblique: 0.18, bookOblique: 0.18, bookSemiboldOblique: 0.18,
}

// relative is the size of a face to that of the text around it: letters of one width
// look larger than others, and small letters shall be equally high in each family.
func relative(id faceID) float32 {
	switch id {
	case mono:
		return 0.92
	case clear, clearSemibold, clearOblique, clearSemiboldOblique:
		return 1.04 // its small letters are 0.496 em high, those of Plex 0.516
	case book, bookSemibold, bookOblique, bookSemiboldOblique:
		return 0.96 // 0.536
	}
	return 1
}

// fyneFont returns a font that Fyne carries for its own widgets.
func fyneFont(s fyne.TextStyle) []byte { return fynetheme.DefaultTheme().Font(s).Content() }

// parsed returns a function giving the parsed font, or nil where a font that
// the environment put in the place of Fyne's cannot be read.
func parsed(data func() []byte) func() *font.Font {
	return sync.OnceValue(func() *font.Font {
		face, err := font.ParseTTF(bytes.NewReader(data()))
		if err != nil {
			return nil
		}
		return face.Font
	})
}

// A shaper is what one goroutine needs for a layout. Faces and shapers keep
// caches and belong to one goroutine at a time; the fonts are shared.
type shaper struct {
	hb    shaping.HarfbuzzShaper
	seg   segmenter.Segmenter
	runs  runCache
	faces [faceCount]*font.Face
}

var shapers = sync.Pool{New: func() any {
	s := new(shaper)
	s.hb.SetFontCacheSize(int(faceCount))
	return s
}}

// face returns the shaper's own instance of a face, or nil.
func (s *shaper) face(id faceID) *font.Face {
	if s.faces[id] == nil {
		f := fonts[id]()
		if f == nil {
			return nil
		}
		s.faces[id] = font.NewFace(f)
	}
	return s.faces[id]
}

// has reports whether a face has a glyph for c.
func (s *shaper) has(id faceID, c rune) bool {
	f := s.face(id)
	if f == nil {
		return false
	}
	_, ok := f.NominalGlyph(c)
	return ok
}

// pick chooses the face of a grapheme. prev is the face before it: spaces and
// invisible characters stay in it, so that they never split a run.
func (s *shaper) pick(g []rune, faces []faceID, prev faceID) faceID {
	if isInvisible(g[0]) || g[0] == ' ' && prev != emoji {
		return prev
	}
	if isEmoji(g) && s.has(emoji, g[0]) {
		return emoji
	}
	for _, id := range faces {
		if s.has(id, g[0]) && s.hasMarks(id, g) {
			return id
		}
	}
	for _, id := range faces {
		if s.has(id, g[0]) {
			return id
		}
	}
	if isPictograph(g[0]) && s.has(emoji, g[0]) {
		return emoji
	}
	return faces[0]
}

// hasMarks reports whether a face can show what follows a grapheme's base.
func (s *shaper) hasMarks(id faceID, g []rune) bool {
	const enough = 4 // nobody writes more marks on one letter in earnest
	for _, c := range g[1:min(len(g), enough)] {
		if !isInvisible(c) && !s.has(id, c) {
			return false
		}
	}
	return true
}
