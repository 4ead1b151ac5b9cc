package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// How much is measured, so that a run of the bench stays within minutes.
const (
	patience       = 60 * time.Second
	pairings       = 10
	restarts       = 20
	kills          = 5 // each takes until the peer is missed
	freezes        = 3
	pings          = 1000
	floodTexts     = 10000
	floodWindow    = 64 // requests under way, as a busy bot would keep
	hundredLetters = "A hundred bytes of text, which is about as long as a message between two people who know each other."
)

func (b *bench) init(ctx context.Context, name string) error {
	return drive.Init(ctx, io.Discard, b.program("tacitd"), b.path(name), name, b.pass())
}

func (b *bench) start(name string) (*drive.Process, error) {
	return drive.Start(io.Discard, b.program("tacitd"), "run", "--profile", b.path(name),
		"--passphrase-file", b.pass(), "--listen", "loopback")
}

// fresh makes a profile and starts a process on it, which is ready when this returns.
func (b *bench) fresh(ctx context.Context, name string) (*drive.Process, error) {
	if err := b.init(ctx, name); err != nil {
		return nil, err
	}
	p, err := b.start(name)
	if err != nil {
		return nil, err
	}
	return p, p.Call(ctx, "profile.get", struct{}{}, nil)
}

// lan measures pairing, seeing each other after a start, and missing a peer that is gone.
func lan(ctx context.Context, b *bench) error {
	ctx, cancel := context.WithTimeout(ctx, 10*patience)
	defer cancel()
	one, err := b.fresh(ctx, "presenter")
	if err != nil {
		return err
	}
	defer one.Kill()
	var codes, whole []time.Duration
	for i := range pairings {
		two, err := b.fresh(ctx, scanner(i))
		if err != nil {
			return err
		}
		toCodes, toDone, err := timePairing(ctx, one, two)
		if err := errors.Join(err, two.Shutdown(ctx)); err != nil {
			return err
		}
		codes, whole = append(codes, toCodes), append(whole, toDone)
	}
	quantiles("pairing_card_accepted_to_codes", codes, 50, 95)
	quantiles("pairing_card_accepted_to_verified", whole, 50, 95)
	if err := presence(ctx, one, "no"); err != nil {
		return err
	}
	return b.seeing(ctx, one, scanner(pairings-1))
}

func scanner(i int) string { return fmt.Sprint("scanner", i) }

func timePairing(ctx context.Context, presenter, scanner *drive.Process) (codes, whole time.Duration, err error) {
	var card struct{ Card string }
	if err := presenter.Call(ctx, "card.create", map[string]any{"ttl_seconds": 600}, &card); err != nil {
		return 0, 0, err
	}
	var accepted struct{ Pairing string }
	began := time.Now()
	if err := scanner.Call(ctx, "card.accept", map[string]any{"card": card.Card}, &accepted); err != nil {
		return 0, 0, err
	}
	shown, err := scanner.AwaitType(ctx, "pairing.code_needed")
	if err != nil {
		return 0, 0, err
	}
	asked, err := presenter.AwaitType(ctx, "pairing.code_needed")
	if err != nil {
		return 0, 0, err
	}
	codes = time.Since(began)
	if _, err := presenter.EnterCode(ctx, asked.Text("pairing"), shown.Text("show")); err != nil {
		return 0, 0, err
	}
	if _, err := scanner.EnterCode(ctx, accepted.Pairing, asked.Text("show")); err != nil {
		return 0, 0, err
	}
	for _, p := range []*drive.Process{presenter, scanner} {
		if _, err := p.AwaitType(ctx, "contact.added"); err != nil {
			return 0, 0, err
		}
	}
	return codes, time.Since(began), nil
}

func presence(ctx context.Context, p *drive.Process, reach string) error {
	_, err := p.Await(ctx, "presence "+reach, func(e drive.Event) bool {
		return e.Type() == "contact.presence" && e.Text("reachable") == reach
	})
	return err
}

// seeing restarts one of two paired processes, in an orderly way: from its answer to
// the first request, when the passphrase is behind it, until both have seen each other.
func (b *bench) seeing(ctx context.Context, one *drive.Process, restarted string) error {
	var seen, left []time.Duration
	for range restarts {
		two, err := b.start(restarted)
		if err != nil {
			return err
		}
		if err := two.Call(ctx, "profile.get", struct{}{}, nil); err != nil {
			return err
		}
		began := time.Now()
		err = errors.Join(presence(ctx, one, "lan"), presence(ctx, two, "lan"))
		seen = append(seen, time.Since(began))
		began = time.Now()
		if err := errors.Join(err, two.Shutdown(ctx), presence(ctx, one, "no")); err != nil {
			return err
		}
		left = append(left, time.Since(began))
	}
	quantiles("lan_seen_after_start", seen, 50, 95)
	quantiles("lan_left_peer_noticed", left, 50, 95)
	if err := b.crash(ctx, one, restarted, "killed", kills, (*os.Process).Kill); err != nil {
		return err
	}
	// The worst kind of crash: the connection stays open and silent.
	return b.crash(ctx, one, restarted, "frozen", freezes, freeze)
}

// crash measures how long a process takes to miss its peer.
func (b *bench) crash(ctx context.Context, one *drive.Process, name, how string, times int, end func(*os.Process) error) error {
	var noticed []time.Duration
	for range times {
		two, err := b.start(name)
		if err != nil {
			return err
		}
		if err := presence(ctx, one, "lan"); err != nil {
			return err
		}
		began := time.Now()
		if err := end(two.Process()); err != nil {
			return err
		}
		err = presence(ctx, one, "no")
		noticed = append(noticed, time.Since(began))
		two.Kill()
		if err != nil {
			return err
		}
	}
	quantiles("lan_"+how+"_peer_noticed", noticed, 50, 95)
	return nil
}

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
