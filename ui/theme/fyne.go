package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// New returns the theme for Fyne, so that its stock widgets honour the palette, the type
// and the measures in force. It ignores the variant that Fyne passes: see Install.
func New() fyne.Theme { return stock{} }

type stock struct{}

func (stock) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	p := Current()
	switch name {
	case fynetheme.ColorNameBackground:
		return p.Paper
	case fynetheme.ColorNameForeground:
		return p.Ink
	case fynetheme.ColorNamePrimary:
		return p.Accent
	case fynetheme.ColorNameHyperlink:
		return p.Link
	case fynetheme.ColorNameForegroundOnPrimary:
		return p.OnAccent
	case fynetheme.ColorNameForegroundOnError, fynetheme.ColorNameForegroundOnWarning, fynetheme.ColorNameForegroundOnSuccess:
		return p.OnDanger
	case fynetheme.ColorNameButton, fynetheme.ColorNameHover, fynetheme.ColorNamePressed:
		return p.Hover
	case fynetheme.ColorNameDisabledButton, fynetheme.ColorNameHeaderBackground:
		return p.List
	case fynetheme.ColorNameInputBackground, fynetheme.ColorNameMenuBackground, fynetheme.ColorNameOverlayBackground:
		return p.Surface
	case fynetheme.ColorNameInputBorder:
		return p.Field
	case fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameDisabled:
		return p.Ink3
	case fynetheme.ColorNameSeparator:
		return p.Hairline
	case fynetheme.ColorNameFocus:
		return Alpha(p.Accent, 0.25)
	case fynetheme.ColorNameSelection:
		return p.Selection
	case fynetheme.ColorNameScrollBar:
		return Alpha(p.Ink3, 0.5)
	case fynetheme.ColorNameScrollBarBackground, fynetheme.ColorNameShadow:
		return color.NRGBA{}
	case fynetheme.ColorNameError:
		return p.Danger
	case fynetheme.ColorNameWarning:
		return p.Warning
	case fynetheme.ColorNameSuccess:
		return p.Success
	}
	variant := fynetheme.VariantLight
	if p.Dark {
		variant = fynetheme.VariantDark
	}
	return fynetheme.DefaultTheme().Color(name, variant)
}

// Font returns one font per style: Fyne looks into no second one of a theme, so a family
// without Arabic is not for its widgets.
func (stock) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace || style.Symbol:
		return fynetheme.DefaultTheme().Font(style)
	case style.Bold && family == FamilyBook:
		return bookBoldFont
	case style.Bold:
		return semiboldFont
	case family == FamilyBook:
		return bookFont
	}
	return regularFont
}

func (stock) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

func (stock) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return UI.Size
	case fynetheme.SizeNameCaptionText:
		return Caption.Size
	case fynetheme.SizeNameSubHeadingText:
		return Heading.Size
	case fynetheme.SizeNameHeadingText:
		return Title.Size
	case fynetheme.SizeNamePadding, fynetheme.SizeNameLineSpacing:
		return Space4
	case fynetheme.SizeNameInnerPadding:
		return 10 // with the text it makes stock buttons and entries 40 high
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameSelectionRadius:
		return RadiusField
	case fynetheme.SizeNameInputBorder, fynetheme.SizeNameSeparatorThickness:
		return FieldEdge
	case fynetheme.SizeNameScrollBar, fynetheme.SizeNameScrollBarSmall:
		return ScrollBarWidth
	case fynetheme.SizeNameScrollBarRadius:
		return ScrollBarWidth / 2
	case fynetheme.SizeNameInlineIcon:
		return IconAction
	}
	return fynetheme.DefaultTheme().Size(name)
}
