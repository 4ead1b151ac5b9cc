package widget

import (
	"os"
	"testing"
	"time"
)

// TestMain has nothing happen by itself: a timer would come back on a goroutine of
// its own, because Fyne's test driver has no thread. A test that wants time to pass
// holds its own.
func TestMain(m *testing.M) {
	Later = func(time.Duration, func()) func() { return func() {} }
	os.Exit(m.Run())
}
