package theme

import (
	_ "embed"

	"fyne.io/fyne/v2"
)

// One family carries Latin and Arabic drawn together. The window never depends on what
// fonts a computer has.
var (
	//go:embed fonts/PlexSansArabic-Regular.ttf
	plexRegular []byte
	//go:embed fonts/PlexSansArabic-SemiBold.ttf
	plexSemibold []byte
	//go:embed fonts/PlexMono-Regular.ttf
	plexMono []byte
	//go:embed fonts/NotoSansHebrew-Regular.ttf
	notoHebrew []byte
	//go:embed fonts/NotoColorEmoji.ttf
	notoEmoji []byte

	regularFont  = fyne.NewStaticResource("PlexSansArabic-Regular.ttf", plexRegular)
	semiboldFont = fyne.NewStaticResource("PlexSansArabic-SemiBold.ttf", plexSemibold)
)

// Regular returns IBM Plex Sans Arabic, weight 400, as TTF. Nobody may change the bytes
// of this and the other fonts.
func Regular() []byte { return plexRegular }

// Semibold returns IBM Plex Sans Arabic, weight 600, as TTF.
func Semibold() []byte { return plexSemibold }

// Mono returns IBM Plex Mono, weight 400, as TTF: code.
func Mono() []byte { return plexMono }

// Hebrew returns Noto Sans Hebrew, weight 400, as TTF.
func Hebrew() []byte { return notoHebrew }

// Emoji returns Noto Color Emoji, 11 MB of bitmaps. Parsing it costs 24 MiB, so that is
// done at the first emoji; until then its bytes stay on disk.
func Emoji() []byte { return notoEmoji }
