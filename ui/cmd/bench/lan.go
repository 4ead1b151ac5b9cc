package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// How often each thing is repeated.
const (
	pairings = 10
	restarts = 20 // on loopback
	cabled   = 12 // by multicast DNS
	crashes  = 8
	kills    = 5 // each takes until the peer is missed
	freezes  = 3 // too
)

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
	last := scanner(pairings - 1)
	if err := b.seeing(ctx, one, last); err != nil {
		return err
	}
	one.Kill()
	return b.multicast(ctx, "presenter", last)
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

// seeing restarts one of two paired processes, in an orderly way and by crashes.
func (b *bench) seeing(ctx context.Context, one *drive.Process, restarted string) error {
	start := func() (*drive.Process, error) { return b.start(restarted) }
	seen, left, err := restart(ctx, one, restarts, start)
	if err != nil {
		return err
	}
	quantiles("lan_seen_after_start", seen, 50, 95)
	quantiles("lan_left_peer_noticed", left, 50, 95)
	if seen, err = comeBack(ctx, one, start); err != nil {
		return err
	}
	quantiles("lan_seen_after_crash_and_start", seen, 50, 95)
	if err := crash(ctx, one, "killed", kills, start, (*os.Process).Kill); err != nil {
		return err
	}
	// The worst kind of crash: the connection stays open and silent.
	return crash(ctx, one, "frozen", freezes, start, freeze)
}

// multicast measures seeing each other by multicast DNS between network namespaces,
// where those are permitted.
func (b *bench) multicast(ctx context.Context, stays, restarted string) error {
	c, err := layCable(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: multicast DNS is left out: network namespaces are not permitted here:", err)
		return nil
	}
	defer c.remove()
	one, err := b.startAt(c, 0, stays)
	if err != nil {
		return err
	}
	defer one.Kill()
	seen, _, err := restart(ctx, one, cabled, func() (*drive.Process, error) { return b.startAt(c, 1, restarted) })
	if err != nil {
		return err
	}
	quantiles("lan_seen_after_start_multicast", seen, 50, 95)
	return nil
}

// restart starts and ends the peer of a process n times. seen is from the peer's answer
// to its first request, when the passphrase is behind it, until both have seen each
// other; left from its orderly end until that is noticed.
func restart(ctx context.Context, one *drive.Process, n int, start func() (*drive.Process, error)) (seen, left []time.Duration, err error) {
	for range n {
		two, err := start()
		if err != nil {
			return nil, nil, err
		}
		if err := two.Call(ctx, "profile.get", struct{}{}, nil); err != nil {
			return nil, nil, err
		}
		began := time.Now()
		err = errors.Join(presence(ctx, one, "lan"), presence(ctx, two, "lan"))
		seen = append(seen, time.Since(began))
		began = time.Now()
		if err := errors.Join(err, two.Shutdown(ctx), presence(ctx, one, "no")); err != nil {
			return nil, nil, err
		}
		left = append(left, time.Since(began))
	}
	return seen, left, nil
}

// comeBack kills the peer of a process and starts it again at once, before it is missed.
func comeBack(ctx context.Context, one *drive.Process, start func() (*drive.Process, error)) (seen []time.Duration, err error) {
	for range crashes + 1 {
		two, err := start()
		if err != nil {
			return nil, err
		}
		if err := two.Call(ctx, "profile.get", struct{}{}, nil); err != nil {
			return nil, err
		}
		began := time.Now()
		err = errors.Join(presence(ctx, one, "lan"), presence(ctx, two, "lan"))
		seen = append(seen, time.Since(began))
		two.Kill()
		if err != nil {
			return nil, err
		}
	}
	return seen[1:], presence(ctx, one, "no") // the first start followed an orderly end
}

// crash measures how long a process takes to miss its peer.
func crash(ctx context.Context, one *drive.Process, how string, n int, start func() (*drive.Process, error), end func(*os.Process) error) error {
	var noticed []time.Duration
	for range n {
		two, err := start()
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
