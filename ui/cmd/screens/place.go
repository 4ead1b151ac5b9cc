package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"tacit/app"
	"tacit/ui"
	"tacit/ui/profiles"
)

// place is where the window finds profiles: those of people in memory.
type place struct {
	world *world

	open sync.WaitGroup // profiles that the window has not closed yet

	mu     sync.Mutex
	people map[int]*person // guarded by mu
	labels map[int]string  // guarded by mu
}

var _ ui.Profiles = (*place)(nil)

func newPlace(w *world) *place {
	return &place{world: w, people: map[int]*person{}, labels: map[int]string{}}
}

// put makes somebody's profile the one of a number; nil takes it away.
func (p *place) put(number int, who *person, label string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.people[number], p.labels[number] = who, label
	if who == nil {
		delete(p.people, number)
	}
}

func (p *place) List() []profiles.Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []profiles.Entry
	for number := range p.people {
		all = append(all, profiles.Entry{Number: number, Label: p.labels[number]})
	}
	slices.SortFunc(all, func(a, b profiles.Entry) int { return a.Number - b.Number })
	return all
}

func (p *place) Next() (int, bool) { return len(p.List()) + 1, true }

func (p *place) Create(_ context.Context, number int, name, _ string) (ui.Running, error) {
	who := p.world.comes(name)
	if err := who.start(); err != nil {
		return ui.Running{}, err
	}
	p.put(number, who, "")
	return p.running(who), nil
}

func (p *place) Open(_ context.Context, number int, passphrase string) (ui.Running, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who := p.people[number]
	switch {
	case who == nil:
		return ui.Running{}, app.ErrNotFound
	case passphrase != p.world.cast.secret:
		return ui.Running{}, app.ErrPassphrase
	}
	return p.running(who), nil
}

func (p *place) SetLabel(number int, label string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.labels[number] = label
	return nil
}

func (p *place) Remove(context.Context, int, string) error { return nil }

// running is a profile that goes on when the window closes it.
func (p *place) running(who *person) ui.Running {
	p.open.Add(1)
	check := func(_ context.Context, passphrase string) error {
		if passphrase != p.world.cast.secret {
			return app.ErrPassphrase
		}
		return nil
	}
	return ui.Running{
		Messenger: who.Messenger,
		Ended:     make(chan struct{}),
		Close: func() error {
			p.open.Done()
			return nil
		},
		Folder:           filepath.Join(os.Getenv("HOME"), ".config", "tacit"),
		Size:             func() (int64, error) { return 48_300_000, nil },
		CheckPassphrase:  check,
		ChangePassphrase: func(ctx context.Context, old, _ string) error { return check(ctx, old) },
	}
}

// speech is the language of the pictures.
type speech struct{ tag string }

func (s *speech) Language() string { return s.tag }

func (s *speech) SetLanguage(tag string) error {
	s.tag = tag
	return nil
}
