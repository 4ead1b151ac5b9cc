package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
)

func TestWhoSaysNothing(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		ended(t, b.pipe("mute", somewhere), idleTime)
		v, _, _ := b.owner()
		ended(t, v.stream.(net.Conn), idleTime)
		if n := b.service.lobby.visitors["mute"].talks; n != 0 {
			t.Errorf("%d talks are counted after their end", n)
		}
	})
}

func TestWhoIsSlow(t *testing.T) {
	frame := func(v *voice) []byte {
		f, err := v.talk.Ask(&mailbox.Look{})
		if err != nil {
			v.t.Error(err)
		}
		return f
	}
	for name, c := range map[string]struct {
		do   func(b *bench, v *voice)
		most time.Duration
	}{
		"to say a frame":    {func(_ *bench, v *voice) { v.stream.Write(frame(v)[:2000]) }, frameTime},
		"to read an answer": {func(_ *bench, v *voice) { v.stream.Write(frame(v)); time.Sleep(frameTime + time.Second) }, 0},
		"to say an opening": {func(b *bench, v *voice) { v.stream = b.pipe("x", somewhere); v.stream.Write([]byte{2, 0}) }, openingTime},
		"to read a key record": {func(b *bench, v *voice) {
			v.stream = b.pipe("x", somewhere)
			v.stream.Write([]byte{1})
			time.Sleep(frameTime + time.Second)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			serving(t, Options{}, func(b *bench) {
				v := b.speak()
				c.do(b, v)
				ended(t, v.stream.(net.Conn), c.most)
				if b.service.frames.used != 0 || len(b.service.frames.of) != 0 {
					t.Error("room for frames is lost")
				}
			})
		})
	}
}

// TestGigabyte has a client send without an end: what is not a frame ends the talk.
func TestGigabyte(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		for _, filler := range []byte{0, 1, 3, 255} {
			v, _, _ := b.owner()
			n, err := io.Copy(v.stream, io.LimitReader(endless(filler), 1<<30))
			if err == nil || n > int64(mailbox.Page.FrameSize()) {
				t.Errorf("%d bytes of %d were read: %v", n, filler, err)
			}
		}
	})
}

type endless byte

func (e endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(e)
	}
	return len(b), nil
}

// TestRoomForFrames has one address hold as much as it may, with frames that do not end.
func TestRoomForFrames(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		most := maxFramesPerAddr / (2 * mailbox.Page.FrameSize())
		for i := range most {
			v := speak(t, b.pipe(peer.ID(fmt.Sprint("slow", i)), "192.0.2.66"), b.node())
			v.stream.Write([]byte{byte(mailbox.Page), 0})
		}
		v := speak(t, b.pipe("slow", "192.0.2.66"), b.node())
		v.stream.Write([]byte{byte(mailbox.Page)})
		ended(t, v.stream.(net.Conn), 0)
		b.speak().expect(mailbox.StatusNothing, &mailbox.ReadCell{}) // others are served
		time.Sleep(frameTime)
		synctest.Wait()
		if b.service.frames.used != 0 || len(b.service.frames.of) != 0 {
			t.Error("room for frames is lost")
		}
		all := room{used: maxFrames - 1}
		if all.take(netip.Prefix{}, 2) || !all.take(netip.Prefix{}, 1) {
			t.Error("all together have another bound")
		}
	})
}

func TestManyBoxes(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		v := b.speak()
		const boxes = 5000
		began := time.Now()
		for i := range boxes {
			v.expect(mailbox.StatusNothing, &mailbox.ReadCell{Slot: [16]byte{byte(i), byte(i >> 8)}})
		}
		least := time.Duration((boxes - peerRate.burst) / peerRate.perSecond * float64(time.Second))
		if took := time.Since(began); took < least-time.Second || took > least+time.Minute {
			t.Errorf("%d boxes in %v, want about %v", boxes, took, least)
		}
		if len(b.service.lobby.visitors) != 1 || len(b.service.lobby.addrs.of) != 1 {
			t.Error("what is remembered grows with what is asked for")
		}
	})
}

func TestManyTalks(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		var open []net.Conn
		for range maxTalksPerPeer {
			open = append(open, b.pipe("crowd", somewhere))
		}
		synctest.Wait()
		ended(t, b.pipe("crowd", somewhere), 0)
		if _, err := keyOf(b.pipe("other", somewhere), b.node()); err != nil {
			t.Error("another peer is turned away for it")
		}
		open[0].Close()
		synctest.Wait()
		if _, err := keyOf(b.pipe("crowd", somewhere), b.node()); err != nil {
			t.Error("a talk that ended is still counted")
		}
	})
}

