package node

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/quic-go/quic-go"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
)

// bench is a service without sockets.
type bench struct {
	t       *testing.T
	ctx     context.Context
	service *service
	depot   *faulty
}

// faulty is a depot that fails while it is told to.
type faulty struct {
	depot.Depot
	fail error
}

func (f *faulty) Deposit(ctx context.Context, now time.Time, d []identity.Deposit) ([]identity.Verdict, error) {
	if f.fail != nil {
		return nil, f.fail
	}
	return f.Depot.Deposit(ctx, now, d)
}

func (f *faulty) Fetch(ctx context.Context, now time.Time, a depot.Account, done [][16]byte) (identity.Fetched, error) {
	if f.fail != nil {
		return identity.Fetched{}, f.fail
	}
	return f.Depot.Fetch(ctx, now, a, done)
}

func (f *faulty) Look(ctx context.Context, now time.Time, id [16]byte) ([]byte, error) {
	if f.fail != nil {
		return nil, f.fail
	}
	return f.Depot.Look(ctx, now, id)
}

func (f *faulty) Keys(ctx context.Context) ([]byte, error) {
	if f.fail != nil {
		return nil, f.fail
	}
	return f.Depot.Keys(ctx)
}

func (f *faulty) Admit(ctx context.Context, now time.Time, a depot.Account, t depot.Ticket) error {
	if f.fail != nil {
		return f.fail
	}
	return f.Depot.Admit(ctx, now, a, t)
}

// serving runs f with a service, within a bubble of time.
func serving(t *testing.T, o Options, f func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		if o.Clock == nil {
			o.Clock = time.Now
		}
		if o.Logger == nil {
			o.Logger = slog.New(slog.DiscardHandler)
		}
		store := memory.New(depot.Options{})
		if o.Depot != nil {
			store = o.Depot.(*memory.Depot)
		}
		b := &bench{t: t, ctx: ctx, depot: &faulty{Depot: store}}
		o.Depot = b.depot
		keys, err := openKeyring(ctx, o.Depot, nil, o.Clock())
		if err != nil {
			t.Fatal(err)
		}
		b.service = newService(keys, o)
		f(b)
		cancel()
		synctest.Wait()
	})
}

// pipe opens a stream from a peer at an address.
func (b *bench) pipe(p peer.ID, from string) net.Conn {
	near, far := net.Pipe()
	b.service.lobby.arrive(p, time.Now())
	c := caller{peer: p, from: netip.MustParseAddr(from), addr: "/ip4/" + from + "/tcp/1"}
	go b.service.serve(b.ctx, far, c)
	return near
}

const somewhere = "192.0.2.7"

func (b *bench) node() [32]byte { return b.service.keys.public() }

// speak opens a talk of a peer that nobody else is.
func (b *bench) speak() *voice {
	b.t.Helper()
	var name [8]byte
	rand.Read(name[:])
	return speak(b.t, b.pipe(peer.ID(name[:]), somewhere), b.node())
}

func (b *bench) home() identity.Home {
	h := identity.Home{Node: identity.Hint{Node: b.node()}}
	rand.Read(h.Account[:])
	return h
}

// owner opens a talk and logs in, with a lot.
func (b *bench) owner() (v *voice, lot [16]byte, tokens [][16]byte) {
	b.t.Helper()
	v = b.speak()
	v.login(b.home())
	l, tokens := newLot(b.service.clock().Add(time.Hour))
	v.expect(mailbox.StatusOK, l)
	return v, l.ID, tokens
}

// ended reports how reading ends: it must, within d.
func ended(t *testing.T, s net.Conn, d time.Duration) {
	t.Helper()
	began := time.Now()
	s.SetReadDeadline(began.Add(d + time.Second))
	if _, err := io.Copy(io.Discard, s); errors.Is(err, context.DeadlineExceeded) || time.Since(began) > d {
		t.Fatalf("the stream was open after %v", time.Since(began))
	}
}

