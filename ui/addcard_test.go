package ui

import (
	"context"
	"image"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"

	"tacit/ui/pairing"
)

// watching is a camera that sees nothing of interest and knows whether it is on.
type watching struct{ on atomic.Int32 }

func (w *watching) List() ([]pairing.CameraInfo, error) {
	return []pairing.CameraInfo{{ID: "video0", Name: "Built in"}}, nil
}

func (w *watching) Open(context.Context, string) (pairing.Camera, error) {
	w.on.Add(1)
	return w, nil
}

func (w *watching) Next(ctx context.Context) (*image.YCbCr, error) {
	return image.NewYCbCr(image.Rect(0, 0, 32, 24), image.YCbCrSubsampleRatio420), ctx.Err()
}

func (w *watching) Close() error {
	w.on.Add(-1)
	return nil
}

// TestCameraIsOffWhenTheWindowTurnsAway: closing the card, locking the profile and ending
// the window's work switch the camera off.
func TestCameraIsOffWhenTheWindowTurnsAway(t *testing.T) {
	for name, leave := range map[string]func(*session){
		"the card is closed":     func(s *session) { s.card.dialog.Close() },
		"the profile is locked":  func(s *session) { s.w.lock(nil) },
		"the window's work ends": func(s *session) { s.cross.end() },
	} {
		t.Run(name, func(t *testing.T) {
			camera := &watching{}
			s, m := openWith(t, &place{all: one}, Options{Size: fyne.NewSize(1200, 800), Cameras: camera})
			add := s.openCard().add
			add.Show(pairing.StepTheirs)
			until(t, m, "camera", func() bool { return add.Scanner.Chosen != "" })
			if camera.on.Load() != 0 {
				t.Error("it is on before it was asked for")
			}
			add.Scanner.Start()
			until(t, m, "picture", func() bool { return add.Scanner.Sight.Picture != nil })
			leave(s)
			until(t, m, "end of the scan", func() bool { return camera.on.Load() == 0 })
		})
	}
}
