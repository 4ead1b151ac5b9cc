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
	emoji
	faceCount
)

// The order in which faces are asked for a character, by weight. The emoji are
// asked before them for what wants to be a picture, and after them only for what
// could be one: merely to ask costs 24 MiB.
var (
	regularFaces  = []faceID{plex, hebrew, noto, symbols}
	semiboldFaces = []faceID{plexSemibold, hebrewSemibold, notoBold, symbols}
)

// fonts are parsed at their first use.
var (
	hebrewFont = parsed(theme.Hebrew)
	emojiFont  = parsed(theme.Emoji)

	fonts = [faceCount]func() *font.Font{
		plex:           parsed(theme.Regular),
		plexSemibold:   parsed(theme.Semibold),
		hebrew:         hebrewFont,
		hebrewSemibold: hebrewFont,
		noto:           parsed(func() []byte { return fyneFont(fyne.TextStyle{}) }),
		notoBold:       parsed(func() []byte { return fyneFont(fyne.TextStyle{Bold: true}) }),
		symbols:        parsed(func() []byte { return fyneFont(fyne.TextStyle{Symbol: true}) }),
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
