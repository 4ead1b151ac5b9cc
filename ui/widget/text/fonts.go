package text

import (
	"bytes"
	"sync"
	"sync/atomic"
	"unicode"

	"tacit/ui/theme"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"github.com/go-text/typesetting/unicodedata"
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
	emoji
	faceCount
)

// The order in which faces are asked for a character, by weight. The emoji are
// asked before them for what wants to be a picture, and after them only for what
// could be one: merely to ask costs 24 MiB.
var (
	regularFaces  = []faceID{plex, hebrew, noto, symbols}
	semiboldFaces = []faceID{plexSemibold, hebrewSemibold, notoBold, symbols}

	obliqueFaces         = []faceID{plexOblique, hebrewSemibold, notoOblique, symbols}
	semiboldObliqueFaces = []faceID{plexSemiboldOblique, hebrewSemibold, notoBoldOblique, symbols}
	monoFaces            = []faceID{mono, plex, hebrew, noto, symbols}
)

// facesOf returns the faces for a look. Arabic does not lean: where Latin is oblique it
// is semibold.
func facesOf(look Look, semibold, arabic bool) []faceID {
	semibold = semibold || look&Bold != 0
	switch {
	case look&Mono != 0:
		return monoFaces
	case look&Slanted != 0 && !arabic && semibold:
		return semiboldObliqueFaces
	case look&Slanted != 0 && !arabic:
		return obliqueFaces
	case semibold || look&Slanted != 0:
		return semiboldFaces
	}
	return regularFaces
}

// fonts are parsed at their first use.
var (
	plexFont     = parsed(theme.Regular)
	semiboldFont = parsed(theme.Semibold)
	hebrewFont   = parsed(theme.Hebrew)
	notoFont     = parsed(func() []byte { return fyneFont(fyne.TextStyle{}) })
	notoBoldFont = parsed(func() []byte { return fyneFont(fyne.TextStyle{Bold: true}) })
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
		symbols:             parsed(func() []byte { return fyneFont(fyne.TextStyle{Symbol: true}) }),
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
var leaning = [faceCount]float32{plexOblique: 0.18, plexSemiboldOblique: 0.18, notoOblique: 0.18, notoBoldOblique: 0.18}

// relative is the size of a face to that of the text around it: letters of one width
// look larger than others.
func relative(id faceID) float32 {
	if id == mono {
		return 0.92
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
	if unicode.Is(unicodedata.Extended_Pictographic, g[0]) && s.has(emoji, g[0]) {
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
