package start

import "context"

// TourSteps is how many screens the tour has.
const TourSteps = 3

// tourKey names the setting that says that the tour was seen.
const tourKey = "ui.tour"

// Settings is what the tour asks of *app.Messenger.
type Settings interface {
	// Setting returns the value of a key, app.ErrNotFound if unset.
	Setting(ctx context.Context, key string) ([]byte, error)
	SetSetting(ctx context.Context, key string, value []byte) error
}

// Tour is what a person is told once about the program.
//
//	step 0 <--> step 1 <--> step 2 --Next--> over
//	   '-----------'-- Skip -----'------------^
//
// Owner of every field: the window's goroutine.
type Tour struct {
	OnChange func()
	OnOver   func()
	Step     int // 0 to TourSteps-1

	over bool
}

// NewTour returns a tour at its first screen.
func NewTour() *Tour { return &Tour{OnChange: func() {}, OnOver: func() {}} }

// Next goes on; after the last screen the tour is over.
func (t *Tour) Next() {
	if t.Step == TourSteps-1 {
		t.Skip()
		return
	}
	t.Step++
	t.OnChange()
}

// Back returns to the screen before.
func (t *Tour) Back() {
	if t.Step > 0 {
		t.Step--
		t.OnChange()
	}
}

// Skip ends the tour.
func (t *Tour) Skip() {
	if !t.over {
		t.over = true
		t.OnOver()
	}
}

// IfUnseen calls show unless the tour was seen in this profile, and remembers that it was.
// Where that cannot be remembered it is shown again another day, which harms nobody.
func IfUnseen(s Settings, run Run, show func()) {
	run(func(ctx context.Context) func() {
		_, err := s.Setting(ctx, tourKey)
		if err == nil {
			return func() {}
		}
		_ = s.SetSetting(ctx, tourKey, []byte("1"))
		return show
	})
}
