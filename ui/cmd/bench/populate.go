package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/storage"
)

// populate makes a profile that has met contacts, by the real protocol over a network
// in memory. None of them will be there when the profile is opened again.
func (b *bench) populate(ctx context.Context, name string, contacts int) (err error) {
	if err := b.init(ctx, name); err != nil {
		return err
	}
	s, err := storage.Open(ctx, b.path(name), passphrase)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	net := apptest.NewNetwork()
	me, stop, err := runPerson(s, net.NewTransport())
	if err != nil {
		return err
	}
	defer stop()
	for i := range contacts {
		if err := meetStranger(ctx, me, net, i); err != nil {
			return fmt.Errorf("contact %d: %w", i, err)
		}
	}
	return nil
}

// runPerson runs a messenger until stop.
func runPerson(s app.Store, net app.Transport) (m *app.Messenger, stop func(), err error) {
	m, err = app.New(s, net, app.SystemClock(), app.Options{})
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = m.Run(ctx) })
	return m, func() { cancel(); running.Wait() }, nil
}

// meetStranger pairs me with somebody new and has a message come from them.
func meetStranger(ctx context.Context, me *app.Messenger, net *apptest.Network, i int) error {
	store := apptest.NewStore()
	err := store.Update(ctx, func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: identity.New().Root(), Name: fmt.Sprint("Contact ", i), CreatedAt: time.Now()})
	})
	if err != nil {
		return err
	}
	they, stop, err := runPerson(store, net.NewTransport())
	if err != nil {
		return err
	}
	defer stop()
	_, contact, err := acquaint(ctx, me, they)
	if err != nil {
		return err
	}
	theirs := follow(they)
	defer theirs.Close()
	if _, err := they.Send(ctx, contact, hundredLetters); err != nil {
		return err
	}
	theirs.delivered()
	return nil
}

// acquaint makes two people contacts who may write to one another, and returns whom each got.
func acquaint(ctx context.Context, me, they *app.Messenger) (them, myself app.ContactID, err error) {
	mine, theirs := follow(me), follow(they)
	defer mine.Close()
	defer theirs.Close()
	offer, err := me.CreateCard(ctx, app.CardRequest{TTL: time.Minute})
	if err != nil {
		return 0, 0, err
	}
	accepted, err := they.AcceptCard(ctx, offer.Card, false)
	if err != nil {
		return 0, 0, err
	}
	myCode, theirCode := mine.code(offer.Pairing), theirs.code(accepted)
	if them, err = me.EnterCode(ctx, offer.Pairing, theirCode); err != nil {
		return 0, 0, err
	}
	if myself, err = they.EnterCode(ctx, accepted, myCode); err != nil {
		return 0, 0, err
	}
	mine.writable()
	theirs.writable()
	return them, myself, nil
}

// follower waits for events of one messenger.
type follower struct{ *app.Subscription }

func follow(m *app.Messenger) follower { return follower{m.Subscribe()} }

func (f follower) code(id app.PairingID) string {
	for e := range f.Events() {
		if c, ok := e.(app.PairingChanged); ok && c.Pairing.ID == id && c.Pairing.Show != "" {
			return c.Pairing.Show
		}
	}
	return ""
}

func (f follower) writable() {
	for e := range f.Events() {
		switch e := e.(type) {
		case app.ContactAdded:
			if e.Contact.Writable {
				return
			}
		case app.ContactChanged:
			if e.Contact.Writable {
				return
			}
		}
	}
}

func (f follower) delivered() {
	for e := range f.Events() {
		if c, ok := e.(app.MessageStateChanged); ok && c.Message.State == app.StateDelivered {
			return
		}
	}
}
