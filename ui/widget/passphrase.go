package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// PassphraseField takes a secret line. Its input is Fyne's own entry, which hides what is
// typed; the frame around it is that of Field.
type PassphraseField struct {
	Frame
	OnChanged   func(string)
	OnSubmitted func(string) // Enter

	entry *secretEntry
	eye   *IconButton
}

// NewPassphraseField returns an empty field.
func NewPassphraseField(label, hint string) *PassphraseField {
	f := &PassphraseField{}
	f.entry = newSecretEntry(f)
	f.eye = NewIconButton(theme.IconEye, lang.T("word.show"), func() { f.Reveal(f.entry.Password) })
	f.Frame.init(f, label, hint, container.NewThemeOverride(f.entry, entryTheme{theme.New()}))
	f.SetEnd(f.eye)
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

// Input returns what takes the keyboard.
func (f *PassphraseField) Input() fyne.Focusable { return f.entry }

// Enable takes input again.
func (f *PassphraseField) Enable() { f.setDisabled(false) }

// Disable refuses input.
func (f *PassphraseField) Disable() { f.setDisabled(true) }

func (f *PassphraseField) setDisabled(on bool) {
	if f.disabled == on {
		return
	}
	f.disabled = on
	if on {
		f.entry.Disable()
		f.eye.Disable()
	} else {
		f.entry.Enable()
		f.eye.Enable()
	}
	f.Refresh()
}

// MouseDown anywhere in the field gives it the keyboard.
func (f *PassphraseField) MouseDown(e *desktop.MouseEvent) {
	if c := canvasOf(f); c != nil && e.Button == desktop.MouseButtonPrimary && !f.disabled {
		c.Focus(f.entry)
	}
}

// MouseUp implements desktop.Mouseable.
func (f *PassphraseField) MouseUp(*desktop.MouseEvent) {}

// Cursor shows that text can be written.
func (f *PassphraseField) Cursor() desktop.Cursor { return desktop.TextCursor }

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
	e.Entry.FocusGained()
	e.of.SetFocused(true)
}

func (e *secretEntry) FocusLost() {
	e.Entry.FocusLost()
	e.of.SetFocused(false)
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
	case fynetheme.SizeNameInputBorder, fynetheme.SizeNameInputRadius, fynetheme.SizeNameInnerPadding:
		return 0
	}
	return t.Theme.Size(name)
}
