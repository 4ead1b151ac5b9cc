package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/ui/settings"
)

// world is people on one network in memory, who speak one language.
type world struct {
	cast  *cast
	clock *clock
	net   *apptest.Network
	nodes *apptest.Nodes

	me     *person
	others [roles]*person
	chats  [roles]app.ContactID // whom I know them as
}

// person has a profile and a messenger. The keys follow from the name, so that they are
// the same in every run.
type person struct {
	*app.Messenger // nil while it does not run
	world          *world
	name           string
	store          *apptest.Store
	stop           func()
}

func newWorld(c *cast) *world {
	return &world{cast: c, clock: newClock(), net: apptest.NewNetwork(), nodes: apptest.NewNodes()}
}

// comes makes somebody with a new profile.
func (w *world) comes(name string) *person {
	p := &person{world: w, name: name, store: apptest.NewStore()}
	err := p.store.Update(context.Background(), func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: sha256.Sum256([]byte(name)), Name: name, CreatedAt: w.clock.Now()})
	})
	if err != nil {
		panic(err) // of a store in memory
	}
	return p
}

func (p *person) start() error {
	tr := p.world.net.NewTransport()
	tr.Owner = p.name
	m, err := app.New(p.store, tr, p.world.clock, app.Options{AskAbove: settings.AskAtFirst, Nodes: p.world.nodes.For(p.name)})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = m.Run(ctx) })
	p.Messenger = m
	p.stop = func() { cancel(); running.Wait(); p.Messenger = nil }
	return nil
}

// await polls until ok.
func await(what string, ok func() bool) error {
	for end := time.Now().Add(patience); !ok(); time.Sleep(glance) {
		if time.Now().After(end) {
			return fmt.Errorf("waited in vain for %s", what)
		}
	}
	return nil
}

// pairing returns a pairing of p when it satisfies f.
func (p *person) pairing(id app.PairingID, what string, f func(app.Pairing) bool) (found app.Pairing, err error) {
	err = await(p.name+": "+what, func() bool {
		all, err := p.Pairings(context.Background())
		for _, v := range all {
			if v.ID == id && f(v) {
				found = v
				return err == nil
			}
		}
		return false
	})
	return found, err
}

func hasCode(v app.Pairing) bool { return v.Show != "" }

// meet makes two people contacts by both codes, and returns whom each got.
func meet(a, b *person) (bOfA, aOfB app.ContactID, err error) {
	ctx := context.Background()
	offer, err := a.CreateCard(ctx, app.CardRequest{TTL: time.Hour})
	if err != nil {
		return 0, 0, err
	}
	taken, err := b.AcceptCard(ctx, offer.Card, false)
	if err != nil {
		return 0, 0, err
	}
	ofA, err := a.pairing(offer.Pairing, "a code", hasCode)
	if err != nil {
		return 0, 0, err
	}
	ofB, err := b.pairing(taken, "a code", hasCode)
	if err != nil {
		return 0, 0, err
	}
	bOfA, err = a.EnterCode(ctx, offer.Pairing, ofB.Show)
	if err != nil {
		return 0, 0, err
	}
	aOfB, err = b.EnterCode(ctx, taken, ofA.Show)
	if err != nil {
		return 0, 0, err
	}
	writable := func(p *person, c app.ContactID) error {
		return await(p.name+": the right to write", func() bool {
			v, err := p.Contact(ctx, c)
			return err == nil && v.Writable
		})
	}
	return bOfA, aOfB, errors.Join(writable(a, bOfA), writable(b, aOfB))
}

// fill brings everybody and everything into the world.
func (w *world) fill() error {
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"who knows whom", w.acquaint},
		{"mailboxes", w.useMailboxes},
		{"what was said to others", w.seed},
		{"the conversation", w.converse},
		{"what disappears", w.seedVanishing},
		{"somebody new", w.newcomer},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// acquaint pairs me with everybody, over the months, and has all go away.
func (w *world) acquaint() error {
	w.clock.set(ago(120, "10:00"))
	w.me = w.comes(w.cast.me)
	if err := w.me.start(); err != nil {
		return err
	}
	for r, name := range w.cast.names {
		w.clock.set(ago(metDays[r], "10:40"))
		p := w.comes(name)
		if err := p.start(); err != nil {
			return err
		}
		var err error
		if w.chats[r], _, err = meet(w.me, p); err != nil {
			return err
		}
		w.others[r] = p
		p.stop()
	}
	w.me.stop()
	return nil
}

// newcomer opens a card of mine, and has not compared codes yet.
func (w *world) newcomer() error {
	p := w.comes(w.cast.newcomer)
	if err := p.start(); err != nil {
		return err
	}
	ctx := context.Background()
	offer, err := w.me.CreateCard(ctx, app.CardRequest{TTL: identity.MaxLinkTTL})
	if err != nil {
		return err
	}
	if _, err := p.AcceptCard(ctx, offer.Card, false); err != nil {
		return err
	}
	_, err = w.me.pairing(offer.Pairing, "a code", hasCode)
	return err
}
