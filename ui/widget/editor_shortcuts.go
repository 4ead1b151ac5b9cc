package widget

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/widget/text"
)

// TypedShortcut implements fyne.Shortcutable. What the editor does not know
// goes on to the window, which would otherwise lose its shortcuts while
// somebody writes.
func (e *editable) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		e.copyTo(s.Clipboard)
	case *fyne.ShortcutCut:
		e.copyTo(s.Clipboard)
		if e.caret != e.anchor {
			e.erase(e.prev)
		}
	case *fyne.ShortcutPaste:
		text := s.Clipboard.Content()
		if text == "" && e.OnPasteOther != nil {
			e.OnPasteOther()
			return
		}
		e.joinable = false
		e.write(text)
		e.joinable = false
	case *fyne.ShortcutSelectAll:
		e.SelectAll()
	case *fyne.ShortcutUndo:
		e.stepBack(e.undoStep)
	case *fyne.ShortcutRedo:
		e.stepBack(e.redoStep)
	case *desktop.CustomShortcut:
		if !e.custom(s) {
			e.pass(s)
		}
	default:
		e.pass(s)
	}
}

// Copy, Cut and Paste are for a menu.
func (e *editable) Copy() { e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard()}) }

// Cut is described at Copy.
func (e *editable) Cut() { e.TypedShortcut(&fyne.ShortcutCut{Clipboard: clipboard()}) }

// Paste is described at Copy.
func (e *editable) Paste() { e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard()}) }

func clipboard() fyne.Clipboard { return fyne.CurrentApp().Clipboard() }

func (e *editable) copyTo(c fyne.Clipboard) {
	if s := e.selected(); s != "" {
		c.SetContent(s)
	}
}

func (e *editable) stepBack(step func() bool) {
	if !e.disabled && step() {
		e.side = text.SideBefore
		e.changed(true)
	}
}

// pass hands a shortcut to the window.
func (e *editable) pass(s fyne.Shortcut) { passShortcut(e.self, s) }

func passShortcut(from fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := canvasOf(from).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// wordKey is held to move and delete by words.
var wordKey = map[bool]fyne.KeyModifier{false: fyne.KeyModifierControl, true: fyne.KeyModifierAlt}[runtime.GOOS == "darwin"]

// custom deals with the keys that move and delete by words or to the ends.
func (e *editable) custom(s *desktop.CustomShortcut) (known bool) {
	if s.Modifier&^fyne.KeyModifierShift != wordKey {
		return false
	}
	held := e.shift
	e.shift = s.Modifier&fyne.KeyModifierShift != 0
	defer func() { e.shift = held }()
	return e.customKey(s.KeyName, e.shift)
}

func (e *editable) customKey(k fyne.KeyName, extend bool) (known bool) {
	switch k {
	case fyne.KeyLeft:
		e.wordStep(false)
	case fyne.KeyRight:
		e.wordStep(true)
	case fyne.KeyHome, fyne.KeyUp:
		e.goTo(0, text.SideNone)
	case fyne.KeyEnd, fyne.KeyDown:
		e.goTo(len(e.runes), text.SideNone)
	case fyne.KeyBackspace:
		e.erase(e.prevWord)
	case fyne.KeyDelete:
		e.erase(e.nextWord)
	case fyne.KeyZ:
		if !extend {
			return false
		}
		e.stepBack(e.redoStep)
	default:
		return false
	}
	return true
}
