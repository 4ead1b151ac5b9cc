package theme

import (
	"runtime"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Mode is the person's choice between the palettes.
type Mode string

const (
	ModeSystem Mode = "system" // what the desktop says; light where it says nothing
	ModeLight  Mode = "light"
	ModeDark   Mode = "dark"
)

var (
	mode    = ModeSystem
	desktop = &Light // what the desktop asked for
	current = &Light
)

// Current returns the palette in force.
func Current() *Palette { return current }

// Choice returns the mode that was set last.
func Choice() Mode { return mode }

// SetMode chooses a palette; a word that is no mode counts as ModeSystem. Apply makes
// open windows show it.
func SetMode(m Mode) {
	if m != ModeLight && m != ModeDark {
		m = ModeSystem
	}
	mode = m
	resolve()
}

func resolve() {
	switch mode {
	case ModeLight:
		current = &Light
	case ModeDark:
		current = &Dark
	default:
		current = desktop
	}
}

// applying is set while Apply hands the theme to Fyne, which then calls back.
var applying bool

// Apply gives the theme to Fyne and redraws every open window with what is in force.
func Apply(a fyne.App) {
	applying = true
	defer func() { applying = false }()
	a.Settings().SetTheme(New())
}

// Install applies the theme and follows the desktop's light or dark from now on.
//
// On the free desktops Fyne asks over D-Bus and calls its listeners when an answer comes.
// Until then, and for ever where nobody answers, it reports dark; so dark is believed
// only once a listener was called.
func Install(a fyne.App) {
	s := a.Settings()
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" || s.ThemeVariant() == fynetheme.VariantLight {
		follow(s.ThemeVariant())
	}
	Apply(a)
	s.AddListener(func(s fyne.Settings) {
		if applying {
			return
		}
		before := current
		if follow(s.ThemeVariant()); current != before {
			Apply(a)
		}
	})
}

func follow(v fyne.ThemeVariant) {
	desktop = &Light
	if v == fynetheme.VariantDark {
		desktop = &Dark
	}
	resolve()
}
