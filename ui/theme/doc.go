// Package theme is the look of the window in values: colours, type, measures, fonts
// and icons.
//
// What is in force (palette, direction, text size, motion) is one state of the process.
// It belongs to Fyne's thread: set it and read it there only. A widget reads the values
// when it draws and again in Refresh; Apply refreshes every open window.
package theme
