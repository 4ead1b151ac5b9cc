package node

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
)

func TestWhereAForwarderGoes(t *testing.T) {
	says := func(addrs ...string) resolver {
		return func(context.Context, string) (found []netip.Addr, _ error) {
			for _, a := range addrs {
				found = append(found, netip.MustParseAddr(a))
			}
			return found, nil
		}
	}
	for _, c := range []struct {
		addrs   []string
		private bool // AllowPrivate
		want    error
	}{
		{addrs: []string{"192.31.196.1"}},
		{addrs: []string{"2600::1", "192.31.196.1"}},
		{addrs: []string{"192.31.196.1", "10.0.0.1"}, want: errForwardRefused}, // of a name that says both
		{addrs: []string{"127.0.0.1"}, want: errForwardRefused},
		{addrs: []string{"127.0.0.1"}, private: true},
		{addrs: []string{"10.1.2.3"}, want: errForwardRefused},
		{addrs: []string{"10.1.2.3"}, private: true},
		{addrs: []string{"100.64.0.1"}, want: errForwardRefused},
		{addrs: []string{"169.254.169.254"}, want: errForwardRefused},
		{addrs: []string{"169.254.169.254"}, private: true, want: errForwardRefused},
		{addrs: []string{"0.0.0.0"}, private: true, want: errForwardRefused},
		{addrs: []string{"224.0.0.251"}, private: true, want: errForwardRefused},
		{addrs: []string{"255.255.255.255"}, private: true, want: errForwardRefused},
		{addrs: []string{"::"}, private: true, want: errForwardRefused},
		{addrs: []string{"::1"}, want: errForwardRefused},
		{addrs: []string{"fe80::1"}, private: true, want: errForwardRefused},
		{addrs: []string{"fd00::1"}, want: errForwardRefused},
		{addrs: []string{"::ffff:10.0.0.1"}, want: errForwardRefused},
		{addrs: []string{"64:ff9b::a00:1"}, want: errForwardRefused}, // 10.0.0.1
		{addrs: []string{"2002:a00:1::"}, want: errForwardRefused},
		{addrs: nil, want: errForwardLater},
	} {
		h := identity.Hint{Node: [32]byte{1}, Port: 1, Name: "node.example"}
		if _, err := addresses(context.Background(), says(c.addrs...), h, c.private); !errors.Is(err, c.want) {
			t.Errorf("a name that says %v (private %v): %v, want %v", c.addrs, c.private, err, c.want)
		}
		if len(c.addrs) == 1 {
			h = identity.Hint{Node: [32]byte{1}, Port: 1, Addr: netip.MustParseAddr(c.addrs[0])}
			if _, err := addresses(context.Background(), nil, h, c.private); !errors.Is(err, c.want) {
				t.Errorf("%v (private %v): %v, want %v", c.addrs, c.private, err, c.want)
			}
		}
	}
}

// TestNameThatChanges has a name say a public address first and a private one after.
func TestNameThatChanges(t *testing.T) {
	forwarding(t, func(b *bench, f *forwarder) {
		asked := 0
		f.resolve = func(context.Context, string) ([]netip.Addr, error) {
			if asked++; asked > 1 {
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
			}
			return []netip.Addr{netip.MustParseAddr("192.31.196.1")}, nil
		}
		var dialled []netip.Addr
		f.dial = func(_ context.Context, _ identity.Hint, at []netip.Addr) (stream, error) {
			dialled = at
			return nil, errForwardLater
		}
		to := identity.Hint{Node: [32]byte{1}, Port: 1, Name: "node.example"}
		v, _, _ := b.owner()
		v.expect(mailbox.StatusLater, &mailbox.Forward{To: to})
		if asked != 1 || len(dialled) != 1 || dialled[0] != netip.MustParseAddr("192.31.196.1") {
			t.Errorf("asked %d times, dialled %v", asked, dialled)
		}
	})
}

// forwarding runs f with a service whose forwarder dials nobody by itself.
func forwarding(t *testing.T, f func(*bench, *forwarder)) {
	t.Helper()
	serving(t, Options{}, func(b *bench) {
		b.service.forward.dial = func(context.Context, identity.Hint, []netip.Addr) (stream, error) {
			return nil, errForwardLater
		}
		f(b, b.service.forward)
		time.Sleep(time.Minute) // one that is held back by its rate notices its end later
		synctest.Wait()
		if n := b.service.forward.tunnels(); n != 0 {
			t.Errorf("%d tunnels are counted after their end", n)
		}
	})
}

var elsewhere = identity.Hint{Node: [32]byte{1}, Port: 1, Addr: netip.MustParseAddr("192.31.196.1")}

