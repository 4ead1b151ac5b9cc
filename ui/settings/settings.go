// Package settings is what a person can change about the window: light or dark, letters
// and their size, movement. It is kept in the vault, because it is about a person.
//
// The model Appearance knows nothing of Fyne and belongs to the window's goroutine.
package settings

import (
	"context"
	"encoding/json"
	"slices"
)

// Store is what the model asks of *app.Messenger.
type Store interface {
	// Setting returns the value of a key, app.ErrNotFound if unset.
	Setting(ctx context.Context, key string) ([]byte, error)
	SetSetting(ctx context.Context, key string, value []byte) error
}

// Run calls work away from the window's goroutine, and what work returns on it.
type Run func(work func(context.Context) (done func()))

// key names the setting in the vault.
const key = "ui.appearance"

// Modes of the palette, in the order in which they are offered.
var Modes = []string{"system", "light", "dark"}

// Letters are the families of type on offer, in this order.
var Letters = []string{"", "clear", "book"}

// What a person chose about movement. Nothing chosen is what the desktop asks for.
const (
	motionLess = "less"
	motionAll  = "all"
)

// Sizes of text on offer, in percent of the normal one.
var Sizes = []int{80, 90, 100, 110, 125, 150, 175, 200}

const normalSize = 100

// Appearance is how the window looks.
//
// Owner of every field: the window's goroutine.
type Appearance struct {
	OnApply func() // the look has changed
	Mode    string // one of Modes
	Size    int    // one of Sizes
	Letters string // one of Letters
	Err     error  // why the last change was not kept

	motion string // motionLess, motionAll or ""
	asked  bool   // the desktop asks for less movement
	store  Store
	run    Run
}

// stored is the value of the setting.
type stored struct {
	Mode    string `json:"mode"`
	Size    int    `json:"size"`
	Letters string `json:"letters,omitempty"`
	Motion  string `json:"motion,omitempty"`
	Still   bool   `json:"still,omitempty"` // until version 0.5, in place of Motion
}

// New returns the look of a window that nobody changed.
func New(store Store, run Run) *Appearance {
	return &Appearance{OnApply: func() {}, Mode: Modes[0], Size: normalSize, store: store, run: run}
}

// Load takes the look from the vault, and applies it or, where there is none, that of a
// new profile. What is there and not understood changes nothing.
func (a *Appearance) Load() {
	a.run(func(ctx context.Context) func() {
		value, err := a.store.Setting(ctx, key)
		return func() {
			var s stored
			if err == nil && json.Unmarshal(value, &s) == nil {
				a.take(s)
			}
			a.OnApply()
		}
	})
}

func (a *Appearance) take(s stored) {
	if slices.Contains(Modes, s.Mode) {
		a.Mode = s.Mode
	}
	if slices.Contains(Sizes, s.Size) {
		a.Size = s.Size
	}
	if slices.Contains(Letters, s.Letters) {
		a.Letters = s.Letters
	}
	switch {
	case s.Motion == motionLess || s.Motion == motionAll:
		a.motion = s.Motion
	case s.Still:
		a.motion = motionLess
	}
}

// SetMode chooses a palette.
func (a *Appearance) SetMode(mode string) {
	if mode != a.Mode && slices.Contains(Modes, mode) {
		a.Mode = mode
		a.changed()
	}
}

// Step chooses the next larger or, with -1, the next smaller size of text.
func (a *Appearance) Step(by int) {
	if a.MayStep(by) {
		a.Size = Sizes[slices.Index(Sizes, a.Size)+by]
		a.changed()
	}
}

// MayStep reports whether there is a size in that direction.
func (a *Appearance) MayStep(by int) bool {
	i := slices.Index(Sizes, a.Size) + by
	return i >= 0 && i < len(Sizes)
}

// SetLetters chooses a family of type.
func (a *Appearance) SetLetters(family string) {
	if family != a.Letters && slices.Contains(Letters, family) {
		a.Letters = family
		a.changed()
	}
}

// Still reports whether movement is reduced: as the person chose, and else as the desktop
// asks.
func (a *Appearance) Still() bool {
	return a.motion == motionLess || a.motion == "" && a.asked
}

// AsAsked reports whether movement is reduced because the desktop asks for it.
func (a *Appearance) AsAsked() bool { return a.motion == "" && a.asked }

// SetStill reduces movement or lets everything move. Who chooses what the desktop asks
// for follows it from then on.
func (a *Appearance) SetStill(on bool) {
	if on == a.Still() {
		return
	}
	switch {
	case on == a.asked:
		a.motion = ""
	case on:
		a.motion = motionLess
	default:
		a.motion = motionAll
	}
	a.changed()
}

// Asked takes what the desktop asks for.
func (a *Appearance) Asked(still bool) {
	if still != a.asked {
		a.asked = still
		a.OnApply()
	}
}

func (a *Appearance) changed() {
	a.OnApply()
	value, err := json.Marshal(stored{Mode: a.Mode, Size: a.Size, Letters: a.Letters, Motion: a.motion})
	if err != nil {
		a.Err = err
		return
	}
	a.run(func(ctx context.Context) func() {
		err := a.store.SetSetting(ctx, key, value)
		return func() {
			if a.Err = err; err != nil {
				a.OnApply()
			}
		}
	})
}
