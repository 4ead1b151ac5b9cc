// Hello is the smallest program of the window's toolkit: what it costs is the floor
// that Tacit's window is compared with, in the same run on the same machine.
package main

import (
	"fmt"

	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.New()
	a.Lifecycle().SetOnStarted(func() { fmt.Println("first window") })
	w := a.NewWindow("Hello")
	w.SetContent(widget.NewLabel("Hello"))
	w.ShowAndRun()
}
