// Package widget has the controls of the window. Each is dumb: it shows what it is told,
// reports what the person did through its On fields, and keeps its whole state on Fyne's
// thread.
//
// A control draws itself from canvas objects that it places by hand, measured from the
// start edge (theme.Start), so that a mirrored interface needs no second layout. It reads
// the theme in Refresh.
package widget
