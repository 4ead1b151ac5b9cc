package main

import (
	"context"
	"errors"
	"time"

	"tacit/app"
)

// The mailboxes of this world, by what they are for.
const (
	firstMailbox  = "first"
	secondMailbox = "second"
	theirMailbox  = "theirs" // of the contact who is away
)

// useMailboxes gives me two mailboxes, and one to the contact who is away, which I learn of
// before they leave.
func (w *world) useMailboxes() error {
	w.clock.present()
	me, they := w.me, w.others[away]
	if err := errors.Join(me.start(), they.start()); err != nil {
		return err
	}
	defer me.stop()
	if err := errors.Join(me.uses(firstMailbox), me.uses(secondMailbox), they.uses(theirMailbox)); err != nil {
		return err
	}
	// What they grant me there comes over the link; when that is gone, it shows.
	return await("the mailbox of who is away", func() bool {
		if they.Messenger != nil {
			they.stop()
		}
		chats, err := me.Chats(context.Background())
		for _, c := range chats {
			if c.Contact.ID == w.chats[away] && c.Reach == app.ReachMailbox {
				return err == nil
			}
		}
		if err := they.start(); err != nil {
			return false
		}
		time.Sleep(10 * glance)
		return false
	})
}

// uses adds a mailbox and waits until it takes messages.
func (p *person) uses(name string) error {
	ctx := context.Background()
	n, err := p.AddNode(ctx, p.world.nodes.Node(name).String())
	if err != nil {
		return err
	}
	return await("a mailbox", func() bool {
		all, err := p.Nodes(ctx)
		for _, v := range all {
			if v.ID == n.ID && v.State == app.NodeGood {
				return err == nil
			}
		}
		return false
	})
}
