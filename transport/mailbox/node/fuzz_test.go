package node

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
)

// FuzzServe gives a service any bytes on a stream: before a talk, or sealed as a client
// would. It must end, give back what it took, and keep nothing of somebody without a login.
func FuzzServe(f *testing.F) {
	f.Fuzz(func(t *testing.T, said []byte, talks bool) {
		cryptotest.SetGlobalRandom(t, 1)
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			o := Options{Depot: memory.New(depot.Options{}), Clock: time.Now, Logger: slog.New(slog.DiscardHandler)}
			keys, err := openKeyring(ctx, o.Depot, nil, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			s := newService(keys, o)
			near, far := net.Pipe()
			s.lobby.arrive("p", time.Now())
			done := make(chan struct{})
			go func() {
				s.serve(ctx, far, caller{peer: "p", from: netip.MustParseAddr(somewhere), addr: "/ip4/192.0.2.7"})
				close(done)
			}()
			if talks {
				speak(t, near, keys.public())
			}
			go drain(near)
			near.Write(said)
			near.Close()
			<-done
			if s.frames.used != 0 || s.lobby.visitors["p"].talks != 0 {
				t.Error("room was not given back")
			}
			if stats, err := o.Depot.Stats(ctx); err != nil || stats != (depot.Stats{}) {
				t.Errorf("somebody unknown left %+v: %v", stats, err)
			}
		})
	})
}

func drain(s net.Conn) {
	b := make([]byte, 4096)
	for {
		if _, err := s.Read(b); err != nil {
			return
		}
	}
}
