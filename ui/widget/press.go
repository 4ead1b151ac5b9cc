package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// press is what everything pressable shares: pointer, keyboard focus, disabled. A
// control embeds it and calls extend.
type press struct {
	fynewidget.BaseWidget

	self     pressable
	act      func()
	word     string // of a control without a label: shows on focus and while the pointer rests
	wait     delay  // until the word shows
	hovered  bool
	pressed  bool
	focused  bool
	ring     bool // focus is shown: it came by the keyboard
	disabled bool
}

type pressable interface {
	fyne.Widget
	fyne.Focusable
}

func (p *press) extend(self pressable, act func()) {
	p.self, p.act = self, act
	p.ExtendBaseWidget(self)
}

// activate does what a click does.
func (p *press) activate() {
	p.hideWord()
	if !p.disabled && p.act != nil {
		p.act()
	}
}

func (p *press) Tapped(*fyne.PointEvent) { p.activate() }

func (p *press) MouseIn(*desktop.MouseEvent) {
	p.hovered = true
	if p.word != "" {
		p.wait.start(theme.HintDelay, func() { showHint(p.self, p.word) })
	}
	p.Refresh()
}

func (p *press) MouseMoved(*desktop.MouseEvent) {}

func (p *press) MouseOut() {
	p.hideWord()
	p.hovered, p.pressed = false, false
	p.Refresh()
}

func (p *press) MouseDown(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary || p.disabled {
		return
	}
	p.pressed = true
	if c := canvasOf(p.self); c != nil && !p.focused {
		c.Focus(p.self)
		p.ring = false // the pointer shows where it is
	}
	p.hideWord()
	p.Refresh()
}

func (p *press) MouseUp(*desktop.MouseEvent) {
	p.pressed = false
	p.Refresh()
}

func (p *press) FocusGained() {
	p.focused, p.ring = true, true
	revealFocused(p.self)
	showHint(p.self, p.word)
	p.Refresh()
}

func (p *press) FocusLost() {
	p.hideWord()
	p.focused, p.ring, p.pressed = false, false, false
	p.Refresh()
}

func (p *press) TypedRune(rune) {}

func (p *press) hideWord() {
	p.wait.stop()
	hideHint(p.self)
}

func (p *press) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.ring = true
		p.activate()
	default:
		PassKey(p.self, e)
	}
}

// PassKey hands a key that a focused control has no use for, such as Escape, to what lies
// around it: the topmost dialog or menu, else the window.
func PassKey(from fyne.CanvasObject, e *fyne.KeyEvent) {
	c := canvasOf(from)
	if c == nil {
		return
	}
	if k, ok := c.Overlays().Top().(interface{ TypedKey(*fyne.KeyEvent) }); ok {
		k.TypedKey(e)
	} else if typed := c.OnTypedKey(); typed != nil {
		typed(e)
	}
}

// Cursor shows a hand over what can be pressed.
func (p *press) Cursor() desktop.Cursor {
	if p.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// Disabled reports whether the control takes no presses; the Tab key then passes it by.
func (p *press) Disabled() bool { return p.disabled }

// Enable makes the control pressable.
func (p *press) Enable() { p.setDisabled(false) }

// Disable makes the control deaf.
func (p *press) Disable() { p.setDisabled(true) }

func (p *press) setDisabled(on bool) {
	if p.disabled == on {
		return
	}
	p.disabled = on
	if c := canvasOf(p.self); on && p.focused && c != nil {
		c.Unfocus()
	}
	p.Refresh()
}

// hot reports whether the control shows that it would react to a press.
func (p *press) hot() bool { return (p.hovered || p.pressed) && !p.disabled }

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	app := fyne.CurrentApp()
	if app == nil || o == nil {
		return nil
	}
	return app.Driver().CanvasForObject(o)
}
