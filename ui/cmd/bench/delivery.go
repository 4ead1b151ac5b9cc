package main

import (
	"context"
	"fmt"
	"time"

	"tacit/ui/cmd/internal/drive"
)

const (
	pings          = 1000
	floodTexts     = 10000
	floodWindow    = 64 // requests under way, as a busy bot would keep
	hundredLetters = "A hundred bytes of text, which is about as long as a message between two people who know each other."
)

// delivery measures one text at a time, and as many as will go.
func delivery(ctx context.Context, b *bench) error {
	ctx, cancel := context.WithTimeout(ctx, 5*patience)
	defer cancel()
	one, err := b.fresh(ctx, "from")
	if err != nil {
		return err
	}
	defer one.Kill()
	two, err := b.fresh(ctx, "to")
	if err != nil {
		return err
	}
	defer two.Kill()
	m, err := drive.Pair(ctx, one, two, nil)
	if err != nil {
		return err
	}
	var trips []time.Duration
	for range pings {
		began := time.Now()
		id, err := one.Send(ctx, m.Presenter, hundredLetters)
		if err != nil {
			return err
		}
		if err := state(ctx, one, id, "delivered"); err != nil {
			return err
		}
		trips = append(trips, time.Since(began))
	}
	quantiles("send_to_delivered_loopback", trips, 50, 99)
	return flood(ctx, one, m.Presenter)
}

func state(ctx context.Context, p *drive.Process, id, want string) error {
	_, err := p.Await(ctx, want, func(e drive.Event) bool {
		return e.Type() == "message.state" && e.Text("message") == id && e.Text("state") == want
	})
	return err
}

// flood sends many texts with a window of requests under way, until the last is acknowledged.
func flood(ctx context.Context, one *drive.Process, contact string) error {
	type wait = func(context.Context, any) error
	var under []wait
	var last struct{ Message string }
	began := time.Now()
	for i := range floodTexts {
		if len(under) == floodWindow {
			if err := under[0](ctx, &last); err != nil {
				return err
			}
			under = under[1:]
		}
		under = append(under, one.Go("message.send", map[string]any{"contact": contact, "text": fmt.Sprint(i, " ", hundredLetters)}))
	}
	for _, w := range under {
		if err := w(ctx, &last); err != nil {
			return err
		}
	}
	if err := state(ctx, one, last.Message, "delivered"); err != nil {
		return err
	}
	print("sustained_one_way_acknowledged", floodTexts/time.Since(began).Seconds(), "messages/s")
	return nil
}
