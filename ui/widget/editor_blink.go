package widget

import "time"

const (
	blinkPeriod = 530 * time.Millisecond
	// blinkFor is how long the caret blinks after the last key: each blink
	// redraws the whole window.
	blinkFor = 10 * time.Second
)

// A blinker blinks the caret. Its state belongs to Fyne's thread, to which its
// timer comes back.
type blinker struct {
	show  func(bool)
	post  func(func()) // crosses into Fyne's thread
	on    bool
	left  int // blinks to go
	timer *time.Timer
	round int // tells a late timer from the present one
}

// restart shows the caret and, if it is in use, begins to blink.
func (b *blinker) restart(active bool) {
	b.stop()
	b.on = true
	if active {
		b.left = int(blinkFor / blinkPeriod)
		b.wait()
	}
}

// stop ends the blinking.
func (b *blinker) stop() {
	b.round++
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
}

func (b *blinker) wait() {
	round := b.round
	b.timer = time.AfterFunc(blinkPeriod, func() {
		b.post(func() {
			if round == b.round {
				b.tick()
			}
		})
	})
}

// tick turns the caret; the last one leaves it showing.
func (b *blinker) tick() {
	b.left--
	b.on = !b.on || b.left <= 0
	b.show(b.on)
	if b.left > 0 {
		b.wait()
	}
}
