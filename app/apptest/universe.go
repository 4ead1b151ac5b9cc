package apptest

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tacit/app"
	"tacit/identity"
)

// Patience is how long a person waits for something that should happen: of fake
// time within a testing/synctest bubble.
const Patience = 30 * time.Second

// Universe is some people on one network. Use it inside a testing/synctest bubble.
type Universe struct {
	T     testing.TB
	Net   *Network
	Nodes *Nodes
}

// NewUniverse returns a universe without people.
func NewUniverse(t testing.TB) *Universe {
	return &Universe{T: t, Net: NewNetwork(), Nodes: NewNodes()}
}

// Person runs a messenger. Its fields are replaced by Restart, so a tap or a filter,
// which runs on the senders' goroutines, knows people by Transport.Owner.
type Person struct {
	*app.Messenger
	Name      string
	Store     *Store
	Transport *Transport
	Mail      *NodeClient // its way to mailbox nodes
	Clock     *Clock
	AskAbove  int64 // app.Options.AskAbove from the next start on

	u    *Universe
	stop func()
	log  *Log
}

// Person adds somebody with a new profile, and starts their messenger.
func (u *Universe) Person(name string) *Person {
	u.T.Helper()
	store, id := NewStore(), identity.New()
	err := store.Update(context.Background(), func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: id.Root(), Name: name, CreatedAt: time.Now()})
	})
	if err != nil {
		u.T.Fatal(err)
	}
	return u.Comes(name, store)
}

// Comes adds somebody who has a profile, and starts their messenger.
func (u *Universe) Comes(name string, store *Store) *Person {
	u.T.Helper()
	p := &Person{Name: name, Store: store, Clock: NewClock(), u: u}
	p.Start()
	u.T.Cleanup(p.Stop)
	return p
}

// Start starts a messenger on the person's store.
func (p *Person) Start() {
	p.u.T.Helper()
	p.Transport = p.u.Net.NewTransport()
	p.Transport.Owner = p.Name
	p.Mail = p.u.Nodes.For(p.Name)
	m, err := app.New(p.Store, p.Transport, p.Clock, app.Options{
		Logger: slog.New(slog.DiscardHandler), AskAbove: p.AskAbove, Nodes: p.Mail,
	})
	if err != nil {
		p.u.T.Fatal(err)
	}
	p.Messenger = m
	ctx, cancel := context.WithCancel(context.Background())
	p.log = follow(m.Subscribe())
	var running sync.WaitGroup
	running.Go(func() {
		if err := m.Run(ctx); err != nil && !errors.Is(err, ErrKilled) {
			p.u.T.Errorf("%s: run: %v", p.Name, err)
		}
	})
	p.stop = func() {
		cancel()
		running.Wait()
		p.log.wait()
	}
}

// Stop ends the messenger in an orderly way.
func (p *Person) Stop() { p.stop() }

// Restart kills the program, whatever it was doing, and starts it on what was durable.
func (p *Person) Restart() {
	p.u.T.Helper()
	p.Kill()
	p.Start()
}

// Kill ends the program at once: nothing that is not durable by now will be.
func (p *Person) Kill() {
	p.Store.Kill()
	p.Stop()
	p.Store = p.Store.Reopen()
}

// Events returns what the person's messenger told since it was started, and keeps it.
func (p *Person) Events() []app.Event { return p.log.all() }

