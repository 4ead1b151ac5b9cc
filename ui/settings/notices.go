package settings

import (
	"context"
	"encoding/json"
	"slices"
)

// noticesKey names the setting in the vault.
const noticesKey = "ui.notices"

// Notice is what a note about a message says.
type Notice string

const (
	NoticeNothing Notice = "nothing" // that there is something new
	NoticeName    Notice = "name"    // and from whom
	NoticeText    Notice = "text"    // and what it says
)

// NoticeShows are the choices, in the order in which they are offered.
var NoticeShows = []Notice{NoticeNothing, NoticeName, NoticeText}

const (
	// QuietStep is by how many minutes the hours without notes are moved.
	QuietStep = 30
	// day is how many minutes one has.
	day = 24 * 60
)

// Noticing is what the person chose about notes and the tray. From and To are minutes
// after midnight.
type Noticing struct {
	On    bool   `json:"on"`
	Show  Notice `json:"show"`
	Quiet bool   `json:"quiet"` // there are hours without notes
	From  int    `json:"from"`
	To    int    `json:"to"`
	Keep  bool   `json:"keep"` // a window that is closed goes on in the tray
}

// valid reports whether it can have been chosen here.
func (n Noticing) valid() bool {
	inDay := func(m int) bool { return m >= 0 && m < day }
	return slices.Contains(NoticeShows, n.Show) && inDay(n.From) && inDay(n.To)
}

// Notices is the model of notes and the tray. At first a note says that there is something
// new, and no more: others may see the screen.
//
// Owner of every field: the window's goroutine.
type Notices struct {
	OnChange func()
	Err      error // why the last change was not kept; Chosen is then what is stored

	chosen, stored Noticing
	saving         bool
	store          Store
	run            Run
}

// NewNotices returns the model with what counts while nothing was chosen.
func NewNotices(store Store, run Run) *Notices {
	first := Noticing{On: true, Show: NoticeNothing, From: 22 * 60, To: 7 * 60}
	return &Notices{OnChange: func() {}, chosen: first, stored: first, store: store, run: run}
}

// Chosen is what the person chose.
func (n *Notices) Chosen() Noticing { return n.chosen }

// Load takes the choice from the vault. What is there and not understood changes nothing.
func (n *Notices) Load() {
	n.run(func(ctx context.Context) func() {
		value, err := n.store.Setting(ctx, noticesKey)
		return func() {
			var s Noticing
			if err == nil && json.Unmarshal(value, &s) == nil && s.valid() && !n.saving {
				n.chosen, n.stored = s, s
				n.OnChange()
			}
		}
	})
}

// Change chooses something else.
func (n *Notices) Change(change func(*Noticing)) {
	before := n.chosen
	change(&n.chosen)
	if n.chosen == before {
		return
	}
	n.Err = nil
	n.OnChange()
	n.save()
}

// MoveQuiet moves an end of the hours without notes by steps, around midnight. The two ends
// are never the same: that would be a day without an end.
func (n *Notices) MoveQuiet(end func(*Noticing) *int, steps int) {
	n.Change(func(c *Noticing) {
		at := end(c)
		for range 2 {
			*at = ((*at+steps*QuietStep)%day + day) % day
			if c.From != c.To {
				return
			}
		}
	})
}

// save stores one choice after the other: they must not overtake one another.
func (n *Notices) save() {
	if n.saving || n.chosen == n.stored {
		return
	}
	chosen := n.chosen
	value, err := json.Marshal(chosen)
	if err != nil {
		n.Err, n.chosen = err, n.stored
		n.OnChange()
		return
	}
	n.saving = true
	n.run(func(ctx context.Context) func() {
		err := n.store.SetSetting(ctx, noticesKey, value)
		return func() {
			n.saving = false
			if n.Err = err; err != nil {
				n.chosen = n.stored
			} else {
				n.stored = chosen
				n.save()
			}
			n.OnChange()
		}
	})
}

// Starter is whether the program starts with the session. Its methods may take time.
type Starter interface {
	On() bool
	// Set fails with app.ErrDiskFull, app.ErrDiskReadOnly.
	Set(on bool) error
}

// Startup is the model of a Starter.
//
// Owner of every field: the window's goroutine.
type Startup struct {
	OnChange func()
	On       bool
	Err      error // why the last change was not kept

	starter Starter // nil: the system has none
	busy    bool
	run     Run
}

// NewStartup returns the model; starter may be nil.
func NewStartup(starter Starter, run Run) *Startup {
	return &Startup{OnChange: func() {}, starter: starter, run: run}
}

// Offered reports whether the system starts programs for the person.
func (s *Startup) Offered() bool { return s.starter != nil }

// Load looks how it is.
func (s *Startup) Load() {
	if s.Offered() && !s.busy {
		s.do(func() error { return nil })
	}
}

// Set changes it.
func (s *Startup) Set(on bool) {
	if s.Offered() && !s.busy && on != s.On {
		s.do(func() error { return s.starter.Set(on) })
	}
}

// do tells afterwards how it is, whatever became of the change.
func (s *Startup) do(change func() error) {
	s.busy = true
	s.run(func(context.Context) func() {
		err := change()
		on := s.starter.On()
		return func() {
			s.busy, s.On, s.Err = false, on, err
			s.OnChange()
		}
	})
}
