package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
)

// Options are what a Messenger may be given. The zero Options are good.
type Options struct {
	// Logger hears what goes wrong, without names, texts or fingerprints. Nil: nobody.
	Logger *slog.Logger
	// AskAbove is Preferences.AskAbove while the person has chosen nothing.
	AskAbove int64
	// Nodes speaks to mailbox nodes. Nil: there are none.
	Nodes Nodes
}

// Messenger is the core: it owns what a profile knows and does. Its methods are
// safe from any goroutine; they are served while Run runs, and wait for it before.
type Messenger struct {
	store     Store
	transport Transport
	clock     Clock
	log       *slog.Logger
	askAbove  int64 // Options.AskAbove
	nodes     Nodes // nil: none

	ops     chan *op
	wake    chan struct{} // subscribers need the loop
	stopped chan struct{} // closed when Run has ended
	running atomic.Bool
	turns   atomic.Int64 // changes of what may be opened: what ended by one says nothing of a node

	subs  subscribers
	files *files

	// What follows belongs to the loop.
	state      state
	rolledBack bool                      // the profile was an older copy when it was opened
	links      map[identity.Handle]*pipe // proven links
	routes     map[ContactID]*route
	waiters    map[PairingID]chan struct{}
	timers     map[PairingID]*timer
	resets     map[ContactID]*timer
	chores     map[choreKey]*chore       // what is to be done at nodes, and when
	probes     map[envelope.Token]func() // cells that a test of a node waits for
	presences  map[ContactID]*presence
	mail       mail
	active     bool                  // somebody is at this computer
	activeAt   time.Time             // when somebody last was, in this run; zero: never
	nextExpiry time.Time             // of a message; zero: none expires
	shift      time.Duration         // by which the wall clock moved, and the store does not know
	nearby     *nearbyStay           // the last stay among those who pair nearby; nil: none
	views      map[PairingID]Pairing // as last told to subscribers
	watch      watch
	todo       []func(*work) error   // operations of the loop's own, executed next
	swept      time.Duration         // Clock.Elapsed of the last sweep
	parties    chan []identity.Party // the newest set, for the introducer
	senders    sync.WaitGroup
	lifetime   context.Context // of senders; ends before the loop does
}

// New returns a messenger on a store that holds a profile. It starts nothing.
func New(store Store, tr Transport, clock Clock, opts Options) (*Messenger, error) {
	if store == nil || tr == nil || clock == nil {
		return nil, errors.New("messenger needs a store, a transport and a clock")
	}
	log := opts.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	m := &Messenger{
		store:     store,
		transport: tr,
		clock:     clock,
		log:       log,
		askAbove:  max(opts.AskAbove, 0),
		nodes:     opts.Nodes,
		ops:       make(chan *op, opQueue),
		wake:      make(chan struct{}, 1),
		stopped:   make(chan struct{}),
		links:     map[identity.Handle]*pipe{},
		routes:    map[ContactID]*route{},
		waiters:   map[PairingID]chan struct{}{},
		timers:    map[PairingID]*timer{},
		resets:    map[ContactID]*timer{},
		chores:    map[choreKey]*chore{},
		probes:    map[envelope.Token]func(){},
		presences: map[ContactID]*presence{},
		mail:      newMail(),
		views:     map[PairingID]Pairing{},
		parties:   make(chan []identity.Party, 1),
	}
	m.files = newFiles(m)
	return m, nil
}

// Run serves until ctx ends and returns nil then; it returns an error when the
// store cannot be read or the transport ends by itself. When it returns, every
// goroutine it started has ended and every method answers ErrClosed. It runs once.
func (m *Messenger) Run(ctx context.Context) error {
	if !m.running.CompareAndSwap(false, true) {
		return errors.New("messenger runs once")
	}
	defer m.close()
	if err := m.load(); err != nil {
		return fmt.Errorf("load the profile: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m.lifetime = ctx
	m.senders.Go(func() { m.files.runSweeper(ctx) })
	m.introduce()
	m.transport.SetOpen(m.state.preferences.LAN)
	m.homesMoved()
	m.transport.SetParties(<-m.parties) // before anybody can knock

	var met error // why the transport ended; read after ended is closed
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var introducer sync.WaitGroup
		introducer.Go(func() { m.handParties(ctx) })
		err := m.transport.Run(ctx, inbound{m})
		if ctx.Err() == nil {
			met = fmt.Errorf("transport ended: %w", orClosed(err))
		}
		cancel()
		introducer.Wait()
	}()
	m.loop(ended) // serves the transport's last calls, too
	m.senders.Wait()
	return met
}

func orClosed(err error) error {
	if err == nil {
		return ErrClosed
	}
	return err
}

// handParties tells the transport whom to meet. It is a goroutine of its own
// because a transport may wait, in SetParties, for calls that wait for the loop.
func (m *Messenger) handParties(ctx context.Context) {
	for {
		select {
		case ps := <-m.parties:
			m.transport.SetParties(ps)
		case <-ctx.Done():
			return
		}
	}
}

// close refuses what still waits.
func (m *Messenger) close() {
	close(m.stopped)
	for {
		select {
		case o := <-m.ops:
			o.done <- ErrClosed
		default:
			m.subs.close()
			return
		}
	}
}
