package client

import (
	"context"
	"errors"

	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/mailbox"
)

// ours are the errors that callers know.
var ours = []error{
	identity.ErrNodeUnreachable, identity.ErrNodeRefused, identity.ErrNodeLater, identity.ErrNodeFalse, identity.ErrNoForwarder,
}

// translate makes an error one of ours, or that of the caller's context. What libraries say
// is dropped: it names addresses and peers.
func translate(ctx context.Context, err error) error {
	var peer sec.ErrPeerIDMismatch
	var protocols multistream.ErrNotSupported[protocol.ID]
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case known(err):
		return err
	case errors.As(err, &peer), errors.As(err, &protocols),
		errors.Is(err, mailbox.ErrMalformed), errors.Is(err, mailbox.ErrSealed):
		return identity.ErrNodeFalse
	}
	return identity.ErrNodeUnreachable
}

func known(err error) bool {
	for _, e := range ours {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// refusal returns what a status other than StatusOK means to the caller.
func refusal(a mailbox.Answer) error {
	d, ok := a.(*mailbox.Done)
	switch {
	case !ok || d.Status == mailbox.StatusOK:
		return nil
	case d.Status == mailbox.StatusRefused:
		return identity.ErrNodeRefused
	case d.Status == mailbox.StatusLater:
		return identity.ErrNodeLater
	}
	return identity.ErrNodeFalse
}
