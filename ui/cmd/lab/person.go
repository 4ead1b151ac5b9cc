package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"tacit/ui/cmd/internal/drive"
)

const (
	// patience bounds a trial: with 30 % of packets lost, TCP takes its time.
	patience = 3 * time.Minute
	// settle is how long two who have just met stay together: a few round trips with nodes.
	settle = 5 * time.Second
	// look is how often something is asked for that has no event.
	look = 20 * time.Millisecond
)

// person is one of the two who talk.
type person struct {
	*drive.Process // nil while away
	world          *world
	name           string
	contact        string // the other one
}

func (p *person) profile() string { return filepath.Join(p.world.dir, p.name) }

// start lets the person appear at a place, speaking one protocol ("": any).
func (p *person) start(ctx context.Context, place, protocol string) (err error) {
	args := p.world.hosts[place].Command(p.world.tacitd, "run", "--profile", p.profile(), "--passphrase-file", p.world.pass)
	if protocol != "" {
		args = append(args, "--protocol", protocol)
	}
	p.Process, err = drive.Start(p.world.log, args[0], args[1:]...)
	if err != nil {
		return err
	}
	return p.Call(ctx, "profile.get", struct{}{}, nil) // when it answers, it is there
}

// stop lets the person go, and kill go at once.
func (p *person) stop(ctx context.Context) error {
	if p.Process == nil {
		return nil
	}
	err := p.Shutdown(ctx)
	p.kill()
	return err
}

func (p *person) kill() {
	if p.Process != nil {
		p.Kill()
		p.Process = nil
	}
}

// addNode gives the person a node and has everything tried that it is good for: whoever
// is met from then on is told of it.
func (p *person) addNode(ctx context.Context, address string) error {
	var node struct{ Node string }
	if err := p.Call(ctx, "node.add", map[string]any{"address": address}, &node); err != nil {
		return err
	}
	var test struct {
		Checks []struct {
			Step, Error string
			Tried       bool
		}
	}
	if err := p.Call(ctx, "node.test", map[string]any{"node": node.Node}, &test); err != nil {
		return err
	}
	for _, c := range test.Checks {
		if c.Error != "" {
			return fmt.Errorf("the node fails at %q: %s", c.Step, c.Error)
		}
	}
	return nil
}

// hide sets whether the contacts may learn the address of the person.
func (p *person) hide(ctx context.Context, on bool) error {
	return p.Call(ctx, "preferences.set", map[string]any{"hide_address": on}, nil)
}

// path returns how the other one can be reached now.
func (p *person) path(ctx context.Context) (string, error) {
	var c struct{ Path string }
	err := p.Call(ctx, "contact.get", map[string]any{"contact": p.contact}, &c)
	return c.Path, err
}

// reaches waits until the other one can be reached on one of the paths, and returns it.
func (p *person) reaches(ctx context.Context, paths ...string) (got string, err error) {
	err = poll(ctx, fmt.Sprintf("a link (%v)", paths), func() (bool, error) {
		if got, err = p.path(ctx); err != nil {
			return false, err
		}
		for _, want := range paths {
			if got == want {
				return true, nil
			}
		}
		return false, nil
	})
	return got, err
}

// say sends a text and returns how long its receipt took.
func (p *person) say(ctx context.Context, text string) (time.Duration, error) {
	began := time.Now()
	id, err := p.Send(ctx, p.contact, text)
	if err != nil {
		return 0, err
	}
	err = p.becomes(ctx, id, "delivered")
	return time.Since(began), err
}

// becomes waits until a text of the person is in a state.
func (p *person) becomes(ctx context.Context, id, state string) error {
	_, err := p.Await(ctx, "a text to be "+state, func(e drive.Event) bool {
		return e.Type() == "message.state" && e.Text("message") == id && e.Text("state") == state
	})
	return err
}

// ways returns on which paths the last texts of the other one came, oldest first.
func (p *person) ways(ctx context.Context, n int) (ways []string, err error) {
	var list struct {
		Messages []struct {
			Own  bool
			Path string
		}
	}
	if err := p.Call(ctx, "message.list", map[string]any{"contact": p.contact, "limit": 2 * n}, &list); err != nil {
		return nil, err
	}
	for _, m := range list.Messages {
		if !m.Own && len(ways) < n {
			ways = append([]string{m.Path}, ways...)
		}
	}
	return ways, nil
}

// poll asks until there is an answer or an error.
func poll(ctx context.Context, what string, ask func() (bool, error)) error {
	again := time.NewTicker(look)
	defer again.Stop()
	for {
		done, err := ask()
		if err != nil || done {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("await %s: %w", what, ctx.Err())
		}
	}
}
