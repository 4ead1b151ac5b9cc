package main

import (
	"bytes"
	"context"
	"errors"
	"time"

	"tacit/identity"
	"tacit/identity/pairing"
	"tacit/identity/session"
)

// cryptoSpan is how long each figure is measured.
const cryptoSpan = 3 * time.Second

// crypto measures sealing and opening 100-byte messages in process, padding, ratchet
// and encrypted headers included, nothing stored.
func crypto(context.Context, *bench) error {
	alice, bob, err := meet(time.Now())
	if err != nil {
		return err
	}
	// One message each makes both sides able to write.
	if alice, bob, err = pass(alice, bob); err != nil {
		return err
	}
	if bob, alice, err = pass(bob, alice); err != nil {
		return err
	}
	count, began := 0, time.Now()
	for time.Since(began) < cryptoSpan {
		if alice, bob, err = pass(alice, bob); err != nil {
			return err
		}
		if bob, alice, err = pass(bob, alice); err != nil {
			return err
		}
		count += 2
	}
	print("seal_open_ping_pong", float64(count)/time.Since(began).Seconds(), "messages/s")
	count, began = 0, time.Now()
	for time.Since(began) < cryptoSpan {
		if alice, bob, err = pass(alice, bob); err != nil {
			return err
		}
		count++
	}
	print("seal_open_one_way", float64(count)/time.Since(began).Seconds(), "messages/s")
	return nil
}

// pass seals a message at one side and opens it at the other.
func pass(from, to session.State) (session.State, session.State, error) {
	now := time.Now()
	box, from, err := from.Seal([]byte(hundredLetters), now)
	if err != nil {
		return from, to, err
	}
	content, to, err := to.Open(box, now)
	if err == nil && !bytes.Equal(content, []byte(hundredLetters)) {
		err = errors.New("the content changed on its way")
	}
	return from, to, err
}

// meet pairs two identities in memory.
func meet(now time.Time) (scanner, presenter session.State, err error) {
	idS, idR := identity.New(), identity.New()
	card := identity.NewCard(idR.Fingerprint(), time.Minute, false, now)
	s, err := pairing.Scan(idS, "S", card, false)
	if err != nil {
		return scanner, presenter, err
	}
	r, err := pairing.Present(idR, "R", card, nil)
	if err != nil {
		return scanner, presenter, err
	}
	// M1 to M5, alternately to R and to S.
	cell := s.Last()
	for toR := true; cell != nil; toR = !toR {
		var result pairing.Result
		if toR {
			result, r, err = r.Receive(idR, cell, now)
		} else {
			result, s, err = s.Receive(idS, cell, now)
		}
		if err != nil {
			return scanner, presenter, err
		}
		cell = result.Reply
	}
	secretsS, okS := s.Secrets()
	secretsR, okR := r.Secrets()
	if !okS || !okR {
		return scanner, presenter, errors.New("the pairing did not complete")
	}
	if scanner, err = session.New(secretsS, now); err != nil {
		return scanner, presenter, err
	}
	presenter, err = session.New(secretsR, now)
	return scanner, presenter, err
}