// Await waits until f is true.
func (p *Person) Await(what string, f func() bool) {
	p.u.T.Helper()
	deadline := time.Now().Add(Patience)
	for !f() {
		if time.Now().After(deadline) {
			p.u.T.Fatalf("%s waited in vain: %s", p.Name, what)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// AwaitPairing waits until a pairing satisfies f and returns it.
func (p *Person) AwaitPairing(id app.PairingID, f func(app.Pairing) bool) (found app.Pairing) {
	p.u.T.Helper()
	p.Await("pairing "+string(id), func() bool {
		found = p.Pairing(id)
		return f(found)
	})
	return found
}

// Pairing returns a pairing, or one with an empty ID.
func (p *Person) Pairing(id app.PairingID) app.Pairing {
	p.u.T.Helper()
	ps, err := p.Pairings(context.Background())
	if err != nil {
		p.u.T.Fatal(err)
	}
	for _, v := range ps {
		if v.ID == id {
			return v
		}
	}
	return app.Pairing{}
}

// Card makes a card.
func (p *Person) Card(req app.CardRequest) app.CardOffer {
	p.u.T.Helper()
	offer, err := p.CreateCard(context.Background(), req)
	if err != nil {
		p.u.T.Fatalf("%s: card: %v", p.Name, err)
	}
	return offer
}

// Accept opens a card.
func (p *Person) Accept(card string, scanned bool) app.PairingID {
	p.u.T.Helper()
	id, err := p.AcceptCard(context.Background(), card, scanned)
	if err != nil {
		p.u.T.Fatalf("%s: accept: %v", p.Name, err)
	}
	return id
}

// Codes brings two people from a card to the codes.
func (u *Universe) Codes(r, s *Person, req app.CardRequest) (rid, sid app.PairingID) {
	u.T.Helper()
	offer := r.Card(req)
	sid = s.Accept(offer.Card, false)
	hasCode := func(p app.Pairing) bool { return p.Show != "" }
	s.AwaitPairing(sid, hasCode)
	r.AwaitPairing(offer.Pairing, hasCode)
	return offer.Pairing, sid
}

// Pair makes r and s contacts by both codes, over a link, and returns whom each got.
func (u *Universe) Pair(r, s *Person) (sOfR, rOfS app.ContactID) {
	u.T.Helper()
	rid, sid := u.Codes(r, s, app.CardRequest{TTL: time.Hour})
	ctx := context.Background()
	sOfR, err := r.EnterCode(ctx, rid, s.Pairing(sid).Show)
	if err != nil {
		u.T.Fatalf("%s: code: %v", r.Name, err)
	}
	rOfS, err = s.EnterCode(ctx, sid, r.Pairing(rid).Show)
	if err != nil {
		u.T.Fatalf("%s: code: %v", s.Name, err)
	}
	r.AwaitWritable(sOfR)
	s.AwaitWritable(rOfS)
	return sOfR, rOfS
}

// AwaitWritable waits until a contact can be written to.
func (p *Person) AwaitWritable(c app.ContactID) {
	p.u.T.Helper()
	p.Await("right to write", func() bool {
		contact, err := p.Contact(context.Background(), c)
		return err == nil && contact.Writable
	})
}

// Say sends a text.
func (p *Person) Say(c app.ContactID, text string) app.Message {
	p.u.T.Helper()
	m, err := p.Send(context.Background(), c, text)
	if err != nil {
		p.u.T.Fatalf("%s: send: %v", p.Name, err)
	}
	return m
}

// Heard returns the texts that came from a contact, oldest first.
func (p *Person) Heard(c app.ContactID) []string {
	return p.texts(c, func(m app.Message) bool { return !m.Own && m.Notice == app.NoticeNone })
}

// Said returns the own texts to a contact that are in a state, oldest first.
func (p *Person) Said(c app.ContactID, s app.State) []string {
	return p.texts(c, func(m app.Message) bool { return m.Own && m.State == s })
}

func (p *Person) texts(c app.ContactID, f func(app.Message) bool) []string {
	p.u.T.Helper()
	var out []string
	var after app.MessageID
	for {
		ms, err := p.MessagesAfter(context.Background(), c, after, app.MaxPage)
		if err != nil {
			p.u.T.Fatal(err)
		}
		if len(ms) == 0 {
			return out
		}
		for _, m := range ms {
			if f(m) {
				out = append(out, m.Text)
			}
			after = m.ID
		}
	}
}

// Settle lets d pass and everything come to rest, in a testing/synctest bubble.
func Settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// Log keeps the events of a subscription.
type Log struct {
	mu     sync.Mutex
	events []app.Event // guarded by mu
	done   chan struct{}
}

func follow(s *app.Subscription) *Log {
	l := &Log{done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for e := range s.Events() {
			l.mu.Lock()
			l.events = append(l.events, e)
			l.mu.Unlock()
		}
	}()
	return l
}

func (l *Log) all() []app.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]app.Event(nil), l.events...)
}

func (l *Log) wait() { <-l.done }
