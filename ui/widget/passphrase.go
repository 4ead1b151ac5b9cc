package widget

import (
	"image/color"
	"strings"

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
	OnCopied    func(string) // what was copied while it could be read

	entry *secretEntry
	caret *canvas.Rectangle // Fyne's is as wide as the border, which is none here
	eye   *IconButton
}

// NewPassphraseField returns an empty field.
func NewPassphraseField(label, hint string) *PassphraseField {
	f := &PassphraseField{}
	f.caret = canvas.NewRectangle(transparent)
	f.entry = newSecretEntry(f)
	f.eye = NewIconButton(theme.IconEye, lang.T("word.show"), func() { f.Reveal(f.entry.Password) })
	f.Frame.init(f, label, hint,
		container.New(secretLine{f}, container.NewThemeOverride(f.entry, entryTheme{theme.New()}), f.caret, newWheelPass()))
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
	e.OnCursorChanged = of.placeCaret
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
	e.of.placeCaret()
}

func (e *secretEntry) FocusLost() {
	e.Entry.FocusLost()
	e.of.SetFocused(false)
	e.of.placeCaret()
}

func (e *secretEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		PassKey(e, k)
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut tells when the secret was copied, and passes to the window what an entry
// does not know.
func (e *secretEntry) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut:
		e.Entry.TypedShortcut(s)
		if copied := clipboard().Content(); copied != "" && !e.Password && e.of.OnCopied != nil {
			e.of.OnCopied(copied)
		}
	case *desktop.CustomShortcut:
		switch s.KeyName {
		case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete: // by words
			e.Entry.TypedShortcut(s)
		default:
			if c, ok := canvasOf(e).(fyne.Shortcutable); ok {
				c.TypedShortcut(s)
			}
		}
	default:
		e.Entry.TypedShortcut(s)
	}
}

// secretLine lays the caret over the entry.
type secretLine struct{ of *PassphraseField }

func (l secretLine) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l secretLine) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Resize(s)
	objects[2].Resize(s)
	l.of.placeCaret()
}

// wheelPass lies over an entry, which would keep the wheel from the page that it stands
// on. It takes nothing else.
type wheelPass struct{ fynewidget.BaseWidget }

func newWheelPass() *wheelPass {
	p := &wheelPass{}
	p.ExtendBaseWidget(p)
	return p
}

// Scrolled implements fyne.Scrollable.
func (p *wheelPass) Scrolled(e *fyne.ScrollEvent) {
	if boxes := boxesAround(p); len(boxes) > 0 {
		boxes[0].area.Scrolled(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (p *wheelPass) CreateRenderer() fyne.WidgetRenderer {
	return newParts(p, func() {}, func() fyne.Size { return fyne.Size{} }, func(fyne.Size) {})
}

// placeCaret puts the caret after what stands before it. A secret that is longer than
// the field is scrolled to its end, and the caret stands there.
func (f *PassphraseField) placeCaret() {
	before := []rune(f.entry.Text)
	before = before[:min(f.entry.CursorColumn, len(before))]
	if f.entry.Password {
		before = []rune(strings.Repeat("•", len(before)))
	}
	x := fyne.MeasureText(string(before), theme.Body.Size, fyne.TextStyle{}).Width
	s := f.entry.Size()
	f.caret.FillColor = theme.Current().Accent
	f.caret.Move(fyne.NewPos(max(0, min(x, s.Width-caretWidth)), 0))
	f.caret.Resize(fyne.NewSize(caretWidth, s.Height))
	show(f.caret, f.focused && !f.disabled)
	canvas.Refresh(f.caret)
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
