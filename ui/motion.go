package ui

import (
	"context"

	"tacit/ui/theme"
)

// Motion tells whether the desktop asks for less movement: once it knows, and again at
// each change, until ctx ends or the desktop has nothing to say. It may call from any
// goroutine, and returns when it will not call again.
type Motion func(ctx context.Context, told func(less bool))

// followMotion listens to the desktop as long as the window lives.
func (w *Window) followMotion() {
	if w.options.Motion == nil {
		return
	}
	w.cross.wg.Go(func() {
		w.options.Motion(w.cross.ctx, func(less bool) {
			w.cross.post(func() { w.motionAsked(less) })
		})
	})
}

// motionAsked obeys the desktop where no profile chose otherwise.
func (w *Window) motionAsked(less bool) {
	w.still = less
	if w.session != nil {
		w.session.look.Asked(less)
		return
	}
	theme.SetReducedMotion(less)
}
