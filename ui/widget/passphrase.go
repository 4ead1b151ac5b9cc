package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// PassphraseField takes a secret line. Its input is Fyne's own entry, which hides what is
// typed; the frame around it is that of Field.
type PassphraseField struct {
	fynewidget.BaseWidget
	OnChanged   func(string)
	OnSubmitted func(string) // Enter

	frame *fieldFrame
	entry *secretEntry
	eye   *IconButton
}

// NewPassphraseField returns an empty field.
func NewPassphraseField(label, hint string) *PassphraseField {
	f := &PassphraseField{frame: newFieldFrame(label, hint)}
	f.entry = newSecretEntry(f)
	f.eye = NewIconButton(theme.IconEye, lang.T("word.show"), func() { f.Reveal(f.entry.Password) })
	f.ExtendBaseWidget(f)
	return f
}

// Text returns the secret.
func (f *PassphraseField) Text() string { return f.entry.Text }

// SetText replaces the secret.
func (f *PassphraseField) SetText(s string) { f.entry.SetText(s) }

// Reveal shows or hides what is typed.
func (f *PassphraseField) Reveal(on bool) {
	f.entry.Password = !on
	f.entry.Refresh()
	if on {
		f.eye.SetIcon(theme.IconEyeOff, lang.T("word.hide"))
	} else {
		f.eye.SetIcon(theme.IconEye, lang.T("word.show"))
	}
}

// SetHint changes the line below.
func (f *PassphraseField) SetHint(s string) {
	if f.frame.hint != s {
		f.frame.hint = s
		f.Refresh()
	}
}

// SetError shows what is wrong in place of the hint; "" clears it.
func (f *PassphraseField) SetError(s string) {
	if f.frame.err != s {
		f.frame.err = s
		f.Refresh()
	}
}

// Input returns what takes the keyboard.
func (f *PassphraseField) Input() fyne.Focusable { return f.entry }

// Enable takes input again.
func (f *PassphraseField) Enable() { f.setDisabled(false) }

// Disable refuses input.
func (f *PassphraseField) Disable() { f.setDisabled(true) }

func (f *PassphraseField) setDisabled(on bool) {
	if f.frame.disabled == on {
		return
	}
	f.frame.disabled = on
	if on {
		f.entry.Disable()
		f.eye.Disable()
	} else {
		f.entry.Enable()
		f.eye.Enable()
	}
	f.Refresh()
}

// HeightFor returns the height at a width.
func (f *PassphraseField) HeightFor(width float32) float32 {
	f.frame.update()
	return f.frame.heightFor(width)
}

// CreateRenderer implements fyne.Widget.
func (f *PassphraseField) CreateRenderer() fyne.WidgetRenderer {
	input := container.NewThemeOverride(f.entry, entryTheme{theme.New()})
	minSize := func() fyne.Size {
		return fyne.NewSize(4*theme.IconButtonSize, f.frame.heightFor(widthOf(f)))
	}
	place := func(s fyne.Size) {
		y, height := f.frame.place(s)
		h := min(height, input.MinSize().Height)
		const eyeRoom = theme.IconButtonSize + theme.Space4
		put(input, theme.Space4, y+(height-h)/2, s.Width-eyeRoom-theme.Space4, h, s.Width)
		put(f.eye, s.Width-eyeRoom, y+(height-theme.IconButtonSize)/2, theme.IconButtonSize, theme.IconButtonSize, s.Width)
	}
	objects := append(f.frame.objects(), input, f.eye)
	return newParts(f, f.frame.update, minSize, place, objects...)
}

// secretEntry is Fyne's entry, telling its field of focus.
type secretEntry struct {
	fynewidget.Entry
	of *PassphraseField
}

func newSecretEntry(of *PassphraseField) *secretEntry {
	e := &secretEntry{of: of}
	e.Password = true
	e.Wrapping = fyne.TextWrapOff
	e.Scroll = fyne.ScrollHorizontalOnly
	// Fyne would add an eye of its own to an entry without an item at its end.
	e.ActionItem = canvas.NewRectangle(transparent)
	e.ExtendBaseWidget(e)
	e.Entry.OnChanged = func(s string) {
		if of.OnChanged != nil {
			of.OnChanged(s)
		}
	}
	e.Entry.OnSubmitted = func(s string) {
		if of.OnSubmitted != nil {
			of.OnSubmitted(s)
		}
	}
	return e
}

func (e *secretEntry) FocusGained() {
	e.of.frame.focused = true
	e.Entry.FocusGained()
	e.of.Refresh()
}

func (e *secretEntry) FocusLost() {
	e.of.frame.focused = false
	e.Entry.FocusLost()
	e.of.Refresh()
}

func (e *secretEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		PassKey(e, k)
		return
	}
	e.Entry.TypedKey(k)
}

// entryTheme takes the box off an entry, since the field draws its own.
type entryTheme struct{ fyne.Theme }

func (t entryTheme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch name {
	case fynetheme.ColorNameInputBackground, fynetheme.ColorNameInputBorder,
		fynetheme.ColorNameScrollBar, fynetheme.ColorNameShadow: // of a secret longer than the field
		return transparent
	}
	return t.Theme.Color(name, v)
}

func (t entryTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return theme.Body.Size
	case fynetheme.SizeNameInputBorder, fynetheme.SizeNameInputRadius:
		return 0
	case fynetheme.SizeNameInnerPadding:
		return theme.Space8
	}
	return t.Theme.Size(name)
}
