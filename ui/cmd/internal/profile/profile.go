// Package profile opens the profile in a folder: its store, the network, the messenger
// between them and the mailbox for its contacts, as one thing that runs until it is closed.
package profile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"tacit/app"
	"tacit/identity"
	"tacit/storage"
	"tacit/transport"
	"tacit/transport/mailbox/client"
)

// Listen says where the profile can be reached.
type Listen string

const (
	LAN      Listen = "lan"
	Loopback Listen = "loopback" // this computer only: demonstrations and tests
)

// Options are how a profile is opened.
type Options struct {
	Listen   Listen             // empty: LAN
	Protocol transport.Protocol // to speak one only; by default both
	Logger   *slog.Logger       // nil: silent
	AskAbove int64              // app.Options.AskAbove
}

// Running is an open profile.
type Running struct {
	Messenger *app.Messenger

	store   *storage.Store
	holding sync.WaitGroup // the holder
	cancel  context.CancelFunc
	ended   chan struct{} // closed when the messenger has ended
	err     error         // why; read after ended
}

// Exists reports whether dir holds a profile. It needs no passphrase and tells nothing else.
func Exists(dir string) bool { return storage.Exists(dir) }

// Create makes a profile in dir. The name must be fit (app.CleanName); errors are its
// errors and those of the store.
func Create(ctx context.Context, dir, name, passphrase string) error {
	store, err := create(ctx, dir, name, passphrase)
	if err != nil {
		return err
	}
	return store.Close()
}

// Start makes a profile and leaves it open: the passphrase is stretched once.
func Start(ctx context.Context, dir, name, passphrase string, o Options) (*Running, error) {
	store, err := create(ctx, dir, name, passphrase)
	if err != nil {
		return nil, err
	}
	return run(store, o)
}

// Open opens the profile in dir and starts its messenger. app.ErrPassphrase,
// app.ErrInUse, app.ErrDamaged.
func Open(ctx context.Context, dir, passphrase string, o Options) (*Running, error) {
	store, err := storage.Open(ctx, dir, passphrase)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	if err := store.View(ctx, func(tx app.ReadTx) error {
		_, err := tx.Profile()
		return err
	}); err != nil {
		if errors.Is(err, app.ErrNotFound) {
			err = app.ErrDamaged // the power failed while it was made
		}
		return nil, errors.Join(fmt.Errorf("read the profile: %w", err), store.Close())
	}
	return run(store, o)
}

func create(ctx context.Context, dir, name, passphrase string) (*storage.Store, error) {
	clean, _, err := app.CleanName(name)
	if err != nil {
		return nil, err
	}
	root := identity.New().Root()
	store, err := storage.Options{First: func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: root, Name: clean, CreatedAt: time.Now()})
	}}.Create(ctx, dir, passphrase)
	if err != nil {
		return nil, fmt.Errorf("make the store: %w", err)
	}
	return store, nil
}

func run(store *storage.Store, o Options) (*Running, error) {
	listen := transport.LAN
	if o.Listen == Loopback {
		listen = transport.Loopback
	}
	nodes := client.New(client.Options{Protocol: o.Protocol})
	network, err := transport.New(transport.Options{Listen: listen, Protocol: o.Protocol, Logger: o.Logger, Presences: nodes})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the network: %w", err), store.Close())
	}
	m, err := app.New(store, network, app.SystemClock(), app.Options{Logger: o.Logger, AskAbove: o.AskAbove, Nodes: nodes})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the messenger: %w", err), store.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Running{Messenger: m, store: store, cancel: cancel, ended: make(chan struct{})}
	logger := o.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	h := &holder{m: m, store: store, listen: o.Listen, logger: logger, addrs: net.InterfaceAddrs}
	r.holding.Go(func() { h.run(ctx) })
	go func() {
		r.err = m.Run(ctx)
		nodes.Close()
		close(r.ended)
	}()
	return r, nil
}

// Ended is closed when the messenger has ended, by Close or by itself.
func (r *Running) Ended() <-chan struct{} { return r.ended }

// CheckPassphrase returns app.ErrPassphrase unless passphrase is that of the profile. It
// takes about a second: never on a window's goroutine.
func (r *Running) CheckPassphrase(ctx context.Context, passphrase string) error {
	return r.store.CheckPassphrase(ctx, passphrase)
}

// ChangePassphrase gives the profile another passphrase; app.ErrPassphrase unless old is
// the one it has. It takes about two seconds, and must have returned before Close.
func (r *Running) ChangePassphrase(ctx context.Context, old, passphrase string) error {
	return r.store.ChangePassphrase(ctx, old, passphrase)
}

// Close ends the messenger and closes the store. It returns why the messenger ended
// before, if it did. It is called once.
func (r *Running) Close() error {
	r.cancel()
	<-r.ended
	r.holding.Wait()
	return errors.Join(r.err, r.store.Close())
}
