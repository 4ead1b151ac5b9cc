//go:build !darwin

package main

import (
	"errors"

	"github.com/go-gl/glfw/v3.3/glfw"
)

var errGraphics = errors.New("this display has no OpenGL 2.1 to draw a window with, not even in software (Debian: libgl1-mesa-dri); " +
	"tacitd is Tacit without a window")

// haveGraphics reports in words why no window can be drawn. Where the toolkit finds that
// out by itself, it goes on without a window, and without an end. It must run on the main
// thread, as all of GLFW.
func haveGraphics() error {
	if glfw.Init() != nil {
		return errDisplay
	}
	defer glfw.DefaultWindowHints()
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	w, err := glfw.CreateWindow(1, 1, "", nil, nil)
	if err != nil {
		return errGraphics
	}
	w.Destroy()
	return nil
}