func TestManyOpenings(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		began := time.Now()
		const talks = 100
		for range talks {
			speak(t, b.pipe("again", somewhere), b.node()).stream.Close()
			synctest.Wait()
		}
		if took := time.Since(began); took < time.Duration((talks-openingRate.burst)/openingRate.perSecond-1)*time.Second {
			t.Errorf("%d openings took %v", talks, took)
		}
	})
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	s := newBuckets[netip.Prefix](admitRate, 1000)
	now := time.Unix(1, 0)
	for i := range 100_000 {
		s.allow(whole(netip.AddrFrom4([4]byte{byte(i >> 16), byte(i >> 8), byte(i), 1})), now, 1)
	}
	if n := len(s.of); n > 1000 {
		t.Errorf("%d addresses are remembered", n)
	}
	g := newGuests(false, newLobby())
	for i := range maxGuests + 10 {
		g.welcome(netip.AddrFrom4([4]byte{byte(i >> 16), byte(i >> 8), byte(i), 1}), now)
	}
	if n := len(g.seen); n > maxGuests {
		t.Errorf("%d guests are remembered", n)
	}
	g.welcome(netip.MustParseAddr(somewhere), now.Add(2*guestTime))
	if len(g.seen) != 1 {
		t.Errorf("%d guests are remembered, hours later", len(g.seen))
	}
}

func TestDepotThatFails(t *testing.T) {
	for name, fail := range map[string]error{
		"database away": fmt.Errorf("dial 10.1.2.3: %w", depot.ErrAway),
		"disk full":     fmt.Errorf("write mailbox.db: %w", depot.ErrFull),
		"other":         errors.New("something with a token in it"),
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			serving(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}, func(b *bench) {
				v, lot, tokens := b.owner()
				stranger, put := b.speak(), putOf(lot, tokens[0])
				b.depot.fail = fail
				stranger.expect(mailbox.StatusLater, put)
				v.expect(mailbox.StatusLater, &mailbox.Fetch{Wait: time.Minute})
				newcomer := b.speak() // talks are opened without the depot
				newcomer.expect(mailbox.StatusLater, newcomer.talk.Login(b.home()))
				looking := b.speak()
				if _, err := looking.try(&mailbox.Look{}); err == nil {
					t.Error("somebody was told that nobody is there")
				}
				if err := b.service.keys.refresh(b.ctx, time.Now()); err == nil {
					t.Error("keys were read from a depot that fails")
				}
				b.depot.fail = nil
				stranger.expect(mailbox.StatusOK, put) // the token was not spent
				if len(v.fetch(0).Items) != 1 {
					t.Error("the cell is not there")
				}
			})
			if lines := strings.Count(log.String(), "\n"); lines != 1 || strings.Contains(log.String(), "token") || strings.Contains(log.String(), "10.1") {
				t.Errorf("%d lines of log: %s", lines, log.String())
			}
		})
	}
}

// TestDatabaseThatHangs has a depot that answers nothing until it is given up. What it was
// asked meanwhile takes room, so that an address cannot have it pile up.
func TestDatabaseThatHangs(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		v, lot, tokens := b.owner()
		b.service.depot = hanging{b.depot}
		began := time.Now()
		v.expect(mailbox.StatusLater, putOf(lot, tokens[0]))
		if took := time.Since(began); took != requestTime {
			t.Errorf("later after %v", took)
		}
		waiting, last := b.speak(), b.speak()
		go waiting.try(putOf(lot, tokens[1]))
		synctest.Wait()
		frames := &b.service.frames
		if frames.used != mailbox.Small.FrameSize() {
			t.Errorf("a deposit under way takes %d bytes", frames.used)
		}
		rest := maxFramesPerAddr - frames.used
		frames.take(netip.MustParsePrefix(somewhere+"/32"), rest)
		if _, err := last.try(putOf(lot, tokens[2])); err == nil {
			t.Error("there is no end of what waits for the database")
		}
		frames.give(netip.MustParsePrefix(somewhere+"/32"), rest)
		time.Sleep(requestTime)
		synctest.Wait()
		if frames.used != 0 || len(frames.of) != 0 {
			t.Errorf("%d bytes are not given back", frames.used)
		}
	})
}

type hanging struct{ *faulty }

