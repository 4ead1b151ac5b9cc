package ui

import (
	"testing"
	"time"

	"tacit/app"
)

// TestNoticesAreShown: what happens to a profile without anybody's doing is
// said over the panes.
func TestNoticesAreShown(t *testing.T) {
	s, _ := open(t)
	for _, e := range []app.Event{
		app.StorageFailed{Err: app.ErrDiskFull},
		app.StorageFailed{Err: app.ErrDiskReadOnly},
		app.ClockJumped{By: -72 * time.Hour},
	} {
		s.desk.say("")
		s.handle(e)
		if !s.desk.notice.Visible() {
			t.Errorf("nothing is said about %#v", e)
		}
	}
}
