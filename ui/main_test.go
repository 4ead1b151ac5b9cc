package ui

import (
	"os"
	"testing"
	"time"

	"tacit/ui/widget"
)

// TestMain has no widget do anything later by itself: Fyne's test driver has no thread
// that its timers could come back to.
func TestMain(m *testing.M) {
	widget.Later = func(time.Duration, func()) func() { return func() {} }
	os.Exit(m.Run())
}
