// Package ui is the window: its screens and panes, the keyboard, and the one crossing into
// Fyne's thread. What the screens show is in the packages below it.
package ui
