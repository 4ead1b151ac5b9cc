package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// A Field is one line that a person writes, with its label, hint and error: a
// name, a search, an invitation. A passphrase has a field of its own kind, which
// shows no text; Frame is for that.
type Field struct {
	Frame
	edit *lineEditor

	// OnChanged is called after each change that the person made.
	OnChanged func(string)
	// OnSubmit is called at Enter.
	OnSubmit func(string)
	// OnFocus is called when the keyboard comes and goes.
	OnFocus func(bool)
}

// NewField returns a field. The hint stands below it until there is an error.
func NewField(label, hint string) *Field {
	f := &Field{edit: newLineEditor()}
	f.Frame.init(f, label, hint, f.edit)
	e := &f.edit.editable
	e.OnChanged = func(s string) {
		if f.OnChanged != nil {
			f.OnChanged(s)
		}
	}
	e.OnSubmit = func(s string) {
		if f.OnSubmit != nil {
			f.OnSubmit(s)
		}
	}
	e.OnFocus = func(on bool) {
		f.SetFocused(on)
		if f.OnFocus != nil {
			f.OnFocus(on)
		}
	}
	return f
}

// Text returns what was written.
func (f *Field) Text() string { return f.edit.Text() }

// SetText takes another text; OnChanged is not called.
func (f *Field) SetText(s string) { f.edit.SetText(s) }

// SetPlaceholder sets the words shown while nothing is written.
func (f *Field) SetPlaceholder(s string) { f.edit.SetPlaceholder(s) }

// SetMaxGraphemes and SetMaxBytes bound what can be written; 0 is no limit.
func (f *Field) SetMaxGraphemes(n int) { f.edit.SetMaxGraphemes(n) }

// SetMaxBytes is described at SetMaxGraphemes.
func (f *Field) SetMaxBytes(n int) { f.edit.SetMaxBytes(n) }

// SelectAll selects the whole text.
func (f *Field) SelectAll() { f.edit.SelectAll() }

// SetOnKey lets somebody see each key first; it reports whether it dealt with it.
func (f *Field) SetOnKey(seen func(*fyne.KeyEvent) bool) { f.edit.OnKey = seen }

// Focusable returns what takes the keyboard, to be given to Canvas.Focus.
func (f *Field) Focusable() fyne.Focusable { return f.edit }

// Focus gives the field the keyboard, once it is in a window.
func (f *Field) Focus() {
	if c := canvasOf(f); c != nil {
		c.Focus(f.edit)
	}
}

// Enable and Disable say whether anything can be written.
func (f *Field) Enable() { f.setDisabled(false) }

// Disable is described at Enable.
func (f *Field) Disable() { f.setDisabled(true) }

// Disabled reports whether nothing can be written.
func (f *Field) Disabled() bool { return f.disabled }

func (f *Field) setDisabled(on bool) {
	f.disabled = on
	f.edit.setDisabled(on)
	f.Refresh()
}

// MouseDown anywhere in the field gives it the keyboard.
func (f *Field) MouseDown(ev *desktop.MouseEvent) {
	if ev.Button == desktop.MouseButtonPrimary && !f.disabled {
		f.Focus()
	}
}

// MouseUp implements desktop.Mouseable.
func (f *Field) MouseUp(*desktop.MouseEvent) {}

// Cursor shows that text can be written.
func (f *Field) Cursor() desktop.Cursor { return desktop.TextCursor }