func (hanging) Deposit(ctx context.Context, _ time.Time, _ []identity.Deposit) ([]identity.Verdict, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestClockThatIsOff(t *testing.T) {
	for name, off := range map[string]time.Duration{"a day ahead": 24 * time.Hour, "a day behind": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			serving(t, Options{Clock: func() time.Time { return time.Now().Add(off) }}, func(b *bench) {
				r, err := keyOf(b.pipe("somebody", somewhere), b.node())
				if err != nil || !r.Holds(time.Now()) {
					t.Fatalf("its key is not taken: %v", err)
				}
				v := b.speak()
				if s := v.login(b.home()); s.Time != time.Now().Add(off).Unix() {
					t.Error("it tells another time than its own")
				}
				lot, tokens := newLot(time.Now().Add(270 * 24 * time.Hour))
				v.expect(mailbox.StatusOK, lot)
				v.expect(mailbox.StatusOK, &mailbox.Register{Until: time.Now().Add(7*24*time.Hour - time.Minute).Unix(), Slots: [][16]byte{{1}}})
				b.speak().expect(mailbox.StatusOK, putOf(lot.ID, tokens[0]))
				if err := b.depot.Expire(b.ctx, b.service.clock()); err != nil || len(v.fetch(0).Items) != 1 {
					t.Error("the cell was lost")
				}
			})
		})
	}
}

func TestClosedNode(t *testing.T) {
	store := memory.New(depot.Options{})
	serving(t, Options{Closed: true, Depot: store}, func(b *bench) {
		h := b.home()
		v := b.speak()
		v.expect(mailbox.StatusRefused, v.talk.Login(h))
		h.Invite = [16]byte{1}
		v.expect(mailbox.StatusRefused, v.talk.Login(h)) // nobody was given that
		if err := store.AddInvite(b.ctx, time.Now(), h.Invite); err != nil {
			t.Fatal(err)
		}
		v.login(h)
		other := b.home()
		other.Invite = h.Invite
		again := b.speak()
		again.expect(mailbox.StatusRefused, again.talk.Login(other)) // it is used up
		h.Invite = [16]byte{}
		b.speak().login(h) // and not needed any more
	})
}

func TestOpenNodeAdmitsSoManyFromAnAddress(t *testing.T) {
	serving(t, Options{}, func(b *bench) {
		old := b.home()
		b.speak().login(old)
		now := time.Now()
		b.service.admits.charge(whole(netip.MustParseAddr(somewhere)), now, admitRate.burst)
		v := b.speak()
		v.expect(mailbox.StatusRefused, v.talk.Login(b.home()))
		v.login(old) // who is known already comes in
		far := speak(t, b.pipe("far", "192.0.2.8"), b.node())
		far.login(b.home())
		time.Sleep(time.Hour)
		b.speak().login(b.home())
	})
}

func TestGuestsOfAClosedNode(t *testing.T) {
	store := memory.New(depot.Options{})
	serving(t, Options{Closed: true, Depot: store}, func(b *bench) {
		here, there := addrOf(netip.MustParseAddr(somewhere)), addrOf(netip.MustParseAddr("192.0.2.8"))
		g := b.service.guests
		if g.AllowReserve("p", here) {
			t.Error("a stranger may reserve")
		}
		h := b.home()
		h.Invite = [16]byte{1}
		if err := store.AddInvite(b.ctx, time.Now(), h.Invite); err != nil {
			t.Fatal(err)
		}
		v := b.speak()
		v.login(h)
		if !g.AllowReserve("p", here) || g.AllowReserve("p", there) {
			t.Error("not the address of the login, or not that alone, may reserve")
		}
		for range 8 {
			v.fetch(mailbox.MaxWait)
		}
		if !g.AllowReserve("p", here) {
			t.Error("whoever fetches all the time may not")
		}
		v.stream.Close()
		time.Sleep(guestTime + time.Second)
		if g.AllowReserve("p", here) {
			t.Error("an hour later it still may")
		}
	})
}

// TestQuietConnections sees when a connection is of no use.
func TestQuietConnections(t *testing.T) {
	l, now := newLobby(), time.Unix(1, 0)
	p := peer.ID("p")
	l.arrive(p, now)
	if l.idle(p, now.Add(quietTime-1)) || !l.idle(p, now.Add(quietTime)) {
		t.Error("not after quietTime")
	}
	l.begin(p, now)
	if l.idle(p, now.Add(time.Hour)) {
		t.Error("while it talks")
	}
	l.end(p, now)
	l.reserve(p, now)
	if l.idle(p, now.Add(reservationTime)) || !l.idle(p, now.Add(reservationTime+1)) {
		t.Error("not with its reservation")
	}
	l.depart(p)
	if l.here() != 0 {
		t.Error("it is remembered after it went")
	}
}
