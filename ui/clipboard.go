package ui

import (
	"time"

	"fyne.io/fyne/v2"
)

// clipboard lends a link to the clipboard and takes it back: whoever reads it can try to
// pair.
type clipboard struct {
	of    fyne.Clipboard
	after func(time.Duration, func()) // calls back on Fyne's thread
	lent  string
	turn  int
}

// lend copies text and clears it after a while, unless something else was copied since.
func (c *clipboard) lend(text string, life time.Duration) {
	c.of.SetContent(text)
	c.lent = text
	c.turn++
	turn := c.turn
	c.after(life, func() {
		if turn == c.turn {
			c.reclaim()
		}
	})
}

// reclaim clears what was lent, if it is still there.
func (c *clipboard) reclaim() {
	if c.lent != "" && c.of.Content() == c.lent {
		c.of.SetContent("")
	}
	c.lent = ""
}
