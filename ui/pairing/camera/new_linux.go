package camera

import (
	"os"
	"time"

	"github.com/blackjack/webcam"

	"tacit/ui/pairing"
)

// New returns the cameras of this computer.
func New() pairing.Cameras {
	return &Video4Linux{
		sys:  os.DirFS("/sys/class/video4linux"),
		open: func(path string) (video, error) { return webcam.Open(path) },
		now:  time.Now,
	}
}