func TestForward(t *testing.T) {
	forwarding(t, func(b *bench, f *forwarder) {
		v, _, _ := b.owner()
		v.expect(mailbox.StatusRefused, &mailbox.Forward{To: identity.Hint{Node: b.node(), Port: 1, Addr: elsewhere.Addr}})
		private := elsewhere
		private.Addr = netip.MustParseAddr("192.168.1.1")
		v.expect(mailbox.StatusRefused, &mailbox.Forward{To: private})
		v.expect(mailbox.StatusLater, &mailbox.Forward{To: elsewhere}) // nobody is there

		near, far := net.Pipe()
		f.dial = func(_ context.Context, to identity.Hint, _ []netip.Addr) (stream, error) {
			if to != elsewhere {
				t.Error("another node was dialled")
			}
			return near, nil
		}
		v.expect(mailbox.StatusOK, &mailbox.Forward{To: elsewhere})
		go io.Copy(far, far)
		v.stream.Write([]byte("there and back"))
		back := make([]byte, 14)
		if _, err := io.ReadFull(v.stream, back); err != nil || string(back) != "there and back" {
			t.Fatalf("%q came back: %v", back, err)
		}
		far.Close()
		ended(t, v.stream.(net.Conn), 0)
	})
}

func TestTunnelsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(near, far net.Conn)
		most time.Duration
	}{
		"when the client goes": {func(near, _ net.Conn) { near.Close() }, 0},
		"when the other goes":  {func(_, far net.Conn) { far.Close() }, 0},
		"when nobody speaks":   {func(_, _ net.Conn) {}, tunnelSilence},
		"when nobody reads":    {func(near, _ net.Conn) { near.Write([]byte{1}) }, tunnelSilence},
		"after tunnelTime":     {func(near, far net.Conn) { go io.Copy(io.Discard, far); trickle(near) }, tunnelTime},
	} {
		t.Run(name, func(t *testing.T) {
			forwarding(t, func(b *bench, f *forwarder) {
				near, far := net.Pipe()
				f.dial = func(context.Context, identity.Hint, []netip.Addr) (stream, error) { return near, nil }
				v, _, _ := b.owner()
				v.expect(mailbox.StatusOK, &mailbox.Forward{To: elsewhere})
				began := time.Now()
				c.do(v.stream.(net.Conn), far)
				ended(t, far, c.most)
				if took := time.Since(began); took > c.most {
					t.Errorf("it was open for %v", took)
				}
			})
		})
	}
}

// trickle writes a byte a minute until it cannot.
func trickle(s net.Conn) {
	for {
		if _, err := s.Write([]byte{1}); err != nil {
			return
		}
		time.Sleep(time.Minute)
	}
}

func TestForwardAllowance(t *testing.T) {
	forwarding(t, func(b *bench, f *forwarder) {
		f.dial = func(context.Context, identity.Hint, []netip.Addr) (stream, error) {
			near, far := net.Pipe()
			go io.Copy(io.Discard, far)
			return near, nil
		}
		v, _, _ := b.owner()
		v.expect(mailbox.StatusOK, &mailbox.Forward{To: elsewhere})
		// 60 cells a minute behind a burst of as many.
		began, cells := time.Now(), 0
		for frame := make([]byte, forwardCell); time.Since(began) < 100*time.Second; cells++ {
			if _, err := v.stream.Write(frame); err != nil {
				t.Fatal(err)
			}
		}
		if want := forwardCells + 100; cells < want-2 || cells > want+2 {
			t.Errorf("%d cells in 100 s, want %d", cells, want)
		}
		v.stream.Close()
	})
}

func TestTunnelsOfAnAccount(t *testing.T) {
	forwarding(t, func(b *bench, f *forwarder) {
		f.dial = func(context.Context, identity.Hint, []netip.Addr) (stream, error) {
			near, far := net.Pipe()
			go io.Copy(io.Discard, far)
			return near, nil
		}
		h := b.home()
		var open []*voice
		for range maxTunnelsPerAccount {
			v := b.speak()
			v.login(h)
			v.expect(mailbox.StatusOK, &mailbox.Forward{To: elsewhere})
			open = append(open, v)
		}
		v := b.speak()
		v.login(h)
		v.expect(mailbox.StatusLater, &mailbox.Forward{To: elsewhere})
		other, _, _ := b.owner()
		other.expect(mailbox.StatusOK, &mailbox.Forward{To: elsewhere})
		open[0].stream.Close()
		synctest.Wait()
		v.expect(mailbox.StatusOK, &mailbox.Forward{To: elsewhere})
		for _, v := range append(open, v, other) {
			v.stream.Close()
		}
	})
}