func TestEveryRequest(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		v, lot, tokens := b.owner()
		stranger := b.speak()

		put := putOf(lot, tokens[0])
		for range 2 { // the same again is the same
			stranger.expect(mailbox.StatusOK, put)
		}
		stranger.expect(mailbox.StatusRefused, putOf(lot, tokens[0])) // spent
		stranger.expect(mailbox.StatusRefused, putOf(lot, [16]byte{1}))
		stranger.expect(mailbox.StatusOK, putOf(lot, tokens[1:17]...))
		page := v.fetch(0)
		if len(page.Items) != 1 || page.Left != 1 || page.Used == 0 || page.Quota != depot.DefaultQuota {
			t.Fatalf("page: %d items, %d left", len(page.Items), page.Left)
		}
		if page = v.fetch(0, page.Items[0].Mark); len(page.Items) != 1 || len(page.Items[0].Cell) != mailbox.FileCell {
			t.Fatal("the file cell did not come alone")
		}

		var slots mailbox.Presences
		for i := range slots.Slots {
			slots.Slots[i].ID = [16]byte{9, byte(i)}
			rand.Read(slots.Slots[i].Content[:])
		}
		v.expect(mailbox.StatusOK, &slots)
		look := func(id [16]byte) [512]byte { return stranger.ask(&mailbox.Look{ID: id}).(*mailbox.Looked).Content }
		if look([16]byte{9, 63}) != slots.Slots[63].Content {
			t.Error("another presence was shown")
		}
		if first := look([16]byte{8}); first == look([16]byte{8}) {
			t.Error("nothing was shown as something")
		}

		cell := &mailbox.LeaveCell{Slot: [16]byte{7}}
		rand.Read(cell.Cell[:])
		stranger.expect(mailbox.StatusRefused, cell)
		v.expect(mailbox.StatusOK, &mailbox.Register{Until: time.Now().Add(time.Hour).Unix(), Slots: [][16]byte{{7}}})
		stranger.expect(mailbox.StatusNothing, &mailbox.ReadCell{Slot: [16]byte{7}})
		stranger.expect(mailbox.StatusOK, cell)
		stranger.expect(mailbox.StatusRefused, &mailbox.LeaveCell{Slot: [16]byte{7}})
		if got := stranger.ask(&mailbox.ReadCell{Slot: [16]byte{7}}).(*mailbox.Cell); got.Cell != cell.Cell {
			t.Error("another cell was in the slot")
		}

		v.expect(mailbox.StatusOK, &mailbox.DropLot{Lot: lot})
		stranger.expect(mailbox.StatusRefused, putOf(lot, tokens[20]))
		v.expect(mailbox.StatusOK, &mailbox.Leave{})
		v.expect(mailbox.StatusRefused, &mailbox.Fetch{})
		stranger.expect(mailbox.StatusNothing, &mailbox.ReadCell{Slot: [16]byte{7}})
	})
}

func TestWhatNeedsALogin(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		lot, _ := newLot(time.Now().Add(time.Hour))
		v := b.speak()
		for _, q := range []mailbox.Request{
			lot, &mailbox.DropLot{}, &mailbox.Presences{}, &mailbox.Fetch{}, &mailbox.Leave{},
			&mailbox.Register{Slots: make([][16]byte, 1)},
			&mailbox.Forward{To: identity.Hint{Node: [32]byte{1}, Port: 1, Addr: netip.MustParseAddr(somewhere)}},
		} {
			v.expect(mailbox.StatusRefused, q)
		}
		s, err := b.service.depot.Stats(b.ctx)
		if err != nil || s != (depot.Stats{}) {
			t.Errorf("stored without a login: %+v, %v", s, err)
		}
	})
}

func TestLoginOfAnotherTalkOrAccount(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		first, second := b.speak(), b.speak()
		q := first.talk.Login(b.home())
		second.expect(mailbox.StatusRefused, q) // repeated elsewhere
		other := *q
		other.Account[0]++
		first.expect(mailbox.StatusRefused, &other)
		if _, ok := first.ask(q).(*mailbox.Standing); !ok {
			t.Fatal("the right login was refused")
		}
		first.expect(mailbox.StatusRefused, first.talk.Login(b.home())) // one account a talk
	})
}

