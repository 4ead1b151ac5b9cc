package settings

import (
	"context"

	"tacit/app"
)

// Preferences is what the model Privacy asks of *app.Messenger.
type Preferences interface {
	Preferences(ctx context.Context) (app.Preferences, error)
	SetPreferences(ctx context.Context, p app.Preferences) error
}

// Privacy is what others learn, and what waits for the person's word.
//
//	loading --loaded--> ready <--stored or refused-- saving
//	                      '------- a change ----------^  |
//	                                 a change: saved next'
//
// Owner of every field: the window's goroutine.
type Privacy struct {
	OnChange func()
	Ready    bool  // Chosen is what is stored, or is being stored
	Err      error // why the last change was not kept; Chosen is then what is stored

	chosen, stored app.Preferences
	saving         bool
	store          Preferences
	run            Run
}

// NewPrivacy returns a model that knows nothing before Load.
func NewPrivacy(store Preferences, run Run) *Privacy {
	return &Privacy{OnChange: func() {}, store: store, run: run}
}

// Chosen is what the person chose.
func (p *Privacy) Chosen() app.Preferences { return p.chosen }

// Load asks for what is stored.
func (p *Privacy) Load() {
	p.run(func(ctx context.Context) func() {
		stored, err := p.store.Preferences(ctx)
		return func() {
			if p.Err = err; err == nil && !p.saving {
				p.chosen, p.stored, p.Ready = stored, stored, true
			}
			p.OnChange()
		}
	})
}

// Handle takes what another part of the program chose.
func (p *Privacy) Handle(e app.Event) {
	if e, ok := e.(app.PreferencesChanged); ok && !p.saving {
		p.chosen, p.stored, p.Ready = e.Preferences, e.Preferences, true
		p.OnChange()
	}
}

// Change chooses something else. When the person was last at the computer is told only
// together with being there.
func (p *Privacy) Change(change func(*app.Preferences)) {
	if !p.Ready {
		return
	}
	before := p.chosen
	change(&p.chosen)
	if !p.chosen.TellActive {
		p.chosen.TellSeen = false
	}
	if p.chosen == before {
		return
	}
	p.Err = nil
	p.OnChange()
	p.save()
}

// save stores one choice after the other: they must not overtake one another.
func (p *Privacy) save() {
	if p.saving || p.chosen == p.stored {
		return
	}
	p.saving = true
	chosen := p.chosen
	p.run(func(ctx context.Context) func() {
		err := p.store.SetPreferences(ctx, chosen)
		return func() {
			p.saving = false
			if p.Err = err; err != nil {
				p.chosen = p.stored
			} else {
				p.stored = chosen
				p.save()
			}
			p.OnChange()
		}
	})
}

// AskSizes are the sizes in bytes above which a file may wait for the person's word, in
// the order in which they are offered; 0 stands for never.
var AskSizes = []int64{0, megabyte, 10 * megabyte, AskAtFirst}

// AskAtFirst is the one that counts while nothing was chosen: no contact takes gigabytes of
// the disk unasked.
const AskAtFirst = 100 * megabyte

const megabyte = 1_000_000
