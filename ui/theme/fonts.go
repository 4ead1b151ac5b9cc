package theme

import (
	_ "embed"

	"fyne.io/fyne/v2"
)

// The first family carries Latin and Arabic drawn together; others are a choice. The window never depends on what
// fonts a computer has.
var (
	//go:embed fonts/PlexSansArabic-Regular.ttf
	plexRegular []byte
	//go:embed fonts/PlexSansArabic-SemiBold.ttf
	plexSemibold []byte
	//go:embed fonts/AtkinsonHyperlegibleNext-Regular.ttf
	clearRegular []byte
	//go:embed fonts/AtkinsonHyperlegibleNext-SemiBold.ttf
	clearSemibold []byte
	//go:embed fonts/NotoNaskhArabic-Regular.ttf
	bookRegular []byte
	//go:embed fonts/NotoNaskhArabic-SemiBold.ttf
	bookSemibold []byte
	//go:embed fonts/PlexMono-Regular.ttf
	plexMono []byte
	//go:embed fonts/NotoSansHebrew-Regular.ttf
	notoHebrew []byte
	//go:embed fonts/NotoColorEmoji.ttf
	notoEmoji []byte

	regularFont  = fyne.NewStaticResource("PlexSansArabic-Regular.ttf", plexRegular)
	semiboldFont = fyne.NewStaticResource("PlexSansArabic-SemiBold.ttf", plexSemibold)
	bookFont     = fyne.NewStaticResource("NotoNaskhArabic-Regular.ttf", bookRegular)
	bookBoldFont = fyne.NewStaticResource("NotoNaskhArabic-SemiBold.ttf", bookSemibold)
)

// Regular returns IBM Plex Sans Arabic, weight 400, as TTF. Nobody may change the bytes
// of this and the other fonts.
func Regular() []byte { return plexRegular }

// Semibold returns IBM Plex Sans Arabic, weight 600, as TTF.
func Semibold() []byte { return plexSemibold }

// Clear returns Atkinson Hyperlegible Next, weight 400, as TTF: its letters are drawn to
// be told apart by people who see little. It has no Arabic.
func Clear() []byte { return clearRegular }

// ClearSemibold returns Atkinson Hyperlegible Next, weight 600, as TTF.
func ClearSemibold() []byte { return clearSemibold }

// Book returns Noto Naskh Arabic, weight 400, as TTF: Arabic as books are set in it.
func Book() []byte { return bookRegular }

// BookSemibold returns Noto Naskh Arabic, weight 600, as TTF.
func BookSemibold() []byte { return bookSemibold }

// Mono returns IBM Plex Mono, weight 400, as TTF: code.
func Mono() []byte { return plexMono }

// Hebrew returns Noto Sans Hebrew, weight 400, as TTF.
func Hebrew() []byte { return notoHebrew }

// Emoji returns Noto Color Emoji, 11 MB of bitmaps. Parsing it costs 24 MiB, so that is
// done at the first emoji; until then its bytes stay on disk.
func Emoji() []byte { return notoEmoji }