func TestFetchWaits(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		v, lot, tokens := b.owner()
		began := time.Now()
		if page := v.fetch(10 * time.Minute); len(page.Items) != 0 || time.Since(began) != 10*time.Minute {
			t.Fatalf("an empty page of %d after %v", len(page.Items), time.Since(began))
		}
		put := putOf(lot, tokens[0])
		go func() {
			time.Sleep(time.Minute)
			b.speak().expect(mailbox.StatusOK, put)
		}()
		began = time.Now()
		page := v.fetch(10 * time.Minute)
		if len(page.Items) != 1 || time.Since(began) > 61*time.Second {
			t.Fatalf("%d cells after %v", len(page.Items), time.Since(began))
		}
		v.fetch(0, page.Items[0].Mark) // the stream can still be read
	})
}

func TestFetchThatIsGivenUp(t *testing.T) {
	for name, leave := range map[string]func(*voice){
		"closed":      func(v *voice) { v.stream.Close() },
		"out of turn": func(v *voice) { v.stream.Write([]byte{1}) },
	} {
		t.Run(name, func(t *testing.T) {
			serving(t, Options{}, func(b *bench) {
				v, _, _ := b.owner()
				frame, err := v.talk.Ask(&mailbox.Fetch{Wait: mailbox.MaxWait})
				if err != nil {
					t.Fatal(err)
				}
				v.stream.Write(frame)
				synctest.Wait()
				waiting := figure(t, b.service.metrics, "tacit_node_waiting")
				leave(v)
				synctest.Wait()
				if now := figure(t, b.service.metrics, "tacit_node_waiting"); waiting != 1 || now != 0 {
					t.Errorf("%v waited, then %v", waiting, now)
				}
			})
		})
	}
}

// TestFetchOfALostConnection has a connection die as one of QUIC does: by a timeout.
func TestFetchOfALostConnection(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		near, far := net.Pipe()
		lost := &losable{Conn: far}
		go b.service.serve(b.ctx, lost, caller{peer: "p", from: netip.MustParseAddr(somewhere)})
		v := speak(t, near, b.node())
		v.login(b.home())
		frame, err := v.talk.Ask(&mailbox.Fetch{Wait: mailbox.MaxWait})
		if err != nil {
			t.Fatal(err)
		}
		v.stream.Write(frame)
		synctest.Wait()
		far.Close()
		synctest.Wait()
		if n := figure(t, b.service.metrics, "tacit_node_waiting"); n != 0 {
			t.Errorf("%v wait for a client that is gone", n)
		}
	})
}

// losable is a stream whose errors are timeouts.
type losable struct{ net.Conn }

func (l *losable) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if err != nil {
		err = &quic.IdleTimeoutError{}
	}
	return n, err
}

func TestKeysAndWhence(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		s := b.pipe("somebody", somewhere)
		for range 3 { // on one stream, and again after minutes
			if _, err := keyOf(s, b.node()); err != nil {
				t.Fatal(err)
			}
			s.Write([]byte{mailbox.OpenWhence})
			if a, err := mailbox.ReadWhence(s); err != nil || a != "/ip4/192.0.2.7/tcp/1" {
				t.Fatalf("seen at %q, %v", a, err)
			}
			time.Sleep(100 * time.Second)
		}
		r, err := keyOf(s, b.node())
		if err != nil {
			t.Fatal(err)
		}
		r.ID[0]++
		if _, err := begin(s, b.node(), r); err != errTalkRefused {
			t.Fatalf("a talk under an unknown key: %v", err)
		}
		ended(t, s, 0)
	})
}

func TestWhatShutsDown(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		ctx, cancel := context.WithCancel(b.ctx)
		b.ctx = ctx
		v, _, _ := b.owner()
		frame, err := v.talk.Ask(&mailbox.Fetch{Wait: mailbox.MaxWait})
		if err != nil {
			t.Fatal(err)
		}
		v.stream.Write(frame)
		synctest.Wait()
		cancel()
		ended(t, v.stream.(net.Conn), 0)
	})
}
