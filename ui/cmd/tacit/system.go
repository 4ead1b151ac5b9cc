package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"

	"tacit/ui"
)

// system is the window below Fyne's. Fyne can neither put a window away nor tell that
// somebody moved the pointer or typed into a field; GLFW, on which it stands, can. Fyne's
// own callbacks go on being called.
type system struct{ win *glfw.Window }

// newSystem finds the window that Fyne draws on; nil where it is drawn by other means.
func newSystem(w fyne.Window) ui.System {
	var s system
	if drawn, ok := w.(interface{ RunWithContext(func()) }); ok {
		drawn.RunWithContext(func() { s.win = glfw.GetCurrentContext() })
	}
	if s.win == nil {
		return nil
	}
	return s
}

// Iconify implements ui.System.
func (s system) Iconify() { s.win.Iconify() }

// Raise implements ui.System.
func (s system) Raise() {
	if s.win.GetAttrib(glfw.Iconified) == glfw.True {
		s.win.Restore()
	}
	s.win.Focus()
}

// OnInput implements ui.System.
func (s system) OnInput(f func()) {
	var key glfw.KeyCallback
	key = s.win.SetKeyCallback(func(w *glfw.Window, k glfw.Key, code int, a glfw.Action, m glfw.ModifierKey) {
		f()
		key(w, k, code, a, m)
	})
	var button glfw.MouseButtonCallback
	button = s.win.SetMouseButtonCallback(func(w *glfw.Window, b glfw.MouseButton, a glfw.Action, m glfw.ModifierKey) {
		f()
		button(w, b, a, m)
	})
	var wheel glfw.ScrollCallback
	wheel = s.win.SetScrollCallback(func(w *glfw.Window, x, y float64) {
		f()
		wheel(w, x, y)
	})
	var pointer glfw.CursorPosCallback
	pointer = s.win.SetCursorPosCallback(func(w *glfw.Window, x, y float64) {
		f()
		pointer(w, x, y)
	})
}
