package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// target is something that has to be quick, tried again and again.
type target struct {
	name  string
	limit time.Duration
	once  func(w *world, ctx context.Context) (time.Duration, error)
}

var targetsOf = []target{
	{"punched through two routers that keep ports, from the first link", 2 * time.Second, (*world).punch},
	{"first text through two routers with random ports, from the first link", time.Second, (*world).firstText},
	{"a text again after the relay was killed", 20 * time.Second, (*world).loseRelay},
	{"a text again after one moved to another network", 10 * time.Second, (*world).changeNetwork},
}

// targets tries each and prints how long they took. QUIC and TCP are as the profiles choose.
func (w *world) targets(ctx context.Context, tries int) {
	_ = w.lose("", 0)
	_ = w.lose("lan", 0)
	for _, t := range targetsOf {
		var times []time.Duration
		var failed error
		for range tries {
			took, err := w.once(ctx, t)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				failed = err
				continue
			}
			times = append(times, took)
		}
		fmt.Println(t.line(times, tries, failed))
	}
}

func (w *world) once(ctx context.Context, t target) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer func() {
		for _, p := range w.persons {
			p.kill()
		}
	}()
	return t.once(w, ctx)
}

// line shows what came of a target.
func (t target) line(times []time.Duration, tries int, failed error) string {
	p95 := percentile(times, 95)
	verdict := "kept"
	if len(times) < tries || p95 > t.limit {
		verdict = "MISSED"
	}
	line := fmt.Sprintf("%-70s p50 %s  p95 %s  (at most %s: %s; %d of %d)",
		t.name, seconds(percentile(times, 50)), seconds(p95), t.limit, verdict, len(times), tries)
	if failed != nil {
		line += "; " + failed.Error()
	}
	return line
}

// meet starts both at the places of a path.
func (w *world) meet(ctx context.Context, path string) error {
	at := places[path]
	return errors.Join(w.persons[0].start(ctx, at[0], ""), w.persons[1].start(ctx, at[1], ""))
}

// awaitPath waits until the other one is reached on a path, and returns when that was.
func (p *person) awaitPath(ctx context.Context, path string) (time.Time, error) {
	_, err := p.Await(ctx, "a link ("+path+")", func(e drive.Event) bool {
		return e.Type() == "contact.presence" && e.Text("reachable") == path
	})
	return time.Now(), err
}

func (w *world) punch(ctx context.Context) (time.Duration, error) {
	if err := w.meet(ctx, "punched"); err != nil {
		return 0, err
	}
	first, err := w.persons[0].awaitPath(ctx, "relay")
	if err != nil {
		return 0, err
	}
	straight, err := w.persons[0].awaitPath(ctx, "direct")
	return straight.Sub(first), err
}

func (w *world) firstText(ctx context.Context) (time.Duration, error) {
	if err := w.meet(ctx, "relayed"); err != nil {
		return 0, err
	}
	if _, err := w.persons[0].awaitPath(ctx, "relay"); err != nil {
		return 0, err
	}
	return w.persons[0].say(ctx, "the first")
}

// loseRelay kills the node that the link goes over. Which one that is only the link knows, so
// each is killed in turn, and the longer silence counts.
func (w *world) loseRelay(ctx context.Context) (longest time.Duration, err error) {
	if err := w.meet(ctx, "relayed"); err != nil {
		return 0, err
	}
	a := w.persons[0]
	for i := range w.nodes {
		if _, err := a.reaches(ctx, "relay"); err != nil {
			return 0, err
		}
		if _, err := a.say(ctx, "before"); err != nil {
			return 0, err
		}
		w.nodes[i].Kill()
		took, err := a.say(ctx, "after")
		if err := errors.Join(err, w.startNode(ctx, i)); err != nil {
			return 0, err
		}
		longest = max(longest, took)
	}
	return longest, nil
}

func (w *world) changeNetwork(ctx context.Context) (took time.Duration, err error) {
	if err := w.meet(ctx, "punched"); err != nil {
		return 0, err
	}
	a := w.persons[0]
	if _, err := a.reaches(ctx, "direct"); err != nil {
		return 0, err
	}
	if _, err := a.say(ctx, "from home"); err != nil {
		return 0, err
	}
	if err := w.move(true); err != nil {
		return 0, err
	}
	took, err = a.say(ctx, "from elsewhere")
	return took, errors.Join(err, w.move(false))
}
