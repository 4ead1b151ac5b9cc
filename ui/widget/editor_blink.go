package widget

import "time"

const (
	blinkPeriod = 530 * time.Millisecond
	// blinkFor is how long the caret blinks after the last key: each blink
	// redraws the whole window.
	blinkFor = 10 * time.Second
)

// A blinker blinks the caret. It belongs to Fyne's thread.
type blinker struct {
	show func(bool)
	on   bool
	left int   // blinks to go
	next delay // until the next one
}

// restart shows the caret and, if it is in use, begins to blink.
func (b *blinker) restart(active bool) {
	b.stop()
	b.on = true
	if active {
		b.left = int(blinkFor / blinkPeriod)
		b.next.start(blinkPeriod, b.tick)
	}
}

// stop ends the blinking.
func (b *blinker) stop() {
	b.left = 0
	b.next.stop()
}

// tick turns the caret; the last one leaves it showing.
func (b *blinker) tick() {
	b.left--
	b.on = !b.on || b.left <= 0
	b.show(b.on)
	if b.left > 0 {
		b.next.start(blinkPeriod, b.tick)
	}
}
